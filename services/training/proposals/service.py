"""Proposing: writing a payload, and showing a proposal to whoever may see it."""

import asyncio
import hashlib
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import auth, etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.pagination import PageRequest
from training.audit import service as audit
from training.certifications.schemas import Label
from training.proposals import (
    access,
    certification_payloads,
    clock,
    differences,
    lists,
    offer_payloads,
)
from training.proposals.clock import Clock
from training.proposals.models import Proposal
from training.proposals.problems import FieldsNotAsked, NotEditable, PayloadInvalid
from training.proposals.schemas import (
    AllowedRead,
    ClockRead,
    ComplementRead,
    Kind,
    ProposalRead,
    ProposalSummary,
    PublishedRead,
    StateRead,
)
from training.proposals.states import EDITABLE, MOVES, Side, State, allowed
from training.proposals.wording import STATES, TRANSITIONS


def kept(kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
    """Return the payload as it is kept; raises PayloadInvalid with all its faults.

    A tenth of a second for the largest: a thread's work.
    """
    if kind == "offer":
        judged = offer_payloads.judge(payload)
        document, faults = judged.document, judged.faults
    else:
        document, faults = certification_payloads.judge(payload)
    if faults:
        raise PayloadInvalid(
            [Fault(f"/payload{one.pointer}", one.code, one.detail) for one in faults]
        )
    return document


def _compared(found: Proposal, payload: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    document = kept("offer" if found.kind == "offer" else "certification", payload)
    return document, list(differences.changed(found.payload, document))


def digest(payload: dict[str, Any]) -> str:
    """Return the SHA-256 of a payload as JSON with its members in order."""
    return hashlib.sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def propose(
    session: AsyncSession, caller: Principal, kind: Kind, payload: dict[str, Any]
) -> Proposal:
    """Begin a draft, which nobody of another organisation sees."""
    document = await asyncio.to_thread(kept, kind, payload)
    made = Proposal(
        tenant=caller.tenant,
        client=caller.client,
        author=caller.subject,
        kind=kind,
        title=document.get("title", ""),
        payload=document,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made)
    raw = await driver(session)
    await audit.record(raw, caller, "propose", "proposal", str(made.id), kind)
    return made


async def rewrite(
    session: AsyncSession,
    caller: Principal,
    proposal: uuid.UUID,
    payload: dict[str, Any],
    if_match: str,
) -> Proposal:
    """Replace the payload of a draft, or the fields of it that a complement asks for (D5)."""
    found = await access.one(session, caller, proposal, lock=True)
    access.as_author(caller, found)
    etags.match(if_match, etags.of_version(found.version))
    if found.state not in EDITABLE:
        raise NotEditable(state=STATES[State(found.state)]())
    document, places = await asyncio.to_thread(_compared, found, payload)
    if found.state == State.COMPLEMENT_REQUESTED:
        beyond = differences.beyond(places, found.asked_fields)
        if beyond:
            raise FieldsNotAsked(beyond, found.asked_fields)
    if places:
        found.payload, found.title = document, document.get("title", "")
        found.version += 1
        found.updated_at = datetime.now(UTC)
        await session.flush()
        raw = await driver(session)
        told = f"version {found.version} sha256:{digest(document)}"
        await audit.record(raw, caller, "rewrite_proposal", "proposal", str(found.id), told)
    return found


def _which(caller: Principal, *, is_own: bool) -> ColumnElement[bool]:
    if is_own:
        return access.own(caller)
    auth.check(caller, [access.REVIEW])
    return access.to_review(caller)


async def listed(
    session: AsyncSession,
    caller: Principal,
    paging: PageRequest,
    *,
    is_own: bool,
    states: Sequence[State],
    kind: Kind | None,
) -> tuple[Sequence[Proposal], int | None]:
    """Return one proposal more than the page holds, the last changed first, and the whole count."""
    wanted = [_which(caller, is_own=is_own)]
    if states:
        wanted.append(Proposal.state.in_(states))
    if kind is not None:
        wanted.append(Proposal.kind == kind)
    total = await session.scalar(select(func.count()).where(*wanted)) if paging.count else None
    if paging.after is not None:
        key = tuple_(Proposal.updated_at, Proposal.id)
        wanted.append(key < lists.dated(paging.after))
    found = await session.scalars(
        select(Proposal)
        .where(*wanted)
        .order_by(Proposal.updated_at.desc(), Proposal.id.desc())
        .limit(paging.limit + 1)
    )
    return found.all(), total


def summary(found: Proposal, days: int, now: datetime) -> ProposalSummary:
    """Show a proposal in a list; `days` are those of a review."""
    return ProposalSummary.model_validate(_shown(found, days, now))


def _shown(found: Proposal, days: int, now: datetime) -> dict[str, Any]:
    state = State(found.state)
    timed = Clock(found.clock_spent, found.clock_since)
    return {
        "id": found.id,
        "kind": found.kind,
        "title": found.title,
        "organisation": found.tenant,
        "state": StateRead(code=state, label=Label.of(STATES[state])),
        "clock": ClockRead(
            is_running=timed.since is not None,
            days_spent=timed.seconds(now) // clock.DAY_SECONDS,
            days_given=days,
            due_on=timed.due_on(days, now),
        ),
        "version": found.version,
        "created_at": found.created_at,
        "updated_at": found.updated_at,
        "submitted_at": found.submitted_at,
    }


async def whole(
    session: AsyncSession, caller: Principal, found: Proposal, days: int
) -> ProposalRead:
    """Show a proposal to one of its sides: what that side may do with it now."""
    side = Side.AUTHOR if found.tenant == caller.tenant else Side.REVIEWER
    charged = await access.reviewers(session, found.id)
    entity = "formation" if found.kind == "offer" else "certification"
    return ProposalRead.model_validate(
        _shown(found, days, datetime.now(UTC))
        | {
            "payload": found.payload,
            "allowed": [
                AllowedRead(
                    name=name,
                    label=Label.of(TRANSITIONS[name]),
                    side=MOVES[name].side,
                    wants_reason=MOVES[name].wants_reason,
                )
                for name in allowed(State(found.state))
                if MOVES[name].side is side
            ],
            "complement": ComplementRead(fields=found.asked_fields, reason=found.asked_why or "")
            if found.state == State.COMPLEMENT_REQUESTED
            else None,
            "reviewers": [f"{tenant}/{reviewer}" for tenant, reviewer in charged],
            "published": PublishedRead(
                entity=entity,
                id=found.published_as,
                address=f"/v1/{entity}s/{found.published_as}",
            )
            if found.published_as is not None
            else None,
        }
    )
