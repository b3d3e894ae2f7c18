"""Loads the shipped reference tables: `python -m training.bootstrap`.

Idempotent by content: a second run changes nothing and publishes nothing. A certification that
left the tables is never deleted: what was published stays.
"""

import argparse
import asyncio
import csv
import sys
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.db import driver, transaction
from training.certifications.recording import record
from training.certifications.records import CertificationRecord
from training.imports.staging import COLUMNS, staged
from training.indexing import loading, writing
from training.references import merging
from training.references.concepts import Concept, Release, reading
from training.references.jobs import job, rome_release
from training.settings import Settings
from training.skills import loading as skills
from training.skills.loading import AI_SKILLS, ROME_SKILLS, ai_skills, rome_skills

REFERENCE: Final = Path(__file__).parent / "reference"
ROME: Final = rome_release("460", date(2025, 9, 18))

ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtext('training.bootstrap'))")


def shipped() -> list[CertificationRecord]:
    """Read the shipped certifications, our editorial marks beside the official facts."""
    facts = orjson.loads((REFERENCE / "certifications.json").read_bytes())
    marks = orjson.loads((REFERENCE / "editorial.json").read_bytes())
    return [
        CertificationRecord.model_validate({**fact, "editorial": marks[fact["number"]]})
        for fact in facts
    ]


def rome() -> list[Concept]:
    """Read the shipped jobs of ROME."""
    with (REFERENCE / "rome.csv").open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter=";")
        return [
            job(row["code"], row["label"], row["parent_code"] or None, line)
            for line, row in enumerate(rows, start=2)
        ]


async def _load_release(session: AsyncSession, release: Release, codes: Sequence[Concept]) -> int:
    """Merge a shipped release as an import would, unless it is held; return what was new."""
    held = text("SELECT 1 FROM training.reference_version WHERE (scheme, version) = (:of, :it)")
    if (await session.execute(held, {"of": release.scheme, "it": release.version})).first():
        return 0
    run = uuid.uuid4()
    rows = [staged(run, reading(release, one)) for one in codes]
    raw = await driver(session)
    await raw.copy_records_to_table(
        "import_record", schema_name="training", columns=COLUMNS, records=rows
    )
    await merging.merge(raw, run, extract=False)
    await raw.execute("DELETE FROM training.import_record WHERE run_id = $1", run)
    return len(codes)


async def load(session: AsyncSession) -> Counter[str]:
    """Load everything in the session's transaction; return how many rows were what."""
    await session.execute(ALONE)
    counts = Counter[str]()
    for release, codes in (
        (ROME, rome()),
        (ROME_SKILLS, list(rome_skills())),
        (AI_SKILLS, list(ai_skills())),
    ):
        counts[f"{release.scheme} changed"] = await _load_release(session, release, codes)
    raw = await driver(session)
    if counts["rome-skill changed"] or counts["ai-skill changed"]:
        await skills.load(raw)
    counts["entries indexed anew"] = await loading.load(raw)
    changed = []
    for entry in shipped():
        outcome = await record(session, entry)
        counts[f"certifications {outcome}"] += 1
        if outcome != "unchanged":
            changed.append(entry.number)
    await writing.follow_numbers(raw, changed)
    return counts


async def run(settings: Settings) -> Counter[str]:
    """Load with the service's own role, all or nothing."""
    async with transaction(settings, "training") as session:
        return await load(session)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line; `--demo` has nothing to add: the catalogue is the same for all."""
    parser = argparse.ArgumentParser(prog="training.bootstrap", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="accepted, adds nothing")
    parser.parse_args(arguments)
    counts = asyncio.run(run(Settings()))
    for what, number in sorted(counts.items()):
        print(f"training: {number} {what}")  # noqa: T201  # a command prints
    return 0


if __name__ == "__main__":
    sys.exit(main())
