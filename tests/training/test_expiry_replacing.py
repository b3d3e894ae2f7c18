"""The best replacement: nearest successor in force, then what recognises most; pure."""

from datetime import date

import pytest

from training.certifications.lifecycle import Validity
from training.continuity.rules import Correspondence, Link
from training.expiries.replacing import Around, best

DAY = date(2027, 9, 6)
ACTIVE = Validity(date(2020, 1, 1), date(2030, 8, 31))
LONGER = Validity(date(2020, 1, 1), date(2031, 8, 31))
OVER = Validity(date(2020, 1, 1), date(2027, 9, 5))
UPCOMING = Validity(date(2027, 9, 7), date(2032, 8, 31))
YEAR_ONLY = Validity(date(2020, 1, 1), None, 2027)


def around(
    links: dict[str, list[str]], correspondences: list[Correspondence], **known: Validity
) -> Around:
    made = {code: Link(code, after, known.get(code)) for code, after in links.items()}
    return Around("OLD", made, correspondences, ["B1", "B2", "B3"], known)


def counts(blocs: list[str], target: str) -> Correspondence:
    return Correspondence("OLD", blocs, target, ["X"])


@pytest.mark.parametrize(
    ("links", "correspondences", "known", "expected"),
    [
        ({"OLD": ["A"], "A": []}, [], {"A": ACTIVE}, ("A", 1)),
        ({"OLD": ["A"], "A": []}, [], {"A": OVER}, None),
        ({"OLD": ["A"], "A": []}, [], {"A": UPCOMING}, None),
        ({"OLD": ["A"], "A": []}, [], {"A": YEAR_ONLY}, None),
        ({"OLD": ["A"], "A": []}, [], {}, None),
        ({"OLD": []}, [], {}, None),
        ({"OLD": ["A"], "A": ["B"], "B": []}, [], {"A": OVER, "B": ACTIVE}, ("B", 2)),
        ({"OLD": ["A"], "A": ["OLD"]}, [], {"A": ACTIVE, "OLD": ACTIVE}, ("A", 1)),
        ({"OLD": ["B", "A"], "A": [], "B": []}, [], {"A": ACTIVE, "B": ACTIVE}, ("A", 1)),
        ({"OLD": ["B", "A"], "A": [], "B": []}, [], {"A": ACTIVE, "B": LONGER}, ("B", 1)),
        (
            {"OLD": ["A", "B"], "A": [], "B": []},
            [counts(["B1"], "A"), counts(["B1", "B2"], "B")],
            {"A": LONGER, "B": ACTIVE},
            ("B", 1),
        ),
        (
            {"OLD": ["A"], "A": []},
            [counts(["B1", "B2", "B3"], "C")],
            {"A": ACTIVE, "C": ACTIVE},
            ("A", 1),
        ),
        ({"OLD": []}, [counts(["B1"], "C")], {"C": ACTIVE}, ("C", None)),
        (
            {"OLD": []},
            [counts(["B1", "B2", "B3"], "C"), counts([], "D")],
            {"C": ACTIVE, "D": ACTIVE},
            ("D", None),
        ),
        ({"OLD": []}, [Correspondence("C", ["X"], "OLD", ["B2"])], {"C": ACTIVE}, ("C", None)),
    ],
)
def test_the_nearest_successor_in_force_then_what_recognises_most(
    links: dict[str, list[str]],
    correspondences: list[Correspondence],
    known: dict[str, Validity],
    expected: tuple[str, int | None] | None,
) -> None:
    found = best(around(links, correspondences, **known), DAY)
    assert (found and (found.code, found.distance)) == expected


def test_the_blocs_that_it_recognises_and_those_that_are_left_are_named() -> None:
    found = best(around({"OLD": []}, [counts(["B3", "B1"], "C")], C=ACTIVE), DAY)
    assert found is not None
    assert (found.recognised, found.left, found.is_whole) == (["B1", "B3"], ["B2"], False)
