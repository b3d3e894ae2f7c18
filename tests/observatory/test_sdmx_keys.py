"""Keys of SDMX queries, and conditions with their or and and, by table and by property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.observations import parsing
from observatory.observations.selection import Comparison, Condition
from observatory.sdmx import keys
from observatory.structures.catalogue import Artefact, Dimension
from observatory.structures.versions import Version
from platformkit.errors import Fault
from platformkit.i18n import Text

_LIST = Artefact(1, "codelist", "HDF", "CL", Version(1, 0, 0), {})
DIMENSIONS = [
    Dimension(name, Text(name, name), f"d{place}", _LIST)
    for place, name in enumerate(("FREQ", "AREA", "SECTOR"), start=1)
]


def read(text: str) -> tuple[keys.Key, list[str]]:
    faults: list[Fault] = []
    return keys.parse(text, DIMENSIONS, faults), [each.code for each in faults]


def fixed(**codes: str) -> tuple[Condition, ...]:
    return tuple(
        Condition(name, tuple(Comparison("eq", code) for code in text.split()))
        for name, text in codes.items()
    )


ONE = {
    "": {},
    "*": {},
    "all": {},
    "*.*.*": {},
    "..": {},
    "A": {"FREQ": "A"},
    "A.FR.J": {"FREQ": "A", "AREA": "FR", "SECTOR": "J"},
    "A.*.J": {"FREQ": "A", "SECTOR": "J"},
    "A..J": {"FREQ": "A", "SECTOR": "J"},
    ".FR+2A": {"AREA": "FR 2A"},
    ".FR 2A.": {"AREA": "FR 2A"},
    ".FR+FR": {"AREA": "FR"},
    "A.NOWHERE_@$-": {"FREQ": "A", "AREA": "NOWHERE_@$-"},
}


@pytest.mark.parametrize("text", ONE)
def test_one_key_is_a_condition_for_each_place_that_is_not_free(text: str) -> None:
    found, faults = read(text)
    assert (found.conditions, found.alternatives, faults) == (fixed(**ONE[text]), (), [])


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("A.FR,M.2A", ({"FREQ": "A", "AREA": "FR"}, {"FREQ": "M", "AREA": "2A"})),
        ("A+M.FR,.2A", ({"FREQ": "A", "AREA": "FR"}, {"FREQ": "M", "AREA": "FR"}, {"AREA": "2A"})),
        ("A.FR,*", ()),
    ],
)
def test_several_keys_are_alternatives(text: str, alternatives: tuple[dict[str, str], ...]) -> None:
    found, faults = read(text)
    assert (found.conditions, found.alternatives, faults) == ((), alternatives, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A.B.C.D", "key-malformed"),
        ("A.é", "key-malformed"),
        ("A.FR++2A", "key-malformed"),
        ("A.F*", "key-malformed"),
        ("A.'--", "key-malformed"),
        ("A" * 20_001, "key-too-long"),
        (",".join(["A.B"] * 1_001), "key-too-long"),
        (
            "+".join(map(str, range(60))) + "." + "+".join(map(str, range(60))) + ",A",
            "key-too-long",
        ),
    ],
)
def test_a_malformed_key_is_a_fault(text: str, code: str) -> None:
    found, faults = read(text)
    assert set(faults) == {code}
    assert found.alternatives == ()


@given(st.text(alphabet="AB*.,+ é", max_size=60))
def test_no_text_breaks_the_reader_or_names_more_than_it_says(text: str) -> None:
    found, faults = read(text)
    if not faults:
        assert sum(map(len, found.alternatives)) <= keys.MOST_CODES
        told = {test.value for each in found.conditions for test in each.tests}
        told |= {code for each in found.alternatives for code in each.values()}
        assert all(code in text for code in told)


def conditions(value: str) -> list[list[tuple[str, str]]]:
    """Give the and of ors that a value is read as."""
    faults: list[Fault] = []
    found = parsing.conditions([("c[X]", value)], faults)
    assert not faults
    return [[(test.operator, test.value) for test in each.tests] for each in found]


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("A", "A"),
        ("A,B", "A or B"),
        ("A,B+C", "A or (B and C)"),
        ("A+B,C+D", "(A and B) or (C and D)"),
        ("A B", "A and B"),
    ],
)
@given(st.sets(st.sampled_from("ABCD")))
def test_a_plus_binds_closer_than_a_comma(value: str, meant: str, held: set[str]) -> None:
    expected = eval(meant, {name: name in held for name in "ABCD"})  # noqa: S307  # our own table
    found = all(any(text in held for _, text in clause) for clause in conditions(value))
    assert found == expected


def test_operators_stand_before_each_value() -> None:
    assert conditions("ge:A+le:B") == [[("ge", "A")], [("le", "B")]]
    assert conditions("ne:A,B") == [[("ne", "A"), ("eq", "B")]]
    assert conditions("ge:A+le:B,ge:C+le:D") == [
        [("ge", "A"), ("ge", "C")],
        [("ge", "A"), ("le", "D")],
        [("le", "B"), ("ge", "C")],
        [("le", "B"), ("le", "D")],
    ]
