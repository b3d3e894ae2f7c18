"""What may be asked of an action: faults of the request all at once, then conflicts of state."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from diagnostic import faults
from diagnostic.actions.problems import (
    ActionNotStarted,
    ActionOrderRefused,
    ActionSettled,
    ActionStepRefused,
    ActionWaits,
)
from diagnostic.roadmaps import lifecycle
from diagnostic.roadmaps.lifecycle import ActionStatus
from diagnostic.roadmaps.models import RoadmapAction
from diagnostic.roadmaps.view import Statuses
from platformkit.errors import Fault

WHOLE = 100
_ALWAYS = frozenset({"note"})


def wrong(
    found: RoadmapAction,
    sent: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    places: int,
    is_owner_known: bool,
) -> Iterator[Fault]:
    """Name every fault of what was sent, judged together with what stays."""
    then = {"status": found.status, "starts_on": found.starts_on, "due_on": found.due_on, **changes}
    if not is_owner_known:
        yield faults.fault("/owner_id", *_OWNER_UNKNOWN)
    if None not in (then["starts_on"], then["due_on"]) and then["due_on"] < then["starts_on"]:
        yield faults.fault("/due_on", *_DUE_BEFORE_START)
    if "position" in sent and sent["position"] > places:
        yield faults.fault(
            "/position",
            "no_such_place",
            f"La feuille de route a {places} places.",
            f"The roadmap has {places} places.",
        )
    if "title" in changes and found.title is None:
        yield faults.fault("/title", *_TITLE_OF_CATALOGUE)
    yield from _wrong_reason(found, sent, changes, ActionStatus(then["status"]))


def _wrong_reason(
    found: RoadmapAction,
    sent: Mapping[str, Any],
    changes: Mapping[str, Any],
    then: ActionStatus,
) -> Iterator[Fault]:
    given = sent.get("reason")
    if then not in lifecycle.REASONED:
        if given is not None:
            yield faults.fault("/reason", *_REASON_UNUSED)
    elif given is None and ("status" in changes or "reason" in sent):
        yield faults.fault("/reason", *_REASON_MISSING)


_OWNER_UNKNOWN = (
    "owner_unknown",
    "Ce n’est pas un répondant de l’entreprise.",
    "Not one of the company's respondents.",
)
_DUE_BEFORE_START = (
    "due_before_start",
    "L’échéance précède le début.",
    "The due day is before the start.",
)
_TITLE_OF_CATALOGUE = (
    "title_of_catalogue",
    "Seule une action de l’entreprise change de titre.",
    "Only an action of the company's own may change its title.",
)
_REASON_MISSING = (
    "reason_missing",
    "Dites pourquoi.",
    "Say why.",
)
_REASON_UNUSED = (
    "reason_unused",
    "Un motif accompagne « rejected », « on_hold » ou « dropped ».",
    "A reason goes with “rejected”, “on_hold” or “dropped”.",
)


def refuse(found: RoadmapAction, changes: Mapping[str, Any], among: Statuses) -> None:
    """Raise the first conflict of the changes with the state that the action is in."""
    now = ActionStatus(found.status)
    waiting = lifecycle.waiting_for(found.content["prerequisites"], among)
    then = ActionStatus(changes.get("status", now))
    if then is not now:
        if then not in lifecycle.NEXT[now]:
            allowed = ", ".join(lifecycle.allowed(now, waiting)) or "—"
            raise ActionStepRefused(status=now, allowed=allowed)
        if then is ActionStatus.DONE and waiting:
            raise ActionWaits(codes=", ".join(waiting))
    elif now in lifecycle.SETTLED and changes.keys() - _ALWAYS:
        raise ActionSettled(status=now)
    if "progress" in changes and then not in lifecycle.STARTED | {ActionStatus.DONE}:
        raise ActionNotStarted(status=then)


def ordered(
    actions: Sequence[RoadmapAction], moved: RoadmapAction, place: int, among: Statuses
) -> list[RoadmapAction]:
    """Put one action in another place, or raise ActionOrderRefused; the others keep their order."""
    rest = [one for one in actions if one is not moved]
    order = [*rest[: place - 1], moved, *rest[place - 1 :]]
    seen: set[str] = set()
    for one in order:
        if late := _kept(one.content["prerequisites"], among) - seen:
            raise ActionOrderRefused(before=", ".join(sorted(late)), after=one.recommendation)
        seen.add(one.recommendation)
    return order


def _kept(prerequisites: Collection[str], among: Statuses) -> set[str]:
    return {one for one in prerequisites if one in among and among[one] not in lifecycle.SET_ASIDE}
