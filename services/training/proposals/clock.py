"""The time that those who review have: it runs while they are to move, and stops meanwhile."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from platformkit.paris import day_in_paris
from training.proposals.states import TIMED, State

DAY_SECONDS: Final = 86_400


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds spent before `since`; `since` is None while it stands."""

    spent: int = 0
    since: datetime | None = None

    def seconds(self, now: datetime) -> int:
        """Return how long it has run in all."""
        running = int((now - self.since).total_seconds()) if self.since else 0
        return self.spent + max(0, running)

    def due_on(self, days: int, now: datetime) -> date | None:
        """Return the last day in Paris, if it goes on running; none while it stands."""
        if self.since is None:
            return None
        return day_in_paris(now + timedelta(days=days, seconds=-self.seconds(now)))


def moved(clock: Clock, target: State, now: datetime) -> Clock:
    """Let it run in the states of the review, stand in the others, begin anew with a submission."""
    if target is State.SUBMITTED:
        return Clock(0, now)
    if target not in TIMED:
        return Clock(clock.seconds(now), None)
    return clock if clock.since else replace(clock, since=now)
