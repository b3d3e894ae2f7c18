"""From the stored roadmap to what may be chosen: what is done counts, what was rejected is out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from diagnostic.plans.terms import Action
from diagnostic.roadmaps.lifecycle import ActionStatus
from diagnostic.roadmaps.priority import Recommendation

_GONE = frozenset({ActionStatus.REJECTED, ActionStatus.DROPPED})
_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """The roadmap's actions that raise answers, each after its prerequisites.

    `actions` are those not done yet; of these, `gone` were rejected or dropped.
    """

    recommendations: Mapping[str, Recommendation]
    actions: Mapping[str, Action]
    gone: frozenset[str]
    done: tuple[str, ...]


def candidates(stored: Iterable[Mapping[str, Any]], efforts: Mapping[str, int]) -> Candidates:
    """Read the stored actions; those of the company's own raise no answer and are left alone.

    An action lasts as many quarters as its horizon has. A prerequisite that is done, or that the
    answers do not call for, is met.
    """
    known = {
        one["content"]["code"]: (_recommendation(one["content"]), one["status"])
        for one in stored
        if one["content"]["question_uplift"]
    }
    left = {code: one for code, (one, status) in known.items() if status != ActionStatus.DONE}
    actions: dict[str, Action] = {}
    while left:
        code = next(code for code, one in left.items() if left.keys().isdisjoint(one.prerequisites))
        one = left.pop(code)
        actions[code] = Action(
            code=code,
            effort=efforts[one.effort],
            quarters=one.horizon_months // _MONTHS,
            after=frozenset(one.prerequisites) & actions.keys(),
        )
    return Candidates(
        recommendations={code: one for code, (one, _) in known.items()},
        actions=actions,
        gone=frozenset(code for code, (_, status) in known.items() if status in _GONE),
        done=tuple(code for code, (_, status) in known.items() if status == ActionStatus.DONE),
    )


def _recommendation(content: Mapping[str, Any]) -> Recommendation:
    kept = {name: content[name] for name in Recommendation.model_fields if name in content}
    return Recommendation.model_validate(kept)
