"""The rules of the legal dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.paris import day_in_paris
from training.certifications import lifecycle
from training.certifications.lifecycle import State, Validity, seconds_left, state

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
VALIDITIES = st.builds(
    Validity,
    starts_on=st.none() | DAYS,
    ends_on=st.none() | DAYS,
    ends_in=st.none() | st.integers(2015, 2035),
    delivers_until=st.none() | DAYS,
    delivery_known=st.booleans(),
)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("end", "last_second"),
    [
        ("2026-08-31", "2026-08-31T21:59:59+00:00"),  # summer time
        ("2026-12-31", "2026-12-31T22:59:59+00:00"),  # winter time
        ("2026-10-25", "2026-10-25T22:59:59+00:00"),  # the day has 25 hours
        ("2026-03-29", "2026-03-29T21:59:59+00:00"),  # the day has 23 hours
    ],
)
def test_a_registration_holds_to_the_last_second_of_its_last_day_in_paris(
    end: str, last_second: str
) -> None:
    validity = Validity(ends_on=date.fromisoformat(end))
    last = instant(last_second)
    assert state(validity, day_in_paris(last)) is State.ACTIVE
    assert state(validity, day_in_paris(last + timedelta(seconds=1))) is State.INACTIVE
    assert seconds_left(last) == 1


def test_the_long_day_lasts_25_hours() -> None:
    assert seconds_left(instant("2026-10-24T22:00:00+00:00")) == 25 * 3600


def test_rs6232_may_be_delivered_but_not_begun_until_its_delivery_limit() -> None:
    validity = Validity(ends_on=date(2026, 1, 25), delivers_until=date(2026, 7, 25))
    for day, expected, enrol, deliver in [
        (date(2026, 1, 25), State.ACTIVE, True, True),
        (date(2026, 3, 1), State.DELIVERY_ONLY, False, True),
        (date(2026, 7, 25), State.DELIVERY_ONLY, False, True),
        (date(2026, 7, 26), State.INACTIVE, False, False),
    ]:
        assert state(validity, day) is expected
        assert lifecycle.may_enrol(validity, day) is enrol
        assert lifecycle.may_deliver(validity, day) is deliver


def test_an_end_known_by_its_year_is_trusted_only_outside_that_year() -> None:
    validity = Validity(ends_in=2028, delivery_known=False)
    assert state(validity, date(2027, 12, 31)) is State.ACTIVE
    assert state(validity, date(2028, 1, 1)) is State.UNKNOWN
    assert lifecycle.may_enrol(validity, date(2028, 6, 1)) is None
    assert state(validity, date(2029, 1, 1)) is State.INACTIVE
    assert lifecycle.may_deliver(validity, date(2029, 1, 1)) is None


@given(VALIDITIES, DAYS)
def test_whoever_may_enrol_may_be_certified(validity: Validity, day: date) -> None:
    if lifecycle.may_enrol(validity, day):
        assert lifecycle.may_deliver(validity, day)
    assert (lifecycle.may_enrol(validity, day) is None) == (state(validity, day) is State.UNKNOWN)


@given(VALIDITIES, DAYS, st.integers(1, 4000))
def test_time_only_moves_a_certification_forward(validity: Validity, day: date, days: int) -> None:
    order = [State.UPCOMING, State.ACTIVE, State.UNKNOWN, State.DELIVERY_ONLY, State.INACTIVE]
    before, after = state(validity, day), state(validity, day + timedelta(days=days))
    if validity.ends_on is None and validity.ends_in is None:
        assert after in {State.UPCOMING, State.UNKNOWN}
    assert order.index(before) <= order.index(after)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))  # noqa: DTZ001  # made aware below
def test_the_day_ends_when_it_says(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC, microsecond=0)
    left = seconds_left(moment)
    assert day_in_paris(moment + timedelta(seconds=left - 1)) == day_in_paris(moment)
    assert day_in_paris(moment + timedelta(seconds=left)) == day_in_paris(moment) + timedelta(
        days=1
    )
