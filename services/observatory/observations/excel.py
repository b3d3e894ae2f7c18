"""CSV as a French Excel opens it by a double click. Pure: it makes a statement of a statement.

UTF-8 with a mark (without it accents break), semicolons, decimal commas (`22.5` would be read as
22 May), CRLF, French titles. Text that a spreadsheet would compute gets an apostrophe (OWASP, CSV
injection).
"""

from collections.abc import Sequence
from typing import Final

from observatory.observations.columns import Column
from observatory.observations.statements import Statement

MARK: Final = "\ufeff".encode()
_COMPUTED: Final = "=+-@\t\r"
_INERT: Final = """
CASE WHEN position(left("{id}", 1) IN E'=+-@\\t\\r') > 0 AND "{id}" <> '' THEN '''' || "{id}"
     ELSE "{id}" END"""


def head(columns: Sequence[Column]) -> bytes:
    """Write the mark and the line of titles."""
    titles = ";".join(_quoted(each.title.fr) for each in columns)
    return MARK + titles.encode() + b"\r\n"


def inert(text: str) -> str:
    """Give a text that a spreadsheet would compute an apostrophe."""
    return f"'{text}" if text.startswith(tuple(_COMPUTED)) else text


def _quoted(title: str) -> str:
    return '"' + inert(title).replace('"', '""') + '"'


def statement(plain: Statement, columns: Sequence[Column]) -> Statement:
    """Wrap a statement: the same rows, with numbers and texts as a French Excel reads them."""
    cells = ", ".join(
        f"""replace("{each.id}"::text, '.', ',')"""
        if each.is_number
        else _INERT.format(id=each.id).strip()
        for each in columns
    )
    return Statement(
        f"SELECT {cells} FROM ({plain.sql}) r",  # noqa: S608  # names of our own columns
        plain.arguments,
        plain.columns,
        plain.planned,
    )


def lines(piece: bytes) -> bytes:
    """End lines as RFC 4180 and Excel want."""
    return piece.replace(b"\n", b"\r\n")
