"""Runs DuckDB beside the requests: one question at a time, on copies of the files of releases.

It has one thread, little memory, no disk of its own and no network; of the file system it sees the
directory of the copies alone.
"""

import asyncio
import tempfile
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

from platformkit.errors import ProblemError, Unavailable
from platformkit.i18n import Text

SECONDS: Final = 8.0
"""For one question."""

MEMORY: Final = "256MB"
KEPT_BYTES: Final = 512 << 20
"""Of all copies; ten million observations are some ten megabytes."""

WAITING: Final = 16
"""Questions that may wait for their turn."""

_AGAIN_SECONDS: Final = 0.05


class AggregatesBusy(Unavailable):
    """Too many aggregates are asked for at once."""

    code = "aggregates-busy"
    title = Text("Trop d’agrégats à la fois", "Too many aggregates at once")
    detail = Text(
        "D’autres agrégats sont en cours de calcul : réessayez dans un instant.",
        "Other aggregates are being computed: try again in a moment.",
    )


class AggregateTooHeavy(ProblemError):
    """The aggregate takes more time or memory than one request may."""

    status = 422
    code = "aggregate-too-heavy"
    title = Text("Agrégat trop lourd", "Aggregate too heavy")
    detail = Text(
        "Ce calcul dépasse le temps ou la mémoire d’une requête : restreignez la sélection, ou"
        " calculez-le sur le fichier Parquet de la livraison.",
        "This takes more time or memory than one request may: restrict the selection, or compute"
        " it on the Parquet file of the release.",
    )


class Engine:
    """Keeps the connection and the copies; both are made when first needed."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._connection: Any = None
        self._kept: OrderedDict[str, int] = OrderedDict()

    async def rows(
        self,
        sha256: str,
        pieces: Callable[[], AsyncIterator[bytes]],
        sql: str,
        arguments: list[object],
    ) -> list[tuple[Any, ...]]:
        """Ask of the file of this hash, whose bytes are `pieces` where there is no copy of it.

        The first argument is where the path goes. Raises AggregatesBusy or AggregateTooHeavy.
        """
        if self._waiting >= WAITING:
            raise AggregatesBusy
        self._waiting += 1
        try:
            async with self._turn:
                if self._connection is None:
                    await asyncio.to_thread(self._open)
                path = await self._copy(sha256, pieces)
                return await self._answer(sql, [str(path), *arguments[1:]])
        finally:
            self._waiting -= 1

    def _open(self) -> None:
        import duckdb  # noqa: PLC0415  # few requests need it

        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="vigie-aggregates-")
        opened = duckdb.connect(config={"threads": 1, "memory_limit": MEMORY, "temp_directory": ""})
        opened.execute("SET allowed_directories = [$1]", [self._folder.name])
        opened.execute("SET enable_external_access = false")
        opened.execute("SET lock_configuration = true")
        self._connection = opened

    async def _copy(self, sha256: str, pieces: Callable[[], AsyncIterator[bytes]]) -> Path:
        assert self._folder is not None  # noqa: S101  # it is opened
        path = Path(self._folder.name, f"{sha256}.parquet")
        if sha256 not in self._kept:
            size = 0
            with path.open("wb") as file:  # noqa: ASYNC230  # pages of memory, a piece at a time
                async for piece in pieces():
                    size += file.write(piece)
            self._kept[sha256] = size
        self._kept.move_to_end(sha256)
        while len(self._kept) > 1 and sum(self._kept.values()) > KEPT_BYTES:
            old, _ = self._kept.popitem(last=False)
            path.with_name(f"{old}.parquet").unlink()
        return path

    async def _answer(self, sql: str, arguments: list[object]) -> list[tuple[Any, ...]]:
        import duckdb  # noqa: PLC0415  # likewise

        def ask() -> list[tuple[Any, ...]]:
            found: list[tuple[Any, ...]] = self._connection.execute(sql, arguments).fetchall()
            return found

        work = asyncio.create_task(asyncio.to_thread(ask))
        try:
            await asyncio.wait({work}, timeout=SECONDS)
        finally:  # cancelled or late: the thread must have ended before the next one's turn
            while not work.done():
                self._connection.interrupt()
                await asyncio.wait({work}, timeout=_AGAIN_SECONDS)
        try:
            return work.result()
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as failure:
            raise AggregateTooHeavy from failure

    async def close(self) -> None:
        """Forget the copies."""
        async with self._turn:
            if self._connection is not None:
                self._connection.close()
            if self._folder is not None:
                await asyncio.to_thread(self._folder.cleanup)
