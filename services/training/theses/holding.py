"""Reading and holding subjects: the locks of every write, in one order.

The campaign first (shared, unless its money or its state changes), then an institution, then the
subject: closing a campaign and submitting to it never pass each other.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from training.audit import service as audit
from training.audit.schemas import Action as Deed
from training.theses import queries, view
from training.theses.lifecycle import Role, Status
from training.theses.models import Thesis, ThesisEvent
from training.theses.problems import ThesisUnknown
from training.theses.schemas import ThesisRead
from training.thesis_campaigns.models import ThesisCampaign


@dataclass(frozen=True, slots=True)
class Held:
    """A subject held until the commit, its campaign, and what the caller is to it."""

    thesis: Thesis
    campaign: ThesisCampaign
    roles: list[Role]

    @property
    def status(self) -> Status:
        """Where the subject is."""
        return Status(self.thesis.status)


async def row(session: AsyncSession, tenant: str, thesis_id: uuid.UUID) -> Mapping[str, Any]:
    """Read a subject that the tenant may see, or raise ThesisUnknown."""
    asked = {"id": thesis_id, "tenant": tenant}
    found = (await session.execute(text(queries.ONE), asked)).mappings().one_or_none()
    if found is None:
        raise ThesisUnknown
    return dict(found)


async def read(session: AsyncSession, tenant: str, thesis_id: uuid.UUID) -> ThesisRead:
    """Render a subject for a tenant, or raise ThesisUnknown."""
    return view.thesis(await row(session, tenant, thesis_id), tenant)


async def held(
    session: AsyncSession,
    caller: Principal,
    thesis_id: uuid.UUID,
    if_match: str,
    *,
    alone: bool = False,
) -> Held:
    """Hold a subject that the caller sees in the version it knows; `alone` holds the campaign too.

    Raises ThesisUnknown, Stale.
    """
    seen = await row(session, caller.tenant, thesis_id)
    campaign = await campaign_held(session, seen["campaign_id"], alone=alone)
    thesis = await session.scalar(
        select(Thesis).where(Thesis.id == thesis_id).with_for_update(key_share=True)
    )
    if thesis is None or campaign is None:
        raise ThesisUnknown
    etags.match(if_match, etags.of_version(thesis.version))
    return Held(thesis, campaign, view.roles(seen, caller.tenant))


async def campaign_held(
    session: AsyncSession, campaign_id: uuid.UUID, *, alone: bool = False
) -> ThesisCampaign | None:
    """Hold a campaign as it is; `alone`, so that nobody else does."""
    query = select(ThesisCampaign).where(ThesisCampaign.id == campaign_id)
    locking = query.with_for_update(key_share=True) if alone else query.with_for_update(read=True)
    return await session.scalar(locking)


async def note(
    session: AsyncSession,
    caller: Principal,
    thesis: Thesis,
    role: Role,
    action: str,
    was: Status | None,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Count another version of the subject, and keep the step in its history and the audit."""
    if was is not None:
        thesis.version += 1
        thesis.changed_at = now
    session.add(
        ThesisEvent(
            thesis_id=thesis.id,
            role=role,
            tenant=caller.tenant,
            client=caller.client,
            actor=caller.subject,
            action=action,
            was=was,
            status=thesis.status,
            rank=thesis.rank,
            reason=reason,
        )
    )
    await session.flush()
    deed: Deed = "decide_thesis" if role is Role.REGION else "move_thesis"
    raw = await driver(session)
    await audit.record(raw, caller, deed, "thesis", str(thesis.id), action)
