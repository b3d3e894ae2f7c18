"""The format `providers`: the public list of training providers, as CSV."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Final

from training.imports import delimited
from training.imports.findings import FileRefused
from training.imports.formats import AtOnce, Format, Reader, Told
from training.providers import merging, reviewing
from training.providers.listing import NEEDED, SOURCE, ProviderList, columns_of


@contextmanager
def opened(file: IO[bytes], told: Told) -> Iterator[Reader]:
    """Open the list, bare or in its archive; FileRefused for a table with other columns."""
    with delimited.opened(file, told) as tables:
        for table in tables:
            columns = columns_of(table)
            if set(NEEDED) <= set(columns):
                yield ProviderList(table, columns, told.dated_on)
                return
        raise FileRefused(
            "import-format-mismatch",
            f"Aucune table n’a les colonnes {', '.join(NEEDED)}.",
            f"No table has the columns {', '.join(NEEDED)}.",
            step=2,
            line=1,
        )


PROVIDERS: Final = Format(
    "providers",
    SOURCE["licence"],
    opened,
    reviewing.review,
    merging.plan,
    partial(AtOnce, merging.merge),
)
