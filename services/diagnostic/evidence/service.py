"""Showing, changing, verifying and dropping pieces of evidence."""

import uuid
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, text, tuple_

from diagnostic.assessments import access, steps
from diagnostic.assessments.models import VOID, Assessment
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.audit import service as audit
from diagnostic.evidence import queries
from diagnostic.evidence.models import Evidence
from diagnostic.evidence.receiving import refuse_closed
from diagnostic.evidence.schemas import EvidenceUpdate
from diagnostic.evidence.validity import is_expired
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool

_SLICE = 262_144
"""Bytes of a download that are read at a time, each by a connection given back at once."""


class EvidenceUnknown(NotFound):
    """No such piece of evidence, or none that the caller may see."""

    code = "evidence-unknown"
    title = Text("Preuve inconnue", "Unknown evidence")
    detail = Text(
        "Aucune de vos preuves ne porte cet identifiant.",
        "None of your evidence has this identifier.",
    )


class EvidenceExpired(Conflict):
    """What no longer counts is not verified."""

    code = "evidence-expired"
    title = Text("Preuve expirée", "Evidence expired")
    detail = Text(
        "Cette preuve valait jusqu’au {valid_until} : elle ne se vérifie plus.",
        "This evidence was valid until {valid_until}: it can no longer be verified.",
    )


class EvidenceInUse(Conflict):
    """An answer is this very file."""

    code = "evidence-in-use"
    title = Text("Preuve citée par une réponse", "Evidence cited by an answer")
    detail = Text(
        "Une réponse est ce fichier : changez-la d’abord.",
        "An answer is this file: change it first.",
    )


@dataclass(frozen=True, slots=True)
class About:
    """What evidence is asked for; a field that is null sorts nothing out."""

    question: str | None
    action: uuid.UUID | None


async def listed(
    session: Session,
    caller: Principal,
    assessment_id: uuid.UUID,
    paging: PageRequest,
    about: About,
) -> Sequence[Evidence]:
    """Read one piece more than the page holds, in the order of their arrival."""
    tenant, facilitator = access.seen_by(caller)
    where = {"id": assessment_id, "tenant": tenant, "facilitator": facilitator}
    if await session.scalar(text(queries.SEEN), where) is None:
        raise AssessmentUnknown
    query = select(Evidence).where(*_filters(assessment_id, about))
    if paging.after is not None:
        at, last = paging.after
        query = query.where(
            tuple_(Evidence.created_at, Evidence.id) > (datetime.fromisoformat(at), uuid.UUID(last))
        )
    query = query.order_by(Evidence.created_at, Evidence.id).limit(paging.limit + 1)
    return (await session.scalars(query)).all()


async def counted(session: Session, assessment_id: uuid.UUID, about: About) -> int:
    """Count the whole list, whatever its pages."""
    query = select(func.count()).where(*_filters(assessment_id, about))
    return await session.scalar(query) or 0


def _filters(assessment_id: uuid.UUID, about: About) -> Iterator[ColumnElement[bool]]:
    yield Evidence.assessment_id == assessment_id
    if about.question is not None:
        yield Evidence.question == about.question
    if about.action is not None:
        yield Evidence.action_id == about.action


async def one(session: Session, evidence_id: uuid.UUID, reach: tuple[str, str | None]) -> Evidence:
    """Read a piece of evidence within reach, or raise EvidenceUnknown; `reach` as in `access`."""
    tenant, facilitator = reach
    found: Evidence | None = await session.scalar(
        select(Evidence).from_statement(text(queries.FIND)),
        {"id": evidence_id, "tenant": tenant, "facilitator": facilitator},
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise EvidenceUnknown
    return found


async def _held(
    session: Session, evidence_id: uuid.UUID, reach: tuple[str, str | None], if_match: str
) -> tuple[Evidence, Assessment]:
    """Hold a piece's diagnostic until the commit, and with it every piece."""
    before = await one(session, evidence_id, reach)
    diagnostic = await steps.locked(session, before.assessment_id, reach)
    found = await one(session, evidence_id, reach)
    etags.match(if_match, etags.of_version(found.version))
    return found, diagnostic


async def change(
    session: Session,
    caller: Principal,
    evidence_id: uuid.UUID,
    if_match: str,
    body: EvidenceUpdate,
) -> Evidence:
    """Change the fields that were sent; what somebody verified must then be verified again."""
    found, diagnostic = await _held(session, evidence_id, access.owned_by(caller), if_match)
    refuse_closed(diagnostic.status, found.action_id)
    for field, value in body.model_dump(exclude_unset=True).items():
        setattr(found, field, value)
    found.verified_at = found.verified_by = None
    found.version += 1
    await session.flush()
    await audit.record(session, caller, "change", "evidence", found.id)
    return found


async def verify(
    session: Session, caller: Principal, evidence_id: uuid.UUID, if_match: str, now: datetime
) -> Evidence:
    """Note that the facilitator has seen the document and takes it as what it is said to be."""
    found, diagnostic = await _held(session, evidence_id, access.seen_by(caller), if_match)
    if diagnostic.status in VOID:
        raise AssessmentClosed(status=diagnostic.status)
    if is_expired(found.valid_until, day_in_paris(now)):
        raise EvidenceExpired(valid_until=found.valid_until)
    if found.verified_at is None:
        found.verified_at, found.verified_by = now, caller.subject
        found.version += 1
        await session.flush()
        await audit.record(session, caller, "verify", "evidence", found.id, after=found.sha256)
    return found


async def drop(session: Session, caller: Principal, evidence_id: uuid.UUID, if_match: str) -> None:
    """Forget a piece of evidence and, when nothing else is it, its file."""
    found, diagnostic = await _held(session, evidence_id, access.owned_by(caller), if_match)
    refuse_closed(diagnostic.status, found.action_id)
    cited = {"assessment": found.assessment_id, "id": str(found.id)}
    if await session.scalar(text(queries.IN_USE), cited):
        raise EvidenceInUse
    await session.delete(found)
    await session.flush()
    file = {"assessment": found.assessment_id, "sha256": found.sha256}
    await session.execute(text(queries.DROP_FILE), file)
    await audit.record(session, caller, "drop", "evidence", found.id, before=found.sha256)


async def content(reads: ReadPool, found: Evidence) -> AsyncIterator[bytes]:
    """Read a file slice by slice, at the pace of whoever downloads it."""
    for start in range(1, found.size + 1, _SLICE):
        piece: bytes | None = await reads.fetchval(
            "evidence file", queries.SLICE, found.assessment_id, found.sha256, start, _SLICE
        )
        if piece is None:  # dropped meanwhile: an answer cut short is the only honest end
            raise EvidenceUnknown
        yield piece
