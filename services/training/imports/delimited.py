"""Reads delimited text of unknown origin, bare or in a ZIP; a table is known by its columns."""

import csv
import io
import re
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from operator import itemgetter
from typing import IO, Final

from training.imports import archives
from training.imports.findings import FileRefused
from training.imports.formats import Told

HEAD_BYTES: Final = 1 << 16
LONGEST_ROW: Final = 4 << 20
"""Characters of a row on however many lines: all of them are held before it is one."""

csv.field_size_limit(1 << 20)


class Table:
    """One file of rows; its first one is read at once and is the header, if it has one."""

    def __init__(self, name: str, source: Callable[[], IO[bytes]]) -> None:
        self.name, self._source = name, source
        head = source().read(HEAD_BYTES)
        self._encoding = encoding(head)
        first = head.partition(b"\n")[0].decode(self._encoding, errors="replace")
        self._delimiter = max(";,\t", key=first.count)
        with closing(self.lines()) as lines:
            _, self.header = next(lines, (0, []))

    def has(self, columns: Collection[str]) -> bool:
        """Tell whether the header has all of them."""
        return set(columns) <= set(self.header)

    def lines(self) -> Generator[tuple[int, list[str]], None, None]:
        """Read every row that is not blank, the header too, with the line where it ends."""
        text = io.TextIOWrapper(self._source(), self._encoding, newline="")
        try:
            for line, row in parsed(text, self.name, self._delimiter, strict=True):
                if row:
                    yield line, row
        finally:
            if not text.closed:  # the file is its opener's
                text.detach()

    def rows(self, *columns: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Read these columns of every row below the header; raises FileRefused for a short row."""
        pick = itemgetter(*(self.header.index(column) for column in columns))
        with closing(self.lines()) as lines:
            next(lines, None)
            for line, row in lines:
                try:
                    yield line, pick(row)
                except IndexError as fault:
                    raise broken(self.name, line) from fault


@contextmanager
def opened(file: IO[bytes], told: Told) -> Iterator[Sequence[Table]]:
    """Open the table that a file is, or the `.csv` members of an archive; raises FileRefused.

    Editions are told by the names of files: a bare table has the one that its sender gives.
    """
    if archives.is_archive(file):
        with archives.opened(file) as archive:
            names = [one for one in archive.namelist() if one.lower().endswith(".csv")]
            yield [Table(name, partial(archive.open, name)) for name in names]
        return

    def rewound() -> IO[bytes]:
        file.seek(0)
        return file

    yield [Table(told.filename or "file.csv", rewound)]


def wanted(tables: Sequence[Table], *columns: str, without: Collection[str] = ()) -> Table:
    """Return the table that has these columns and none of the others; raises FileRefused."""
    found = lookup(tables, *columns, without=without)
    if found is None:
        raise FileRefused(
            "import-format-mismatch",
            f"Aucune table n’a les colonnes {', '.join(columns)}.",
            f"No table has the columns {', '.join(columns)}.",
            step=2,
            line=1,
        )
    return found


def lookup(tables: Sequence[Table], *columns: str, without: Collection[str] = ()) -> Table | None:
    """Return the table that has these columns and none of the others, if there is one."""
    return next(
        (one for one in tables if one.has(columns) and not set(without) & set(one.header)), None
    )


def encoding(head: bytes) -> str:
    """Tell UTF-8 from cp1252 by a file's head, whose last character may be cut."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.start < len(head) - 3:
            return "cp1252"
    return "utf-8-sig"


def parsed(
    text: IO[str], member: str, delimiter: str, *, strict: bool
) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line where it ends; raises FileRefused.

    So does a NUL, which no text of PostgreSQL can hold, and a row longer than LONGEST_ROW.
    """
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        while line := text.readline(LONGEST_ROW):
            taken += len(line)
            if taken >= LONGEST_ROW or "\x00" in line:
                raise ValueError
            yield line

    rows = csv.reader(lines(), delimiter=delimiter, strict=strict)
    try:
        for row in rows:
            taken = 0
            yield rows.line_num, row
    except (ValueError, csv.Error) as fault:  # decoding raises a ValueError
        raise broken(member, max(rows.line_num, 1)) from fault


def shown(member: str) -> str:
    """Return the end of a member's name, fit to be quoted in a report."""
    return re.sub(r"[^\w.-]", "_", member, flags=re.ASCII)[-80:]


def broken(member: str, line: int) -> FileRefused:
    """Make the refusal of a table that cannot be read on."""
    name = shown(member)
    return FileRefused(
        "csv-malformed",
        f"{name}, ligne {line} : colonnes manquantes, guillemets ou encodage inattendus.",
        f"{name}, line {line}: missing columns, unexpected quotes or encoding.",
        line=line,
    )
