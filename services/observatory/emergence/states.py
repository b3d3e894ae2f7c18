"""The life of a term: counts move it up to a watch and let it fade, people do the rest (M12)."""

from enum import StrEnum
from typing import Final, NamedTuple


class State(StrEnum):
    """Where a term stands; a term that never passed has no state."""

    CANDIDATE = "candidate"
    WATCH = "watch"
    CONFIRMED = "confirmed"
    MAPPED = "mapped"
    FADED = "faded"
    REJECTED = "rejected"


class Decision(StrEnum):
    """What a person may do."""

    CONFIRM = "confirm"
    MAP = "map"
    REJECT = "reject"


class Move(NamedTuple):
    """From where a decision leads to where."""

    sources: frozenset[State]
    target: State


MOVES: Final = {
    Decision.CONFIRM: Move(frozenset({State.WATCH}), State.CONFIRMED),
    Decision.MAP: Move(frozenset({State.CONFIRMED}), State.MAPPED),
    Decision.REJECT: Move(
        frozenset({State.CANDIDATE, State.WATCH, State.CONFIRMED}), State.REJECTED
    ),
}


def allowed(state: State) -> list[Decision]:
    """List the decisions that are possible."""
    return [name for name, move in MOVES.items() if state in move.sources]


def by_counts(state: State | None, *, passes: bool, persists: bool, fades: bool) -> State | None:
    """Return the state after a quarter; whatever a person has decided stays."""
    if state in (None, State.FADED, State.CANDIDATE) and persists and passes:
        return State.WATCH
    if state in (None, State.FADED) and passes:
        return State.CANDIDATE
    if state in (State.CANDIDATE, State.WATCH) and fades:
        return State.FADED
    return state
