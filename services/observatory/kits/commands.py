"""`vigie kit export|verify|install`: publish this region's kit, or come up from another's.

What was done goes to stdout as JSON. The code is 0 for done, also when nothing was new, 1 for a
kit that is refused or does not pass, 2 when the command itself was wrong. `verify` needs no
database: a key is enough.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ValidationError

from observatory.kits import arriving, exporting, installing, service, verifying
from observatory.kits.schemas import InstallationRead, KitDraft, Parameters
from observatory.kits.signing import KeyUnreadable, PublicKey
from observatory.releases.service import Actor
from observatory.settings import Settings
from observatory.structures.schemas import Names
from platformkit import etags
from platformkit.db import driver, transaction
from platformkit.errors import ProblemError

_WHO = Actor("", "vigie kit", "operator")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do one of the three."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(asyncio.run(chosen.work(chosen)))
    except ProblemError as problem:
        faults = [f"{each.place or each.pointer}: {each.detail.en}" for each in problem.faults]
        detail = problem.detail.en.format_map(problem.facts) if problem.detail else ""
        return _complain("; ".join(filter(None, [problem.title.en, detail, *faults])), 1)
    except OSError as failure:
        return _complain(f"{failure.filename}: {failure.strerror or failure}")
    except KeyUnreadable:
        return _complain("--key is 32 bytes in base64url, as `x` of /v1/kit-key")
    except ValidationError as fault:
        where = "/".join(str(step) for step in fault.errors()[0]["loc"])
        return _complain(f"{fault.title}: {where}: {fault.errors()[0]['msg']}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vigie kit", description=__doc__)
    deeds = parser.add_subparsers(required=True)
    export = deeds.add_parser("export", help="publish a version and write its archive")
    export.set_defaults(work=_export)
    export.add_argument("version")
    export.add_argument("--to", type=Path, default=Path(), help="folder of the archive")
    for text in ("name", "notes"):
        for language in ("fr", "en"):
            export.add_argument(f"--{text}-{language}", required=True)
    export.add_argument("--dataflow", action="append", help="all where none is named")
    verify = deeds.add_parser("verify", help="verify an archive with a pinned key")
    verify.set_defaults(work=_verify)
    verify.add_argument("file", type=Path)
    verify.add_argument("--key", action="append", help="public key; else those of the settings")
    install = deeds.add_parser("install", help="receive, compare, install and certify")
    install.set_defaults(work=_install)
    install.add_argument("file", type=Path)
    install.add_argument("--parameters", type=Path, help="JSON: local/parameters.schema.json")
    install.add_argument("--dry-run", action="store_true", help="only say what it would change")
    return parser


def _complain(sentence: str, code: int = 2) -> int:
    print(f"vigie kit: {sentence}", file=sys.stderr)  # noqa: T201  # a command
    return code


def _say(read: BaseModel) -> None:
    print(read.model_dump_json(indent=2))  # noqa: T201  # a command


async def _export(chosen: argparse.Namespace) -> int:
    settings = Settings()
    draft = KitDraft(
        version=chosen.version,
        name=Names(fr=chosen.name_fr, en=chosen.name_en),
        notes=Names(fr=chosen.notes_fr, en=chosen.notes_en),
        dataflows=chosen.dataflow,
    )
    async with transaction(settings, "observatory") as session:
        found, _ = await exporting.publish(session, settings, _WHO, draft)
        raw = await driver(session)
        with (chosen.to / found.file_name).open("wb") as file:
            async for piece in service.pieces(raw, found):
                file.write(piece)
    _say(service.kit_read(found))
    return 0


async def _verify(chosen: argparse.Namespace) -> int:
    with chosen.file.open("rb") as file:
        if chosen.key is None:
            found = arriving.open_file(Settings(), file)
        else:
            pinned = [PublicKey.read(key) for key in chosen.key]
            with arriving.judged():
                found = verifying.verify(file, lambda _: pinned)
    _say(found.manifest)
    return 0


async def _install(chosen: argparse.Namespace) -> int:
    settings = Settings()
    parameters = None
    if not chosen.dry_run:
        if chosen.parameters is None:
            return _complain("--parameters is needed, or --dry-run")
        parameters = Parameters.model_validate_json(chosen.parameters.read_bytes())
    with chosen.file.open("rb") as file:
        found = await asyncio.to_thread(arriving.open_file, settings, file)
        name = (found.manifest.agency, found.manifest.version)
        read: InstallationRead
        async with transaction(settings, "observatory") as session:
            read, tag, _ = await installing.receive(session, settings, _WHO, found, file)
            if parameters is not None:
                read, _ = await installing.install(
                    session, settings, _WHO, name, parameters, etags.of_version(tag)
                )
    _say(read)
    return 1 if read.state == "failed" else 0
