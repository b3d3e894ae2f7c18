"""Proposing subjects, and the steps of all but the Région."""

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import feed
from platformkit.auth import Principal
from platformkit.errors import Fault
from training.indexing.models import Commune
from training.theses import financing, holding, lifecycle, rules, steps, view
from training.theses.holding import Held
from training.theses.lifecycle import Action, Role, Status
from training.theses.models import Thesis
from training.theses.problems import (
    ThesesFull,
    ThesisInstitutionFull,
    ThesisRankTaken,
    ThesisRefused,
    ThesisStepNotYours,
)
from training.theses.schemas import Move, ThesisPropose, ThesisRead, ThesisWrite
from training.thesis_campaigns.models import ThesisCampaign, ThesisOrganisation
from training.thesis_campaigns.problems import ThesisCampaignUnknown
from training.thesis_campaigns.regions import DEPARTMENTS, department
from training.thesis_campaigns.rules import Status as Standing

MOST: Final = 100
"""Subjects that one organisation proposes in a campaign, withdrawn ones too."""

_LISTED: Final = DEPARTMENTS["32"]
"""Whose communes we know one by one."""

_IN_TURN: Final = text("SELECT pg_advisory_xact_lock(hashtext('training.thesis'), hashtext(:who))")


async def propose(
    session: AsyncSession, caller: Principal, asked: ThesisPropose, now: datetime
) -> ThesisRead:
    """Keep a draft; raises ThesisCampaignUnknown, ThesisCampaignClosed, ThesisRefused."""
    campaign = await holding.campaign_held(session, asked.campaign_id)
    if campaign is None or campaign.status == Standing.DRAFT:
        raise ThesisCampaignUnknown
    if campaign.tenant == caller.tenant:
        raise ThesisRefused([Fault("/campaign_id", "campaign-own", rules.OWN)])
    columns = await _columns(session, campaign, asked)
    steps.check_accepting(campaign, now)
    await session.execute(_IN_TURN, {"who": caller.tenant})
    own = select(func.count()).where(
        Thesis.campaign_id == campaign.id, Thesis.tenant == caller.tenant
    )
    if (await session.scalar(own) or 0) >= MOST:
        raise ThesesFull(most=MOST)
    thesis = Thesis(
        id=uuid.uuid4(),
        campaign_id=campaign.id,
        tenant=caller.tenant,
        status=Status.DRAFT,
        reached=0,
        rank=None,
        granted_at=None,
        version=1,
        created_at=now,
        changed_at=now,
        **columns,
    )
    session.add(thesis)
    await session.flush()
    await holding.note(session, caller, thesis, Role.LABORATORY, "propose", None, now)
    return await holding.read(session, caller.tenant, thesis.id)


async def change(
    session: AsyncSession,
    caller: Principal,
    thesis_id: uuid.UUID,
    if_match: str,
    asked: ThesisWrite,
    now: datetime,
) -> ThesisRead:
    """Replace a draft, or what was sent back; raises as `propose` and `move` do."""
    held = await holding.held(session, caller, thesis_id, if_match)
    columns = await _columns(session, held.campaign, asked)
    if Role.LABORATORY not in held.roles:
        raise ThesisStepNotYours(role=Role.LABORATORY)
    if held.status is not Status.DRAFT:
        raise steps.refusal(held)
    steps.check_accepting(held.campaign, now)
    for name, value in columns.items():
        setattr(held.thesis, name, value)
    await holding.note(session, caller, held.thesis, Role.LABORATORY, "change", Status.DRAFT, now)
    return await holding.read(session, caller.tenant, thesis_id)


async def move(
    session: AsyncSession,
    caller: Principal,
    thesis_id: uuid.UUID,
    if_match: str,
    asked: Move,
    now: datetime,
) -> ThesisRead:
    """Take a step; raises ThesisRefused, ThesisStepNotYours, ThesisStepRefused and their kin."""
    action = Action(asked.action)
    is_leaving = action is Action.WITHDRAW
    held = await holding.held(session, caller, thesis_id, if_match, alone=is_leaving)
    if faults := list(rules.wrong_step(action, asked.reason, asked.rank)):
        raise ThesisRefused(faults)
    was, thesis = held.status, held.thesis
    step = steps.step_of(held, action)
    if action is Action.SUBMIT:
        steps.check_accepting(held.campaign, now)
    elif not is_leaving:
        steps.check_in_time(held.campaign, step.role, now)
    if asked.rank is not None:
        await _rank(session, held, asked.rank)
    if is_leaving:
        await _leave(session, held)
    thesis.status, thesis.reached = step.to, lifecycle.reached(thesis.reached, step.to)
    await holding.note(session, caller, thesis, step.role, action, was, now, asked.reason)
    row = await holding.row(session, held.thesis.tenant, thesis_id)
    return view.thesis(row, caller.tenant)


async def _rank(session: AsyncSession, held: Held, rank: int) -> None:
    """Give a rank that no other subject of the institution has, in the institution's turn."""
    thesis, most = held.thesis, held.campaign.most_per_institution
    turn = select(ThesisOrganisation.id).where(ThesisOrganisation.id == thesis.institution_id)
    await session.execute(turn.with_for_update(key_share=True))
    others = select(Thesis.rank).where(
        Thesis.institution_id == thesis.institution_id,
        Thesis.rank.is_not(None),
        Thesis.id != thesis.id,
    )
    taken = set(await session.scalars(others))
    if most is not None and len(taken) >= most:
        raise ThesisInstitutionFull(most=most)
    if rank in taken:
        raise ThesisRankTaken(rank=rank)
    thesis.rank = rank


async def _leave(session: AsyncSession, held: Held) -> None:
    """Free the rank and the money, and take back what was told."""
    thesis = held.thesis
    thesis.rank = None
    if held.status is Status.SELECTED:
        held.campaign.committed -= thesis.regional_amount
    if thesis.granted_at is not None:
        await feed.publish(
            session,
            entity="thesis_grant",
            entity_id=str(thesis.id),
            kind="deleted",
            version=thesis.version + 1,
            payload={"reason": "withdrawn"},
        )


async def _columns(
    session: AsyncSession, campaign: ThesisCampaign, asked: ThesisWrite
) -> dict[str, Any]:
    """Return what is stored of a subject; raises ThesisRefused with every fault of it."""
    query = select(ThesisOrganisation).where(
        ThesisOrganisation.campaign_id == campaign.id,
        ThesisOrganisation.code.in_([asked.unit, asked.doctoral_school, asked.institution]),
    )
    organisations = {(one.kind, one.code): one for one in await session.scalars(query)}
    commune = asked.laboratory.commune
    is_known = department(commune) not in _LISTED or await session.get(Commune, commune) is not None
    faults = list(rules.wrong(campaign, organisations, asked, is_commune_known=is_known))
    if faults:
        raise ThesisRefused(faults)
    return {
        "title": asked.title,
        "summary": asked.summary,
        "laboratory_name": asked.laboratory.name,
        "laboratory_commune": commune,
        "unit_id": organisations["unit", asked.unit].id,
        "doctoral_school_id": organisations["doctoral_school", asked.doctoral_school].id,
        "institution_id": organisations["institution", asked.institution].id,
        "cost": asked.cost,
        "regional_percent": asked.regional_percent,
        "regional_amount": financing.amount(asked.cost, asked.regional_percent),
        "cofinanciers": [one.model_dump(mode="json") for one in asked.cofinanciers],
    }
