"""Periods, versions and parameters, by table and by property."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.observations import parsing, periods
from observatory.observations.selection import Comparison, Condition
from observatory.structures import versions
from platformkit.errors import Fault

PERIODS = {
    "2020": ("2020", "2020-01-01", "2020-12-31"),
    "2020-A1": ("2020", "2020-01-01", "2020-12-31"),
    "2020-S2": ("2020-S2", "2020-07-01", "2020-12-31"),
    "2020-T2": ("2020-T2", "2020-05-01", "2020-08-31"),
    "2020-Q1": ("2020-Q1", "2020-01-01", "2020-03-31"),
    "2020-02": ("2020-02", "2020-02-01", "2020-02-29"),
    "2020-M02": ("2020-02", "2020-02-01", "2020-02-29"),
    "2020-W53": ("2020-W53", "2020-12-28", "2021-01-03"),
    "2020-02-29": ("2020-02-29", "2020-02-29", "2020-02-29"),
    "2020-D060": ("2020-02-29", "2020-02-29", "2020-02-29"),
    "9999": ("9999", "9999-01-01", "9999-12-31"),
}


@pytest.mark.parametrize("text", PERIODS)
def test_a_period_has_its_canonical_text_and_days(text: str) -> None:
    found = periods.parse(text)
    assert found is not None
    assert (found.text, found.first.isoformat(), found.last.isoformat()) == PERIODS[text]


@pytest.mark.parametrize(
    "text",
    [
        *("", "20", "2020-", "2020-13", "2020-Q5", "2020-W54", "2021-02-29", "2020-D000"),
        *("2021-D366", "0000", "2020-1", "२०२०", "2020-01-01T00:00", " 2020", "2020\n"),
        *("2021-W53", "2020-S3"),
    ],
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert periods.parse(text) is None


@given(st.dates(date(1, 1, 1), date(9999, 12, 30)), st.sampled_from(sorted(periods.RANKS)))
def test_numbers_order_periods_by_first_day_and_are_their_own(day: date, frequency: str) -> None:
    texts = {
        "A": f"{day.year:04}",
        "S": f"{day.year:04}-S{(day.month + 5) // 6}",
        "T": f"{day.year:04}-T{(day.month + 3) // 4}",
        "Q": f"{day.year:04}-Q{(day.month + 2) // 3}",
        "M": f"{day.year:04}-{day.month:02}",
        "D": day.isoformat(),
        "W": "{:04}-W{:02}".format(*day.isocalendar()),
    }
    found = periods.parse(texts[frequency])
    if found is None:
        assert frequency == "W", "a week that begins before the year 1 or ends after 9999"
        return
    assert found.frequency == frequency
    assert found.first <= day <= found.last
    assert periods.parse(found.text) == found
    assert periods.first_number(found.first) <= found.number
    assert found.number < periods.first_number(found.first + timedelta(days=1))


KNOWN = ["1.0.0", "1.0.1", "1.2.0", "2.0.0", "2.1.0-draft"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("1.0.0", ["1.0.0"]),
        ("1.0", ["1.0.0"]),
        ("3.0.0", []),
        ("+", ["2.0.0"]),
        ("latest", ["2.0.0"]),
        ("~", ["2.1.0-draft"]),
        ("*", ["2.1.0-draft", "2.0.0", "1.2.0", "1.0.1", "1.0.0"]),
        ("1+", ["2.0.0"]),
        ("1.0+.0", ["1.2.0"]),
        ("1.0.0+", ["1.0.1"]),
        ("2.1.0-draft", ["2.1.0-draft"]),
        ("nonsense", []),
        ("1++", []),
        ("+.0.0", ["2.0.0"]),
        ("1.+.0", ["1.2.0"]),
        ("1.0.+", ["1.0.1"]),
        ("2.0~.0", ["2.1.0-draft"]),
        ("1.0*", ["1.2.0", "1.0.1", "1.0.0"]),
        ("1.0.1*,2.0.0", ["2.0.0", "1.0.1"]),
        ("1.+.3", []),
        ("3.2*.1+", []),
        ("1.", []),
    ],
)
def test_the_version_asked_for_is_chosen(asked: str, expected: list[str]) -> None:
    known = [found for text in KNOWN if (found := versions.parse(text)) is not None]
    assert [str(each) for each in versions.choose(asked, known)] == expected


def test_before_the_first_stable_version_the_draft_is_the_newest() -> None:
    draft = versions.parse("1.0.0-draft")
    stable = versions.parse("1.0.0")
    assert draft is not None
    assert stable is not None
    assert versions.choose("+", [draft]) == [draft]
    assert versions.choose("+", [draft, stable]) == [stable]


def test_conditions_are_read_with_or_and_and() -> None:
    faults: list[Fault] = []
    found = parsing.conditions(
        [("c[A]", "x,y"), ("limit", "5"), ("c[TIME_PERIOD]", "ge:2020 le:2021-06")], faults
    )
    assert faults == []
    assert found == (
        Condition("A", (Comparison("eq", "x"), Comparison("eq", "y"))),
        Condition("TIME_PERIOD", (Comparison("ge", "2020"),)),
        Condition("TIME_PERIOD", (Comparison("le", "2021-06"),)),
    )


@given(st.text(max_size=40), st.sampled_from(["c[A]", "c[TIME_PERIOD]"]))
def test_any_text_is_read_or_is_a_fault(value: str, name: str) -> None:
    faults: list[Fault] = []
    found = parsing.conditions([(name, value)], faults)
    assert found
    assert all(each.where == "query" for each in faults)


@given(st.text(max_size=30))
def test_any_instant_is_read_or_is_a_fault(text: str) -> None:
    faults: list[Fault] = []
    found = parsing.instant(text, "asOf", faults)
    assert (found is None) == bool(faults)
