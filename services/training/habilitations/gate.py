"""The gate: which offers stand on a right that their provider lacks (acceptance C10, B7).

Flagged, not deleted: people may have enrolled. What changes that right – the directory, the list of
providers, the offer itself – comes by an import, whose transaction flags anew; the end of a
registration comes by itself, and `expiries` flags then.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import orjson

from platformkit.paris import day_in_paris
from training.habilitations import queries, rules
from training.habilitations.rules import Line, Standing
from training.imports.formats import Format


def standing_of(pair: Mapping[str, Any], day: date) -> Standing:
    """Judge a row of PAIRS: a provider and a certification that it offers."""
    lines = [Line.of(line) for line in orjson.loads(pair["lines"])]
    return rules.standing(
        lines, pair["siret"], day, unidentified=pair["unidentified"], listed=pair["listed"]
    )


def lacking(judged: Iterable[tuple[str, str, Standing]]) -> tuple[list[str], list[str]]:
    """Return the providers and certifications of which the source says that they may not."""
    found = [(siret, code) for siret, code, standing in judged if standing.trains is False]
    return [siret for siret, _ in found], [code for _, code in found]


async def flag(connection: asyncpg.Connection, run: uuid.UUID | None) -> None:
    """Flag the offers that the run wrote, or all, within the caller's transaction."""
    await _flag(connection, queries.PAIRS, queries.FLAG, run, day_in_paris(datetime.now(UTC)))


async def flag_offers(
    connection: asyncpg.Connection, offers: Sequence[uuid.UUID], day: date
) -> None:
    """Flag these offers as on the day, within the caller's transaction."""
    await _flag(connection, queries.PAIRS_OF_FORMATIONS, queries.FLAG_NAMED, offers, day)


async def _flag(
    connection: asyncpg.Connection, pairs: str, flagging: str, whose: object, day: date
) -> None:
    judged = [
        (row["siret"], row["code"], standing)
        async for row in connection.cursor(pairs, whose, prefetch=500)
        if (standing := standing_of(row, day)).trains is False
    ]
    await connection.execute(flagging, whose, *lacking(judged), day)


def gated(format_: Format, *, only_own: bool = False) -> Format:
    """Let an import flag the offers too: all of them, or `only_own` ones that it wrote."""

    async def after(connection: asyncpg.Connection, run: uuid.UUID) -> None:
        await flag(connection, run if only_own else None)

    return replace(format_, after=after)
