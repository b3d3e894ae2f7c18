"""Whether an organisation may train or assess for a certification on a day (R. 6113-16).

A certifying body may do both; a partner what its habilitation says, as long as it is active.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Self

from training.certifications.lifecycle import Validity, may_deliver, may_enrol

_DAYS: Final = ("state_since", "active_since")


class Reason(StrEnum):
    """Why an organisation may or may not, or why nobody can say."""

    CERTIFYING_BODY = "certifying_body"
    PARTNER = "partner"
    INACTIVE = "inactive"
    UNDATED = "undated"
    OTHER_ESTABLISHMENT = "other_establishment"
    UNIDENTIFIED = "unidentified"
    PARTNERS_UNKNOWN = "partners_unknown"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True, slots=True)
class Line:
    """What the directory says of one organisation: its state, and since when it has it."""

    kind: str
    siret: str | None
    name: str
    role: str
    state: str
    state_since: date | None
    active_since: date | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Read a line that PostgreSQL rendered as JSON."""
        days = {name: row[name] and date.fromisoformat(row[name]) for name in _DAYS}
        return cls(**{name: row[name] for name in cls.__slots__} | days)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organisation is to a certification, whatever the certification's own dates say."""

    reason: Reason
    trains: bool | None
    assesses: bool | None
    since: date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Null is "no source says"; `since` is when the habilitation, or its end, began."""

    reason: Reason
    may_train: bool | None
    may_assess: bool | None
    may_enrol: bool | None
    since: date | None


def active(line: Line, day: date) -> bool | None:
    """Tell whether a line was active on a day; None where its dates do not reach that far back."""
    if line.state_since is None or day >= line.state_since:
        is_active = line.state == "active"
        return None if is_active and line.active_since and day < line.active_since else is_active
    if line.active_since is None:
        return None
    if day < line.active_since:
        return False
    return True if line.state == "inactive" else None


def since(line: Line) -> date | None:
    """Return when the present state began: the first habilitation, or the end of it."""
    if line.state == "inactive":
        return line.state_since
    return line.active_since or line.state_since


def standing(
    lines: Sequence[Line], siret: str, day: date, *, unidentified: bool, listed: bool
) -> Standing:
    """Judge the lines of the organisation and of its other establishments, the strongest first.

    `unidentified`: an active line has no SIRET and may be this organisation; `listed`: the source
    gives partners at all.
    """
    reason = _reason(lines, siret, day, unidentified=unidentified, listed=listed)
    own = [line for line in lines if line.siret == siret]
    if reason in {Reason.CERTIFYING_BODY, Reason.PARTNER}:
        own = [line for line in own if active(line, day)]
        roles = {line.role for line in own}
        began = min(filter(None, map(since, own)), default=None)
        return Standing(
            reason, bool(roles & {"train", "both"}), bool(roles & {"assess", "both"}), began
        )
    if reason in {Reason.INACTIVE, Reason.NOT_LISTED}:
        ended = max(filter(None, map(since, own)), default=None)
        return Standing(reason, trains=False, assesses=False, since=ended)
    return Standing(reason, trains=None, assesses=None, since=None)


def answer(found: Standing, validity: Validity, day: date) -> Answer:
    """Say what the organisation may do on a day, by the certification's own dates too."""
    return Answer(
        found.reason,
        may_train=_both(found.trains, may_deliver(validity, day)),
        may_assess=_both(found.assesses, may_deliver(validity, day)),
        may_enrol=_both(found.trains, may_enrol(validity, day)),
        since=found.since,
    )


def _reason(
    lines: Sequence[Line], siret: str, day: date, *, unidentified: bool, listed: bool
) -> Reason:
    own = {active(line, day) for line in lines if line.siret == siret}
    if True in own:
        is_body = any(
            line.kind == "certifying_body" and line.siret == siret and active(line, day)
            for line in lines
        )
        return Reason.CERTIFYING_BODY if is_body else Reason.PARTNER
    others = {active(line, day) for line in lines if line.siret != siret}
    doubts = (
        (Reason.UNDATED, None in own),
        (Reason.OTHER_ESTABLISHMENT, bool(others - {False})),
        (Reason.UNIDENTIFIED, unidentified),
        (Reason.INACTIVE, False in own),
        (Reason.PARTNERS_UNKNOWN, not listed),
    )
    return next((reason for reason, holds in doubts if holds), Reason.NOT_LISTED)


def _both(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001  # a conjunction
    """Return the conjunction of three-valued answers: one "no" decides, one unknown leaves open."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
