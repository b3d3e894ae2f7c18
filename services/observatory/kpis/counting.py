"""What a change of a neighbour's feed says for the indicators, and nothing else of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from platformkit.feed import Change


class Counted(NamedTuple):
    """What the latest version of a thing adds to a measure; no measure, once it is gone."""

    entity: str
    entity_id: str
    version: int
    measure: str | None
    amount: int
    cohort: str | None = None
    """Code of the cohort that it is, or is in: an enrolment has the programme of its cohort."""

    programme: str | None = None


class _Reading(NamedTuple):
    measure: str | None = None
    amount: int = 0
    cohort: str | None = None
    programme: str | None = None


_REGIONAL: Final = "regional_proposal"
"""Kind of source of what came into the catalogue by a proposal of the programme."""


def _cohort(change: Change) -> _Reading:
    told = change.payload
    return _Reading(f"cohort.{told.get('status')}", 1, told.get("code"), told.get("programme"))


def _enrolment(change: Change) -> _Reading:
    told = change.payload
    return _Reading(f"enrolment.{told.get('status')}", 1, told.get("cohort"))


def _assessment(change: Change) -> _Reading:
    """Count a diagnostic from its first frozen score on."""
    if not change.payload.get("revision"):
        return _Reading()
    return _Reading("assessment.submitted", 1, programme=change.payload.get("programme"))


def _statistics(change: Change) -> _Reading:
    """Take the companies that the diagnostic says in public: it alone can tell one from another."""
    enrolled = change.payload.get("enrolled")
    if enrolled is None:
        return _Reading()
    return _Reading("programme_statistics.enrolled", enrolled, programme=change.entity_id)


def _certification(change: Change) -> _Reading:
    told = change.payload
    is_ours = (told.get("source") or {}).get("kind") == _REGIONAL
    is_there = is_ours and not told.get("absent_since")
    return _Reading("certification.regional", 1) if is_there else _Reading()


def _formation(change: Change) -> _Reading:
    """Add the sessions of an offer."""
    told = change.payload
    if (told.get("source") or {}).get("kind") != _REGIONAL:
        return _Reading()
    sessions = sum(len(one.get("sessions") or ()) for one in told.get("actions") or ())
    return _Reading("formation.regional", sessions)


def _proposal(change: Change) -> _Reading:
    return _Reading(f"proposal.{change.payload.get('kind')}", 1)


_READINGS: Final[Mapping[str, Mapping[str, Callable[[Change], _Reading]]]] = {
    "diagnostic": {
        "assessment": _assessment,
        "cohort": _cohort,
        "enrolment": _enrolment,
        "programme_statistics": _statistics,
    },
    "training": {
        "certification": _certification,
        "formation": _formation,
        "proposal": _proposal,
    },
}


def latest(peer: str, changes: Iterable[Change]) -> list[Counted]:
    """Keep the latest version of each thing that counts; of equal versions, the later change.

    Of transactions that ran at once, the lower version may come later in the feed (decision 6).
    """
    readings = _READINGS[peer]
    found: dict[tuple[str, str], Counted] = {}
    for change in changes:
        if (reading := readings.get(change.entity)) is None:
            continue
        key = change.entity, change.entity_id
        if key in found and found[key].version > change.version:
            continue
        told = _Reading() if change.kind == "deleted" else reading(change)
        found[key] = Counted(
            *key, change.version, told.measure, told.amount, told.cohort, told.programme
        )
    return list(found.values())
