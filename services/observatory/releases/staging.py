"""Brings a CSV into the staging table: the header says which column is what, PostgreSQL reads.

The bytes go to COPY as they are: nothing is parsed line by line in Python.
"""

import csv
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from observatory.structures.catalogue import MEASURE, OBSERVED, TIME, Flow
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text

LARGEST_BYTES: Final = 256 << 20
"""Of a file over HTTP; `vigie load` takes any size."""

LOAD_SECONDS: Final = 3_600.0
"""Longest time of one statement of a load."""

_LARGEST_HEADER: Final = 16_384
_SKIPPED: Final = {"STRUCTURE", "STRUCTURE_ID", "DATAFLOW", "METHOD_VERSION", "SOURCE"}
"""Columns of SDMX-CSV that say which dataflow it is, or that are told by the release."""

_LINE: Final = re.compile(r"line (\d+)(?:, column (\w+))?")


class DataInvalid(Invalid):
    """The file breaks rules of its dataflow, each named in `errors` with its line."""

    code = "data-invalid"
    title = Text("Données invalides", "Invalid data")


@dataclass(frozen=True, slots=True)
class Header:
    """How the file is written, and the staging column of each of its columns."""

    delimiter: str
    columns: tuple[str, ...]
    length: int
    """Bytes of the header line, and of the mark before it."""


def read_header(flow: Flow, line: bytes) -> Header:
    """Read the first line, or raise DataInvalid with all that is wrong with it.

    A column is a dimension, TIME_PERIOD, OBS_VALUE, ACTION, or an attribute of observations.
    """
    try:
        text = line.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _refused(
            "encoding", "Le fichier n’est pas en UTF-8.", "The file is not UTF-8."
        ) from error
    delimiter = ";" if ";" in text and "," not in text else ","
    names = next(csv.reader([text], delimiter=delimiter), [])
    known = {each.id: each.column for each in flow.dimensions}
    needed = [*known, TIME, MEASURE]
    known |= {TIME: "period", MEASURE: "value", "ACTION": "action", **OBSERVED}
    constant = {each.id for each in flow.attributes if each.level != "observation"} | _SKIPPED
    faults = [
        _fault("column-missing", f"La colonne {name} manque.", f"The column {name} is missing.")
        for name in needed
        if name not in names
    ]
    faults += [
        _fault(
            "column-unknown", f"La colonne {name} est inconnue.", f"The column {name} is unknown."
        )
        for name in names
        if name not in known and name not in constant
    ]
    if len(set(names)) < len(names):
        faults.append(_fault("column-twice", "Une colonne est double.", "A column is there twice."))
    skipped = [name for name in names if name in constant]
    faults += [
        _fault(
            "column-not-read",
            f"Retirez la colonne {name} : le flux ou la livraison la donne.",
            f"Leave the column {name} out: the dataflow or the release gives it.",
        )
        for name in skipped
    ]
    if faults:
        raise DataInvalid(faults)
    return Header(delimiter, tuple(known[name] for name in names), len(line))


def _fault(code: str, fr: str, en: str, line: int = 1) -> Fault:
    return Fault("", code, Text(fr, en), place=str(line))


def _refused(code: str, fr: str, en: str, line: int = 1) -> DataInvalid:
    return DataInvalid([_fault(code, fr, en, line)])


async def stage(connection: Any, flow: Flow, pieces: AsyncIterator[bytes]) -> int:  # noqa: ANN401  # asyncpg's, untyped
    """Empty the staging table, copy the file into it and return its lines; raises DataInvalid.

    A line that cannot be read at all ends the reading: it alone is named.
    """
    await connection.execute(_EMPTY, timeout=LOAD_SECONDS)  # its turn comes after other loads
    await connection.fetchval(_FIRST_LINE)
    begin = b""
    async for piece in pieces:
        begin += piece
        if b"\n" in begin or len(begin) > _LARGEST_HEADER:
            break
    line, end, rest = begin.partition(b"\n")
    if not end:
        raise _refused(
            "header-missing", "La ligne d’en-tête manque.", "The header line is missing."
        )
    header = read_header(flow, line)

    async def body() -> AsyncIterator[bytes]:
        yield rest
        async for piece in pieces:
            yield piece

    try:
        done: str = await connection.copy_to_table(
            "staged_observation",
            schema_name="observatory",
            source=body(),
            columns=header.columns,
            format="csv",
            delimiter=header.delimiter,
            timeout=LOAD_SECONDS,
        )
    except (asyncpg.DataError, asyncpg.PostgresSyntaxError) as error:
        raise _unreadable(error) from error
    return int(done.rpartition(" ")[2])  # COPY 1234


def _unreadable(error: asyncpg.PostgresError) -> DataInvalid:
    """Say which line PostgreSQL could not read; its own words would quote the file."""
    found = _LINE.search(error.context or "")
    line = int(found[1]) + 1 if found else 0
    column = next((name for name, of in _NAMES.items() if found and of == found[2]), None)
    if column is None:
        return _refused(
            "line-unreadable",
            "La ligne n’a pas le bon nombre de colonnes, ou n’est pas en UTF-8.",
            "The line has not the right number of columns, or is not UTF-8.",
            line,
        )
    return _refused(
        "number-malformed",
        f"{column} n’est pas un nombre avec un point décimal.",
        f"{column} is not a number with a decimal point.",
        line,
    )


_EMPTY: Final = "TRUNCATE observatory.staged_observation, observatory.staged_change"
_FIRST_LINE: Final = "SELECT setval('observatory.staged_observation_line_seq', 1, false)"
_NAMES: Final = {MEASURE: "value", **OBSERVED}
