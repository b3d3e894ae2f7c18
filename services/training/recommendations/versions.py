"""Of which releases of the data an answer is made."""

from datetime import date

import orjson

from platformkit.reads import ReadPool
from training.recommendations import queries
from training.recommendations.answers import DataRead


async def held(reads: ReadPool, day: date) -> DataRead:
    """Read the releases that hold on a day."""
    row = await reads.fetchrow("versions of data", queries.VERSIONS, day)
    assert row is not None  # noqa: S101  # it selects from nothing
    return DataRead(
        references=orjson.loads(row["references"] or "{}"),
        certifications=orjson.loads(row["certifications"] or "{}"),
        catalogue=row["catalogue"],
    )
