"""How dates and numbers of a year become those of the next: pure, by table and by property."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.certifications.lifecycle import Validity
from training.rollovers.copying import Year, copied, moved, renumbered

CALENDAR = Year(date(2026, 1, 1), date(2026, 12, 31))
SCHOOL = Year(date(2026, 9, 1), date(2027, 8, 31))
LEAP = Year(date(2028, 2, 29), date(2029, 2, 27))


def session(start: str | None, end: str | None, **more: Any) -> dict[str, Any]:
    return {"id": "s", "number": "S1", "period": {"start": start, "end": end}, **more}


def document(*sessions: dict[str, Any], number: str = "F1") -> dict[str, Any]:
    action = {"id": "a", "number": "A1", "information_days": [], "sessions": list(sessions)}
    return {"id": "f", "number": number, "title": "T", "source": {}, "actions": [action]}


@pytest.mark.parametrize(
    ("year", "following", "label"),
    [
        (CALENDAR, Year(date(2027, 1, 1), date(2027, 12, 31)), "2026"),
        (SCHOOL, Year(date(2027, 9, 1), date(2028, 8, 31)), "2026-2027"),
        (LEAP, Year(date(2029, 2, 28), date(2030, 2, 27)), "2028-2029"),
    ],
)
def test_the_next_year_has_the_same_days(year: Year, following: Year, label: str) -> None:
    assert (year.following, year.label) == (following, label)


@pytest.mark.parametrize(
    ("start", "year", "to"),
    [
        ("2026-03-02", CALENDAR, "2027-03-01"),  # a Monday, each
        ("2026-01-01", CALENDAR, "2027-01-07"),  # 52 weeks later is still 2026: PR #6292
        ("2026-01-02", CALENDAR, "2027-01-01"),
        ("2026-12-31", CALENDAR, "2027-12-30"),
        ("2026-09-01", SCHOOL, "2027-09-07"),
        ("2027-08-31", SCHOOL, "2028-08-29"),
        ("2028-02-29", LEAP, "2029-03-06"),
        ("2026-09-01", Year(date(2026, 9, 1), date(2026, 9, 2)), "2027-08-31"),  # no such weekday
    ],
)
def test_a_session_moves_to_the_same_weekday_of_the_next_year(
    start: str, year: Year, to: str
) -> None:
    day = date.fromisoformat(start)
    assert day + moved(day, year) == date.fromisoformat(to)


@given(
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    st.integers(0, 365),
    st.integers(0, 400),
    st.integers(-200, 60),
    st.integers(0, 90),
)
def test_weekdays_lengths_and_the_order_of_days_stay_and_the_start_is_in_the_new_year(
    first: date, offset: int, length: int, enrolment: int, enrols: int
) -> None:
    year = Year(first, first + timedelta(days=364))
    start = min(first + timedelta(days=offset), year.last)
    days = [
        start,
        start + timedelta(days=length),
        start + timedelta(days=enrolment),
        start + timedelta(days=enrolment + enrols),
    ]
    texts = [day.isoformat() for day in days]
    opens = {"start": texts[2], "end": texts[3]}
    made = copied(document(session(texts[0], texts[1], enrolment_period=opens)), year, {})
    assert made.document is not None
    (one,) = made.document["actions"][0]["sessions"]
    found = [*one["period"].values(), *one["enrolment_period"].values()]
    later = [date.fromisoformat(day) for day in found]
    assert [day.weekday() for day in later] == [day.weekday() for day in days]
    assert [day - later[0] for day in later] == [day - days[0] for day in days]
    assert year.following.holds(later[0])


@pytest.mark.parametrize(
    ("number", "year", "expected"),
    [
        ("F1", CALENDAR, "F1-2027"),
        ("F1-2026", CALENDAR, "F1-2027"),
        ("2026/F-2026-1", CALENDAR, "2026/F-2027-1"),
        ("IA 2026-2027", SCHOOL, "IA 2027-2028"),
        ("IA-2026", SCHOOL, "IA-2027"),
        ("IA", SCHOOL, "IA-2027-2028"),
    ],
)
def test_a_number_names_the_new_year(number: str, year: Year, expected: str) -> None:
    assert renumbered(number, year) == expected


def test_what_was_of_the_last_year_only_is_not_copied() -> None:
    old = session(
        "2026-03-02", "2026-03-06", recruitment_state="closed", recruitments=[{}], contacts=["c"]
    )
    outside, undated = session("2027-03-01", "2027-03-05"), session(None, None)
    made = copied(document(old, outside, undated), CALENDAR, {})
    assert (made.sessions, made.left) == (1, 0)
    assert made.document == {
        "number": "F1-2027",
        "title": "T",
        "actions": [
            {
                "number": "A1",
                "sessions": [
                    {
                        "number": "S1",
                        "period": {"start": "2027-03-01", "end": "2027-03-05"},
                        "contacts": ["c"],
                    }
                ],
            }
        ],
    }


def test_sessions_that_start_when_a_certification_has_ended_are_left_out() -> None:
    sessions = (session("2026-03-02", "2026-03-06"), session("2026-09-07", "2026-09-11"))
    ends = Validity(date(2020, 1, 1), date(2027, 8, 31))
    made = copied(document(*sessions), CALENDAR, {"A": None, "B": ends})
    assert (made.sessions, made.left) == (1, 1)
    assert (made.certification, made.starts_on) == ("B", date(2027, 9, 6))
    over = Validity(date(2020, 1, 1), date(2026, 12, 31), delivers_until=date(2030, 1, 1))
    assert copied(document(*sessions), CALENDAR, {"B": over}).document is None
    of_a_year = Validity(date(2020, 1, 1), None, 2027)  # nobody knows on which day
    assert copied(document(*sessions), CALENDAR, {"B": of_a_year}).left == 0
