"""Runs disclosure control over a release that nobody has seen yet, under the confidential role."""

import asyncio
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

import orjson

from observatory.disclosure import assembling, contributions, queries
from observatory.disclosure.cells import Vintage, differing
from observatory.disclosure.contributions import ContributionsInvalid
from observatory.disclosure.judgement import DIFFERENCE, SECONDARY, Judgement, judge
from observatory.disclosure.policy import shipped
from observatory.disclosure.rules import Rule
from observatory.disclosure.tables import Key, NotAdditive
from observatory.disclosure.terms import Protection, protection_of
from observatory.releases import queries as releases
from observatory.structures import library
from platformkit.errors import Conflict, Fault, NotFound
from platformkit.i18n import Text

MOST_CELLS: Final = 20_000
"""Of one table with all that follows by difference; a larger one is given coarser lines."""

CONFIDENTIAL: Final = "C"
"""CONF_STATUS of every hidden cell: which rule hid it would tell more (CL_CONF_STATUS)."""

_SHOWN: Final = 20


class ReleaseNotLoaded(NotFound):
    """There is no release of this id that has data."""

    code = "release-not-loaded"
    title = Text("Livraison sans données", "Release without data")


class DataflowUnprotected(Conflict):
    """The dataflow declares no protection of this policy."""

    code = "dataflow-unprotected"
    title = Text("Flux sans protection", "Unprotected dataflow")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: the record that may be told."""

    number: int
    state: str
    newly_hidden: int
    counts: Mapping[str, int]


async def run(
    connection: Any,  # noqa: ANN401  # asyncpg's, untyped
    agency: str,
    release: uuid.UUID,
    lines: Iterable[str],
) -> Outcome:
    """Judge a release with what its units bring, and write what is to be hidden of it.

    A failed run hides nothing and keeps the release from being published. Raises
    ReleaseNotLoaded, DataflowUnprotected or ContributionsInvalid.
    """
    row = await connection.fetchrow(queries.RELEASE, release)
    if row is None:
        raise ReleaseNotLoaded
    await connection.execute(releases.ALONE, row["flow"])
    row = await connection.fetchrow(queries.RELEASE, release)
    if row["ordinal"] is None:
        raise ReleaseNotLoaded
    structures = await library.load(connection, agency)
    flow = structures.flow(row["dataflow"], agency=row["agency"])
    assert flow is not None  # noqa: S101  # the release was drafted for it
    codes = {
        each.id: await library.codes(connection, structures, each.codelist)
        for each in flow.dimensions
    }
    policy = shipped()
    protection = protection_of(flow, codes, policy)
    if protection is None:
        raise DataflowUnprotected
    allowed = {
        each.id: protection.figures.get(place, frozenset(codes[each.id]))
        for place, each in enumerate(flow.dimensions)
    }
    brought = await asyncio.to_thread(contributions.read, lines, allowed)
    await assembling.keep(connection, release, brought)
    given = (row["flow"], row["ordinal"])
    tables = await assembling.tables(connection, protection, given, brought)
    found = [await asyncio.to_thread(_judged, protection, *table) for table in tables]
    passed = all(each.passed for each in found)
    # what was hidden before too: a mean that goes with it may be new
    hidden = {key for _, before in tables for key in before}
    hidden |= {key for each in found for key in each.decisions}
    added = await _hide(connection, protection, given, hidden) if passed else 0
    counts = _counts(found)
    state = "passed" if passed else "failed"
    number: int = await connection.fetchval(
        queries.RUN,
        *(release, *given, state, policy.version, protection.terms.source.id, added),
        orjson.dumps(counts).decode(),
    )
    await _remember(connection, number, found)
    deed = "cleared" if passed else "refused"
    await connection.execute(releases.DEED, release, deed, "vigie disclose", f"run {number}")
    return Outcome(number, state, added, counts)


def _judged(protection: Protection, vintages: list[Vintage], hidden: frozenset[Key]) -> Judgement:
    """Judge a table whose newest vintage is what its units add up to."""
    *earlier, now = vintages
    if len(now.published.keys() | now.contributions.keys()) > MOST_CELLS:
        sentence = Text(
            f"La table dépasse {MOST_CELLS} cellules : agrégez les contributions.",
            f"The table has more than {MOST_CELLS} cells: aggregate the contributions.",
        )
        raise ContributionsInvalid([Fault("", "table-too-large", sentence)])
    empty = [key for key, value in now.published.items() if value is None or value < 0]
    wrong = empty or differing(now, protection.terms.rounding)
    if wrong:
        raise ContributionsInvalid([_differs(key) for key in wrong[:_SHOWN]])
    terms = protection.terms_over(
        {key[-1] for each in vintages for key in (*each.published, *each.contributions)}
    )
    try:
        return judge(terms, [*map(_shown, earlier), now], hidden)
    except NotAdditive as failure:
        raise ContributionsInvalid([_too_small(key) for key in failure.totals[:_SHOWN]]) from None


def _shown(vintage: Vintage) -> Vintage:
    """Leave out what had no value, from before the dataflow was protected."""
    told = {key: value for key, value in vintage.published.items() if value is not None}
    return Vintage(told, vintage.contributions)


async def _hide(
    connection: Any,  # noqa: ANN401  # likewise
    protection: Protection,
    given: tuple[int, int],
    hidden: AbstractSet[Key],
) -> int:
    """Write the mask of the hidden cells and of the means and shares that go with them."""
    periods = {
        row["text"]: row["number"]
        for row in await connection.fetch(queries.PERIOD_NUMBERS, [key[-1] for key in hidden])
    }
    by_key: dict[Key, list[int]] = defaultdict(list)
    for row in await connection.fetch(queries.SERIES, given[0]):
        codes = tuple(row["codes"])
        if protection.is_figure(codes):
            by_key[codes].append(row["series_id"])
        else:
            by_key["", *protection.beside(codes)].append(row["series_id"])
    cells = {
        (series, periods[key[-1]])
        for key in hidden
        if key[-1] in periods
        for kind in (key[:-1], ("", *protection.beside(key[:-1])))
        for series in by_key.get(kind, ())
    }
    series, numbers = zip(*sorted(cells), strict=True) if cells else ((), ())
    told = await connection.execute(
        queries.HIDE, series, numbers, given[0], CONFIDENTIAL, given[1], timeout=assembling.SECONDS
    )
    return int(told.rpartition(" ")[2])


async def _remember(connection: Any, number: int, found: list[Judgement]) -> None:  # noqa: ANN401  # likewise
    """Write down why each cell is hidden, where only the confidential role reads it."""
    await connection.copy_records_to_table(
        "disclosure_decision",
        schema_name="confidential",
        columns=("run", "period", "codes", "reason", "units", "max_share", "need"),
        records=[
            (
                *(number, key[-1], list(key[:-1]), each.reason),
                each.inputs and each.inputs.units,
                each.inputs.largest / each.inputs.total
                if each.inputs and each.inputs.total
                else None,
                each.need,
            )
            for judgement in found
            for key, each in judgement.decisions.items()
        ],
    )


def _counts(found: list[Judgement]) -> dict[str, int]:
    """Count cells, never units."""
    reasons = Counter(each.reason for one in found for each in one.decisions.values())
    return {
        "cells": sum(each.cells for each in found),
        **{name: reasons[name] for name in (*map(str, Rule), DIFFERENCE, SECONDARY)},
        "audited": sum(each.audited for each in found),
        "exposed": sum(len(each.exposed) + len(each.lost) for each in found),
    }


def _differs(key: Key) -> Fault:
    cell = ".".join(key)
    sentence = Text(
        f"{cell} n’est pas la somme des contributions.", f"{cell} is not the sum of contributions."
    )
    return Fault("", "cell-differs", sentence)


def _too_small(key: Key) -> Fault:
    cell = ".".join(key)
    sentence = Text(
        f"{cell} est inférieur à la somme de ses parties.",
        f"{cell} is less than the sum of its parts.",
    )
    return Fault("", "total-too-small", sentence)
