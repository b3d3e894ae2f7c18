"""Turns an official file into the contents of our tables; the readers of workbooks are heavy.

Nothing that serves imports this module: `vigie load` does.
"""

import csv
import hashlib
from pathlib import Path
from zipfile import BadZipFile

from openpyxl.utils.exceptions import InvalidFileException
from xlrd import XLRDError

from observatory.reference.files import READERS
from observatory.reference.loading import canonical, typed

_UNREADABLE = (BadZipFile, InvalidFileException, XLRDError, csv.Error)


class FileUnlike(Exception):
    """The file has not the form or the content of its kind."""


def read(kind: str, file: Path) -> dict[str, bytes]:
    """Canonical content of every table that an official file has; raises FileUnlike or OSError."""
    file.open("rb").close()
    try:
        tables = {name: canonical(name, rows) for name, rows in READERS[kind](file).items()}
        for name, content in tables.items():
            if not typed(name, content):
                raise FileUnlike(f"no row for {name}")
    except (LookupError, TypeError, ValueError, ArithmeticError, *_UNREADABLE) as failure:
        raise FileUnlike(f"not a file of the kind {kind} ({failure!r:.200})") from failure
    return tables


def file_hash(file: Path) -> str:
    """SHA-256 of the bytes of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
