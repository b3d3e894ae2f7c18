"""HTTP of evidence; a file is sent and fetched as it is."""

from datetime import UTC, date, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from diagnostic.actions.problems import ActionUnknown
from diagnostic.assessments import access
from diagnostic.assessments.answering import QuestionUnknown
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.evidence import receiving
from diagnostic.evidence import service as evidence
from diagnostic.evidence.kinds import EvidenceKind, Polarity
from diagnostic.evidence.models import Evidence
from diagnostic.evidence.receiving import (
    Described,
    EvidenceFull,
    EvidenceRefused,
    EvidenceTooLarge,
    EvidenceTypeUnsupported,
)
from diagnostic.evidence.schemas import EvidenceRead, EvidenceUpdate
from diagnostic.evidence.service import About, EvidenceExpired, EvidenceInUse, EvidenceUnknown
from diagnostic.evidence.validity import is_expired
from diagnostic.names import Name
from platformkit import etags, preferences
from platformkit.auth import Principal, needs
from platformkit.classes import counted_as
from platformkit.db import Session
from platformkit.detection import EXTENSIONS
from platformkit.errors import Invalid, PreconditionFailed, PreconditionRequired, problems
from platformkit.idempotency import IdempotentRoute
from platformkit.openapi import file_body
from platformkit.pagination import Page, Paging, page
from platformkit.paris import day_in_paris
from platformkit.reads import Reads
from platformkit.streaming import Streamed
from platformkit.wire import Day

router = APIRouter(prefix="/v1", tags=["evidence"], route_class=IdempotentRoute)

Reader = Annotated[Principal, needs("diagnostic:read")]
Writer = Annotated[Principal, needs("diagnostic:write")]
Facilitator = Annotated[Principal, needs("diagnostic:facilitate")]
ActionId = Annotated[UUID | None, Query(description="of the diagnostic's present roadmap")]
QuestionCode = Annotated[str | None, Query(pattern="^[A-Z][A-Z0-9_]{0,31}$")]


def _shown(found: Evidence, day: date) -> EvidenceRead:
    expired = is_expired(found.valid_until, day)
    counts_as = "document" if found.verified_at is None else "verified"
    facts = {name: getattr(found, name) for name in EvidenceRead.model_fields.keys() - _COMPUTED}
    return EvidenceRead(
        **facts,
        is_expired=expired,
        counts_as="nothing" if expired or found.polarity == Polarity.NEGATIVE else counts_as,
    )


_COMPUTED = {"is_expired", "counts_as"}


def _tagged(found: Evidence, response: Response) -> EvidenceRead:
    etags.tagged(response, found.version)
    return _shown(found, day_in_paris(datetime.now(UTC)))


@router.post(
    "/assessments/{assessment_id}/evidence",
    status_code=201,
    openapi_extra=file_body(EXTENSIONS, receiving.MAX_BYTES),
    responses={
        200: {"model": EvidenceRead, "description": "It is there already."},
        **problems(
            AssessmentUnknown,
            QuestionUnknown,
            ActionUnknown,
            AssessmentClosed,
            EvidenceFull,
            EvidenceTooLarge,
            EvidenceTypeUnsupported,
            EvidenceRefused,
        ),
    },
)
async def add_evidence(
    assessment_id: UUID,
    kind: EvidenceKind,
    title: Annotated[Name, Query(description="what people call it: its file's name, say")],
    request: Request,
    session: Session,
    reads: Reads,
    caller: Writer,
    response: Response,
    question: QuestionCode = None,
    action: ActionId = None,
    polarity: Polarity = Polarity.POSITIVE,
    valid_until: Annotated[Day | None, Query(description="its last day, in Paris")] = None,
) -> EvidenceRead:
    """Send a file as it is, with its Content-Type; the same file for the same thing is one.

    With `question` or for the whole before the submission; with `action`, an action of the
    present roadmap, after it.
    """
    media_type = preferences.media_type(request.headers.get("content-type", ""))
    described = Described(media_type, question, action, kind, polarity, title, valid_until)
    limit = await receiving.admit(reads, caller, assessment_id, described)
    received = await receiving.receive(request.stream(), limit, described)
    found, is_new = await receiving.keep(session, caller, assessment_id, described, received)
    response.status_code = 201 if is_new else 200
    response.headers["location"] = f"/v1/evidence/{found.id}"
    return _tagged(found, response)


