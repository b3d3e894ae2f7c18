"""Handing out the report of a submitted diagnostic.

It shows what was known when the roadmap was made, so that the same diagnostic gives the same file;
only certifications that could not be had that day are asked for again.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.opportunities import service as opportunities
from diagnostic.opportunities.eligibility import Opportunity, assess
from diagnostic.questionnaires.grid import Language
from diagnostic.reports.compose import action, compose
from diagnostic.reports.document import Action, Certification, Report
from diagnostic.roadmaps import matching, neighbours
from diagnostic.roadmaps import queries as roadmap_queries
from diagnostic.roadmaps import service as roadmaps
from diagnostic.roadmaps.priority import Recommendation
from diagnostic.roadmaps.service import NotSubmitted
from diagnostic.scores import queries as score_queries
from platformkit.auth import Principal
from platformkit.clients.training import TrainingClient
from platformkit.i18n import language
from platformkit.reads import ReadPool

_PART = "certifications"
_LEVEL: dict[Language, str] = {"fr": "niveau {level}", "en": "level {level}"}


async def report(
    reads: ReadPool, training: TrainingClient, caller: Principal, assessment_id: uuid.UUID
) -> Report:
    """Gather a report in the language of the request, or raise NotSubmitted."""
    chosen = (assessment_id, *access.seen_by(caller))
    scored = await reads.fetchrow("score", score_queries.SCORED, *chosen)
    if scored is None:
        raise AssessmentUnknown
    if scored["result"] is None:
        raise NotSubmitted
    planned = await reads.fetchrow("roadmap", roadmap_queries.ROADMAP, *chosen)
    if planned is None:
        raise AssessmentUnknown
    stored = orjson.loads(planned["actions"] or "[]")
    unavailable = []
    if any(one["part"] == _PART for one in orjson.loads(planned["unavailable"] or "[]")):
        found = await neighbours.offered(training, stored)
        if isinstance(found, str):
            unavailable.append(_PART)
        else:
            stored = [
                one | {"certifications": roadmaps.short(matching.suited(one, found))}
                for one in stored
            ]
    aids = {aid.code: aid for aid, _ in await opportunities.listed(reads)}
    spoken = language()
    prospect = orjson.loads(planned["score"] or "{}")
    return compose(
        content=(await grids.of(reads, scored["version_id"])).content,
        result=orjson.loads(scored["result"]),
        explanation=orjson.loads(scored["explanation"]),
        result_hash=scored["result_hash"],
        computed_at=scored["computed_at"],
        organisation=planned["name"],
        siren=planned["siren"],
        milestone=scored["milestone"],
        actions=[_action(one, planned, aids, spoken) for one in stored[: roadmaps.FIRST]],
        score_after=prospect.get("after_first"),
        more_actions=_titles(stored[roadmaps.FIRST :], spoken),
        unavailable=unavailable,
        language=spoken,
    )


def _action(
    stored: Mapping[str, Any],
    planned: Mapping[str, Any],
    aids: Mapping[str, Opportunity],
    spoken: Language,
) -> Action:
    facts = {"headcount": planned["headcount"], "region_code": planned["region_code"]}
    cited = [aids[code] for code in stored["funding_refs"] if code in aids]
    return action(
        _recommendation(stored),
        stored,
        certifications=[_certification(one, spoken) for one in stored["certifications"]],
        fundings=[(aid, assess(aid, facts, planned["created_at"])) for aid in cited],
        language=spoken,
    )


def _recommendation(stored: Mapping[str, Any]) -> Recommendation:
    return Recommendation.model_validate(
        {name: stored[name] for name in Recommendation.model_fields}
    )


def _certification(stored: Mapping[str, Any], spoken: Language) -> Certification:
    title, level = stored["title"], stored["level"]
    return Certification(
        title=title.get(spoken) or title["fr"],
        number=stored["number"],
        detail=_LEVEL[spoken].format(level=level) if level is not None else None,
    )


def _titles(stored: Sequence[Mapping[str, Any]], spoken: Language) -> list[str]:
    return [_recommendation(one).title.text(spoken) for one in stored]
