"""Load the shipped reference tables: `python -m observatory.bootstrap`.

A table whose bytes and provenance are already in the database is left alone, so a second run
changes nothing; each new version of a table is announced on the change feed.
"""

import argparse
import asyncio
import csv
import hashlib
import io
import json
import sys
from collections.abc import Sequence
from decimal import Decimal
from importlib import resources
from typing import Any

from sqlalchemy import Integer, Numeric, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.database import Base
from observatory.references import models
from observatory.settings import Settings
from platformkit import feed
from platformkit.db import transaction

TABLES: dict[str, type[Base]] = {
    "occupations": models.Occupation,
    "scores": models.Score,
    "crosswalk": models.Crosswalk,
    "jobs": models.Job,
    "families": models.Family,
    "family_jobs": models.FamilyJob,
    "family_employment": models.FamilyEmployment,
    "sectors": models.Sector,
    "sector_hires": models.SectorHire,
    "territories": models.Territory,
}
"""Shipped file (without `.csv`) and the table it fills."""


def _typed(model: type[Base], row: dict[str, str]) -> dict[str, Any]:
    """Give the texts of a line the types of the table's columns."""
    typed: dict[str, Any] = {}
    for name, value in row.items():
        kind = model.__table__.c[name].type
        if isinstance(kind, Integer):
            typed[name] = int(value)
        elif isinstance(kind, Numeric):
            typed[name] = Decimal(value)
        else:
            typed[name] = value == "yes" if kind.python_type is bool else value
    return typed


async def load(session: AsyncSession) -> list[str]:
    """Bring every table to its shipped content; return the names of those that changed."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('observatory bootstrap'))"))
    folder = resources.files("observatory").joinpath("reference")
    sources = json.loads(folder.joinpath("sources.json").read_text(encoding="utf-8"))
    present = {row.name: row for row in await session.scalars(select(models.Dataset))}
    changed = []
    for name, model in TABLES.items():
        content = folder.joinpath(f"{name}.csv").read_bytes()
        source = sources[name]
        digest = hashlib.sha256(content + json.dumps(source, sort_keys=True).encode()).hexdigest()
        dataset = present.get(name)
        if dataset is not None and dataset.sha256 == digest:
            continue
        lines = csv.DictReader(io.StringIO(content.decode()))
        rows = [_typed(model, line) for line in lines]
        await session.execute(delete(model))
        await session.execute(insert(model), rows)
        version = 1 if dataset is None else dataset.version + 1
        await session.merge(
            models.Dataset(name=name, version=version, sha256=digest, rows=len(rows), source=source)
        )
        await feed.publish(
            session,
            entity="dataset",
            entity_id=name,
            kind="created" if dataset is None else "updated",
            version=version,
            payload={"sha256": digest, "rows": len(rows), "vintage": source["vintage"]},
        )
        changed.append(name)
    return changed


async def run(settings: Settings) -> list[str]:
    """Load everything in one transaction, with the service's own role."""
    async with transaction(settings, "observatory") as session:
        return await load(session)


def main(arguments: Sequence[str] | None = None) -> int:
    """Load, and say what changed."""
    parser = argparse.ArgumentParser(prog="observatory.bootstrap")
    parser.add_argument("--demo", action="store_true", help="nothing to add: all data are real")
    parser.parse_args(arguments)
    changed = asyncio.run(run(Settings()))
    sys.stdout.write(f"observatory: {', '.join(changed) or 'nothing'} loaded\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
