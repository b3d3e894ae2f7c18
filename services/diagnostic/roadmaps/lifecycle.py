"""Which state of an action leads to which: the whole table, as data."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class ActionStatus(StrEnum):
    """Life of an action; every one begins as proposed."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    ON_HOLD = "on_hold"
    DROPPED = "dropped"


NEXT: Mapping[ActionStatus, frozenset[ActionStatus]] = {
    ActionStatus.PROPOSED: frozenset({ActionStatus.ACCEPTED, ActionStatus.REJECTED}),
    ActionStatus.ACCEPTED: frozenset({ActionStatus.IN_PROGRESS, ActionStatus.DROPPED}),
    ActionStatus.IN_PROGRESS: frozenset(
        {ActionStatus.DONE, ActionStatus.ON_HOLD, ActionStatus.DROPPED}
    ),
    ActionStatus.ON_HOLD: frozenset({ActionStatus.IN_PROGRESS, ActionStatus.DROPPED}),
    ActionStatus.REJECTED: frozenset(),
    ActionStatus.DONE: frozenset(),
    ActionStatus.DROPPED: frozenset(),
}
"""What is not written is not possible."""

VERBS: Mapping[ActionStatus, str] = {
    ActionStatus.ACCEPTED: "accept",
    ActionStatus.REJECTED: "reject",
    ActionStatus.IN_PROGRESS: "start",
    ActionStatus.DONE: "complete",
    ActionStatus.ON_HOLD: "pause",
    ActionStatus.DROPPED: "drop",
}
"""What the audit trail calls the way into a state."""

REASONED = frozenset({ActionStatus.REJECTED, ActionStatus.ON_HOLD, ActionStatus.DROPPED})
"""States that nobody is brought to without a reason."""

SET_ASIDE = frozenset({ActionStatus.REJECTED, ActionStatus.DROPPED})
"""Out of the plan: counted by no progress, waited for by nothing."""

SETTLED = frozenset(status for status, following in NEXT.items() if not following)
"""Nothing follows: only the note may change."""

RUNNING = frozenset({ActionStatus.ACCEPTED, ActionStatus.IN_PROGRESS})
"""What a due date binds; an action on hold waits for its reason."""

STARTED = frozenset({ActionStatus.IN_PROGRESS, ActionStatus.ON_HOLD})
"""States in which progress is counted, short of done, which is 100."""


def waiting_for(
    prerequisites: Iterable[str], statuses: Mapping[str, ActionStatus]
) -> tuple[str, ...]:
    """List what must be done first: prerequisites in this roadmap, neither done nor set aside."""
    over = SET_ASIDE | {ActionStatus.DONE}
    return tuple(one for one in prerequisites if one in statuses and statuses[one] not in over)


def without(prerequisites: Iterable[str], statuses: Mapping[str, ActionStatus]) -> tuple[str, ...]:
    """List the prerequisites that were set aside: no obstacle, but worth a second look."""
    return tuple(one for one in prerequisites if statuses.get(one) in SET_ASIDE)


def allowed(status: ActionStatus, waiting: Iterable[str] = ()) -> tuple[ActionStatus, ...]:
    """List where an action may go from here; not to done while it waits for others."""
    barred = {ActionStatus.DONE} if tuple(waiting) else set()
    return tuple(sorted(NEXT[status] - barred))
