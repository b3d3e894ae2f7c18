"""The rules of the imports at the door: what is taken in, and who sees what became of it."""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Conflict, Fault, Invalid, NotFound, ProblemError
from platformkit.i18n import Text
from platformkit.idempotency import KeyReused
from platformkit.pagination import PageRequest, rendered
from platformkit.reads import ReadPool
from training.audit import service as audit
from training.imports import queries
from training.imports.findings import FileRefused
from training.imports.formats import Format, Formats, Told
from training.imports.uploads import PIECE_BYTES, Received


class ImportFormatUnknown(NotFound):
    """No importer reads a format of this name."""

    code = "import-format-unknown"
    title = Text("Format d’import inconnu", "Unknown import format")
    detail = Text("Formats lus : {known}.", "Formats read: {known}.")


class ImportUnknown(NotFound):
    """The caller's organisation has sent no such file."""

    code = "import-unknown"
    title = Text("Import inconnu", "Unknown import")


class ImportUnfinished(Conflict):
    """The certificate is made at the end of the work."""

    code = "import-unfinished"
    title = Text("Import inachevé", "Unfinished import")
    detail = Text(
        "L’import est encore {state} ; son certificat paraît quand il est fini.",
        "The import is still {state}; its certificate appears when it is over.",
    )


class MediaTypeUnread(ProblemError):
    """The body is of a kind that no importer reads."""

    status = 415
    code = "import-media-type-unread"
    title = Text("Type de fichier non lu", "Unread kind of file")
    detail = Text(
        "Envoyez application/xml, application/zip, text/csv ou application/octet-stream, encodé"
        " en gzip ou pas du tout.",
        "Send application/xml, application/zip, text/csv or application/octet-stream, encoded"
        " with gzip or not at all.",
    )


class FileUnreadable(Invalid):
    """The head of the file breaks a rule, named in `errors`; its `place` is line:column, if any."""

    code = "import-file-unreadable"
    title = Text("Fichier illisible", "Unreadable file")

    def __init__(self, refusal: FileRefused) -> None:
        places = [str(one) for one in (refusal.line, refusal.column) if one is not None]
        place = ":".join(places) or None
        super().__init__([Fault("", refusal.rule, refusal.detail, place=place)])


class XmlDoctypeForbidden(FileUnreadable):
    """The XML holds a DOCTYPE: no format needs one, and entities come with it."""

    code = "xml-doctype-forbidden"
    title = Text("DOCTYPE interdit", "DOCTYPE forbidden")


class XmlMalformed(FileUnreadable):
    """The XML is not well-formed, or not in the encoding that it declares."""

    code = "xml-malformed"
    title = Text("XML mal formé", "Malformed XML")


class ArchiveRefused(FileUnreadable):
    """The ZIP is damaged, or would unpack to more, or elsewhere, than it may."""

    code = "archive-refused"
    title = Text("Archive refusée", "Archive refused")


class ImportFormatMismatch(FileUnreadable):
    """The file is readable and of another format."""

    code = "import-format-mismatch"
    title = Text("Fichier d’un autre format", "File of another format")


class ImportsWaiting(ProblemError):
    """As many files of one organisation wait as the disk has room for."""

    status = 429
    code = "imports-waiting"
    title = Text("Trop d’imports en attente", "Too many imports waiting")
    detail = Text(
        "Votre organisation a déjà {most} imports en attente ou en cours : suivez-les d’abord.",
        "Your organisation already has {most} imports waiting or at work: follow those first.",
    )


MOST_OPEN: Final = 20
"""Runs of one organisation that are not over: each keeps its file in the database."""

_AT_THE_DOOR = {
    kind.code: kind
    for kind in (XmlDoctypeForbidden, XmlMalformed, ArchiveRefused, ImportFormatMismatch)
}


@dataclass(frozen=True, slots=True)
class Asked:
    """How a file is to be imported."""

    mode: str
    force: bool
    extract: bool
    dated_on: date | None
    media_type: str
    licence: str | None = None
    """Under which the sender says that the file may be used."""
    filename: str | None = None


def format_named(formats: Formats, name: str) -> Format:
    """Return the format, or raise ImportFormatUnknown."""
    if name not in formats:
        raise ImportFormatUnknown(known=", ".join(sorted(formats)))
    return formats[name]


async def check_head(format_: Format, file: IO[bytes], asked: Asked) -> None:
    """Refuse at once what its head already shows to be hostile, broken or of another format."""

    def look() -> None:
        with format_.open(file, Told(asked.dated_on, asked.filename)):
            pass

    try:
        await asyncio.to_thread(look)
    except FileRefused as refusal:
        raise _AT_THE_DOOR.get(refusal.rule, FileUnreadable)(refusal) from refusal
    file.seek(0)


