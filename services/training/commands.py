"""`vigie import FORMAT FILE`: the engine of the service, in the foreground.

Progress goes to stderr, the certificate as JSON to stdout. The code is 0 for done, 1 for refused,
3 for halted; 2 means that the command itself was wrong.
"""

import argparse
import asyncio
import hashlib
import sys
from collections.abc import Sequence
from datetime import date
from io import BufferedReader
from pathlib import Path
from typing import Final

import asyncpg
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings

from platformkit.db import is_away
from platformkit.settings import prefixed
from training.formats import FORMATS
from training.imports import engine, queries, service, uploads, worker
from training.imports.certificate import STEPS
from training.imports.journal import Journal
from training.imports.service import FileUnreadable

_MEDIA_TYPE: Final = "application/octet-stream"
_CLIENT: Final = "vigie import"
_CODES: Final[dict[str | None, int]] = {"done": 0, "failed": 1, "halted": 3}


class _Settings(BaseSettings):
    """The one setting of the service that a command needs."""

    model_config = prefixed("TRAINING_")

    database_url: SecretStr


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and import one file."""
    parser = argparse.ArgumentParser(prog="vigie import", description=__doc__)
    parser.add_argument("format", choices=sorted(FORMATS))
    parser.add_argument("file", type=Path)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", dest="mode", action="store_const", const="dry_run")
    mode.add_argument("--partial", dest="mode", action="store_const", const="partial")
    parser.set_defaults(mode="atomic")
    parser.add_argument("--force", action="store_true", help="go on in spite of version or volume")
    parser.add_argument("--extract", action="store_true", help="what the file lacks says nothing")
    parser.add_argument("--dated-on", type=date.fromisoformat, help="date of the file")
    parser.add_argument("--licence", help="of the file, where its format does not fix it")
    chosen = parser.parse_args(arguments)
    try:
        dsn = _Settings().database_url.get_secret_value()
    except ValidationError:
        return _complain("TRAINING_DATABASE_URL is not set: the database of the training service")
    try:
        file = chosen.file.open("rb")
    except OSError as failure:
        return _complain(f"{chosen.file}: {failure.strerror}")
    with file:
        try:
            return asyncio.run(_run(dsn, file, chosen))
        except FileUnreadable as refusal:
            return _complain("; ".join(fault.detail.en for fault in refusal.faults), 1)
        except (OSError, TimeoutError, asyncpg.PostgresError) as failure:
            if not is_away(failure):
                raise
            return _complain("the database cannot be reached")


def _complain(sentence: str, code: int = 2) -> int:
    print(f"vigie import: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


async def _run(dsn: str, file: BufferedReader, chosen: argparse.Namespace) -> int:
    form = FORMATS[chosen.format]
    asked = service.Asked(
        chosen.mode,
        chosen.force,
        chosen.extract,
        chosen.dated_on,
        _MEDIA_TYPE,
        chosen.licence,
        chosen.file.name[:200],
    )
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    received = uploads.Received(file.tell(), digest)
    file.seek(0)
    await service.check_head(form, file, asked)
    async with worker.connected(dsn) as (connection, beside):
        async with connection.transaction():
            run = await service.enqueue(connection, "", _CLIENT, None, form, asked, file, received)
            assert run is not None  # noqa: S101  # there is no key that could be taken
            await connection.execute(queries.LOCK, run)  # before the service can see it
        state = await engine.execute(connection, run, FORMATS, _progress, beside)
        row = await connection.fetchrow(queries.RUN, run, "")
    print(row["certificate"])  # noqa: T201  # a command
    return _CODES.get(state, 1)


def _progress(journal: Journal) -> None:
    counts = f"{journal.records} records, {journal.errors} errors, {journal.warnings} warnings"
    print(f"{STEPS[journal.step]}: {counts}", file=sys.stderr)  # noqa: T201  # likewise
