"""The rules of the catalogue: only what is published now is in it, and its tag tells of that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from observatory.bulk import service as bulk
from observatory.bulk.building import Builder
from observatory.catalogue import queries, web
from observatory.catalogue.entries import Entry, Shown, Site
from observatory.observations import columns, statements
from observatory.observations import queries as observations
from observatory.observations.selection import Selection
from observatory.structures.catalogue import Artefact, Catalogue, Flow, text
from observatory.structures.service import DataflowUnknown, flow_named
from platformkit import etags
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool


@dataclass(frozen=True, slots=True)
class Found:
    """Some entries, and what tells them from what they were or will be."""

    site: Site
    entries: Sequence[Entry]
    revision: int
    following: str | None = None
    total: int | None = None

    def etag(self, *more: str) -> str:
        """Tag a representation: the structures, and the release that each entry shows."""
        told = [f"{each.identifier} {each.shown}" for each in self.entries]
        return etags.of_bytes(str(self.revision), *told, f"{self.following} {self.total}", *more)


def site(structures: Catalogue, door: str) -> Site:
    """Say who publishes, and where."""
    own = structures.agency
    return Site(door, own, structures.agencies.get(own) or Text(own, own))


async def page(reads: ReadPool, structures: Catalogue, door: str, paging: PageRequest) -> Found:
    """Find a page of our dataflows that have a release, by their ids."""
    after = paging.after[0] if paging.after else ""
    flows = [
        structures.flow_of(each)
        for each in structures.listed("dataflow", structures.agency)
        if each.id > after
    ]
    shown = await _shown(reads, flows, paging.limit + 1)
    entries = _entries(structures, [each for each in flows if each.number in shown], shown)
    following = None
    if len(entries) > paging.limit:
        entries = entries[: paging.limit]
        following = paging.continued([entries[-1].flow.id])
    total = None
    if paging.count:
        own = [
            structures.flow_of(each).number
            for each in structures.listed("dataflow", structures.agency)
        ]
        total = await reads.fetchval("catalogue count", queries.COUNT, own)
    return Found(site(structures, door), entries, structures.revision, following, total)


async def one(reads: ReadPool, structures: Catalogue, door: str, name: str) -> Found:
    """Find one dataflow; raises DataflowUnknown also where nothing of it is published."""
    flow = flow_named(structures, name)
    shown = await _shown(reads, [flow], 1)
    if not shown:
        raise DataflowUnknown(id=name)
    return Found(site(structures, door), _entries(structures, [flow], shown), structures.revision)


async def _shown(reads: ReadPool, flows: Sequence[Flow], most: int) -> dict[int, Shown]:
    rows = await reads.fetch("catalogue", queries.SHOWN, [each.number for each in flows], most)
    return {
        row["number"]: Shown(
            release=row["release"],
            ordinal=row["ordinal"],
            method=row["method"],
            notes=text(orjson.loads(row["notes"])),
            series=row["series"],
            issued_at=row["issued_at"],
            modified_at=row["modified_at"],
            is_withdrawn=row["is_withdrawn"],
            first_on=row["first_on"],
            last_on=row["last_on"],
        )
        for row in rows
    }


def _entries(structures: Catalogue, flows: Sequence[Flow], shown: dict[int, Shown]) -> list[Entry]:
    """Put the indicators to their dataflows."""
    by_flow: dict[int, list[Artefact]] = {}
    for each in structures.listed("indicator", structures.agency):
        by_flow.setdefault(structures.indicator_of(each).flow.number, []).append(each)
    return [Entry(flow, by_flow.get(flow.number, []), shown[flow.number]) for flow in flows]


async def croissant(
    reads: ReadPool, structures: Catalogue, builder: Builder, found: Found
) -> dict[str, Any]:
    """Describe the file of the newest release, which is made if need be.

    Raises BulkFilePending.
    """
    (entry,) = found.entries
    file = await bulk.file(reads, structures, builder, entry.shown.release)
    known = await observations.vintages(reads, entry.flow)
    statement = statements.observations(Selection(entry.flow, entry.shown.ordinal), known, "fr")
    told = columns.told(entry.flow, statement)
    return web.croissant(found.site, entry, told, (file.name, file.sha256))
