"""The format `rncp`: RNCP and RS of France compétences, as XML flux or as CSV tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Final

from training.certifications import flux, merging, origins, reviewing, tables
from training.imports import archives, xml
from training.imports.findings import FileRefused
from training.imports.formats import AtOnce, Format, Reader, Told

_BEFORE_XML: Final = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
"""Marks of byte order, the zeros of UTF-16, blanks."""


@contextmanager
def opened(file: IO[bytes], told: Told) -> Iterator[Reader]:
    """Open a flux, bare or in its archive, or an archive of tables; FileRefused for anything else.

    The date is the sender's, or the one in the names of the archive's members.
    """
    if not archives.is_archive(file):
        _check_form(file)
        _check(file)
        yield flux.Flux(file, told.filename or "flux.xml", told.dated_on)
        return
    with archives.opened(file) as archive:
        found = [name for name in archive.namelist() if name.lower().endswith(".xml")]
        if len(found) != 1:
            yield tables.TableReader(archive, told.dated_on)
            return
        with archive.open(found[0]) as member:
            _check(member)
            yield flux.Flux(member, found[0], told.dated_on or origins.dated(found))


def _check_form(file: IO[bytes]) -> None:
    """Refuse what begins like no XML in whatever Unicode encoding: most often one bare table."""
    head = file.read(1024).lstrip(_BEFORE_XML)
    file.seek(0)
    if head and not head.startswith(b"<"):
        raise FileRefused(
            "import-format-mismatch",
            "Ni XML ni ZIP. Envoyez le flux XML, tel quel ou dans son archive ZIP, ou l’archive ZIP"
            " des tables CSV, entière : une table seule n’est pas lue.",
            "Neither XML nor ZIP. Send the XML flux, as it is or in its ZIP archive, or the ZIP"
            " archive of the CSV tables, whole: a table by itself is not read.",
            line=1,
        )


def _check(file: IO[bytes]) -> None:
    root = xml.check_head(file)
    if root != flux.ROOT:
        raise FileRefused(
            "import-format-mismatch",
            f"La racine attendue est {flux.ROOT} ; ce fichier est d’un autre format.",
            f"The root expected is {flux.ROOT}; this file is of another format.",
            step=2,
            line=1,
        )


RNCP: Final = Format(
    "rncp", origins.LICENCE, opened, reviewing.review, merging.plan, partial(AtOnce, merging.merge)
)
