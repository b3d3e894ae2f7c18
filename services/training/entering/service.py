"""Enters documents as an import does, within the caller's transaction: there is one way in.

They are written as LHÉO, read, judged, merged, indexed and put in the feed; the run that does it is
of the caller's organisation, so that the offers are, too.
"""

import hashlib
import io
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any, Final

import asyncpg

from platformkit.errors import Fault, Unavailable
from platformkit.i18n import Text
from platformkit.paris import day_in_paris
from training.habilitations.gate import gated
from training.imports import engine
from training.imports.formats import Format, Reader, Reading, Told
from training.imports.queries import ALONE
from training.imports.service import Asked, enqueue
from training.imports.uploads import Received
from training.offers import importing
from training.offers.writing import TAIL, head, written

_PATIENCE: Final = "SET LOCAL lock_timeout = '2s'"
"""How long it waits for an import that is writing the catalogue."""

_ANOMALIES: Final = """
SELECT record, rule, detail_fr, detail_en FROM training.import_anomaly
 WHERE run_id = $1 AND severity = 'error' ORDER BY position"""


class CatalogueBusy(Unavailable):
    """An import is writing the catalogue just now."""

    code = "catalogue-busy"
    title = Text("Catalogue en cours d’écriture", "Catalogue being written")
    detail = Text(
        "Un import écrit le catalogue : réessayez dans un instant.",
        "An import is writing the catalogue: try again in a moment.",
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """The document of a formation, and where it comes from, as `source` shows it."""

    document: Mapping[str, Any]
    origin: Mapping[str, Any]

    @property
    def code(self) -> str:
        """The business key: the provider's SIRET and its number of the formation."""
        return f"{self.document['provider']['siret']}/{self.document['number']}"


class _Made:
    """A LHÉO of our own writing: its records do not come from a file."""

    def __init__(self, reader: Reader, origins: Mapping[str | None, Mapping[str, Any]]) -> None:
        self._reader, self._origins = reader, origins
        self.version, self.is_known_version = reader.version, reader.is_known_version
        self.dated_on, self.parts, self.remarks = reader.dated_on, reader.parts, reader.remarks

    def __iter__(self) -> Iterator[Reading]:
        for reading in self._reader:
            reading.origin = self._origins.get(reading.code, reading.origin)
            yield reading


def _format(entries: Sequence[Entry]) -> Format:
    origins: dict[str | None, Mapping[str, Any]] = {one.code: one.origin for one in entries}

    @contextmanager
    def opened(file: IO[bytes], told: Told) -> Iterator[Reader]:
        with importing.opened(file, told) as reader:
            yield _Made(reader, origins)

    return gated(replace(importing.LHEO, open=opened), only_own=True)


@asynccontextmanager
async def patient(raw: Any) -> AsyncIterator[None]:  # noqa: ANN401  # asyncpg's, which has no types
    """Wait for an import that is writing the catalogue, but not for long: then CatalogueBusy."""
    await raw.execute(_PATIENCE)
    try:
        yield
    except asyncpg.LockNotAvailableError as busy:
        raise CatalogueBusy from busy


async def alone(raw: Any) -> None:  # noqa: ANN401  # likewise
    """Come before or after what else writes the catalogue: for whoever locks its rows first.

    An import takes this lock and then the rows; in the other order one of the two would be the
    victim of a deadlock. Raises CatalogueBusy.
    """
    async with patient(raw):
        await raw.execute(ALONE)


async def enter(
    raw: Any,  # noqa: ANN401  # likewise
    tenant: str,
    client: str,
    entries: Sequence[Entry],
    now: datetime,
) -> dict[str, list[Fault]]:
    """Enter those that can be; return what is wrong with the others, by their business keys."""
    texts = (written(dict(one.document), "2.3") for one in entries)
    file = (head("2.3") + "".join(texts) + TAIL).encode()
    format_ = _format(entries)
    asked = Asked("partial", False, True, day_in_paris(now), "application/xml")  # noqa: FBT003  # not forced; an extract
    received = Received(len(file), hashlib.sha256(file).hexdigest())
    await raw.execute(ALONE)  # whose an offer is must not change between judging and writing
    run = await enqueue(raw, tenant, client, None, format_, asked, io.BytesIO(file), received)
    assert run is not None  # noqa: S101  # no key, so none that is taken
    await engine.execute(raw, run, {format_.name: format_}, lambda _: None)
    refused = defaultdict(list)
    for one in await raw.fetch(_ANOMALIES, run):
        said = Text(one["detail_fr"], one["detail_en"])
        refused[one["record"]].append(Fault("", one["rule"], said))
    return dict(refused)
