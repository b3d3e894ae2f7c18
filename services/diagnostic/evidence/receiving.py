"""Taking a file in: bounded and hashed while it comes, judged by its content, stored once."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.actions.problems import ActionUnknown
from diagnostic.assessments import access, grids, steps
from diagnostic.assessments.answering import QuestionUnknown
from diagnostic.assessments.models import SCORED, WRITABLE
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.audit import service as audit
from diagnostic.evidence import queries
from diagnostic.evidence.models import Evidence, EvidenceFile
from diagnostic.questionnaires.grid import File
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.detection import EXTENSIONS, is_what_it_says
from platformkit.errors import Conflict, Invalid, TooLarge
from platformkit.i18n import Text
from platformkit.reads import ReadPool
from platformkit.validation import UnsupportedMediaType

MAX_BYTES = 20_000_000
"""Of one file, in bytes; a question of type `file` may ask for less."""

MAX_TOTAL = 200_000_000
MAX_PIECES = 200
"""Of one diagnostic."""


class EvidenceTypeUnsupported(UnsupportedMediaType):
    """Files of this kind are not taken."""

    code = "evidence-type-unsupported"
    detail = Text("Types admis : {accepted}.", "Types accepted: {accepted}.")


class EvidenceTooLarge(TooLarge):
    """The question asks for a smaller file."""

    code = "evidence-too-large"
    title = Text("Fichier trop volumineux", "File too large")
    detail = Text(
        "Cette question prend un fichier d’au plus {limit} octets.",
        "This question takes a file of at most {limit} bytes.",
    )


class EvidenceRefused(Invalid):
    """The file is empty, or not what it is said to be."""

    code = "evidence-refused"
    title = Text("Preuve refusée", "Evidence refused")


class EvidenceFull(Conflict):
    """The diagnostic holds as much as it can."""

    code = "evidence-full"
    title = Text("Trop de preuves", "Too much evidence")
    detail = Text(
        "Un diagnostic garde au plus {pieces} preuves et {total} octets.",
        "An assessment keeps at most {pieces} pieces of evidence and {total} bytes.",
    )


@dataclass(frozen=True, slots=True)
class Described:
    """What the sender says of a file."""

    media_type: str
    question: str | None
    action: uuid.UUID | None
    kind: str
    polarity: str
    title: str
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came."""

    content: bytes
    sha256: str


async def admit(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, described: Described
) -> int:
    """Give the bytes that may come, or refuse before any is read what could not be kept."""
    if None not in (described.question, described.action):
        raise EvidenceRefused([faults.fault("/action", *_OF_TWO_THINGS, where="query")])
    about = (assessment_id, caller.tenant, described.action)
    row = await reads.fetchrow("evidence room", queries.ROOM, *about)
    if row is None:
        raise AssessmentUnknown
    if not row["has_action"]:
        raise ActionUnknown
    refuse_closed(row["status"], described.action)
    _refuse_full(row["pieces"], row["total"], coming=1)
    grid = await grids.of(reads, row["version_id"])
    return _limit(grid, described)


def refuse_closed(status: str, action: uuid.UUID | None) -> None:
    """Raise AssessmentClosed: answers are backed before the submission, actions proved after it."""
    if status not in (WRITABLE if action is None else SCORED):
        raise AssessmentClosed(status=status)


def _refuse_full(pieces: int, total: int, *, coming: int) -> None:
    if pieces >= MAX_PIECES or total + coming > MAX_TOTAL:
        raise EvidenceFull(pieces=MAX_PIECES, total=MAX_TOTAL)


def _limit(grid: PreparedGrid, described: Described) -> int:
    """Judge the kind of file by the question that asks for it, if one does."""
    accepted, limit = list(EXTENSIONS), MAX_BYTES
    if described.question is not None:
        asked = grid.questions.get(described.question)
        if asked is None:
            raise QuestionUnknown
        if isinstance(asked, File):
            limit = min(limit, asked.max_bytes)
            accepted = [kind for kind, name in EXTENSIONS.items() if name in asked.kinds]
    if described.media_type not in accepted:
        raise EvidenceTypeUnsupported(accepted=", ".join(accepted))
    return limit


async def receive(pieces: AsyncIterator[bytes], limit: int, described: Described) -> Received:
    """Read the file to its end, or refuse it as soon as it is too large; then judge it."""
    digest, content = hashlib.sha256(), bytearray()
    async for piece in pieces:
        if len(content) + len(piece) > limit:
            raise EvidenceTooLarge(limit=limit)
        digest.update(piece)
        content += piece
    if not content:
        raise EvidenceRefused([faults.fault("", *_EMPTY)])
    whole = bytes(content)
    if not await asyncio.to_thread(is_what_it_says, whole, described.media_type):
        raise EvidenceRefused([faults.fault("", *_NOT_WHAT_IT_SAYS)])
    return Received(whole, digest.hexdigest())


_OF_TWO_THINGS = (
    "of_two_things",
    "Une preuve est d’une question ou d’une action.",
    "Evidence is of a question or of an action.",
)
_EMPTY = ("empty", "Le fichier est vide.", "The file is empty.")
_NOT_WHAT_IT_SAYS = (
    "content_mismatch",
    "Le contenu du fichier n’est pas du type annoncé, ou il contient des macros.",
    "The file's content is not of the type announced, or it holds macros.",
)


async def keep(
    session: Session,
    caller: Principal,
    assessment_id: uuid.UUID,
    described: Described,
    received: Received,
) -> tuple[Evidence, bool]:
    """Store a file and what is said of it; the same for the same question is there already."""
    found = await steps.locked(session, assessment_id, access.owned_by(caller))
    refuse_closed(found.status, described.action)
    same = await session.scalar(
        select(Evidence).where(
            Evidence.assessment_id == assessment_id,
            Evidence.question.is_not_distinct_from(described.question),
            Evidence.action_id.is_not_distinct_from(described.action),
            Evidence.sha256 == received.sha256,
        )
    )
    if same is not None:
        return same, False
    held = await session.execute(
        select(func.count(), func.coalesce(func.sum(Evidence.size), 0)).where(
            Evidence.assessment_id == assessment_id
        )
    )
    pieces, total = held.one()
    _refuse_full(pieces, total, coming=len(received.content))
    await session.execute(
        insert(EvidenceFile)
        .values(assessment_id=assessment_id, sha256=received.sha256, content=received.content)
        .on_conflict_do_nothing()
    )
    created = Evidence(
        tenant=found.tenant,
        assessment_id=assessment_id,
        question=described.question,
        action_id=described.action,
        kind=described.kind,
        polarity=described.polarity,
        title=described.title,
        media_type=described.media_type,
        size=len(received.content),
        sha256=received.sha256,
        valid_until=described.valid_until,
    )
    session.add(created)
    await session.flush()
    if described.action is not None:
        await session.execute(text(queries.WORKED_ON), {"action": described.action})
    await audit.record(session, caller, "add", "evidence", created.id, after=received.sha256)
    return created, True
