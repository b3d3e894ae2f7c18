"""The legal day that a question is about: today, another day, or that of an instant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Query

from platformkit import open_data
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text
from platformkit.paris import day_in_paris
from platformkit.wire import Day, Instant
from training.certifications import lifecycle


class MomentAmbiguous(Invalid):
    """A day and an instant at once: one of them would have to be ignored."""

    code = "moment-ambiguous"
    title = Text("Deux dates à la fois", "Two dates at once")


_ONE = Text("Donnez « on » ou « at », pas les deux.", "Give `on` or `at`, not both.")


@dataclass(frozen=True, slots=True)
class Moment:
    """A legal day in France, and for how many seconds its answer stays true."""

    day: date
    seconds: int


def now() -> Moment:
    """Return the present legal day, which ends at midnight in Paris."""
    instant = datetime.now(UTC)
    return Moment(day_in_paris(instant), lifecycle.seconds_left(instant))


async def _moment(
    on: Annotated[
        Day | None,
        Query(
            ge=date(1970, 1, 1),
            le=date(2199, 12, 31),
            description="as on that day in France; today by default",
        ),
    ] = None,
    at: Annotated[
        Instant | None,
        Query(
            ge=datetime(1970, 1, 1, tzinfo=UTC),
            le=datetime(2200, 1, 1, tzinfo=UTC),
            description="as at that instant, in the legal time of Paris; now by default",
        ),
    ] = None,
) -> Moment:
    if on is not None and at is not None:
        raise MomentAmbiguous([Fault("/at", MomentAmbiguous.code, _ONE, where="query")])
    if on is None and at is None:
        return now()
    day = on if at is None else day_in_paris(at)
    return Moment(day or now().day, open_data.LONGEST_SECONDS)


Asked = Annotated[Moment, Depends(_moment)]
"""`on` or `at` of a question about certifications; `MomentAmbiguous` for both."""
