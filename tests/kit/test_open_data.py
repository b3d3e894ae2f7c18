"""How long open data say that they are right."""

import pytest

from platformkit import open_data


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, "public, no-cache"),
        (-1, "public, no-cache"),
        (1, "public, max-age=1, stale-if-error=86400"),
        (299, "public, max-age=299, stale-if-error=86400"),
        (359, "public, max-age=300, stale-if-error=86400"),
        (360, "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"),
        (86_400, "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"),
    ],
)
def test_what_ends_soon_is_not_shown_once_more(seconds: int, told: str) -> None:
    assert open_data.control(seconds) == told


def test_what_has_no_end_is_shown_once_more() -> None:
    assert open_data.control() == open_data.control(86_400)
