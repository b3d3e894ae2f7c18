"""Reads many selections, of whatever dataflows, with one statement each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from observatory.observations import statements
from observatory.observations.conditions import (
    SERIES_WITH_STAT,
    Bound,
    live_at,
    series_conditions,
)
from observatory.observations.selection import Selection
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import Dimension, Indicator
from platformkit.i18n import language
from platformkit.reads import ReadPool


@dataclass(frozen=True, slots=True)
class Asked:
    """What is read of an indicator, by its dimension of places, and the releases of its flow."""

    indicator: Indicator
    place: Dimension
    selection: Selection
    known: Vintages


async def counts(pool: ReadPool, asked: Sequence[Asked]) -> list[int]:
    """Count the series of each that have a figure, from what is kept of series."""
    bind = Bound([])
    counted = []
    for place, each in enumerate(asked):
        where = [*series_conditions(each.selection, bind), live_at("t", each.selection.as_of)]
        counted.append(
            f"SELECT {place} AS place, count(*) AS series FROM {SERIES_WITH_STAT}"  # noqa: S608  # all else is bound
            f" WHERE {' AND '.join(where)} AND t.n_obs > 0"
        )
    if not counted:
        return []
    sql = f"{' UNION ALL '.join(counted)} ORDER BY place"
    return [row["series"] for row in await pool.fetch("series counts", sql, *bind.arguments)]


async def rows(pool: ReadPool, asked: Sequence[Asked]) -> list[list[dict[str, Any]]]:
    """Read the observations of each, a row per observation, as they may be seen."""
    arguments: tuple[object, ...] = ()
    told = []
    for place, each in enumerate(asked):
        made = statements.observations(each.selection, each.known, language(), arguments)
        arguments = made.arguments
        told.append(f"SELECT {place} AS place, row_to_json(r)::text AS line FROM ({made.sql}) r")  # noqa: S608  # our own statement
    found: list[list[dict[str, Any]]] = [[] for _ in asked]
    if told:
        for row in await pool.fetch("newest figures", " UNION ALL ".join(told), *arguments):
            found[row["place"]].append(orjson.loads(row["line"]))
    return found
