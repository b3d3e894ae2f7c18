"""`vigie disclose RELEASE FILE`: judge a loaded release with what its units bring.

It runs under the login role `observatory_confidential`, which the API does not have. The record
of the run, without any confidential figure, goes to stdout as JSON. The code is 0 where the
release may be published, 1 where it may not; 2 means that the command itself was wrong.
"""

import argparse
import asyncio
import sys
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import asyncpg
import orjson
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings

from observatory.disclosure import service
from platformkit.db import is_away
from platformkit.errors import ProblemError
from platformkit.settings import prefixed


class _Settings(BaseSettings):
    """The settings of the service that this command needs."""

    model_config = prefixed("OBSERVATORY_")

    confidential_database_url: SecretStr
    """asyncpg DSN of the role observatory_confidential."""

    agency: str = Field(default="HDF")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and judge one release."""
    parser = argparse.ArgumentParser(prog="vigie disclose", description=__doc__)
    parser.add_argument("release", type=uuid.UUID)
    parser.add_argument(
        "file", type=Path, help="CSV: dimensions, TIME_PERIOD, UNIT, AMOUNT, WEIGHT"
    )
    chosen = parser.parse_args(arguments)
    try:
        settings = _Settings()
    except ValidationError:
        return _complain(
            "OBSERVATORY_CONFIDENTIAL_DATABASE_URL is not set: the database, under the role "
            "observatory_confidential"
        )
    try:
        with chosen.file.open(encoding="utf-8-sig", newline="") as lines:
            return asyncio.run(_run(settings, chosen.release, lines))
    except UnicodeDecodeError:
        return _complain(f"{chosen.file} is not UTF-8", 1)
    except ProblemError as refusal:
        for fault in refusal.faults:
            where = f"line {fault.place}: " if fault.place else ""
            _complain(f"{where}{fault.detail.en}")
        return _complain(refusal.title.en, 1)
    except (OSError, TimeoutError, asyncpg.PostgresError) as failure:
        if isinstance(failure, FileNotFoundError) and failure.filename == str(chosen.file):
            return _complain(f"{chosen.file}: {failure.strerror}")
        if not is_away(failure):
            raise
        return _complain("the database cannot be reached")


def _complain(sentence: str, code: int = 2) -> int:
    print(f"vigie disclose: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


async def _run(settings: _Settings, release: uuid.UUID, lines: TextIO) -> int:
    connection = await asyncpg.connect(settings.confidential_database_url.get_secret_value())
    try:
        async with connection.transaction():
            outcome = await service.run(connection, settings.agency, release, lines)
    finally:
        await connection.close()
    print(orjson.dumps(asdict(outcome)).decode())  # noqa: T201  # a command
    return 0 if outcome.state == "passed" else 1
