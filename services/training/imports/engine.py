"""Carries out one run: read in pieces, staged, judged, merged by the transaction that ends it.

That transaction is on a connection of its own, where one is given: it may begin while the file is
still read (`ahead`). Killed at any point, it leaves a run that is `running` and nothing applied;
whoever comes next takes its lock, forgets what was staged and ends it the same.
"""

import asyncio
import tempfile
import uuid
from collections.abc import Callable, Sequence
from typing import IO, Any, Final, Literal

import asyncpg
import orjson

from platformkit.i18n import Text
from training.imports import queries
from training.imports.ahead import Ahead
from training.imports.certificate import Known, certificate
from training.imports.findings import FileRefused, Finding
from training.imports.formats import Format, Formats, Reader, Reading, Told
from training.imports.journal import Journal
from training.imports.staging import COLUMNS, Row, staged

State = Literal["done", "failed", "halted"]
Observe = Callable[[Journal], None]

ATTEMPTS: Final = 3
"""A file that ends its process so often is given up; restarts of the service count as well."""

MOST_LOST: Final = 10
"""Per cent of what the catalogue holds; a complete file that lacks as much is halted (C11)."""

_BATCH_RECORDS: Final = 500
_BATCH_BYTES: Final = 2 << 20
_PAUSE_RECORDS: Final = 4
"""After which what PostgreSQL waits for is sent."""


async def execute(
    connection: asyncpg.Connection,
    run_id: uuid.UUID,
    formats: Formats,
    observe: Observe,
    beside: asyncpg.Connection | None = None,
) -> State | None:
    """Carry a run to its end; None when another process has it, or it is over already.

    Without a connection `beside` the other, as in a transaction of the caller, nothing is merged
    before all was read.
    """
    if not await connection.fetchval(queries.LOCK, run_id):
        return None
    try:
        run = await connection.fetchrow(queries.BEGIN, run_id)
        if run is None:
            return None
        for statement in queries.CLEAR:
            await connection.execute(statement, run_id)
        return await _Work(connection, run, formats[run["format"]], observe, beside).go()
    finally:
        if not connection.is_closed():
            await connection.execute(queries.UNLOCK, run_id)


