"""Acting on a roadmap: changing its actions, and adding the company's own."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text

from diagnostic import faults
from diagnostic.actions import queries, rules
from diagnostic.actions.problems import ActionRefused, ActionsFull, ActionUnknown
from diagnostic.actions.schemas import ActionAdd, ActionUpdate
from diagnostic.assessments import access, steps
from diagnostic.assessments.models import VOID, Assessment
from diagnostic.assessments.service import AssessmentClosed
from diagnostic.audit import service as audit
from diagnostic.roadmaps import lifecycle, view
from diagnostic.roadmaps.lifecycle import ActionStatus
from diagnostic.roadmaps.models import Roadmap, RoadmapAction
from diagnostic.roadmaps.priority import quadrant_of
from diagnostic.roadmaps.schemas import ActionState
from diagnostic.roadmaps.service import RoadmapUnknown
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session

MOST_OWN = 30
"""Actions that a company adds to one roadmap, dropped ones too."""

OWN = "own-"
"""Begins the code of a company's own action; those of recommendations begin with a capital."""


async def one(
    session: Session, caller: Principal, assessment_id: uuid.UUID, action_id: uuid.UUID
) -> ActionState:
    """Read an action of a present roadmap within the caller's reach, or raise ActionUnknown."""
    tenant, facilitator = access.seen_by(caller)
    where = {"assessment": assessment_id, "tenant": tenant, "facilitator": facilitator}
    query = select(RoadmapAction).from_statement(text(queries.FIND))
    actions = (await session.scalars(query, where)).all()
    return view.state(_of(actions, action_id), view.statuses(actions))


def _of(actions: Sequence[RoadmapAction], action_id: uuid.UUID) -> RoadmapAction:
    found = next((one for one in actions if one.id == action_id), None)
    if found is None:
        raise ActionUnknown
    return found


async def _held(
    session: Session, caller: Principal, assessment_id: uuid.UUID
) -> tuple[Assessment, Roadmap]:
    """Hold a diagnostic of the caller's, and with it the actions of its present roadmap."""
    diagnostic = await steps.locked(session, assessment_id, access.owned_by(caller))
    roadmap = await session.scalar(
        select(Roadmap).where(
            Roadmap.assessment_id == assessment_id,
            Roadmap.assessment_revision == diagnostic.revision,
        )
    )
    if roadmap is None:
        raise RoadmapUnknown
    if diagnostic.status in VOID:
        raise AssessmentClosed(status=diagnostic.status)
    return diagnostic, roadmap


async def _locked(session: Session, roadmap_id: uuid.UUID) -> list[RoadmapAction]:
    query = select(RoadmapAction).from_statement(text(queries.LOCK))
    found = (await session.scalars(query, {"roadmap": roadmap_id})).all()
    return sorted(found, key=lambda one: one.position)


async def change(
    session: Session,
    caller: Principal,
    assessment_id: uuid.UUID,
    action_id: uuid.UUID,
    if_match: str,
    body: ActionUpdate,
    now: datetime,
) -> ActionState:
    """Change the fields that were sent; what is sent as it is already is no change.

    Holds the diagnostic, then the owner, then the actions: nobody is made an owner while they are
    erased.
    """
    diagnostic, roadmap = await _held(session, caller, assessment_id)
    sent = body.model_dump(exclude_unset=True)
    is_owner_known = await _is_in(session, diagnostic.organisation_id, sent.get("owner_id"))
    actions = await _locked(session, roadmap.id)
    found, among = _of(actions, action_id), view.statuses(actions)
    etags.match(if_match, etags.of_version(found.version))
    changes = {name: value for name, value in sent.items() if value != getattr(found, name)}
    if wrong := list(
        rules.wrong(found, sent, changes, places=len(actions), is_owner_known=is_owner_known)
    ):
        raise ActionRefused(wrong)
    rules.refuse(found, changes, among)
    if changes:
        if "position" in changes:
            _place(rules.ordered(actions, found, changes.pop("position"), among))
        _apply(found, changes)
        found.version += 1
        found.changed_at = now
        await session.flush()
        verb = lifecycle.VERBS[ActionStatus(found.status)] if "status" in changes else "change"
        await audit.record(session, caller, verb, "roadmap_action", found.id)
    return view.state(found, view.statuses(actions))


async def _is_in(session: Session, organisation_id: uuid.UUID, owner_id: uuid.UUID | None) -> bool:
    """Tell whether this is a person of the company, or nobody."""
    if owner_id is None:
        return True
    where = {"owner": owner_id, "organisation": organisation_id}
    return await session.scalar(text(queries.OWNER), where) is not None


def _place(order: Sequence[RoadmapAction]) -> None:
    for position, one in enumerate(order, 1):
        one.position = position


def _apply(found: RoadmapAction, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(found, name, value)
    if "status" in changes:
        if found.status not in lifecycle.REASONED:
            found.reason = None
        if found.status == ActionStatus.DONE:
            found.progress = rules.WHOLE


async def add(
    session: Session, caller: Principal, assessment_id: uuid.UUID, body: ActionAdd, now: datetime
) -> ActionState:
    """Add an action of the company's own at the end of the roadmap; it is proposed."""
    _, roadmap = await _held(session, caller, assessment_id)
    actions = await _locked(session, roadmap.id)
    among = view.statuses(actions)
    if unknown := [place for place, code in enumerate(body.prerequisites) if code not in among]:
        raise ActionRefused(
            [faults.fault(f"/prerequisites/{place}", *_UNKNOWN) for place in unknown]
        )
    own = sum(one.title is not None for one in actions)
    if own >= MOST_OWN:
        raise ActionsFull(most=MOST_OWN)
    code = f"{OWN}{own + 1}"
    created = RoadmapAction(
        id=uuid.uuid4(),
        roadmap_id=roadmap.id,
        position=len(actions) + 1,
        recommendation=code,
        title=body.title,
        status=ActionStatus.PROPOSED,
        progress=0,
        version=1,
        changed_at=now,
        content=_content(code, body),
    )
    session.add(created)
    await session.flush()
    await audit.record(session, caller, "add", "roadmap_action", created.id)
    return view.state(created, {**among, code: ActionStatus.PROPOSED})


_UNKNOWN = (
    "action_unknown",
    "La feuille de route n’a pas d’action de ce code.",
    "The roadmap has no action of this code.",
)


def _content(code: str, body: ActionAdd) -> dict[str, Any]:
    """Say of an own action what the catalogue says of the others: it raises no answer."""
    return {
        "code": code,
        "effort": body.effort,
        "impact": body.impact,
        "horizon_months": body.horizon_months,
        "prerequisites": list(dict.fromkeys(body.prerequisites)),
        "quadrant": quadrant_of(body.impact, body.effort),
        "gain": 0.0,
        "gain_exact": "0",
        "priority": 0.0,
        **{name: [] for name in _NONE},
        "question_uplift": {},
    }


_NONE = ("how", "because", "certification_themes", "certification_refs", "rome_codes",
    "funding_refs", "certifications")  # fmt: skip
