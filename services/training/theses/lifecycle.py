"""The life of a subject: who takes which step from where, and who sees it then (case J4).

Laboratory → research unit → doctoral school → institution → Région. What a subject reached is seen
by those it reached; sent back, it is a draft again, which only its laboratory sees.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Final, NamedTuple


class Role(StrEnum):
    """Who acts on a subject."""

    LABORATORY = "laboratory"
    UNIT = "unit"
    DOCTORAL_SCHOOL = "doctoral_school"
    INSTITUTION = "institution"
    REGION = "region"


class Status(StrEnum):
    """Where a subject is: with whom, or how it ended."""

    DRAFT = "draft"
    AT_UNIT = "at_unit"
    AT_DOCTORAL_SCHOOL = "at_doctoral_school"
    AT_INSTITUTION = "at_institution"
    AT_REGION = "at_region"
    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What somebody does with a subject; the last three are the Région's."""

    SUBMIT = "submit"
    ENDORSE = "endorse"
    RANK = "rank"
    SEND_BACK = "send_back"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    SELECT = "select"
    RESERVE = "reserve"
    REJECT = "reject"


class Step(NamedTuple):
    """Whose step it is, and where it leads."""

    role: Role
    to: Status


ORDER: Final = {
    Status.DRAFT: Role.LABORATORY,
    Status.AT_UNIT: Role.UNIT,
    Status.AT_DOCTORAL_SCHOOL: Role.DOCTORAL_SCHOOL,
    Status.AT_INSTITUTION: Role.INSTITUTION,
    Status.AT_REGION: Role.REGION,
}
"""Whom a subject waits for, in the order of the steps."""

ROLES: Final = tuple(ORDER.values())

DECIDED: Final = frozenset({Status.SELECTED, Status.RESERVE, Status.NOT_SELECTED})
LEADING: Final = {
    Action.SELECT: Status.SELECTED,
    Action.RESERVE: Status.RESERVE,
    Action.REJECT: Status.NOT_SELECTED,
}
"""Where the Région's decisions lead."""

REASONED: Final = frozenset({Action.SEND_BACK, Action.DECLINE, Action.WITHDRAW, Action.REJECT})
"""What nobody does without saying why."""

_ADVISED: Final = (Status.AT_UNIT, Status.AT_DOCTORAL_SCHOOL, Status.AT_INSTITUTION)
_LEAVING: Final = (*ORDER, *DECIDED)


def _steps() -> Iterator[tuple[tuple[Status, Action], Step]]:
    yield (Status.DRAFT, Action.SUBMIT), Step(Role.LABORATORY, Status.AT_UNIT)
    yield (Status.AT_UNIT, Action.ENDORSE), Step(Role.UNIT, Status.AT_DOCTORAL_SCHOOL)
    yield (
        (Status.AT_DOCTORAL_SCHOOL, Action.ENDORSE),
        Step(Role.DOCTORAL_SCHOOL, Status.AT_INSTITUTION),
    )
    for ranked in (Status.AT_INSTITUTION, Status.AT_REGION):
        yield (ranked, Action.RANK), Step(Role.INSTITUTION, Status.AT_REGION)
    for advised in _ADVISED:
        yield (advised, Action.SEND_BACK), Step(ORDER[advised], Status.DRAFT)
        yield (advised, Action.DECLINE), Step(ORDER[advised], Status.DECLINED)
    for left in _LEAVING:
        yield (left, Action.WITHDRAW), Step(Role.LABORATORY, Status.WITHDRAWN)
    for before in (Status.AT_REGION, *DECIDED):
        for action, then in LEADING.items():
            if then is not before:
                yield (before, action), Step(Role.REGION, then)


STEPS: Final = dict(_steps())


def allowed(status: Status, roles: Collection[Role], *, published: bool) -> list[Action]:
    """List what these roles may do now; once results are public, only the reserve list moves."""
    return [
        action
        for (before, action), step in STEPS.items()
        if before is status
        and step.role in roles
        and (not published or is_open_after_results(status, action))
    ]


def is_open_after_results(status: Status, action: Action) -> bool:
    """Tell whether a step is left after the results: leaving, or off the reserve list.

    Before them a laboratory may leave whatever was decided, or it would know.
    """
    if action is Action.WITHDRAW:
        return status is not Status.NOT_SELECTED
    return status is Status.RESERVE and action in LEADING


def reached(before: int, to: Status) -> int:
    """Return how many of `ROLES` beyond the laboratory have had it: none, once it is sent back."""
    if to is Status.DRAFT:
        return 0
    return max(before, ROLES.index(ORDER[to])) if to in ORDER else before


def sees(role: Role, has_reached: int) -> bool:
    """Tell whether a role sees a subject that has reached so far."""
    return ROLES.index(role) <= has_reached


def shown(status: Status, roles: Collection[Role], *, published: bool) -> Status:
    """Return the status as these roles are told it: a decision is the Région's until it is public.

    What was decided in whatever way is still under review for the others.
    """
    if status in DECIDED and not published and Role.REGION not in roles:
        return Status.AT_REGION
    return status
