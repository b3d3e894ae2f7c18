"""`vigie load KIND FILE`: bring the tables of an official file into the observatory.

What changed goes to stdout. The code is 0 for done, also when nothing was new, 1 for a file that
is not what it is said to be, 2 when the command itself was wrong.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from observatory.reference import loading, official
from observatory.reference.files import READERS
from observatory.settings import Settings
from observatory.shipped import loading as dataflows
from platformkit.db import alone


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and load one file."""
    parser = argparse.ArgumentParser(prog="vigie load", description=__doc__)
    parser.add_argument("kind", choices=sorted(READERS))
    parser.add_argument("file", type=Path)
    parser.add_argument("--vintage", help="what the producer calls the version of this file")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError:
        return _complain("the settings of the observatory (OBSERVATORY_…) are not complete")
    try:
        changed = asyncio.run(load(settings, chosen.kind, chosen.file, chosen.vintage))
    except OSError as failure:
        return _complain(f"{chosen.file}: {failure.strerror or failure}")
    except official.FileUnlike as refusal:
        return _complain(f"{chosen.file}: {refusal}", 1)
    print(f"{', '.join(changed) or 'nothing'} loaded")  # noqa: T201  # a command
    return 0


def _complain(sentence: str, code: int = 2) -> int:
    print(f"vigie load: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


async def load(settings: Settings, kind: str, file: Path, vintage: str | None = None) -> list[str]:
    """Bring every table that the file has to its content, then the dataflows that follow from it.

    Returns the names of those that changed. Raises FileUnlike, and then nothing is changed. Killed
    between the two, the same again completes it.
    """
    tables = await asyncio.to_thread(official.read, kind, file)
    sha256 = await asyncio.to_thread(official.file_hash, file)
    sources, shipped = loading.sources(), loading.shipped()
    changed = []
    async with alone(settings, "observatory", loading.TASK) as sessions:
        try:
            async with sessions.begin() as session:
                for name, content in tables.items():
                    source = sources[name]
                    if vintage or content != shipped.get(name):
                        source = source | {"files": [{"name": file.name, "sha256": sha256}]}
                        source["vintage"] = vintage or source["vintage"]
                    if await loading.replace(session, name, content, source, "loaded"):
                        changed.append(name)
                await loading.release(session)
        except IntegrityError as refused:
            raise official.FileUnlike(f"refused by the tables: {refused.orig}") from refused
        return changed + await dataflows.ship(sessions, settings.agency)
