"""How numbers are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.certifications.numbers import LARGEST, Reference, parse


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("RNCP35419", Reference(35419, "RNCP")),
        ("rncp 35419", Reference(35419, "RNCP")),
        (" RNCP35419 ", Reference(35419, "RNCP")),
        ("RNCP\u00a035419", Reference(35419, "RNCP")),
        ("RNCP n° 35419", Reference(35419, "RNCP")),
        ("RNCP035419", Reference(35419, "RNCP")),
        ("rs-6776", Reference(6776, "RS")),
        ("https://www.francecompetences.fr/recherche/rncp/35419/", Reference(35419, "RNCP")),
        ("francecompetences.fr/recherche/RS/6776", Reference(6776, "RS")),
        ("35419", Reference(35419)),
    ],
)
def test_people_write_a_number_in_many_ways(spelling: str, expected: Reference) -> None:
    assert parse(spelling) == expected


@pytest.mark.parametrize(
    "spelling",
    ["", "RNCP", "RNCP0", "RNCP123456", "-35419", "RNCP35419BC01", "ＲＳ6776", "३५४१९", "1e4"],
)
def test_what_is_no_number_is_refused(spelling: str) -> None:
    assert parse(spelling) is None


@given(
    directory=st.sampled_from(["RNCP", "RS"]),
    number=st.integers(1, LARGEST),
    zeros=st.integers(0, 5),
    lower=st.booleans(),
)
def test_the_canonical_form_reads_itself_with_any_zeros_and_case(
    *, directory: str, number: int, zeros: int, lower: bool
) -> None:
    spelling = f"{directory}{'0' * zeros}{number}"
    read = parse(spelling.lower() if lower else spelling)
    assert read is not None
    assert read.codes == (f"{directory}{number}",)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = parse(text)
    assert read is None or 1 <= read.number <= LARGEST
