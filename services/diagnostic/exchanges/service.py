"""Grids out in other formats, and files in as drafts: read off the event loop, refused whole."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import orjson
from pydantic import ValidationError

from diagnostic.drafts import checks
from diagnostic.drafts import service as drafts
from diagnostic.drafts.schemas import GridWrite
from diagnostic.exchanges import (
    documents,
    fhir,
    fhir_reading,
    spreadsheet,
    spreadsheet_reading,
    surveyjs,
    surveyjs_reading,
    xlsform,
    xlsform_reading,
)
from diagnostic.exchanges.reading import Reading, Remark, Unreadable
from diagnostic.exchanges.schemas import FileFormat
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import Finding, GridContent
from diagnostic.questionnaires.models import QuestionnaireVersion
from platformkit import etags, preferences, validation
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text
from platformkit.reads import ReadPool
from platformkit.validation import UnsupportedMediaType

JSON = "application/json"
FHIR = "application/fhir+json"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REVISION = "1"
"""Part of every entity tag: raise it when a format writes other bytes for the same grid."""

_MOST_FAULTS = 500


class FileTypeRefused(UnsupportedMediaType):
    """The file is of another kind than the address reads."""

    code = "file-type-refused"
    detail = Text("Envoyez le fichier en {accepted}.", "Send the file as {accepted}.")


class FileUnreadable(Invalid):
    """The file holds no grid that can be read; every fault is named, by cell where it has cells."""

    code = "file-unreadable"
    title = Text("Fichier illisible", "Unreadable file")


@dataclass(frozen=True, slots=True)
class Format:
    """How one format is read and written; pure functions, run in a thread."""

    media_types: tuple[str, ...]
    name: str
    """How a file of it is called, after the code and the version of its grid."""

    read: Callable[[bytes], Reading]
    write: Callable[[GridContent], bytes]
    losses: Callable[[GridContent], list[Remark]]


FORMATS = {
    FileFormat.JSON: Format(
        (JSON,),
        ".json",
        documents.read,
        documents.write,
        lambda _: [],
    ),
    FileFormat.XLSX: Format(
        (WORKBOOK,),
        ".xlsx",
        spreadsheet_reading.read,
        spreadsheet.write,
        spreadsheet.losses,
    ),
    FileFormat.FHIR: Format(
        (FHIR, JSON),
        ".fhir.json",
        fhir_reading.read,
        fhir.write,
        fhir.losses,
    ),
    FileFormat.SURVEYJS: Format(
        (JSON,),
        ".surveyjs.json",
        surveyjs_reading.read,
        surveyjs.write,
        surveyjs.losses,
    ),
    FileFormat.XLSFORM: Format(
        (WORKBOOK,),
        ".xlsform.xlsx",
        xlsform_reading.read,
        xlsform.write,
        xlsform.losses,
    ),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A file that is a grid."""

    content: GridContent
    reading: Reading

    @property
    def losses(self) -> list[Remark]:
        """What was lost or understood otherwise."""
        return self.reading.remarks


async def version(
    reads: ReadPool, caller: Principal, code: str, number: str
) -> tuple[GridContent, str]:
    """Read a version that the caller may see, and its content hash."""
    _, body = await questionnaires.rendered(reads, caller.tenant, code, number)
    found = orjson.loads(body)
    content = await asyncio.to_thread(GridContent.model_validate, found["content"])
    return content, found["content_hash"]


def tag(content_hash: str, kind: FileFormat) -> str:
    """Tag a version in a format."""
    return etags.of_bytes(content_hash, kind, _REVISION)


async def written(kind: FileFormat, content: GridContent) -> bytes:
    """Write a version in a format."""
    return await asyncio.to_thread(FORMATS[kind].write, content)


async def losses(kind: FileFormat, content: GridContent) -> list[Remark]:
    """Name what the format does not hold of a grid."""
    return await asyncio.to_thread(FORMATS[kind].losses, content)


def check_type(kind: FileFormat, content_type: str) -> None:
    """Raise FileTypeRefused unless the file is announced as what the format is."""
    accepted = FORMATS[kind].media_types
    if preferences.media_type(content_type) not in accepted:
        raise FileTypeRefused(accepted=" / ".join(accepted))


async def understood(kind: FileFormat, body: bytes) -> Understood:
    """Read a file, or raise FileUnreadable with every fault."""
    return await asyncio.to_thread(_understood, FORMATS[kind], body)


def _understood(form: Format, body: bytes) -> Understood:
    try:
        reading = form.read(body)
    except Unreadable as refused:
        raise FileUnreadable([_fault(one) for one in refused.remarks]) from refused
    wrong = [_fault(one) for one in reading.remarks if one.severity == "error"]
    known = {one.pointer for one in wrong}
    content = None
    try:
        content = GridWrite.model_validate(reading.raw)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            found = validation.fault({**one, "loc": ("body", *one["loc"])})
            if not any(at == found.pointer or at.startswith(found.pointer + "/") for at in known):
                place = reading.place(found.pointer)
                wrong.append(Fault(found.pointer, found.code, found.detail, place=place))
    if wrong or content is None:
        raise FileUnreadable(wrong[:_MOST_FAULTS])
    return Understood(content, reading)


def _fault(remark: Remark) -> Fault:
    return Fault(remark.pointer, remark.code, Text(remark.fr, remark.en), place=remark.place)


async def save(
    session: Session,
    caller: Principal,
    found: Understood,
    now: datetime,
    if_match: str | None = None,
) -> tuple[QuestionnaireVersion, list[Finding]]:
    """Store the grid as the caller's draft, and lint it."""
    made = await drafts.save_draft(session, caller, found.content, now, if_match)
    return made, await checks.findings(session, found.content)
