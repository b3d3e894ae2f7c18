"""Loads what the index knows of places and jobs: communes with what they are in, emerging jobs."""

import csv
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson

from training.indexing import writing

TABLES: Final = Path(__file__).parents[1] / "reference"

_EPCI: Final = """
INSERT INTO training.epci AS e (code, name)
SELECT one->>'code', one->>'name' FROM jsonb_array_elements($1::jsonb) one
    ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE e.name <> excluded.name"""
_ZONES: Final = _EPCI.replace("training.epci", "training.employment_zone")
_COMMUNES: Final = """
INSERT INTO training.commune AS c (code, name, spelling, department, epci, zone, latitude,
                                   longitude)
SELECT one->>'code', one->>'name', training.search_commune(one->>'name'), left(one->>'code', 2),
       nullif(one->>'epci', ''), one->>'zone', (one->>'latitude')::float8,
       (one->>'longitude')::float8
  FROM jsonb_array_elements($1::jsonb) one
    ON CONFLICT (code) DO UPDATE
   SET name = excluded.name, spelling = excluded.spelling, epci = excluded.epci,
       zone = excluded.zone, latitude = excluded.latitude, longitude = excluded.longitude
 WHERE (c.name, c.epci, c.zone, c.latitude, c.longitude)
       IS DISTINCT FROM (excluded.name, excluded.epci, excluded.zone, excluded.latitude,
                         excluded.longitude)"""
_EMERGING: Final = """
INSERT INTO training.emerging_job (rome)
SELECT one->>'code' FROM jsonb_array_elements($1::jsonb) one ON CONFLICT DO NOTHING"""


def rows(table: str) -> list[dict[str, Any]]:
    """Read a shipped table."""
    with (TABLES / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


async def load(connection: asyncpg.Connection) -> int:
    """Load the tables, and write the index anew where its rules have changed since."""
    for table, statement in (
        ("epci.csv", _EPCI),
        ("employment_zones.csv", _ZONES),
        ("communes.csv", _COMMUNES),
        ("emerging_jobs.csv", _EMERGING),
    ):
        await connection.execute(statement, orjson.dumps(rows(table)).decode())
    return await writing.renew(connection)
