"""Putting together what was delivered to the companies of a cohort."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from diagnostic.assessments.models import Status
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.deliverables import queries
from diagnostic.deliverables.archive import Archive
from diagnostic.deliverables.sheets import attendance
from diagnostic.heat_maps import page
from diagnostic.heat_maps import service as heat_maps
from diagnostic.reports import formats
from diagnostic.reports import service as reports
from diagnostic.reports.press import PRESS
from diagnostic.roadmaps.service import NotSubmitted
from diagnostic.sessions import service as sessions
from platformkit.auth import Principal
from platformkit.clients.training import TrainingClient
from platformkit.errors import Unavailable
from platformkit.i18n import Text, language, speak
from platformkit.reads import ReadPool

AT_ONCE = 2
PRINTED = (formats.PDF, formats.XLSX)


class DeliverablesBusy(Unavailable):
    """As many archives are being made as may be at once."""

    code = "deliverables-busy"
    title = Text("Trop d’archives demandées", "Too many archives asked for")
    detail = Text(
        "D’autres archives sont en préparation : réessayez dans un instant.",
        "Other archives are being made: try again in a moment.",
    )


@dataclass(frozen=True, slots=True)
class Sources:
    """What an archive is made from: of this release, for this caller."""

    reads: ReadPool
    training: TrainingClient
    caller: Principal
    k: int
    release: str


class Turns:
    """Lets so many archives be made at once in a process, and refuses the others."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._free = most

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a turn, or raise DeliverablesBusy."""
        if not self._free:
            raise DeliverablesBusy
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


TURNS = Turns()


async def pieces(
    sources: Sources, cohort_id: uuid.UUID, week: Mapping[str, Any], turns: Turns = TURNS
) -> AsyncIterator[bytes]:
    """Write the archive of a week that the caller may see, one printed file at a time.

    A diagnostic that meanwhile is no longer theirs to read is left out; the manifest, at the end,
    names what is in and which seats have nothing delivered.
    """
    spoken = language()
    with turns.one():
        archive = Archive(week["ends_on"])
        companies = orjson.loads(week["companies"])
        for name, content in await _common(sources, cohort_id, week):
            yield await asyncio.to_thread(archive.add, name, content)
        told = []
        for one in companies:
            parts = []
            if one["assessment_status"] == Status.DELIVERED:
                speak(spoken)
                async for name, content in _parts(sources, uuid.UUID(one["assessment_id"])):
                    file = f"seat-{one['seat_no']:02d}/{name}"
                    parts.append(file)
                    yield await asyncio.to_thread(archive.add, file, content)
            told.append({name: one[name] for name in _TOLD} | {"files": parts})
        facts = {name: week[name] for name in ("code", "title")}
        manifest = {"cohort": facts, "companies": told, "files": archive.entries}
        yield archive.add("manifest.json", orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        yield archive.close()


_TOLD = ("seat_no", "organisation_id", "assessment_id", "assessment_status")


async def _common(
    sources: Sources, cohort_id: uuid.UUID, week: Mapping[str, Any]
) -> list[tuple[str, bytes]]:
    """Give the files that are about the week."""
    reads, caller = sources.reads, sources.caller
    found = await heat_maps.read(reads, caller, cohort_id, "T0", sources.k)
    sheet = attendance(orjson.loads(week["sessions"]), orjson.loads(week["companies"]))
    return [
        ("calendar.ics", await sessions.calendar_of(reads, caller, cohort_id)),
        ("attendance.csv", sheet),
        ("heat-map.html", page.page(found)),
    ]


async def _parts(sources: Sources, assessment_id: uuid.UUID) -> AsyncIterator[tuple[str, bytes]]:
    """Give the files of one company, each once it is printed; none when it may not be read."""
    try:
        report = await reports.report(
            sources.reads, sources.training, sources.caller, assessment_id, sources.k
        )
    except (AssessmentUnknown, NotSubmitted):
        return
    for form in PRINTED:
        tag = formats.tag(form, report, sources.release)
        body = await PRESS.printed(tag, form.printer, report, patient=True)
        yield f"report.{form.ending}", body
    roadmap = await sources.reads.fetchval("kept roadmap", queries.ROADMAP, assessment_id)
    if roadmap is not None:
        yield "roadmap.json", roadmap.encode()
