"""The life of a proposal (training.md §3): who may move it whence and whither, and why.

The order is that of France compétences: admissibility, review with complements, opinion, decision.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    UNDER_REVIEW = "under_review"
    COMPLEMENT_REQUESTED = "complement_requested"
    OPINION_FAVOURABLE = "opinion_favourable"
    OPINION_RESERVED = "opinion_reserved"
    OPINION_UNFAVOURABLE = "opinion_unfavourable"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REFUSED_FOR_GOOD = "refused_for_good"
    PUBLISHED = "published"
    WITHDRAWN_BY_AUTHOR = "withdrawn_by_author"


class Transition(StrEnum):
    """What may be done with a proposal."""

    SUBMIT = "submit"
    ADMIT = "admit"
    REJECT = "reject"
    START_REVIEW = "start_review"
    REQUEST_COMPLEMENT = "request_complement"
    COMPLETE = "complete"
    OPINE_FAVOURABLY = "opine_favourably"
    OPINE_WITH_RESERVES = "opine_with_reserves"
    OPINE_UNFAVOURABLY = "opine_unfavourably"
    ACCEPT = "accept"
    REFUSE = "refuse"
    REFUSE_FOR_GOOD = "refuse_for_good"
    REVISE = "revise"
    PUBLISH = "publish"
    RETIRE = "retire"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Who moves it: the organisation that proposes, or another one that reviews."""

    AUTHOR = "author"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True)
class Move:
    """One transition: whence, whither, by whom, and whether it must say why."""

    sources: frozenset[State]
    target: State
    side: Side
    wants_reason: bool = False


_OPINIONS: Final = frozenset(
    {State.OPINION_FAVOURABLE, State.OPINION_RESERVED, State.OPINION_UNFAVOURABLE}
)
OVER: Final = frozenset({State.REFUSED_FOR_GOOD, State.PUBLISHED, State.WITHDRAWN_BY_AUTHOR})
"""The review is over; of these only what is published is still its author's to retire."""

EDITABLE: Final = frozenset({State.DRAFT, State.COMPLEMENT_REQUESTED})
"""In these its author changes the payload: all of a draft, of the other what was asked for."""

TIMED: Final = frozenset({State.SUBMITTED, State.ADMISSIBLE, State.UNDER_REVIEW, *_OPINIONS})
"""The clock of the review runs in these: those who review are to move."""


def _by_author(*sources: State, to: State, why: bool = False) -> Move:
    return Move(frozenset(sources), to, Side.AUTHOR, wants_reason=why)


def _by_reviewer(*sources: State, to: State, why: bool = False) -> Move:
    return Move(frozenset(sources), to, Side.REVIEWER, wants_reason=why)


MOVES: Final = MappingProxyType(
    {
        Transition.SUBMIT: _by_author(State.DRAFT, to=State.SUBMITTED),
        Transition.ADMIT: _by_reviewer(State.SUBMITTED, to=State.ADMISSIBLE),
        Transition.REJECT: _by_reviewer(State.SUBMITTED, to=State.INADMISSIBLE, why=True),
        Transition.START_REVIEW: _by_reviewer(State.ADMISSIBLE, to=State.UNDER_REVIEW),
        Transition.REQUEST_COMPLEMENT: _by_reviewer(
            State.UNDER_REVIEW,
            *_OPINIONS,
            State.ACCEPTED,
            to=State.COMPLEMENT_REQUESTED,
            why=True,
        ),
        Transition.COMPLETE: _by_author(State.COMPLEMENT_REQUESTED, to=State.UNDER_REVIEW),
        Transition.OPINE_FAVOURABLY: _by_reviewer(State.UNDER_REVIEW, to=State.OPINION_FAVOURABLE),
        Transition.OPINE_WITH_RESERVES: _by_reviewer(
            State.UNDER_REVIEW, to=State.OPINION_RESERVED, why=True
        ),
        Transition.OPINE_UNFAVOURABLY: _by_reviewer(
            State.UNDER_REVIEW, to=State.OPINION_UNFAVOURABLE, why=True
        ),
        Transition.ACCEPT: _by_reviewer(*_OPINIONS, to=State.ACCEPTED),
        Transition.REFUSE: _by_reviewer(*_OPINIONS, to=State.REFUSED, why=True),
        Transition.REFUSE_FOR_GOOD: _by_reviewer(*_OPINIONS, to=State.REFUSED_FOR_GOOD, why=True),
        Transition.REVISE: _by_author(State.INADMISSIBLE, State.REFUSED, to=State.DRAFT),
        Transition.PUBLISH: _by_reviewer(State.ACCEPTED, to=State.PUBLISHED),
        Transition.RETIRE: _by_author(State.PUBLISHED, to=State.WITHDRAWN_BY_AUTHOR, why=True),
        Transition.WITHDRAW: _by_author(
            *(one for one in State if one not in OVER), to=State.WITHDRAWN_BY_AUTHOR
        ),
    }
)


def allowed(state: State) -> list[Transition]:
    """List what may be done from a state, by either side."""
    return [name for name, move in MOVES.items() if state in move.sources]
