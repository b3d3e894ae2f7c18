"""Writing aids, showing them to everybody, and taking them back."""

import asyncio
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.audit import service as audit
from diagnostic.opportunities import models
from diagnostic.opportunities.content import Opportunity
from diagnostic.opportunities.lint import lint
from diagnostic.opportunities.models import Status
from diagnostic.opportunities.service import MOST, OpportunityUnknown
from diagnostic.questionnaires.hashing import canonical_hash
from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid
from platformkit.i18n import Text
from platformkit.pagination import PageRequest

_IN_TURN = text("SELECT pg_advisory_xact_lock(hashtext('diagnostic.opportunity'))")


class OpportunityRefused(Invalid):
    """Dates, rules or amounts make no sense together."""

    code = "opportunity-refused"
    title = Text("Aide refusée", "Opportunity refused")


class OpportunityExists(Conflict):
    """The code is taken, by you or by another funder."""

    code = "opportunity-exists"
    title = Text("Aide déjà créée", "Opportunity already exists")
    detail = Text("Une aide porte déjà ce code.", "An opportunity already has this code.")


class OpportunityStatusRefused(Conflict):
    """Only what is not public is published, and only what is public is withdrawn."""

    code = "opportunity-status-refused"
    title = Text("Étape impossible", "Impossible step")
    detail = Text("L’aide est à l’état « {status} ».", "The opportunity is “{status}”.")


class CatalogueFull(Conflict):
    """Every company is judged by every aid, so there is an end to them."""

    code = "catalogue-full"
    title = Text("Catalogue complet", "Catalogue full")
    detail = Text("Le catalogue a déjà {most} aides.", "The catalogue already has {most} aids.")


async def write(session: Session, caller: Principal, content: Opportunity) -> models.Opportunity:
    """Keep a draft, which nobody but its tenant sees."""
    await _check(content)
    await session.execute(_IN_TURN)
    if (await session.scalar(select(func.count()).select_from(models.Opportunity)) or 0) >= MOST:
        raise CatalogueFull(most=MOST)
    created: models.Opportunity | None = await session.scalar(
        insert(models.Opportunity)
        .values(
            id=uuid.uuid4(),
            code=content.code,
            tenant=caller.tenant,
            status=Status.DRAFT,
            **_columns(content),
        )
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(models.Opportunity)
    )
    if created is None:
        raise OpportunityExists
    await audit.record(
        session, caller, "write", "opportunity", created.id, after=created.content_hash
    )
    return created


