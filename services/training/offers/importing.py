"""The format `lheo`: training offers as LHÉO 2.3 or 2.2."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

from training.imports import archives, xml
from training.imports.findings import FileRefused
from training.imports.formats import Format, Reader, Told
from training.offers import merging, reviewing
from training.offers.lheo import NAMESPACES, Lheo


@contextmanager
def opened(file: IO[bytes], told: Told) -> Iterator[Reader]:
    """Open a file, bare or alone in its archive; FileRefused for anything else."""
    if not archives.is_archive(file):
        yield Lheo(file, _root(file), told.dated_on)
        return
    with archives.opened(file) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".xml")]
        if len(names) != 1:
            raise _mismatch("zip")
        with archive.open(names[0]) as member:
            yield Lheo(member, _root(member), told.dated_on)


def _root(file: IO[bytes]) -> str:
    root = xml.check_head(file)
    namespace, _, name = root[1:].partition("}")
    if namespace not in NAMESPACES or name != "lheo":
        raise _mismatch(root)
    return root


def _mismatch(found: str) -> FileRefused:
    return FileRefused(
        "import-format-mismatch",
        f"Le fichier ({found[:100]}) n’est pas un LHÉO 2.3 ou 2.2.",
        f"The file ({found[:100]}) is not LHÉO 2.3 or 2.2.",
        step=2,
        line=1,
    )


LHEO: Final = Format("lheo", None, opened, reviewing.review, merging.plan, merging.Merging)
"""LHÉO has no place for a licence: whoever sends the file states it."""
