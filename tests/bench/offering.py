"""Measures a national file of offers: 200 MB of LHÉO against the least that reading it takes."""

import tempfile
import time
import uuid
from pathlib import Path
from typing import IO

import asyncpg
import httpx
from lxml import etree

from tests.bench import offers
from tests.bench.importing import (
    INDEX,
    NO_OFFERS,
    Fresh,
    Work,
    Works,
    beside,
    commanded,
    copied,
    kept,
)
from tests.bench.pace import HEAVY_ROUNDS
from tests.bench.rounds import console, interleave, show
from tests.bench.stage import Stage
from training.imports import staging, worker
from training.imports.formats import Told
from training.offers.importing import opened

XSD = Path(__file__).parents[3] / "shared/samples/training/lheo/lheo-2.3.xsd"
_OFFERS = ("formation", "action", "session", "place", "change", *INDEX)
_FORMATION = "{http://lheo.gouv.fr/2.3}formation"


async def national(stage: Stage) -> None:
    """Compare reading, the first import and one of the same file with iterparse and the XSD.

    Reading is all that is done in Python: facts, rules, summaries, digests, the rows to copy.
    The import is the engine's whole work, from the file in the database to the end of the run;
    COPY writes the rows that it has written, as text, into the same tables with their indexes.
    """
    if not XSD.exists():
        console.print("offers: the XSD of LHÉO is not on this machine")
        return
    worker.collect_rarely()
    admin = await asyncpg.connect(stage.admin_dsn)
    auth = Fresh(stage)
    with tempfile.TemporaryFile() as file:
        file.writelines(piece.encode() for piece in offers.pieces())
        size = file.tell() / 1e6

        works = Works()

        async def by_iterparse() -> float:
            return size / works.add("iterparse + XSD", bare(file))

        async def by_reader() -> float:
            return size / works.add("reading", read(file))

        async def by_import() -> float:
            await admin.execute(NO_OFFERS)
            return size / works.add("import", await commanded(stage, "lheo", file))

        async def again() -> float:
            return size / works.add("import again", await commanded(stage, "lheo", file))

        async def by_copy() -> float:
            _, rows = await kept(admin, _OFFERS)
            await admin.execute(NO_OFFERS)
            return size / works.add("COPY", await copied(stage, rows))

        found = await interleave(
            {
                "iterparse + XSD": by_iterparse,
                "reading": by_reader,
                "import": by_import,
                "import again": again,
                "COPY": by_copy,
            },
            HEAVY_ROUNDS,
            warm=False,
        )
        title = f"LHÉO, {offers.FORMATIONS:,} formations in {size:.0f} MB"
        show(title, "MB/s", found, "iterparse + XSD")
        works.show("iterparse + XSD")
        await admin.execute(NO_OFFERS)
        file.seek(0)
        async with httpx.AsyncClient(
            base_url=stage.url("training", ""), auth=auth, timeout=120
        ) as client:
            await beside(stage, client, "lheo", file.read())
    await admin.close()


def bare(file: IO[bytes]) -> Work:
    """Validate each formation as it ends, and forget it; return the seconds."""
    file.seek(0)
    schema = etree.XMLSchema(file=str(XSD))
    clock, python = time.perf_counter(), time.process_time()
    for _, element in etree.iterparse(file, events=("end",), tag=_FORMATION):
        schema.validate(element)
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return Work(time.perf_counter() - clock, time.process_time() - python)


def read(file: IO[bytes]) -> Work:
    """Read the file to its end as an import does, without a database; return the seconds."""
    file.seek(0)
    run = uuid.uuid4()
    clock, python = time.perf_counter(), time.process_time()
    with opened(file, Told()) as reader:
        for reading in reader:
            staging.staged(run, reading)
    return Work(time.perf_counter() - clock, time.process_time() - python)
