"""Making, listing and revoking share links, and finding the report that one opens."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from diagnostic import tokens
from diagnostic.assessments import access, steps
from diagnostic.assessments.models import VOID
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.audit import service as audit
from diagnostic.questionnaires.grid import Language
from diagnostic.roadmaps.service import NotSubmitted
from diagnostic.scores.models import Score
from diagnostic.shares import queries
from diagnostic.shares.models import ShareAccess, ShareLink
from diagnostic.shares.schemas import ShareLinkCreate, ShareLinkCreated, ShareLinkRead
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound, ProblemError
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool

MOST_LINKS = 20
MOST_AN_HOUR = 300
HANDED_OUT = "handed_out"


class ShareLinkUnknown(NotFound):
    """No such link, or another tenant's."""

    code = "share-link-unknown"
    title = Text("Lien de partage inconnu", "Unknown share link")
    detail = Text(
        "Aucun de vos liens de partage ne porte cet identifiant.",
        "None of your share links has this identifier.",
    )


class ShareLinksTooMany(Conflict):
    """A diagnostic has as many links in use as it may have."""

    code = "share-links-too-many"
    title = Text("Trop de liens de partage", "Too many share links")
    detail = Text(
        "Ce diagnostic a déjà {most} liens en cours : révoquez-en un.",
        "This assessment already has {most} links in use: revoke one.",
    )


class SharedReportUnknown(NotFound):
    """The link was never made, has expired, was revoked, or its report is gone: all the same."""

    code = "shared-report-unknown"
    title = Text("Rapport introuvable", "Report not found")
    detail = Text(
        "Ce lien n’ouvre aucun rapport : il est inconnu, expiré ou révoqué. Demandez-en un autre"
        " à l’entreprise.",
        "This link opens no report: it is unknown, expired or revoked. Ask the company for"
        " another one.",
    )


class SharedReportBusy(ProblemError):
    """One link was used too often within the hour."""

    status = 429
    code = "shared-report-busy"
    title = Text("Lien trop sollicité", "Link used too often")
    detail = Text(
        "Ce lien a servi {most} fois dans l’heure : réessayez plus tard.",
        "This link was used {most} times within the hour: try again later.",
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """What a token opens: the tenant's report, or `refusal`, why it opens nothing any longer."""

    link_id: uuid.UUID
    assessment_id: uuid.UUID
    tenant: str
    language: Language | None
    refusal: str | None

    @property
    def reader(self) -> Principal:
        """Read as the tenant that shared would, with no scope at all."""
        return Principal("share-link", "share-link", "share-link", self.tenant)


async def create(
    session: Session,
    caller: Principal,
    assessment_id: uuid.UUID,
    body: ShareLinkCreate,
    now: datetime,
) -> ShareLinkCreated:
    """Make a link to the report of a scored diagnostic of the caller's own."""
    found = await steps.locked(session, assessment_id, access.owned_by(caller))
    if found.status in VOID:
        raise AssessmentClosed(status=found.status)
    if not await session.scalar(select(Score.id).where(Score.assessment_id == found.id).limit(1)):
        raise NotSubmitted
    in_use = select(func.count()).where(
        ShareLink.assessment_id == found.id,
        ShareLink.revoked_at.is_(None),
        ShareLink.expires_at > now,
    )
    if (await session.scalar(in_use) or 0) >= MOST_LINKS:
        raise ShareLinksTooMany(most=MOST_LINKS)
    token = tokens.drawn()
    link = ShareLink(
        assessment_id=found.id,
        digest=tokens.digest_of(token),
        language=body.language,
        note=body.note,
        created_by=caller.subject,
        created_at=now,
        expires_at=now + timedelta(days=body.days),
    )
    session.add(link)
    await session.flush()
    await audit.record(session, caller, "share", "assessment", found.id)
    shown = await _shown(session, link.id)
    return ShareLinkCreated(**shown.model_dump(), token=token)


async def revoke(
    session: Session, caller: Principal, link_id: uuid.UUID, now: datetime
) -> ShareLinkRead:
    """End a link at once; one revoked already stays as it is."""
    link = await session.get(ShareLink, link_id)
    if link is None:
        raise ShareLinkUnknown
    try:
        await steps.locked(session, link.assessment_id, access.owned_by(caller))
    except AssessmentUnknown:
        raise ShareLinkUnknown from None
    await session.refresh(link)
    if link.revoked_at is None:
        link.revoked_at, link.revoked_by = now, caller.subject
        await session.flush()
        await audit.record(session, caller, "revoke_share", "assessment", link.assessment_id)
    return await _shown(session, link_id)


async def _shown(session: Session, link_id: uuid.UUID) -> ShareLinkRead:
    connection = await session.connection()
    rows = await connection.exec_driver_sql(queries.ONE, (link_id,))
    return ShareLinkRead.model_validate(dict(rows.mappings().one()))


async def listed(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, paging: PageRequest
) -> Sequence[ShareLinkRead]:
    """Read one link more than the page holds, oldest first."""
    reach = access.owned_by(caller)
    if await reads.fetchval("share links seen", queries.SEEN, assessment_id, *reach) is None:
        raise AssessmentUnknown
    at, last = paging.after or (_BEFORE_ALL, str(uuid.UUID(int=0)))
    rows = await reads.fetch(
        "share links",
        queries.LISTED,
        assessment_id,
        datetime.fromisoformat(at),
        uuid.UUID(last),
        paging.limit + 1,
    )
    return [ShareLinkRead.model_validate(dict(row)) for row in rows]


_BEFORE_ALL = "2000-01-01T00:00:00+00:00"


async def counted(reads: ReadPool, assessment_id: uuid.UUID) -> int:
    """Count the whole list, whatever its pages."""
    found: int = await reads.fetchval("share links count", queries.COUNTED, assessment_id)
    return found


async def opened(reads: ReadPool, token: str, now: datetime) -> Shared:
    """Find what a token opens; raises SharedReportUnknown, or SharedReportBusy."""
    row = await reads.fetchrow("share link", queries.SHARED, tokens.digest_of(token), now)
    if row is None:
        raise SharedReportUnknown(headers=UNSEEN)
    if row["lately"] >= MOST_AN_HOUR:
        if row["refusal"] is not None:
            raise SharedReportUnknown(headers=UNSEEN)
        raise SharedReportBusy(most=MOST_AN_HOUR, headers={**UNSEEN, "retry-after": "3600"})
    return Shared(row["id"], row["assessment_id"], row["tenant"], row["language"], row["refusal"])


UNSEEN = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
}
"""The address is the secret: no copy, no trace of it on the next site, no search engine."""


async def note(session: Session, shared: Shared, form: str) -> None:
    """Write down one use of a link, before its answer leaves."""
    session.add(
        ShareAccess(link_id=shared.link_id, format=form, outcome=shared.refusal or HANDED_OUT)
    )
    await session.flush()
