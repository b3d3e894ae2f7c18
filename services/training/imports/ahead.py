"""Merges a file on a connection of its own, while the rest of it is read.

What is written stays unseen until the transaction that ends the run. It is begun when many records
differ: from then on the change feed waits for its end, as does whoever else writes the catalogue.
A file of which little has changed is merged when all of it was read.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg
from asyncpg.transaction import Transaction

from training.imports import queries
from training.imports.formats import Merging

AT_ONCE: Final = 2_000
"""Records that are compared with the catalogue; the merge begins when half as many differ."""


class Ahead:
    """The transaction that merges a run, on `connection`; whoever makes it commits or undoes it."""

    def __init__(self, connection: asyncpg.Connection, merging: Merging) -> None:
        self.connection, self.merging = connection, merging
        self._staged: asyncio.Queue[Sequence[str]] = asyncio.Queue()
        self._work: asyncio.Task[None] | None = None
        self._transaction: Transaction | None = None

    def take(self, codes: Sequence[str]) -> None:
        """Have these records, which were staged and committed, written when there are many."""
        self._staged.put_nowait(codes)
        if self._work is None:
            self._work = asyncio.create_task(self._go())

    async def begin(self) -> None:
        """End what is being written, and hold the lock of merges from now on."""
        if self._work is not None:
            self._staged.put_nowait(())
            await self._work
        await self._begun()

    async def commit(self) -> None:
        """Show all that was written."""
        assert self._transaction is not None  # noqa: S101  # it was begun
        await self._transaction.commit()
        self._transaction = None

    async def undo(self) -> None:
        """Forget what was written, and is not committed."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.gather(self._work, return_exceptions=True)
        if self._transaction is not None and not self.connection.is_closed():
            await self._transaction.rollback()
        self._transaction = None

    async def _go(self) -> None:
        staged: list[str] = []
        differing: list[str] = []
        while codes := await self._staged.get():
            staged += codes
            if len(staged) >= AT_ONCE:
                differing += await self._changed(staged)
                staged = []
            if len(differing) >= AT_ONCE // 2:
                await self._begun()
                await self.merging.write(differing)
                differing = []

    async def _changed(self, codes: Sequence[str]) -> Sequence[str]:
        async with self.connection.transaction():
            await self.connection.execute(queries.IN_BULK)
            return await self.merging.changed(codes)

    async def _begun(self) -> None:
        if self._transaction is None:
            transaction = self.connection.transaction()
            await transaction.start()
            self._transaction = transaction
            await self.connection.execute(queries.ALONE)
            await self.connection.execute(queries.IN_BULK)
