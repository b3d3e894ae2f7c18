"""Moving a proposal: judged in the order unknown, stale, illegal, not yours, without a reason."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from training.audit import service as audit
from training.proposals import (
    access,
    certification_payloads,
    clock,
    lists,
    offer_payloads,
    publishing,
    retiring,
)
from training.proposals.clock import Clock
from training.proposals.models import Proposal, ProposalStep
from training.proposals.problems import FieldsRefused, ReasonMissing, TransitionForbidden
from training.proposals.schemas import TransitionAsked
from training.proposals.service import digest
from training.proposals.states import MOVES, State, Transition, allowed
from training.proposals.wording import STATES

_LEAST_REASON = 10


async def move(
    session: AsyncSession,
    caller: Principal,
    proposal: uuid.UUID,
    asked: TransitionAsked,
    if_match: str,
) -> Proposal:
    """Do a transition, and write down who did it, when and why."""
    found = await access.one(session, caller, proposal, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    source, move_ = State(found.state), MOVES[asked.name]
    if source not in move_.sources:
        raise TransitionForbidden(
            transition=asked.name,
            state=STATES[source](),
            allowed=", ".join(allowed(source)) or "—",
        )
    await access.check(session, caller, found, move_.side)
    if move_.wants_reason and len(asked.reason or "") < _LEAST_REASON:
        raise ReasonMissing
    _check_fields(found, asked)
    now = datetime.now(UTC)
    if asked.name is Transition.PUBLISH:
        found.published_as = await publishing.publish(session, found, now)
    elif asked.name is Transition.RETIRE:
        await retiring.retire(session, found, asked.reason or "", now)
    _apply(found, asked, move_.target, now)
    session.add(
        ProposalStep(
            proposal_id=found.id,
            at=now,
            transition=asked.name,
            source=source,
            target=move_.target,
            reason=asked.reason or None,
            fields=asked.fields,
            tenant=caller.tenant,
            client=caller.client,
            actor=caller.subject,
            version=found.version,
            payload_sha256=digest(found.payload),
        )
    )
    await session.flush()
    raw = await driver(session)
    told = f"{source} {asked.name} {move_.target}"
    await audit.record(raw, caller, "move_proposal", "proposal", str(found.id), told)
    return found


def _apply(found: Proposal, asked: TransitionAsked, target: State, now: datetime) -> None:
    timed = clock.moved(Clock(found.clock_spent, found.clock_since), target, now)
    found.clock_spent, found.clock_since = timed.spent, timed.since
    found.state, found.version, found.updated_at = target, found.version + 1, now
    if target is State.SUBMITTED:
        found.submitted_at = now
    elif target is State.DRAFT:
        found.submitted_at = None  # it is its author's again, and nobody else sees it
    elif target is State.UNDER_REVIEW:
        found.round += 1
    is_asked = target is State.COMPLEMENT_REQUESTED
    found.asked_fields = asked.fields if is_asked else []
    found.asked_why = asked.reason if is_asked else None


def _check_fields(found: Proposal, asked: TransitionAsked) -> None:
    """Raise FieldsRefused unless a complement, and nothing else, names fields that there are."""
    wants = asked.name is Transition.REQUEST_COMPLEMENT
    if wants != bool(asked.fields):
        said = Text(
            "Un complément, et lui seul, dit sur quels champs il porte.",
            "A complement, and nothing else, says which fields it is about.",
        )
        raise FieldsRefused([Fault("/fields", "missing" if wants else "unexpected", said)])
    of = offer_payloads if found.kind == "offer" else certification_payloads
    unknown = Text("Ce champ n’existe pas.", "There is no such field.")
    faults = [
        Fault(f"/fields/{place}", "unknown", unknown)
        for place, pointer in enumerate(asked.fields)
        if not of.is_field(pointer)
    ]
    if faults:
        raise FieldsRefused(faults)


async def steps(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, paging: PageRequest
) -> tuple[Sequence[ProposalStep], int | None]:
    """Return what was done with a proposal that the caller may see."""
    await access.one(session, caller, proposal)
    return await lists.listed(session, ProposalStep, proposal, paging)
