"""What a format must give to the engine: how its files are read, and how its records are merged."""

import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any, Final, Protocol

import asyncpg

from training.imports.findings import Finding

SAMPLE: Final = 50
"""Codes named per kind of change in a certificate; the counts are of all."""


@dataclass(slots=True)
class Reading:
    """One record as read: `document`, its facts as JSON, is None where faults leave none.

    Equal facts must give equal bytes: their digest tells a second import from a change. `derived`
    is what the merge needs beside them, `parts` the rows of their own that it draws, `origin` where
    they were read; none of these is compared. A record with a code and no document is staged with a
    JSON null: it is wrong, and not absent.
    """

    code: str | None
    line: int
    findings: list[Finding] = field(default_factory=list)
    document: bytes | None = None
    derived: Mapping[str, Any] = field(default_factory=dict)
    origin: Mapping[str, Any] = field(default_factory=dict)
    parts: Sequence[Any] | None = None
    has_source: bool = False
    """The document is staged with its origin as `source`, as the change feed publishes it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What its sender says of a file, where the file does not say it itself."""

    dated_on: date | None = None
    filename: str | None = None


class Reader(Protocol):
    """A file that was opened: what its head says, then its records, once, in their order.

    Reading may raise FileRefused at any point; then the whole file is refused.
    """

    version: str | None
    is_known_version: bool
    dated_on: date | None
    parts: Sequence[str]
    """Names of the members that are read, the file's own where it is no archive."""

    remarks: Sequence[Finding]
    """What is to be said of the file as a whole, once all of it was read."""

    def __iter__(self) -> Iterator[Reading]: ...


@dataclass(frozen=True, slots=True)
class Volume:
    """How many records of a family the catalogue holds of this source, and how many came."""

    family: str
    held: int
    found: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What merging the staged records changes, each list with the first codes only."""

    counts: Mapping[str, int]
    """`created`, `modified`, `unchanged`, `absent`, `restored`."""

    samples: Mapping[str, Sequence[str]]
    volumes: Sequence[Volume] = ()


@dataclass(frozen=True, slots=True)
class ReferenceUsed:
    """A nomenclature that the records were compared with, in the release that we hold."""

    name: str
    version: str | None
    dated_on: date | None


@dataclass(frozen=True, slots=True)
class Review:
    """The findings that only the whole file and the catalogue together show (steps 3 and 4)."""

    references: Sequence[ReferenceUsed]
    findings: Sequence[Finding]


class Merging(Protocol):
    """Applies the plan within the caller's transaction, and publishes each change."""

    async def changed(self, codes: Sequence[str]) -> Sequence[str]:
        """Return which of these staged records may be written before all are staged."""

    async def write(self, codes: Sequence[str]) -> None:
        """Write these, ahead of the others."""

    async def finish(self, extract: bool) -> None:  # noqa: FBT001  # as `plan` has it
        """Write the rest."""


Merge = Callable[[asyncpg.Connection, uuid.UUID, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AtOnce:
    """The merging of what must be staged as a whole before any of it is written."""

    merge: Merge
    connection: asyncpg.Connection
    run: uuid.UUID

    async def changed(self, codes: Sequence[str]) -> Sequence[str]:
        """Return none."""
        del codes
        return ()

    async def write(self, codes: Sequence[str]) -> None:
        """Do nothing, as nothing is ahead."""

    async def finish(self, extract: bool) -> None:  # noqa: FBT001  # as `plan` has it
        """Write all."""
        await self.merge(self.connection, self.run, extract)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that can be imported; the last four work on `training.import_record`."""

    name: str
    """The last segment of its address."""

    licence: str | None
    """Under which its producer publishes it; None where nobody fixes it."""
    open: Callable[[IO[bytes], Told], AbstractContextManager[Reader]]
    """Takes a seekable file."""

    review: Callable[[asyncpg.Connection, uuid.UUID], Awaitable[Review]]
    plan: Callable[[asyncpg.Connection, uuid.UUID, bool], Awaitable[Plan]]
    """The flag: the file is an extract, so that what it lacks says nothing."""

    merging: Callable[[asyncpg.Connection, uuid.UUID], Merging]
    after: Callable[[asyncpg.Connection, uuid.UUID], Awaitable[None]] | None = None
    """What follows from a merge, in its transaction."""


Formats = Mapping[str, Format]
