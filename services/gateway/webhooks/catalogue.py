"""The events that can be followed: `<service>.<entity>.<kind>`, and where their subject is read."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import quote

import orjson

from gateway.feeds.entry import Entry

KINDS: Final = ("created", "updated", "deleted")
PING: Final = "ping"

PLACES: Final[Mapping[str, Mapping[str, str | None]]] = {
    "diagnostic": {
        "assessment": None,
        "attendance": None,
        "cohort": "/v1/diagnostic/cohorts/{}",
        "cohort_session": None,
        "enrolment": None,
        "opportunity": "/v1/diagnostic/opportunities/{}",
        "organisation": None,
        "programme_statistics": "/v1/diagnostic/programmes/{}/statistics",
        "questionnaire": "/v1/diagnostic/questionnaires/{}",
        "reminder": "/v1/diagnostic/reminders/{}",
        "respondent": None,
    },
    "observatory": {
        "announcement": "/v1/observatory/announcements/{}",
        "dataset": "/v1/observatory/datasets",
        "emergence": "/v1/observatory/emergence/signals/{}",
        "kit": "/v1/observatory/kits/{}",
        "kit_installation": "/v1/observatory/kit-installations/{}",
        "node": "/v1/observatory/nodes/{}",
        "programme": "/v1/observatory/programmes/{}",
        "programme_entry": None,
        "programme_event": None,
        "programme_funder": None,
        "programme_kpis": None,
        "programme_line": None,
        "programme_milestone": None,
        "programme_target": None,
        "reference_release": "/v1/observatory/exposure/releases",
        "release": "/v1/observatory/releases",
        "rollup": "/v1/observatory/rollups/{}",
        "rollup_run": None,
        "structure": None,
    },
    "training": {
        "certification": "/v1/training/certifications/{}",
        "expiry_notice": "/v1/training/expiry-notices/{}",
        "formation": "/v1/training/formations/{}",
        "formation_flags": "/v1/training/formations/{}/habilitation",
        "proposal": "/v1/training/proposals/{}",
        "provider": "/v1/training/providers/{}",
        "reference": "/v1/training/references/{}",
        "reference_version": "/v1/training/references/{}",
        "saved_search": "/v1/training/saved-searches/{}/matches",
        "session_capacity": "/v1/training/sessions/{}/capacity",
        "thesis_campaign": "/v1/training/thesis-campaigns/{}",
        "thesis_grant": "/v1/training/thesis-grants/{}",
    },
}
"""By service and entity, the address of a subject at the door, or of the list that has it.

None is for pseudonyms, and for what is read elsewhere than under `/v1`."""

_PATTERN: Final = re.compile(r"([a-z]+)\.(\*|[a-z_]+)\.(\*|created|updated|deleted)", re.ASCII)


def is_known(pattern: str) -> bool:
    """Tell whether a pattern, `training.certification.*` or `training.*.created`, names events."""
    parts = _PATTERN.fullmatch(pattern)
    if parts is None:
        return False
    entities = PLACES.get(parts[1], {})
    return bool(entities) and (parts[2] == "*" or parts[2] in entities)


def services(patterns: Iterable[str]) -> set[str]:
    """Name the services whose feeds the patterns want."""
    return {pattern.partition(".")[0] for pattern in patterns}


def event_type(entry: Entry) -> str:
    """Name the event of an entry, as Standard Webhooks spells types."""
    return f"{entry.service}.{_entity(entry)}.{entry.kind}"


def matcher(patterns: Iterable[str]) -> re.Pattern[str]:
    """Compile patterns that are known into one expression over types."""
    each = (re.escape(pattern).replace(r"\*", "[^.]+") for pattern in patterns)
    return re.compile("|".join(each))


class Planned(NamedTuple):
    """An event as it is kept until it is delivered."""

    position: int
    event: str
    """The `webhook-id`, the same at every attempt and for every webhook."""
    type: str
    subject: str
    """What the events of one thing have in common: they are delivered in order."""
    body: bytes


def planned(entry: Entry, base: str) -> Planned:
    """Make the event of an entry."""
    return Planned(
        entry.position,
        f"evt_{entry.position}",
        event_type(entry),
        f"{entry.service}/{entry.entity}/{entry.entity_id}",
        _body(entry, base),
    )


def _body(entry: Entry, base: str) -> bytes:
    """Write the event: what happened to what, and where to read it; nothing of its content."""
    place = PLACES.get(entry.service, {}).get(_entity(entry))
    link = None if place is None else base + place.format(quote(entry.entity_id, safe="/"))
    return _json(
        event_type(entry),
        entry.at,
        {
            "id": entry.entity_id,
            "version": entry.version,
            "position": entry.position,
            "href": link,
        },
    )


def ping(webhook: str, at: datetime) -> bytes:
    """Write the event that only tries a webhook."""
    return _json(PING, at, {"webhook": webhook})


def _entity(entry: Entry) -> str:
    return entry.entity.replace("-", "_")


def _json(kind: str, at: datetime, data: Mapping[str, object]) -> bytes:
    told = {"type": kind, "timestamp": at.astimezone(UTC), "data": data}
    return orjson.dumps(told, option=orjson.OPT_UTC_Z)