class _Work:
    """One attempt at a run."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        run: Any,  # noqa: ANN401  # an asyncpg record
        format_: Format,
        observe: Observe,
        beside: asyncpg.Connection | None,
    ) -> None:
        self._connection, self._run, self._format = connection, run, format_
        self._observe = observe
        self._journal = Journal(connection, run)
        self._known = Known()
        self._is_ahead = beside is not None and run["mode"] != "dry_run"
        merging = beside or connection
        self._ahead = Ahead(merging, format_.merging(merging, run["id"]))

    async def go(self) -> State:
        try:
            return await self._go()
        finally:
            await self._ahead.undo()

    async def _go(self) -> State:
        try:
            if self._run["attempts"] > ATTEMPTS:
                raise _given_up()
            with tempfile.TemporaryFile() as file:
                await self._fetch(file)
                told = Told(self._run["dated_on"], self._run["filename"])
                with self._format.open(file, told) as reader:
                    self._known.reader = reader
                    self._check_version(reader)
                    await self._stage(reader)
        except FileRefused as refusal:
            self._journal.step = refusal.step
            self._journal.add(refusal.finding)
            return await self._end("failed")
        await self._review()
        if self._is_refused():
            return await self._end("failed")
        return await self._conclude()

    def _is_refused(self) -> bool:
        return self._run["mode"] == "atomic" and self._journal.errors > 0

    async def _fetch(self, file: IO[bytes]) -> None:
        async with self._connection.transaction():
            async for row in self._connection.cursor(queries.FILE, self._run["id"], prefetch=4):
                file.write(row["bytes"])
        file.seek(0)

    def _check_version(self, reader: Reader) -> None:
        """Stop before an unknown version, unless its sender insists (acceptance C8)."""
        self._journal.step = 2
        if reader.is_known_version:
            return
        refusal = FileRefused(
            "flux-version-unknown",
            f"Version {reader.version} inconnue ; « force=true » la fait lire malgré tout.",
            f"Unknown version {reader.version}; `force=true` has it read all the same.",
            step=2,
            line=1,
        )
        if not self._run["force"]:
            raise refusal
        found = refusal.finding
        self._journal.add(Finding(found.rule, found.detail, 2, "warning", line=1))

    async def _stage(self, reader: Reader) -> None:
        """Copy what is valid to the staging table, and show the progress.

        PostgreSQL takes one batch while the next is read: in one thread, as a tree of libxml2 must
        end in the thread that made it.
        """
        lines: dict[str, int] = {}
        batch: list[Row] = []
        size = 0
        copying: asyncio.Task[None] | None = None
        try:
            for reading in reader:
                self._journal.records += 1
                row = self._judged(reading, lines)
                if row is not None:
                    batch.append(row)
                    size += len(row[4])
                if self._journal.records % _PAUSE_RECORDS == 0:
                    await asyncio.sleep(0)
                if len(batch) >= _BATCH_RECORDS or size >= _BATCH_BYTES:
                    if copying is not None:
                        await copying
                    copying = asyncio.create_task(self._copy(batch))
                    batch, size = [], 0
        finally:
            if copying is not None:
                await copying
        for remark in reader.remarks:
            self._journal.add(remark)
        await self._copy(batch)

    def _judged(self, reading: Reading, lines: dict[str, int]) -> Row | None:
        """Return the staged row of a record; with errors its document is null: it came, no more."""
        for finding in reading.findings:
            self._journal.add(finding)
        code, document = reading.code, reading.document
        first = lines.get(code) if code is not None else None
        if document is not None and first is not None:
            self._journal.add(_repeated(reading, first))
        if document is None or first is not None:
            self._known.refused += 1
        else:
            self._known.valid += 1
        if code is None or first is not None:
            return None
        lines[code] = reading.line
        return staged(self._run["id"], reading, self._run["licence"])

    async def _copy(self, rows: Sequence[Row]) -> None:
        await self._connection.copy_records_to_table(
            "import_record", schema_name="training", columns=COLUMNS, records=rows
        )
        if self._is_ahead and not self._is_refused():
            self._ahead.take([code for _, code, _, fingerprint, *_ in rows if fingerprint])
        await self._journal.flush()
        self._observe(self._journal)

    async def _review(self) -> None:
        self._journal.step = 3
        async with self._connection.transaction():
            await self._connection.execute(queries.IN_BULK)
            found = await self._format.review(self._connection, self._run["id"])
            wrong = [one.record for one in found.findings if one.severity == "error"]
            refused = await self._connection.fetch(queries.REFUSE, self._run["id"], wrong)
        self._known.references = found.references
        self._known.valid -= len(refused)
        self._known.refused += len(refused)
        for finding in found.findings:
            self._journal.add(finding)
        self._journal.step = 4
        await self._journal.flush()
        self._observe(self._journal)

    async def _conclude(self) -> State:
        """Plan and merge under one lock, so that what the certificate says is what happened.

        The plan compares with the catalogue as others see it, whatever was merged ahead.
        """
        run, extract = self._run["id"], self._run["extract"]
        await self._ahead.begin()
        async with self._connection.transaction():
            await self._connection.execute(queries.IN_BULK)
            plan = self._known.plan = await self._format.plan(self._connection, run, extract)
        if not (extract or self._run["force"]):
            for volume in plan.volumes:
                if 100 * (volume.held - volume.found) >= MOST_LOST * volume.held > 0:
                    self._journal.add(_dropped(volume.family, volume.held, volume.found))
                    return await self._end("halted")
        if self._run["mode"] == "dry_run":
            return await self._end("done")
        await self._ahead.merging.finish(extract)
        if self._format.after is not None:
            await self._format.after(self._ahead.connection, run)
        return await self._end("done", is_merged=True)

    async def _end(self, state: State, *, is_merged: bool = False) -> State:
        """Write the certificate and forget the file, in one transaction with whatever was done."""
        journal, run = self._journal, self._run["id"]
        licence = self._format.licence or self._run["licence"]
        made = certificate(self._run, licence, state, journal, self._known)
        if not is_merged:
            await self._ahead.undo()
        await journal.flush()
        connection = self._ahead.connection if is_merged else self._connection
        async with connection.transaction():
            await connection.execute(
                queries.FINISH,
                run,
                state,
                journal.step,
                journal.records,
                journal.errors,
                journal.warnings,
                orjson.dumps(made).decode(),
            )
            for statement in queries.FORGET:
                await connection.execute(statement, run)
        if is_merged:
            await self._ahead.commit()
        self._observe(journal)
        return state


def _repeated(reading: Reading, first: int) -> Finding:
    return Finding(
        "record-repeated",
        Text(
            f"L’enregistrement {reading.code} est déjà à la ligne {first}.",
            f"The record {reading.code} is already at line {first}.",
        ),
        4,
        "error",
        reading.code,
        reading.line,
    )


def _dropped(family: str, held: int, found: int) -> Finding:
    return Finding(
        "volume-drop",
        Text(
            f"{family} : {found} enregistrements, le catalogue en a {held} ; rien n’est changé."
            " « force=true » passe outre, « extract=true » dit que le fichier est un extrait.",
            f"{family}: {found} records, the catalogue has {held}; nothing is changed."
            " `force=true` goes on, `extract=true` says that the file is an extract.",
        ),
        4,
    )


def _given_up() -> FileRefused:
    return FileRefused(
        "run-given-up",
        f"Le traitement de ce fichier a été interrompu {ATTEMPTS} fois ; il est abandonné.",
        f"The work on this file was cut short {ATTEMPTS} times; it is given up.",
        step=0,
    )
