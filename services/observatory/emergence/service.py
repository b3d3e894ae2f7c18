"""What is told of signals, and what people decide on them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.emergence import texts
from observatory.emergence.models import Count, Step, Term, Total
from observatory.emergence.reading import quarter_text
from observatory.emergence.schemas import (
    DecisionRequest,
    Kind,
    Labelled,
    NearestRead,
    PointRead,
    SignalRead,
    SignalWhole,
    StepRead,
)
from observatory.emergence.states import MOVES, Decision, State, allowed
from observatory.references.facts import Facts
from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text, language
from platformkit.pagination import PageRequest


class SignalUnknown(NotFound):
    """There is no such signal."""

    code = "signal-unknown"
    title = Text("Signal inconnu", "Unknown signal")


class DecisionRefused(Conflict):
    """The state that the signal is in does not lead there."""

    code = "decision-refused"
    title = Text("Décision impossible", "Decision not possible")
    detail = Text(
        "Le signal est à l’état « {state} » ; décisions possibles : {allowed}.",
        "The signal is “{state}”; possible decisions: {allowed}.",
    )


async def listed(
    session: AsyncSession,
    paging: PageRequest,
    *,
    kind: Kind | None,
    source: str | None,
    state: State | None,
) -> tuple[Sequence[Term], int | None]:
    """Read one signal more than the page holds, the last changed first, and the whole count."""
    query = select(Term).where(Term.state.is_not(None))
    for column, wanted in ((Term.kind, kind), (Term.source, source), (Term.state, state)):
        if wanted is not None:
            query = query.where(column == wanted)
    total = await counted(session, query, paging)
    if paging.after is not None:
        at, last = paging.after
        query = query.where(tuple_(Term.updated_at, Term.id) < (datetime.fromisoformat(at), last))
    query = query.order_by(Term.updated_at.desc(), Term.id.desc()).limit(paging.limit + 1)
    return (await session.scalars(query)).all(), total


async def counted(
    session: AsyncSession, query: Select[*tuple[Any, ...]], paging: PageRequest
) -> int | None:
    """Count all that the query has, where the caller asks for it."""
    if not paging.count:
        return None
    return await session.scalar(select(func.count()).select_from(query.subquery())) or 0


def shown(found: Term) -> SignalRead:
    """Show a signal in the language asked."""
    return SignalRead.model_validate(_shown(found))


def _state(found: Term) -> State:
    return State(found.state or "")


def _shown(found: Term) -> dict[str, Any]:
    english = found.label_en if language() == "en" else None
    return {
        "id": found.id,
        "kind": found.kind,
        "source": found.source,
        "code": found.code,
        "label": english or found.label_fr,
        "state": Labelled(code=found.state or "", label=texts.STATES[_state(found)]()),
        "since": None if found.since is None else quarter_text(found.since),
        "mapped_to": found.mapped_to,
        "nearest": None if found.nearest is None else NearestRead(**found.nearest),
        "version": found.version,
        "updated_at": found.updated_at,
    }


async def one(session: AsyncSession, signal: int, *, lock: bool = False) -> Term:
    """Find a signal, or raise SignalUnknown."""
    query = select(Term).where(Term.id == signal, Term.state.is_not(None))
    found = await session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise SignalUnknown
    return found


async def whole(session: AsyncSession, found: Term) -> SignalWhole:
    """Show a signal with its figures per quarter and every step of its life."""
    counts = {
        row.quarter: row
        for row in await session.scalars(select(Count).where(Count.term == found.id))
    }
    totals = await session.execute(
        select(Total.quarter, Total.count)
        .where(Total.source == found.source, Total.kind == found.kind)
        .order_by(Total.quarter)
    )
    series = [_point(quarter, counts.get(quarter), total) for quarter, total in totals]
    steps = await session.scalars(select(Step).where(Step.term == found.id).order_by(Step.id))
    fields = _shown(found)
    last = series[-1]
    return SignalWhole(
        **fields,
        decisions=allowed(_state(found)),
        series=series,
        steps=[_step(step) for step in steps],
        reading=texts.READING(
            quarter=last.quarter,
            count=last.count,
            total=last.total or 0,
            label=fields["label"],
            state=fields["state"].label,
        ),
    )


def _point(quarter: int, row: Count | None, total: int) -> PointRead:
    count = 0 if row is None else row.count
    return PointRead(
        quarter=quarter_text(quarter),
        count=count,
        total=total or None,
        share=round(count / total, 6) if total else None,
        employers=(row and row.employers) or None,
        largest_employer=(row and row.largest) or None,
        hidden=0 if row is None else row.hidden,
    )


def _step(step: Step) -> StepRead:
    return StepRead(
        origin=None if step.origin is None else State(step.origin),
        target=State(step.target),
        quarter=None if step.quarter is None else quarter_text(step.quarter),
        organisation=step.tenant,
        reason=step.reason,
        evidence=step.evidence,
        at=step.at,
    )


async def decide(
    session: AsyncSession,
    facts: Facts,
    caller: Principal,
    signal: int,
    body: DecisionRequest,
    if_match: str,
) -> Term:
    """Take a person's step; raises SignalUnknown, Stale, DecisionRefused or Invalid."""
    found = await one(session, signal, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    state, move = _state(found), MOVES[body.decision]
    if state not in move.sources:
        names = ", ".join(allowed(state)) or "-"
        raise DecisionRefused(state=texts.STATES[state](), allowed=names)
    _check_target(facts, found, body)
    session.add(
        Step(
            term=found.id,
            origin=state,
            target=move.target,
            tenant=caller.tenant,
            client=caller.client,
            subject=caller.subject,
            reason=body.reason,
            evidence={"addresses": body.evidence},
        )
    )
    found.state, found.mapped_to = move.target, body.target
    found.version += 1
    found.updated_at = func.now()
    await session.flush()
    await session.refresh(found)
    await feed.publish(
        session,
        entity="emergence",
        entity_id=str(found.id),
        kind="updated",
        version=found.version,
        payload={
            "kind": found.kind,
            "code": found.code,
            "source": found.source,
            "state": found.state,
            "mapped_to": found.mapped_to,
        },
    )
    return found


def _check_target(facts: Facts, found: Term, body: DecisionRequest) -> None:
    """Want a known job or skill with `map`, and none otherwise."""
    known = facts.skills if found.kind == "skill" else facts.jobs
    if body.decision is Decision.MAP and (body.target is None or body.target not in known):
        told = Text(
            "Un métier ou une compétence du ROME est attendu.", "A ROME job or skill is wanted."
        )
        raise Invalid([Fault("/target", "target-unknown", told)])
    if body.decision is not Decision.MAP and body.target is not None:
        told = Text("Réservé à « map ».", "Goes with `map` only.")
        raise Invalid([Fault("/target", "target-not-wanted", told)])
