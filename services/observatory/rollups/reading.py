"""What is read of roll-ups: how they stand, and the arithmetic of their cells."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from math import fsum
from typing import Any

import orjson

from observatory.formulas.pooling import Outcome, Totals, outcome, pooled
from observatory.rollups import queries
from observatory.rollups.problems import RollUpUnknown
from observatory.rollups.runs import run_read
from observatory.rollups.schemas import AreaFigure, CellRead, RollUpRead, RunRead, SourceRead
from observatory.rollups.standing import Standing, standings
from observatory.structures.catalogue import Catalogue
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool


async def listed(reads: ReadPool, paging: PageRequest) -> Page[RollUpRead]:
    """Return a page of roll-ups, by id."""
    (after,) = paging.after or (None,)
    async with (
        reads.connection("rollups") as raw,
        raw.transaction(isolation="repeatable_read", readonly=True),
    ):
        rows = await raw.fetch(queries.PAGE, after, paging.limit + 1)
        found = await standings(raw, rows)
        total = await raw.fetchval(queries.COUNT) if paging.count else None
    pairs = list(zip(rows, found, strict=True))
    return page(paging, pairs, lambda each: [each[0]["id"]], lambda each: read(*each), total)


async def one(reads: ReadPool, name: str) -> RollUpRead:
    """Read a roll-up, or raise RollUpUnknown."""
    async with (
        reads.connection("rollup") as raw,
        raw.transaction(isolation="repeatable_read", readonly=True),
    ):
        return read(*await _standing(raw, name))


async def _standing(raw: Any, name: str) -> tuple[Mapping[str, Any], Standing]:  # noqa: ANN401  # asyncpg's
    row = await raw.fetchrow(queries.ONE, name)
    if row is None:
        raise RollUpUnknown(id=name)
    (found,) = await standings(raw, [row])
    return row, found


def read(row: Mapping[str, Any], standing: Standing) -> RollUpRead:
    """Write a roll-up as it is read."""
    shown = set(SourceRead.model_fields)
    return RollUpRead(
        **orjson.loads(row["item"]),
        coverage=standing.coverage,
        missing=standing.missing,
        sources=[SourceRead(**each.model_dump(include=shown)) for each in standing.sources],
    )


async def runs(reads: ReadPool, paging: PageRequest, name: str) -> Page[RunRead]:
    """Return a page of the releases that a roll-up made, the newest first."""
    (before,) = paging.after or (None,)
    async with reads.connection("rollup runs") as raw:
        if await raw.fetchrow(queries.ONE, name) is None:
            raise RollUpUnknown(id=name)
        rows = await raw.fetch(queries.RUNS, name, before, paging.limit + 1)
        total = await raw.fetchval(queries.RUNS_COUNT, name) if paging.count else None
    return page(paging, rows, lambda each: [each["number"]], run_read, total)


async def cells(
    reads: ReadPool, structures: Catalogue, paging: PageRequest, name: str
) -> Page[CellRead]:
    """Return a page of cells, by key and period, with what each area brings."""
    after = paging.after or ["", ""]
    async with (
        reads.connection("rollup cells") as raw,
        raw.transaction(isolation="repeatable_read", readonly=True),
    ):
        row, standing = await _standing(raw, name)
        places = await raw.fetch(queries.PLACES, name, *after, paging.limit + 1)
        keys = [list(each) for each in zip(*places, strict=True)] or [[], []]
        figures = await raw.fetch(queries.FIGURES, name, *keys)
        total = await raw.fetchval(queries.PLACES_COUNT, name) if paging.count else None
    flow = structures.flow(row["dataflow"])
    assert flow is not None  # noqa: S101  # judged when it was defined
    names = [each.id for each in flow.dimensions if each.id != row["dimension"]]
    found = [
        _cell(row, standing, names, place, list(each))
        for place, each in groupby(figures, key=lambda one: (one["key"], one["period"]))
    ]
    pairs = list(zip(places, found, strict=True))
    return page(paging, pairs, lambda each: list(each[0]), lambda each: each[1], total)


def _cell(
    rollup: Mapping[str, Any],
    standing: Standing,
    names: Sequence[str],
    place: tuple[str, str],
    figures: Sequence[Mapping[str, Any]],
) -> CellRead:
    weights = {each.area: each.weight for each in standing.counting}
    shown = [each for each in figures if not each["hidden"] and each["area"] in weights]
    coverage = standing.share(fsum(weights[each["area"]] for each in shown))
    hidden = sum(each["hidden"] for each in figures)
    became = outcome(hidden, coverage, rollup["least_coverage"])
    told: dict[str, float | None] = dict.fromkeys(
        ("value", "numerator", "denominator", "se", "ci_low", "ci_high")
    )
    if became is Outcome.SHOWN:
        sums = pooled(
            Totals.of(each["numerator"], each["denominator"], each["se"]) for each in shown
        )
        low, high = sums.interval(rollup["errors"]) or (None, None)
        told = {
            "value": sums.value,
            "numerator": sums.numerator,
            "denominator": sums.denominator,
            "se": sums.se(rollup["errors"]),
            "ci_low": low,
            "ci_high": high,
        }
    return CellRead(
        key=dict(zip(names, place[0].split("."), strict=False)),
        period=place[1],
        outcome=became,
        coverage=coverage,
        areas=[_area(each, counts=each["area"] in weights) for each in figures],
        **told,
    )


def _area(figure: Mapping[str, Any], *, counts: bool) -> AreaFigure:
    told = {name: figure[name] for name in ("area", "numerator", "denominator", "se")}
    if figure["hidden"]:
        return AreaFigure(state="hidden", **told)
    return AreaFigure(state="shown" if counts else "left-out", **told)