async def submit(
    session: AsyncSession,
    caller: Principal,
    key: str | None,
    format_: Format,
    asked: Asked,
    file: IO[bytes],
    received: Received,
) -> tuple[uuid.UUID, bytes, bool]:
    """Store a file and queue its import; with a key that is known return the run that it made.

    Gives the run, its document and whether it was known. Raises KeyReused when the key came with
    another file or another way to import it, ImportsWaiting when MOST_OPEN are not over.
    """
    raw = await driver(session)
    if await raw.fetchval(queries.IS_FULL, caller.tenant, caller.client, key, MOST_OPEN):
        raise ImportsWaiting(most=MOST_OPEN, headers={"retry-after": "60"})
    found = await enqueue(raw, caller.tenant, caller.client, key, format_, asked, file, received)
    replayed = found is None
    if found is None:
        known = await raw.fetchrow(queries.BY_KEY, caller.tenant, caller.client, key)
        same = (asked.mode, asked.force, asked.extract, asked.dated_on, asked.licence)
        if tuple(known)[1:] != (format_.name, *same, received.sha256):
            raise KeyReused
        found = known["id"]
    else:
        detail = f"{format_.name} {asked.mode} sha256:{received.sha256}"
        await audit.record(raw, caller, "start_import", "import", str(found), detail)
    row = await raw.fetchrow(queries.RUN, found, caller.tenant)
    return found, str(row["document"]).encode(), replayed


async def enqueue(
    connection: Any,  # noqa: ANN401  # asyncpg's, which has no types
    tenant: str,
    client: str,
    key: str | None,
    format_: Format,
    asked: Asked,
    file: IO[bytes],
    received: Received,
) -> uuid.UUID | None:
    """Store a run and its file within the caller's transaction; None when the key is taken."""
    run: uuid.UUID | None = await connection.fetchval(
        queries.SUBMIT,
        tenant,
        client,
        key,
        format_.name,
        asked.mode,
        asked.force,
        asked.extract,
        asked.dated_on,
        asked.licence,
        asked.filename,
        asked.media_type,
        received.size,
        received.sha256,
    )
    if run is not None:
        await connection.copy_records_to_table(
            "import_file_part",
            schema_name="training",
            columns=("run_id", "position", "bytes"),
            records=((run, place, piece) for place, piece in _pieces(file)),
        )
    return run


def _pieces(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    place = 0
    while piece := file.read(PIECE_BYTES):
        yield place, piece
        place += 1


async def run(reads: ReadPool, caller: Principal, run_id: uuid.UUID) -> Any:  # noqa: ANN401  # an asyncpg record
    """Return the document, the certificate and the state of a run of the caller's organisation."""
    row = await reads.fetchrow("import run", queries.RUN, run_id, caller.tenant)
    if row is None:
        raise ImportUnknown
    return row


async def certificate(reads: ReadPool, caller: Principal, run_id: uuid.UUID) -> bytes:
    """Return the certificate of a run that is over; raises ImportUnfinished before."""
    row = await run(reads, caller, run_id)
    if row["certificate"] is None:
        raise ImportUnfinished(state=row["state"])
    return str(row["certificate"]).encode()


async def listed(reads: ReadPool, caller: Principal, paging: PageRequest) -> bytes:
    """Return a page of the runs of the caller's organisation, the newest first."""
    after = paging.after or [None, None]
    rows = await reads.fetch("import runs", queries.RUNS, caller.tenant, *after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("import runs count", queries.RUNS_COUNT, caller.tenant)
    return rendered(
        paging, rows, lambda row: [row["created_at"].isoformat(), str(row["id"])], total
    )


async def anomalies(
    reads: ReadPool,
    caller: Principal,
    run_id: uuid.UUID,
    paging: PageRequest,
    severity: str | None,
) -> bytes:
    """Return a page of what is wrong with a file, in the order of its lines."""
    await run(reads, caller, run_id)
    after = (paging.after or [0])[0]
    rows = await reads.fetch(
        "import anomalies", queries.ANOMALIES, run_id, after, severity, paging.limit + 1
    )
    total = None
    if paging.count:
        total = await reads.fetchval(
            "import anomalies count", queries.ANOMALIES_COUNT, run_id, severity
        )
    return rendered(paging, rows, lambda row: [row["position"]], total)
