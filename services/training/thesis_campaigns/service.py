"""Writing campaigns, opening and closing them, and telling their results."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.pagination import PageRequest
from training.audit import service as audit
from training.audit.schemas import Action
from training.thesis_campaigns import queries, rules
from training.thesis_campaigns.models import ThesisCampaign, ThesisOrganisation
from training.thesis_campaigns.problems import (
    ThesisBudgetCommitted,
    ThesisCampaignRefused,
    ThesisCampaignStatusRefused,
    ThesisCampaignUnknown,
    ThesisOrganisationInUse,
    ThesisRulesFixed,
)
from training.thesis_campaigns.rules import Status
from training.thesis_campaigns.schemas import (
    CampaignContent,
    CampaignRead,
    CampaignWrite,
    OrganisationWrite,
)

_RULES: Final = ("regional_percent_most", "months", "regions", "most_per_institution")


async def write(
    session: AsyncSession, caller: Principal, asked: CampaignWrite, today: date
) -> CampaignContent:
    """Keep a draft; raises ThesisCampaignRefused."""
    _check(caller, asked)
    campaign = ThesisCampaign(
        id=uuid.uuid4(),
        tenant=caller.tenant,
        status=Status.DRAFT,
        committed=Decimal("0.00"),
        version=1,
        published_at=None,
        **_columns(asked),
    )
    session.add(campaign)
    await session.flush()
    await _take_part(session, campaign, asked.organisations)
    await _note(session, caller, "write_thesis_campaign", campaign)
    return await shown(session, campaign, today)


async def change(
    session: AsyncSession,
    caller: Principal,
    campaign_id: uuid.UUID,
    if_match: str,
    asked: CampaignWrite,
    today: date,
) -> CampaignContent:
    """Replace a campaign before its results; once opened, its rules stay and all are told."""
    campaign = await held(session, caller, campaign_id, if_match)
    _check(caller, asked)
    columns = _columns(asked)
    if campaign.status == Status.PUBLISHED:
        raise _refusal(campaign)
    if campaign.status != Status.DRAFT and any(
        getattr(campaign, name) != columns[name] for name in _RULES
    ):
        raise ThesisRulesFixed
    if columns["budget"] < campaign.committed:
        raise ThesisBudgetCommitted(committed=campaign.committed)
    for name, value in columns.items():
        setattr(campaign, name, value)
    await _take_part(session, campaign, asked.organisations)
    await step(session, campaign)
    await _note(session, caller, "write_thesis_campaign", campaign)
    return await shown(session, campaign, today)


async def turn(
    session: AsyncSession,
    caller: Principal,
    campaign_id: uuid.UUID,
    if_match: str,
    to: Status,
    today: date,
) -> CampaignContent:
    """Open a campaign, or close it for laboratories; raises ThesisCampaignStatusRefused."""
    campaign = await held(session, caller, campaign_id, if_match)
    check_leads(campaign, to)
    is_new = campaign.status == Status.DRAFT
    campaign.status = to
    await step(session, campaign, is_new=is_new)
    await _note(session, caller, "turn_thesis_campaign", campaign)
    return await shown(session, campaign, today)


async def held(
    session: AsyncSession, caller: Principal, campaign_id: uuid.UUID, if_match: str | None = None
) -> ThesisCampaign:
    """Hold a campaign of the caller's own until the commit, or raise ThesisCampaignUnknown."""
    campaign = await session.scalar(
        select(ThesisCampaign)
        .where(ThesisCampaign.id == campaign_id, ThesisCampaign.tenant == caller.tenant)
        .with_for_update(key_share=True)
    )
    if campaign is None:
        raise ThesisCampaignUnknown
    if if_match is not None:
        etags.match(if_match, etags.of_version(campaign.version))
    return campaign


async def step(session: AsyncSession, campaign: ThesisCampaign, *, is_new: bool = False) -> None:
    """Count another version, and tell it unless the campaign is a draft."""
    campaign.version += 1
    await session.flush()
    if campaign.status == Status.DRAFT:
        return
    await feed.publish(
        session,
        entity="thesis_campaign",
        entity_id=str(campaign.id),
        kind="created" if is_new else "updated",
        version=campaign.version,
        payload={
            "year": campaign.year,
            "title": campaign.title,
            "status": campaign.status,
            "opens_on": campaign.opens_on.isoformat(),
            "closes_on": campaign.laboratory_until.isoformat(),
        },
    )


async def content(
    session: AsyncSession, caller: Principal, campaign_id: uuid.UUID, today: date
) -> CampaignContent:
    """Read a campaign of the caller's own in any state, or raise ThesisCampaignUnknown."""
    campaign = await session.get(ThesisCampaign, campaign_id)
    if campaign is None or campaign.tenant != caller.tenant:
        raise ThesisCampaignUnknown
    return await shown(session, campaign, today)


async def shown(session: AsyncSession, campaign: ThesisCampaign, today: date) -> CampaignContent:
    """Render a campaign with all that its tenant knows."""
    return CampaignContent(
        **listing(campaign, today),
        committed=campaign.committed,
        organisations=await _organisations(session, campaign.id),
    )


