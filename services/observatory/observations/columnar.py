"""Figures as Parquet and as an Arrow stream: rows go from COPY to columns, in flat memory.

The same question about the same release gives the same bytes: groups are cut by rows, not by
what the network brought.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from observatory.observations import describing, queries
from observatory.observations.describing import Reading

if TYPE_CHECKING:
    from observatory.observations.columns import Column
    from observatory.observations.statements import Statement
    from platformkit.reads import ReadPool

GROUP: Final = 65_536
"""Rows of a row group of Parquet, and of a record batch of Arrow."""

_BATCH: Final = 1024 * 1024
"""Bytes of rows that are read at once."""

_KINDS: Final = {"double": "float64", "single": "float32"}


async def parquet(reading: Reading) -> AsyncIterator[bytes]:
    """Yield a Parquet file (zstd), a row group at a time."""
    metadata = {each.key: each.value for each in describing.facts(reading)}
    async for piece in parquet_of(reading.pool, reading.statement, reading.columns, metadata):
        yield piece


async def parquet_of(
    pool: ReadPool, statement: Statement, columns: Sequence[Column], metadata: Mapping[str, str]
) -> AsyncIterator[bytes]:
    """Yield the rows of a statement as Parquet."""
    table = await asyncio.to_thread(_Table, columns, metadata, _parquet)
    async for piece in _written(pool, statement, table):
        yield piece


async def arrow(reading: Reading) -> AsyncIterator[bytes]:
    """Yield an Arrow IPC stream, a record batch at a time."""
    metadata = {each.key: each.value for each in describing.facts(reading)}
    table = await asyncio.to_thread(_Table, reading.columns, metadata, _arrow)
    async for piece in _written(reading.pool, reading.statement, table):
        yield piece


async def _written(pool: ReadPool, statement: Statement, table: _Table) -> AsyncIterator[bytes]:
    held = bytearray()
    async for piece in queries.csv(pool, statement, header=False):
        held += piece
        if len(held) >= _BATCH:
            whole, held = held, bytearray()
            if made := await asyncio.to_thread(table.add, whole):
                yield made
    yield await asyncio.to_thread(table.finish, held)


class _Sink(io.RawIOBase):
    """A file that only keeps what nobody has taken yet."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:  # noqa: ANN401  # a buffer
        self._pieces.append(bytes(piece))
        self._length += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._length

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken


class _Table:
    """Rows on their way into groups of equal length."""

    def __init__(
        self, columns: Sequence[Column], metadata: Mapping[str, str], opened: _Opener
    ) -> None:
        import pyarrow as pa  # noqa: PLC0415  # only who asks for columns
        from pyarrow import csv  # noqa: PLC0415  # likewise

        kinds = {
            each.id: pa.timestamp("us", "UTC")
            if each.kind == "instant"
            else getattr(pa, _KINDS.get(each.kind, "string"))()
            for each in columns
        }
        coded = pa.dictionary(pa.int32(), pa.string())
        fields = [(name, coded if kind == pa.string() else kind) for name, kind in kinds.items()]
        self._pa, self._read = pa, csv.read_csv
        self._schema = pa.schema(fields, metadata=metadata)
        self._names = csv.ReadOptions(column_names=list(kinds), use_threads=False)
        self._form = csv.ParseOptions(newlines_in_values=True)
        self._kinds = csv.ConvertOptions(
            column_types=kinds,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        )
        self._held = pa.schema(list(kinds.items())).empty_table()
        self._sink = _Sink()
        self._writer = opened(self._sink, self._schema)

    def add(self, lines: bytes | bytearray) -> bytes:
        """Take whole lines of the answer, as COPY gave them; return what is ready."""
        if lines:
            more = self._read(
                self._pa.py_buffer(bytes(lines)),
                read_options=self._names,
                parse_options=self._form,
                convert_options=self._kinds,
            )
            self._held = self._pa.concat_tables([self._held, more])
        while self._held.num_rows >= GROUP:
            self._group(self._held.slice(0, GROUP))
            self._held = self._held.slice(GROUP)
        return self._sink.take()

    def _group(self, rows: Any) -> None:  # noqa: ANN401  # a pyarrow table
        arrays = [
            self._pa.concat_arrays(column.chunks).dictionary_encode()
            if self._pa.types.is_dictionary(field.type)
            else self._pa.concat_arrays(column.chunks)
            for column, field in zip(rows.columns, self._schema, strict=True)
        ]
        self._writer.write_batch(self._pa.record_batch(arrays, schema=self._schema))

    def finish(self, lines: bytes | bytearray) -> bytes:
        """Take the last lines, and return the end of the file."""
        ready = self.add(lines)
        if self._held.num_rows:
            self._group(self._held)
        self._writer.close()
        return ready + self._sink.take()


_Opener = Callable[[_Sink, Any], Any]


def _parquet(sink: _Sink, schema: Any) -> Any:  # noqa: ANN401  # of pyarrow
    from pyarrow import parquet as pq  # noqa: PLC0415  # likewise

    return pq.ParquetWriter(sink, schema, compression="zstd", write_page_index=True)


def _arrow(sink: _Sink, schema: Any) -> Any:  # noqa: ANN401  # likewise
    from pyarrow import ipc  # noqa: PLC0415  # likewise

    return ipc.new_stream(sink, schema)
