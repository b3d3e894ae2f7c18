"""Writes the file of a release, once however many ask for it.

Whoever asks first has it made, beside their request, and waits a while; an instance that is killed
in the middle leaves nothing. It is made of the rows that anybody may read, so what is hidden is
not in it, and it is never served once something else is hidden (`service.file`).
"""

import asyncio
import contextlib
import uuid
from contextvars import Context
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from observatory.bulk import queries
from observatory.observations import columnar, columns, describing, statements
from observatory.observations import queries as observations
from observatory.observations.selection import Selection
from observatory.observations.vintages import Vintages, state
from observatory.releases import queries as releases
from observatory.structures.catalogue import Flow
from platformkit.db import driver
from platformkit.errors import Unavailable
from platformkit.i18n import Text
from platformkit.reads import ReadPool

PATIENCE_SECONDS: Final = 10.0
"""How long a request waits for a file; ten million rows take longer."""

_WAITING: Final = 8


class BulkFilePending(Unavailable):
    """The file is being made, for the first time or because something was hidden since."""

    code = "bulk-file-pending"
    title = Text("Fichier en préparation", "File in preparation")
    detail = Text(
        "Le fichier de cette livraison est en cours d’écriture : réessayez dans un instant.",
        "The file of this release is being written: try again in a moment.",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """The file that is wanted: the release, and what is visible of it now."""

    release: uuid.UUID
    flow: Flow
    known: Vintages
    ordinal: int

    @property
    def state(self) -> str:
        """Tell what the file must be made of."""
        return state(self.flow, self.known, self.ordinal)


class Builder:
    """Makes one file at a time in this process."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], data: ReadPool) -> None:
        self._sessions, self._data = sessions, data
        self._turn = asyncio.Lock()
        self._making: dict[str, asyncio.Task[None]] = {}

    async def make(self, wanted: Wanted) -> None:
        """Wait until the file was made, or raise BulkFilePending."""
        task = self._making.get(wanted.state)
        if task is None:
            if len(self._making) >= _WAITING:
                raise BulkFilePending
            # the file outlives the request: nothing of its language, deadline or trace
            task = asyncio.create_task(self._made(wanted), context=Context())
            self._making[wanted.state] = task
            task.add_done_callback(lambda _: self._making.pop(wanted.state, None))
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        if not done or task.cancelled():
            raise BulkFilePending
        task.result()

    async def _made(self, wanted: Wanted) -> None:
        async with self._turn, self._sessions() as session, session.begin() as transaction:
            raw = await driver(session)
            if not await raw.fetchval(queries.ALONE, wanted.flow.number):
                return  # another instance is at it
            if await raw.fetchrow(queries.FILE, wanted.release, wanted.state):
                return
            await self._write(raw, wanted)
            await raw.execute(releases.ALONE, wanted.flow.number)
            now = await observations.vintages(self._data, wanted.flow)
            if state(wanted.flow, now, wanted.ordinal) != wanted.state:
                await transaction.rollback()  # something was hidden meanwhile

    async def _write(self, raw: Any, wanted: Wanted) -> None:  # noqa: ANN401  # asyncpg's, untyped
        await raw.execute(queries.FORGET, wanted.release)
        file = await raw.fetchval(
            queries.BEGIN,
            wanted.release,
            wanted.flow.number,
            wanted.ordinal,
            wanted.known.mask_revision,
            wanted.state,
        )
        digest, size, number, held = sha256(), 0, 0, bytearray()
        async for piece in self._pieces(wanted):
            digest.update(piece)
            size += len(piece)
            held += piece
            while len(held) >= queries.PIECE:
                await raw.execute(queries.ADD, file, number, bytes(held[: queries.PIECE]))
                del held[: queries.PIECE]
                number += 1
        if held:
            await raw.execute(queries.ADD, file, number, bytes(held))
        await raw.execute(queries.END, file, digest.hexdigest(), size)

    def _pieces(self, wanted: Wanted) -> Any:  # noqa: ANN401  # an async generator
        statement = statements.observations(
            Selection(wanted.flow, wanted.ordinal), wanted.known, "fr"
        )
        facts = describing.of_flow(wanted.flow, wanted.known.get(wanted.ordinal))
        return columnar.parquet_of(
            self._data,
            statement,
            columns.told(wanted.flow, statement),
            {each.key: each.value for each in facts},
        )

    async def close(self) -> None:
        """Leave what is not finished; PostgreSQL forgets it."""
        for task in list(self._making.values()):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
