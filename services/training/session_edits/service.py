"""Edits one's own sessions: formation by formation all or nothing, and a report of each item."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from training.audit import service as audit
from training.entering.service import Entry, alone, enter, patient
from training.session_edits import queries
from training.session_edits.changing import applied
from training.session_edits.schemas import EditedSession, EditFault, EditsRead, SessionEdit

_CHANGED, _GONE, _STALE, _WRONG = 200, 404, 412, 422
_ORIGIN: Final = ("kind", "name", "url", "licence")


@dataclass(slots=True)
class _Formation:
    """A formation that is edited: its present version and document, and what was asked of it."""

    row: Mapping[str, Any]
    document: dict[str, Any]
    edits: dict[str, SessionEdit] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def entry(self) -> Entry:
        """What enters the catalogue, from where it came before."""
        dated_on = self.row["dated_on"]
        origin = {name: self.row[name] for name in _ORIGIN}
        return Entry(self.changed, {**origin, "dated_on": dated_on and dated_on.isoformat()})


async def edit(
    session: AsyncSession, caller: Principal, items: Sequence[SessionEdit], now: datetime
) -> EditsRead:
    """Change what can be; what is stale, wrong or not the caller's is left as it is."""
    raw = await driver(session)
    await alone(raw)
    rows = await raw.fetch(queries.LOCKED, [one.session for one in items], caller.tenant)
    found = [_Formation(row, orjson.loads(row["document"])) for row in rows]
    of_session = {
        uuid.UUID(one["id"]): formation
        for formation in found
        for action in formation.document["actions"]
        for one in action["sessions"]
    }
    for one in items:
        formation = of_session.get(one.session)
        if formation and formation.row["version"] == one.version:
            formation.edits[str(one.session)] = one
    for formation in found:
        formation.changed, formation.faults = applied(formation.document, formation.edits)
    await _enter(raw, caller, found, now)
    ids = [formation.row["id"] for formation in found]
    versions = {row["id"]: row["version"] for row in await raw.fetch(queries.VERSIONS, ids)}
    reports = [_report(one, of_session.get(one.session), versions) for one in items]
    return EditsRead(changed=sum(one.status == _CHANGED for one in reports), items=reports)


async def _enter(
    raw: Any,  # noqa: ANN401  # asyncpg's, which has no types
    caller: Principal,
    found: Sequence[_Formation],
    now: datetime,
) -> None:
    entering = [
        one for one in found if one.edits and not one.faults and one.changed != one.document
    ]
    if not entering:
        return
    async with patient(raw):
        entries = [one.entry for one in entering]
        refused = await enter(raw, caller.tenant, caller.client, entries, now)
    for one in entering:
        one.faults = refused.get(one.entry.code, [])
        if not one.faults:
            known = str(one.row["id"])
            await audit.record(raw, caller, "edit_sessions", "formation", known)


def _report(
    asked: SessionEdit, formation: _Formation | None, versions: Mapping[uuid.UUID, int]
) -> EditedSession:
    if formation is None:
        return EditedSession(session=asked.session, status=_GONE, version=None, errors=[])
    is_stale = str(asked.session) not in formation.edits
    faults = [] if is_stale else formation.faults
    return EditedSession(
        session=asked.session,
        status=_STALE if is_stale else _WRONG if faults else _CHANGED,
        version=versions[formation.row["id"]],
        errors=[
            EditFault(pointer=one.pointer, code=one.code, detail=one.detail()) for one in faults
        ],
    )