@router.get("/assessments/{assessment_id}/evidence", responses=problems(AssessmentUnknown))
async def list_evidence(
    assessment_id: UUID,
    session: Session,
    caller: Reader,
    paging: Paging,
    question: QuestionCode = None,
    action: ActionId = None,
) -> Page[EvidenceRead]:
    """List the evidence of a diagnostic in the order of its arrival; expired pieces say so."""
    day, about = day_in_paris(datetime.now(UTC)), About(question, action)
    return page(
        paging,
        await evidence.listed(session, caller, assessment_id, paging, about),
        key=lambda one: [one.created_at.isoformat(), str(one.id)],
        render=lambda one: _shown(one, day),
        total=await evidence.counted(session, assessment_id, about) if paging.count else None,
    )


@router.get("/evidence/{evidence_id}", responses=problems(EvidenceUnknown))
async def read_evidence(
    evidence_id: UUID, session: Session, caller: Reader, response: Response
) -> EvidenceRead:
    """Read what is said of a piece of evidence, and what it counts as today."""
    return _tagged(await evidence.one(session, evidence_id, access.seen_by(caller)), response)


@router.get(
    "/evidence/{evidence_id}/content",
    dependencies=[counted_as("bulk")],
    response_class=Response,
    responses={
        200: {"content": {one: {} for one in EXTENSIONS}, "description": "The file as it came."},
        **problems(EvidenceUnknown),
    },
)
async def download_evidence(
    evidence_id: UUID, request: Request, session: Session, reads: Reads, caller: Reader
) -> Response:
    """Download the file as it came; it may hold anything, so it is only ever an attachment."""
    found = await evidence.one(session, evidence_id, access.seen_by(caller))
    tag = f'"{found.sha256}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    extension = f".{EXTENSIONS[found.media_type]}"
    name = quote(found.title.removesuffix(extension) + extension, safe="")
    headers |= {
        "content-length": str(found.size),
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    pieces = evidence.content(reads, found)
    return Streamed(pieces, headers=headers, media_type=found.media_type)


_CHANGES = (EvidenceUnknown, AssessmentClosed, PreconditionFailed, PreconditionRequired)


@router.patch("/evidence/{evidence_id}", responses=problems(*_CHANGES, Invalid))
async def change_evidence(
    evidence_id: UUID,
    body: EvidenceUpdate,
    if_match: etags.IfMatch,
    session: Session,
    caller: Writer,
    response: Response,
) -> EvidenceRead:
    """Change what is said of a piece of evidence; it then waits to be verified again."""
    found = await evidence.change(session, caller, evidence_id, if_match, body)
    return _tagged(found, response)


@router.delete(
    "/evidence/{evidence_id}",
    status_code=204,
    responses=problems(*_CHANGES, EvidenceInUse),
)
async def drop_evidence(
    evidence_id: UUID, if_match: etags.IfMatch, session: Session, caller: Writer
) -> None:
    """Forget a piece of evidence and its file, while the diagnostic may still change."""
    await evidence.drop(session, caller, evidence_id, if_match)


@router.post("/evidence/{evidence_id}/verify", responses=problems(*_CHANGES, EvidenceExpired))
async def verify_evidence(
    evidence_id: UUID,
    if_match: etags.IfMatch,
    session: Session,
    caller: Facilitator,
    response: Response,
) -> EvidenceRead:
    """Take a document as what it is said to be; it counts as verified from the next score on."""
    now = datetime.now(UTC)
    return _tagged(await evidence.verify(session, caller, evidence_id, if_match, now), response)