async def public(session: AsyncSession, campaign_id: uuid.UUID, today: date) -> CampaignRead:
    """Read a campaign that was opened, or raise ThesisCampaignUnknown."""
    campaign = await session.get(ThesisCampaign, campaign_id)
    if campaign is None or campaign.status == Status.DRAFT:
        raise ThesisCampaignUnknown
    return CampaignRead(
        **listing(campaign, today), organisations=await _organisations(session, campaign.id)
    )


async def listed(
    session: AsyncSession, tenant: str | None, paging: PageRequest
) -> Sequence[ThesisCampaign]:
    """Read one campaign more than the page holds, the newest first; None is what is public."""
    query = select(ThesisCampaign).where(_whose(tenant))
    if paging.after is not None:
        last = datetime.fromisoformat(paging.after[0]), uuid.UUID(paging.after[1])
        query = query.where(tuple_(ThesisCampaign.created_at, ThesisCampaign.id) < last)
    order = ThesisCampaign.created_at.desc(), ThesisCampaign.id.desc()
    return (await session.scalars(query.order_by(*order).limit(paging.limit + 1))).all()


async def counted(session: AsyncSession, tenant: str | None) -> int:
    """Count them all."""
    query = select(func.count()).select_from(ThesisCampaign).where(_whose(tenant))
    return await session.scalar(query) or 0


def _whose(tenant: str | None) -> ColumnElement[bool]:
    if tenant is None:
        return ThesisCampaign.status != Status.DRAFT
    return ThesisCampaign.tenant == tenant


def listing(campaign: ThesisCampaign, today: date) -> dict[str, Any]:
    """Render what every reader of a campaign is told."""
    plain = ("id", "year", "title", "status", "budget", "opens_on", "version", "published_at")
    return {
        **{name: getattr(campaign, name) for name in plain},
        "accepting": rules.is_accepting(campaign, today),
        "deadlines": {name: getattr(campaign, f"{name}_until") for name in rules.STEPS},
        "rules": {name: getattr(campaign, name) for name in _RULES},
    }


def _columns(asked: CampaignWrite) -> dict[str, Any]:
    return {
        "year": asked.year,
        "title": asked.title.model_dump(),
        "budget": asked.budget,
        "opens_on": asked.opens_on,
        **{f"{name}_until": getattr(asked.deadlines, name) for name in rules.STEPS},
        **{name: getattr(asked.rules, name) for name in _RULES},
        "regions": sorted(set(asked.rules.regions)),
    }


def _check(caller: Principal, asked: CampaignWrite) -> None:
    if faults := list(rules.wrong(caller.tenant, asked)):
        raise ThesisCampaignRefused(faults)


def check_leads(campaign: ThesisCampaign, to: Status) -> None:
    """Raise ThesisCampaignStatusRefused unless its state leads there."""
    if to not in rules.NEXT[Status(campaign.status)]:
        raise _refusal(campaign)


def _refusal(campaign: ThesisCampaign) -> ThesisCampaignStatusRefused:
    allowed = ", ".join(rules.NEXT[Status(campaign.status)]) or "—"
    return ThesisCampaignStatusRefused(status=campaign.status, allowed=allowed)


async def _organisations(session: AsyncSession, campaign_id: uuid.UUID) -> list[dict[str, Any]]:
    query = select(*_SHOWN).where(ThesisOrganisation.campaign_id == campaign_id)
    rows = await session.execute(query.order_by(ThesisOrganisation.code))
    return [dict(row) for row in rows.mappings()]


_SHOWN: Final = (
    ThesisOrganisation.code,
    ThesisOrganisation.kind,
    ThesisOrganisation.name,
    ThesisOrganisation.tenant,
)


async def _take_part(
    session: AsyncSession, campaign: ThesisCampaign, asked: Sequence[OrganisationWrite]
) -> None:
    """Have these organisations and no others take part; raises ThesisOrganisationInUse."""
    query = select(ThesisOrganisation).where(ThesisOrganisation.campaign_id == campaign.id)
    known = {one.code: one for one in await session.scalars(query.with_for_update(key_share=True))}
    wanted = {one.code: one for one in asked}
    moved = [
        one.id
        for one in known.values()
        if one.code not in wanted or wanted[one.code].kind != one.kind
    ]
    if moved and (named := (await session.scalars(queries.NAMED, {"ids": moved})).all()):
        raise ThesisOrganisationInUse(codes=", ".join(named))
    for code, one in wanted.items():
        found = known.get(code)
        if found is None:
            session.add(
                ThesisOrganisation(id=uuid.uuid4(), campaign_id=campaign.id, **one.model_dump())
            )
        else:
            found.kind, found.name, found.tenant = one.kind, one.name, one.tenant
    gone = [one.id for one in known.values() if one.code not in wanted]
    await session.execute(delete(ThesisOrganisation).where(ThesisOrganisation.id.in_(gone)))
    await session.flush()


async def _note(
    session: AsyncSession, caller: Principal, action: Action, campaign: ThesisCampaign
) -> None:
    await audit.record(
        await driver(session), caller, action, "thesis_campaign", str(campaign.id), campaign.status
    )
