"""From an action as it is stored to what the wire shows, in the language asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from diagnostic.questionnaires.grid import Label
from diagnostic.roadmaps.lifecycle import ActionStatus, allowed, waiting_for, without
from diagnostic.roadmaps.models import RoadmapAction
from diagnostic.roadmaps.schemas import ActionState
from platformkit.i18n import Language, language

Statuses = Mapping[str, ActionStatus]
"""By code, of every action of a roadmap."""

_STORED = ("id", "position", "status", "reason", "owner_id", "starts_on", "due_on", "progress",
    "note", "version", "changed_at")  # fmt: skip


def statuses(actions: Sequence[RoadmapAction]) -> Statuses:
    """Give the state of each action by its code."""
    return {one.recommendation: ActionStatus(one.status) for one in actions}


def state(found: RoadmapAction, among: Statuses) -> ActionState:
    """Show one action among those of its roadmap."""
    stored = {name: getattr(found, name) for name in _STORED}
    return ActionState.model_validate(
        facts({**found.content, **stored, "own_title": found.title}, among, language())
    )


def facts(stored: Mapping[str, Any], among: Statuses, spoken: Language) -> dict[str, Any]:
    """Give the fields of `ActionState` from an action's content and columns together."""
    title, before = stored["own_title"], stored["prerequisites"]
    waiting = waiting_for(before, among)
    return {
        **{name: stored[name] for name in (*_STORED, "code", "effort", "impact")},
        "title": title or Label.model_validate(stored["title"]).text(spoken),
        "is_own": title is not None,
        "allowed": allowed(ActionStatus(stored["status"]), waiting),
        "prerequisites": before,
        "waiting_for": waiting,
        "without": without(before, among),
    }
