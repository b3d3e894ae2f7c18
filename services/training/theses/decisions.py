"""What the Région decides, within the budget, and how it is told."""

import uuid
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.paris import day_in_paris
from training.audit import service as audit
from training.theses import holding, queries, rules, steps, view
from training.theses.holding import Held
from training.theses.lifecycle import Action, Role, Status
from training.theses.models import Thesis
from training.theses.problems import ThesisBudgetExceeded, ThesisRefused, ThesisReviewNotOpen
from training.theses.schemas import Decision, ThesisRead
from training.thesis_campaigns import service as campaigns
from training.thesis_campaigns.problems import ThesesUndecided
from training.thesis_campaigns.rules import Status as Standing
from training.thesis_campaigns.schemas import CampaignContent


async def decide(
    session: AsyncSession,
    caller: Principal,
    thesis_id: uuid.UUID,
    if_match: str,
    asked: Decision,
    now: datetime,
) -> ThesisRead:
    """Select, put on the reserve list, or reject, in the campaign's turn.

    Raises ThesisReviewNotOpen, ThesisBudgetExceeded, and what `steps` raise.
    """
    action = Action(asked.decision)
    held = await holding.held(session, caller, thesis_id, if_match, alone=True)
    if faults := list(rules.wrong_step(action, asked.reason, None)):
        raise ThesisRefused(faults)
    was, thesis, campaign = held.status, held.thesis, held.campaign
    step = steps.step_of(held, action)
    if campaign.status == Standing.OPEN:
        raise ThesisReviewNotOpen(status=campaign.status)
    if campaign.status == Standing.CLOSED:
        steps.check_in_time(campaign, Role.REGION, now)
    _spend(held, step.to)
    thesis.status = step.to
    is_told = step.to is Status.SELECTED and campaign.status == Standing.PUBLISHED
    if is_told:
        thesis.granted_at = now
    await holding.note(session, caller, thesis, step.role, action, was, now, asked.reason)
    if is_told:
        await _tell(session, thesis.id)
    return await holding.read(session, caller.tenant, thesis_id)


def _spend(held: Held, to: Status) -> None:
    """Take what is selected from the budget, and give back what no longer is."""
    campaign, amount = held.campaign, held.thesis.regional_amount
    if held.status is Status.SELECTED:
        campaign.committed -= amount
    if to is Status.SELECTED:
        left = campaign.budget - campaign.committed
        if amount > left:
            raise ThesisBudgetExceeded(left=left, asked=amount)
        campaign.committed += amount


async def publish(
    session: AsyncSession,
    caller: Principal,
    campaign_id: uuid.UUID,
    if_match: str,
    now: datetime,
) -> CampaignContent:
    """Tell everybody what was selected; raises ThesesUndecided while a decision is missing."""
    campaign = await campaigns.held(session, caller, campaign_id, if_match)
    campaigns.check_leads(campaign, Standing.PUBLISHED)
    of_campaign = Thesis.campaign_id == campaign.id
    waiting = select(func.count()).where(of_campaign, Thesis.status == Status.AT_REGION)
    if count := await session.scalar(waiting):
        raise ThesesUndecided(count=count)
    campaign.status, campaign.published_at = Standing.PUBLISHED, now
    selected = select(Thesis).where(of_campaign, Thesis.status == Status.SELECTED)
    for thesis in await session.scalars(selected.order_by(Thesis.id).with_for_update()):
        thesis.granted_at, thesis.version = now, thesis.version + 1
        thesis.changed_at = now
        await session.flush()
        await _tell(session, thesis.id)
    await campaigns.step(session, campaign)
    raw = await driver(session)
    await audit.record(raw, caller, "publish_thesis_campaign", "thesis_campaign", str(campaign.id))
    return await campaigns.shown(session, campaign, day_in_paris(now))


async def _tell(session: AsyncSession, thesis_id: uuid.UUID) -> None:
    """Publish what was granted: a subject, who takes part and who pays, and nobody's name."""
    row = (await session.execute(text(queries.TOLD), {"id": thesis_id})).mappings().one()
    told = view.grant(dict(row))
    await feed.publish(
        session,
        entity="thesis_grant",
        entity_id=str(thesis_id),
        kind="created",
        version=told.version,
        payload=told.model_dump(mode="json", exclude={"id", "version"}),
    )
