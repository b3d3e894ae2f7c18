"""Handing out the report of a submitted diagnostic.

It shows what was known when the roadmap was made and, once delivered, the peers of that day, so
that the same diagnostic gives the same file (docs/decisions/0018); only certifications that could
not be had that day are asked for again.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.rendering import as_answers, stored_answers
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.benchmarks import service as benchmarks
from diagnostic.opportunities import service as opportunities
from diagnostic.opportunities.content import Opportunity
from diagnostic.opportunities.eligibility import assess
from diagnostic.questionnaires.grid import Language
from diagnostic.reports import queries
from diagnostic.reports.compose import action, compose
from diagnostic.reports.document import Action, Certification, Report
from diagnostic.reports.standing import peers
from diagnostic.roadmaps import citing, matching, neighbours
from diagnostic.roadmaps import service as roadmaps
from diagnostic.roadmaps.priority import Recommendation
from diagnostic.roadmaps.service import NotSubmitted
from platformkit.auth import Principal
from platformkit.clients.training import TrainingClient
from platformkit.i18n import language
from platformkit.reads import ReadPool

_PART = "certifications"
_LEVEL: dict[Language, str] = {"fr": "niveau {level}", "en": "level {level}"}


async def report(
    reads: ReadPool,
    training: TrainingClient,
    caller: Principal,
    assessment_id: uuid.UUID,
    k: int,
) -> Report:
    """Gather a report in the language of the request, or raise NotSubmitted.

    All of it is in French where the grid lacks English: a page has one language.

    While a diagnostic is being amended, it is that of its last scored revision. Once delivered,
    it compares with the peers of that day for ever.
    """
    row = await reads.fetchrow("report", queries.REPORT, assessment_id, *access.seen_by(caller))
    if row is None:
        raise AssessmentUnknown
    if row["result"] is None:
        raise NotSubmitted
    grid = await grids.of(reads, row["version_id"])
    spoken = grid.spoken(language())
    actions, unavailable = await _actions(training, row)
    compared = await benchmarks.read(
        reads, caller, assessment_id, "auto", k,
        until=row["delivered_at"], revision=row["revision"],
    )  # fmt: skip
    aids = await _aids(reads, row["cited"])
    prospect = orjson.loads(row["prospect"] or "{}")
    given = stored_answers(row, "answers_then")
    return compose(
        grid=grid,
        answers=as_answers(given),
        confidence={one["question"]: one["confidence"] for one in given if one["confidence"]},
        targets=orjson.loads(row["targets"] or "{}"),
        result=orjson.loads(row["result"]),
        explanation=orjson.loads(row["explanation"]),
        result_hash=row["result_hash"],
        computed_at=row["computed_at"],
        organisation=row["name"],
        siren=row["siren"],
        milestone=row["milestone"],
        actions=[_action(one, row, aids, spoken) for one in actions[: roadmaps.FIRST]],
        score_after=prospect.get("after_first"),
        more_actions=_titles(actions[roadmaps.FIRST :], spoken),
        unavailable=unavailable,
        peers=peers(compared, k, spoken),
        revision=row["revision"],
        being_amended=row["present_revision"] > row["revision"],
        language=spoken,
    )


async def _aids(reads: ReadPool, cited: str | None) -> dict[str, Opportunity]:
    """Read the aids as they are, or as a delivered roadmap cites them."""
    if cited is None:
        return {aid.code: aid for aid, _ in await opportunities.listed(reads)}
    return {aid.code: aid for (aid, _), _ in await opportunities.as_cited(reads, cited)}


async def _actions(
    training: TrainingClient, row: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Give the stored actions; certifications missing that day are asked for again."""
    stored: list[dict[str, Any]] = orjson.loads(row["actions"] or "[]")
    if not any(one["part"] == _PART for one in orjson.loads(row["unavailable"] or "[]")):
        return stored, []
    found = await neighbours.offered(training, stored)
    if isinstance(found, str):
        return stored, [_PART]
    return [
        one | {"certifications": citing.short(matching.suited(one, found))} for one in stored
    ], []


def _action(
    stored: Mapping[str, Any],
    row: Mapping[str, Any],
    aids: Mapping[str, Opportunity],
    spoken: Language,
) -> Action:
    facts = {"headcount": row["headcount"], "region_code": row["region_code"]}
    cited = [aids[code] for code in stored["funding_refs"] if code in aids]
    return action(
        _recommendation(stored),
        stored,
        certifications=[_certification(one, spoken) for one in stored["certifications"]],
        fundings=[(aid, assess(aid, facts, row["planned_at"])) for aid in cited],
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