async def change(
    session: Session,
    caller: Principal,
    code: str,
    if_match: str,
    content: Opportunity,
    now: datetime,
) -> models.Opportunity:
    """Replace an aid; a public one is changed for everybody at once. The same again is nothing."""
    found = await own(session, caller.tenant, code, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    if content.code != code:
        raise Invalid([faults.fault("/code", "code_mismatch", *_SAME)])
    await _check(content)
    columns, before = _columns(content), found.content_hash
    if columns["content_hash"] == before:
        return found
    for name, value in columns.items():
        setattr(found, name, value)
    await _step(session, found, now)
    if found.status == Status.PUBLISHED:
        await _show(session, found, "updated")
    await audit.record(
        session, caller, "change", "opportunity", found.id, before=before, after=found.content_hash
    )
    return found


_SAME = (
    "Le code doit être celui de l’adresse.",
    "The code must be that of the address.",
)


async def publish(
    session: Session, caller: Principal, code: str, if_match: str, now: datetime
) -> models.Opportunity:
    """Show a draft, or what was withdrawn, to everybody."""
    found = await _turned(session, caller, code, if_match, Status.PUBLISHED)
    await _step(session, found, now)
    await _show(session, found, "created")
    await audit.record(
        session, caller, "publish", "opportunity", found.id, after=found.content_hash
    )
    return found


async def withdraw(
    session: Session, caller: Principal, code: str, if_match: str, now: datetime
) -> models.Opportunity:
    """Take a public aid out of the catalogue; its public versions stay readable."""
    found = await _turned(session, caller, code, if_match, Status.WITHDRAWN)
    await _step(session, found, now)
    await feed.publish(
        session,
        entity="opportunity",
        entity_id=code,
        kind="deleted",
        version=found.version,
        payload={"reason": "withdrawn"},
    )
    await audit.record(session, caller, "withdraw", "opportunity", found.id)
    return found


async def own(
    session: Session, tenant: str, code: str, *, lock: bool = False
) -> models.Opportunity:
    """Read an aid of this tenant in any state, or raise OpportunityUnknown."""
    query = select(models.Opportunity).where(
        models.Opportunity.code == code, models.Opportunity.tenant == tenant
    )
    found = await session.scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise OpportunityUnknown
    return found


async def listed(
    session: Session, tenant: str, paging: PageRequest
) -> Sequence[models.Opportunity]:
    """Read one aid of this tenant more than the page holds, by code."""
    query = select(models.Opportunity).where(models.Opportunity.tenant == tenant)
    if paging.after is not None:
        query = query.where(models.Opportunity.code > paging.after[0])
    return (
        await session.scalars(query.order_by(models.Opportunity.code).limit(paging.limit + 1))
    ).all()


async def counted(session: Session, tenant: str) -> int:
    """Count them all."""
    query = select(func.count()).where(models.Opportunity.tenant == tenant)
    return await session.scalar(query) or 0


async def load(
    session: Session, tenant: str, catalogue: Iterable[Opportunity], now: datetime
) -> int:
    """Publish what changed of a tenant's catalogue; returns how many entries did."""
    table = models.Opportunity
    stored = {one.code: one for one in await session.scalars(select(table).with_for_update())}
    changed = 0
    for content in catalogue:
        found, columns = stored.get(content.code), _columns(content)
        if found is not None:
            if found.tenant != tenant or found.content_hash == columns["content_hash"]:
                continue
            for name, value in columns.items():
                setattr(found, name, value)
            await _step(session, found, now)
        else:
            found = table(
                code=content.code, tenant=tenant, status=Status.PUBLISHED, version=1, **columns
            )
            session.add(found)
            await session.flush()
        changed += 1
        await _show(session, found, "updated" if content.code in stored else "created")
    return changed


def _columns(content: Opportunity) -> dict[str, object]:
    stored = content.model_dump(mode="json")
    return {
        "content": stored,
        "content_hash": canonical_hash(stored),
        "opens_at": content.opens_at,
        "closes_at": content.closes_at,
    }


async def _check(content: Opportunity) -> None:
    if wrong := faults.of(await asyncio.to_thread(lint, content)):
        raise OpportunityRefused(wrong)


async def _turned(
    session: Session, caller: Principal, code: str, if_match: str, wanted: Status
) -> models.Opportunity:
    found = await own(session, caller.tenant, code, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    if (found.status == Status.PUBLISHED) == (wanted is Status.PUBLISHED):
        raise OpportunityStatusRefused(status=found.status)
    found.status = wanted
    return found


async def _step(session: Session, found: models.Opportunity, now: datetime) -> None:
    found.version += 1
    found.updated_at = now
    await session.flush()


async def _show(session: Session, found: models.Opportunity, kind: feed.Kind) -> None:
    """Keep what is public from now on as a version, and tell those who follow."""
    session.add(
        models.OpportunityVersion(
            opportunity_id=found.id,
            version=found.version,
            content=found.content,
            content_hash=found.content_hash,
        )
    )
    await session.flush()
    await feed.publish(
        session,
        entity="opportunity",
        entity_id=found.code,
        kind=kind,
        version=found.version,
        payload={
            "title": found.content["title"],
            "closes_on": found.content["closes_on"],
            "closes_at": found.closes_at.isoformat() if found.closes_at else None,
        },
    )
