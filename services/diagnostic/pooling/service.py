"""Letting oneself be matched, taking it back, and reading the proposals."""

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime

import orjson
from sqlalchemy import select

from diagnostic import faults
from diagnostic.assessments import access, grids
from diagnostic.audit import service as audit
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.enrolments import service as enrolments
from diagnostic.organisations import service as organisations
from diagnostic.pooling import queries, rendering
from diagnostic.pooling.matching import Member
from diagnostic.pooling.models import PoolingConsent
from diagnostic.pooling.schemas import PoolingJoin, PoolingRead
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import GridContent, exact
from diagnostic.questionnaires.models import QuestionnaireVersion
from diagnostic.sessions.queries import VISIBLE
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Fault, Invalid
from platformkit.reads import ReadPool

Standing = tuple[PoolingConsent | None, str | None]
"""What a company said, if anything, and the code of the grid that it said it by."""


async def join(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    organisation_id: uuid.UUID,
    if_match: str,
    body: PoolingJoin,
    now: datetime,
) -> Standing:
    """Keep a company's yes, or change it; it needs a seat in the cohort."""
    await organisations.own(session, caller.tenant, organisation_id, lock=True)
    await enrolments.programme_of_seat(session, cohort_id, organisation_id)
    grid = await questionnaires.latest(session, body.questionnaire)
    if wrong := list(_unknown(GridContent.model_validate(grid.content), body)):
        raise Invalid(wrong)
    found = await session.get(PoolingConsent, (cohort_id, organisation_id))
    etags.match(if_match, etags.of_version(found.version if found else 0))
    if found is None:
        found = PoolingConsent(
            cohort_id=cohort_id,
            organisation_id=organisation_id,
            tenant=caller.tenant,
            consented_at=now,
            version=0,
        )
        session.add(found)
    has_joined = found.version == 0 or found.withdrawn_at is not None
    if has_joined:
        found.consented_at, found.withdrawn_at = now, None
    found.terms, found.version_id = body.terms, grid.id
    found.offers, found.asks = body.offers, body.asks
    found.most_helped = body.most_helped
    found.version += 1
    await session.flush()
    deed = "join_pooling" if has_joined else "change_pooling"
    await audit.record(session, caller, deed, "organisation", organisation_id)
    return found, body.questionnaire


def _unknown(grid: GridContent, body: PoolingJoin) -> Iterator[Fault]:
    known = {one.code for one in grid.dimensions}
    for name in ("offers", "asks"):
        for place, code in enumerate(getattr(body, name) or ()):
            if code not in known:
                yield faults.fault(
                    f"/{name}/{place}",
                    "dimension_unknown",
                    f"Les axes de cette grille sont : {', '.join(sorted(known))}.",
                    f"The dimensions of this grid are: {', '.join(sorted(known))}.",
                )


async def leave(
    session: Session,
    caller: Principal,
    cohort_id: uuid.UUID,
    organisation_id: uuid.UUID,
    now: datetime,
) -> None:
    """Take a company out at once, and forget what it offered and asked; again is nothing.

    No version is asked for: taking back is as easy as giving (GDPR, article 7.3).
    """
    await organisations.own(session, caller.tenant, organisation_id, lock=True)
    found = await session.get(PoolingConsent, (cohort_id, organisation_id))
    if found is None or found.withdrawn_at is not None:
        return
    found.withdrawn_at, found.offers, found.asks = now, None, None
    found.version += 1
    await audit.record(session, caller, "leave_pooling", "organisation", organisation_id)


async def standing(
    session: Session, caller: Principal, cohort_id: uuid.UUID, organisation_id: uuid.UUID
) -> Standing:
    """Read what a company of this tenant said in a cohort."""
    await organisations.own(session, caller.tenant, organisation_id)
    found = await session.get(PoolingConsent, (cohort_id, organisation_id))
    if found is None:
        return None, None
    content = await session.scalar(
        select(QuestionnaireVersion.content).where(QuestionnaireVersion.id == found.version_id)
    )
    return found, content["code"] if content else None


async def read(reads: ReadPool, caller: Principal, cohort_id: uuid.UUID) -> PoolingRead:
    """Propose who helps whom, as far as the caller may see it; raises CohortUnknown."""
    seen = (cohort_id, *access.seen_by(caller))
    visible = await reads.fetchrow("cohort with pooling", VISIBLE, *seen)
    if visible is None:
        raise CohortUnknown
    leads = await reads.fetchval("pooling facilitated", queries.FACILITATED, cohort_id, seen[2])
    rows = await reads.fetch("pooling members", queries.MEMBERS, cohort_id)
    titles = {
        (row["questionnaire"], one.code): one.title
        for row in rows
        for one in (await grids.of(reads, row["version_id"])).dimensions
    }
    return await asyncio.to_thread(
        rendering.pooling,
        cohort_id,
        [_company(row) for row in rows],
        titles,
        None if leads else caller.tenant,
    )


def _company(row: Mapping[str, object]) -> rendering.Joined:
    scores = {
        one["code"]: exact(one["score"])
        for one in orjson.loads(str(row["dimensions"] or "[]"))
        if one["score"] is not None
    }
    return rendering.Joined(
        organisation_id=uuid.UUID(str(row["organisation_id"])),
        tenant=str(row["tenant"]),
        name=str(row["name"]),
        questionnaire=str(row["questionnaire"]),
        member=Member(
            key=str(row["organisation_id"]),
            most_helped=int(str(row["most_helped"])),
            offers=_codes(row["offers"]),
            asks=_codes(row["asks"]),
            scores=scores,
            method=str(row["scoring_hash"]) if scores else None,
        ),
    )


def _codes(stored: object) -> frozenset[str] | None:
    return None if stored is None else frozenset(orjson.loads(str(stored)))
