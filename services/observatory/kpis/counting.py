"""What a change of a neighbour's feed says for the indicators, and nothing else of it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from platformkit.feed import Change


class Counted(NamedTuple):
    """What the latest version of a thing adds to a measure; no measure, once it is gone."""

    entity: str
    entity_id: str
    version: int
    measure: str | None
    amount: int


_Reading = tuple[str | None, int]
_REGIONAL: Final = "regional_proposal"
"""Kind of source of what came into the catalogue by a proposal of the programme."""


def _status(entity: str) -> Callable[[Mapping[str, Any]], _Reading]:
    return lambda payload: (f"{entity}.{payload.get('status')}", 1)


def _assessment(payload: Mapping[str, Any]) -> _Reading:
    """Count a diagnostic from its first frozen score on."""
    return ("assessment.submitted", 1) if payload.get("revision") else (None, 0)


def _certification(payload: Mapping[str, Any]) -> _Reading:
    is_ours = (payload.get("source") or {}).get("kind") == _REGIONAL
    return (
        ("certification.regional", 1) if is_ours and not payload.get("absent_since") else (None, 0)
    )


def _formation(payload: Mapping[str, Any]) -> _Reading:
    """Add the sessions of an offer."""
    if (payload.get("source") or {}).get("kind") != _REGIONAL:
        return None, 0
    sessions = sum(len(one.get("sessions") or ()) for one in payload.get("actions") or ())
    return "formation.regional", sessions


def _proposal(payload: Mapping[str, Any]) -> _Reading:
    return f"proposal.{payload.get('kind')}", 1


_READINGS: Final[Mapping[str, Mapping[str, Callable[[Mapping[str, Any]], _Reading]]]] = {
    "diagnostic": {
        "assessment": _assessment,
        "cohort": _status("cohort"),
        "enrolment": _status("enrolment"),
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
        told = (None, 0) if change.kind == "deleted" else reading(change.payload)
        found[key] = Counted(*key, change.version, *told)
    return list(found.values())
