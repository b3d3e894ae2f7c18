"""Reads the catalogue of a day into memory, and keeps it for as long as the index stays as it is.

As for the search (decision 46): a reader takes what is kept only where it has the version that the
database has now, so that an answer is never of two moments.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from platformkit.reads import ReadPool
from training.coverage import queries
from training.coverage.catalogue import (
    FUNDED,
    MEASURED,
    MODES,
    ROUTES,
    Catalogue,
    Job,
    Territory,
    by_level,
    union,
)

DEPARTMENTS: Final = {
    "02": "Aisne",
    "59": "Nord",
    "60": "Oise",
    "62": "Pas-de-Calais",
    "80": "Somme",
}
REGION: Final = Territory("R32", "32", "region", "Hauts-de-France")
_PREFIXES: Final = {"epci": "EPCI", "employment_zone": "ZE", "department": "D"}

_Sets = Mapping[str, Mapping[str, int]]


class Kept:
    """The catalogue of the last day that was asked for."""

    def __init__(self) -> None:
        self._last: Catalogue | None = None
        self._reading = asyncio.Lock()

    async def catalogue(self, reads: ReadPool, day: date) -> Catalogue:
        """Return the catalogue as it is now; one reads it while others wait for it."""
        found = await self._current(reads, day)
        if found is None:
            async with self._reading:
                found = await self._current(reads, day)
                if found is None:
                    found = self._last = await _read(reads, day)
        return found

    async def _current(self, reads: ReadPool, day: date) -> Catalogue | None:
        version = await reads.fetchval("coverage version", queries.VERSION)
        last = self._last
        return last if last is not None and (last.version, last.day) == (version, day) else None


async def _read(reads: ReadPool, day: date) -> Catalogue:
    async with (
        reads.connection("coverage") as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        jobs = await connection.fetch(queries.JOBS)
        places = await connection.fetch(queries.TERRITORIES)
        rows = await connection.fetch(queries.BITS, day)
    return await asyncio.to_thread(_made, day, jobs, places, rows)


def _made(
    day: date,
    jobs: Iterable[Mapping[str, Any]],
    places: Iterable[Mapping[str, Any]],
    rows: Iterable[Mapping[str, Any]],
) -> Catalogue:
    sets: defaultdict[str, dict[str, int]] = defaultdict(dict)
    version = ""
    for row in rows:
        if row["what"] == "version":
            version = row["value"]
        elif row["bits"] is not None:
            sets[row["what"]][row["value"]] = int.from_bytes(row["bits"].bytes, "big")
    open_ = sets["open"].get("", 0)
    territories = _territories(places)
    return Catalogue(
        version=UUID(version),
        day=day,
        jobs={one.code: one for one in _jobs(jobs)},
        territories=territories,
        open=open_,
        new=sets["new"].get("", 0),
        named=sets["named"],
        leads=sets["leads"],
        within={
            one.id: union(sets["department"].get(code, 0) for code in DEPARTMENTS)
            if one is REGION
            else sets[one.kind].get(one.code, 0)
            for one in territories.values()
        },
        audiences={
            one: union(
                (
                    sets["audience"].get(one, 0),
                    *(sets["funder"].get(code, 0) for code in FUNDED[one]),
                )
            )
            for one in FUNDED
        },
        levels=by_level(sets["level"], open_),
        modes={one: sets["mode"].get(one, 0) for one in MODES},
        planes={
            name: [sets[f"plane:{name}"].get(str(place), 0) for place in _places(sets, name)]
            for name in MEASURED
        },
        stated={name: sets[f"stated:{name}"].get("", 0) for name in ("seats", "hours")},
        active=sets["active"].get("", 0),
        proposed=sets["proposed"].get("", 0),
        entitled={
            one: union(sets["route"].get(route, 0) for route in routes)
            for one, routes in ROUTES.items()
        },
    )


def _places(sets: _Sets, name: str) -> range:
    return range(1 + max((int(place) for place in sets[f"plane:{name}"]), default=-1))


def _jobs(rows: Iterable[Mapping[str, Any]]) -> Iterable[Job]:
    """Yield the jobs that coverage is told of: those of ROME v3, and the emerging ones."""
    for row in rows:
        basis = row["parent_code"] or row["code"]
        if row["is_emerging"]:
            yield Job(row["code"], row["label"], basis, "emerging")
        elif basis == row["code"]:
            yield Job(row["code"], row["label"], basis, "existing")


def _territories(rows: Iterable[Mapping[str, Any]]) -> dict[str, Territory]:
    smaller = [("department", code, name) for code, name in DEPARTMENTS.items()]
    smaller += [(row["kind"], row["code"], row["name"]) for row in rows]
    found = [REGION]
    for kind, code, name in sorted(smaller):
        found.append(Territory(_PREFIXES[kind] + code, code, kind, name))
    return {one.id: one for one in found}
