"""Opening and closing as instants in Paris, also where clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostic.opportunities.deadlines import (
    Window,
    deadline,
    exists,
    moment,
    opening,
    whole_day,
    window,
)

PARIS = ZoneInfo("Europe/Paris")
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        ("2026-12-31", None, "2026-12-31T23:00:00"),  # 24:00 in winter
        ("2026-07-14", None, "2026-07-14T22:00:00"),  # 24:00 in summer
        ("2027-03-28", None, "2027-03-28T22:00:00"),  # a day of 23 hours
        ("2026-10-25", None, "2026-10-25T23:00:00"),  # a day of 25 hours
        ("2027-03-27", None, "2027-03-27T23:00:00"),
        ("2026-12-31", "17:00", "2026-12-31T16:00:00"),
        ("2026-07-14", "17:00", "2026-07-14T15:00:00"),
        ("2026-10-25", "02:30", "2026-10-25T01:30:00"),  # the second 02:30
    ],
)
def test_a_closing_day_ends_at_midnight_or_at_its_hour(
    day: str, hour: str | None, expected: str
) -> None:
    found = deadline(date.fromisoformat(day), time.fromisoformat(hour) if hour else None)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_an_opening_at_an_hour_that_comes_twice_is_at_the_first() -> None:
    assert opening(date(2026, 10, 25), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert opening(date(2026, 10, 25), None) == datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert opening(None, None) is None
    assert deadline(None, None) is None


def test_an_hour_that_clocks_skip_does_not_exist() -> None:
    assert not exists(date(2027, 3, 28), time(2, 30))
    assert exists(date(2027, 3, 28), time(3, 0))
    assert exists(date(2026, 10, 25), time(2, 30))


@given(DAYS, st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001  # hypothesis adds the zone
@settings(max_examples=200)
def test_an_aid_open_for_one_day_is_open_when_paris_shows_that_day(
    day: date, now: datetime
) -> None:
    there = now.astimezone(PARIS).date()
    expected = Window.OPEN if there == day else Window.CLOSED if there > day else Window.UPCOMING
    assert window(opening(day, None), deadline(day, None), moment(now)) is expected
    on = whole_day(there)
    assert window(opening(day, None), deadline(day, None), on) is expected


def test_the_last_instant_is_not_in_it() -> None:
    closes = deadline(date(2026, 12, 31), time(17, 0))
    assert closes is not None
    assert window(None, closes, moment(closes - timedelta(microseconds=1))) is Window.OPEN
    assert window(None, closes, moment(closes)) is Window.CLOSED
    assert window(closes, None, moment(closes)) is Window.OPEN
    assert window(None, closes, whole_day(date(2026, 12, 31))) is Window.OPEN
    assert window(None, closes, whole_day(date(2027, 1, 1))) is Window.CLOSED
