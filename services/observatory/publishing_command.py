"""`vigie publish DATAFLOW FILE`: draft, load and publish a release of any size, in one transaction.

The release goes to stdout as JSON, or `unchanged`. The code is 0 for done, also when nothing was
new, 1 for a file or an instant that is refused, 2 when the command itself was wrong.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from observatory.releases import service as releases
from observatory.releases.schemas import Origin, ReleaseDraft
from observatory.settings import Settings
from observatory.structures import library
from observatory.structures.schemas import Names
from platformkit.db import driver, transaction
from platformkit.errors import ProblemError
from platformkit.streaming import pieces_of

_ORIGINS: Final = TypeAdapter(list[Origin])
_WHO: Final = releases.Actor("", "vigie publish", "operator")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and publish one file."""
    parser = argparse.ArgumentParser(prog="vigie publish", description=__doc__)
    parser.add_argument("dataflow")
    parser.add_argument("file", type=Path)
    parser.add_argument("--method", required=True, help="method and its version")
    parser.add_argument("--source", required=True, help="producer, title and vintage")
    parser.add_argument("--notes-fr", required=True)
    parser.add_argument("--notes-en", required=True)
    parser.add_argument("--reason", choices=["data", "method", "classification"], default="data")
    parser.add_argument("--formula-fr", help="how the method makes the figures")
    parser.add_argument("--formula-en", help="the same in English")
    parser.add_argument("--origins", type=Path, help="JSON: the list that `origins` is in the API")
    parser.add_argument("--partial", action="store_true", help="what the file lacks stays")
    parser.add_argument("--at", type=datetime.fromisoformat, help="embargo until that instant")
    chosen = parser.parse_args(arguments)
    try:
        settings = Settings()
        draft = _draft(chosen)
    except OSError as failure:
        return _complain(f"{chosen.origins}: {failure.strerror or failure}")
    except ValidationError as fault:
        return _complain(f"{fault.title}: {fault.error_count()} settings or options are not right")
    if chosen.at is not None and chosen.at.tzinfo is None:
        return _complain("--at needs its offset, for example 2026-11-30T12:00:00+01:00")
    try:
        with chosen.file.open("rb") as file:
            done = asyncio.run(_publish(settings, draft, file, chosen))
    except OSError as failure:
        return _complain(f"{chosen.file}: {failure.strerror or failure}")
    except ProblemError as problem:
        faults = [f"line {each.place}: {each.detail.en}" for each in problem.faults]
        return _complain("; ".join([problem.title.en, *faults]), 1)
    print("unchanged" if done is None else done.decode())  # noqa: T201  # a command
    return 0


def _draft(chosen: argparse.Namespace) -> ReleaseDraft:
    """Make what is said about the release; raises OSError and ValidationError."""
    origins = "[]" if chosen.origins is None else chosen.origins.read_text("utf-8")
    formula = None
    if chosen.formula_fr is not None or chosen.formula_en is not None:
        formula = Names(fr=chosen.formula_fr, en=chosen.formula_en)
    return ReleaseDraft(
        dataflow=chosen.dataflow,
        notes=Names(fr=chosen.notes_fr, en=chosen.notes_en),
        reason=chosen.reason,
        method=chosen.method,
        source=chosen.source,
        formula=formula,
        origins=_ORIGINS.validate_json(origins),
    )


def _complain(sentence: str, code: int = 2) -> int:
    print(f"vigie publish: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


async def _publish(
    settings: Settings, draft: ReleaseDraft, file: BufferedReader, chosen: argparse.Namespace
) -> bytes | None:
    async with transaction(settings, "observatory") as session:
        structures = await library.load(await driver(session), settings.agency)
        return await releases.release(
            session,
            structures,
            _WHO,
            draft,
            pieces_of(file),
            "partial" if chosen.partial else "complete",
            chosen.at,
        )
