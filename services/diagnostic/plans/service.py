"""Making the plan of a roadmap, for whoever may read it; nothing is stored."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import orjson

from diagnostic import faults
from diagnostic.assessments import access, grids
from diagnostic.assessments.rendering import as_answers, backed, stored_answers
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.plans import queries, rendering
from diagnostic.plans.aims import aims
from diagnostic.plans.candidates import Candidates, candidates
from diagnostic.plans.contradictions import contradictions
from diagnostic.plans.obstacles import Obstacle, obstacle
from diagnostic.plans.optimising import Judge, NoPlan, optimise
from diagnostic.plans.problems import PlanContradiction, PlannerBusy, TargetUnreachable
from diagnostic.plans.quarters import Quarter
from diagnostic.plans.rendering import Asked
from diagnostic.plans.schemas import PlanAsked, PlanRead
from diagnostic.plans.terms import Terms, without
from diagnostic.roadmaps.priority import raised
from diagnostic.roadmaps.service import RoadmapUnknown
from diagnostic.targets.schemas import Target
from diagnostic.targets.service import misfits, unfit
from platformkit.auth import Principal
from platformkit.errors import Fault
from platformkit.i18n import Language, language
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool
from platformkit.threads import Threads

_threads = Threads(2, 20, PlannerBusy)


async def plan(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, body: PlanAsked, now: datetime
) -> PlanRead:
    """Find the plan of least effort, or raise TargetUnreachable with what stands in the way."""
    row = await reads.fetchrow("plan", queries.PLANNED, assessment_id, *access.seen_by(caller))
    if row is None:
        raise AssessmentUnknown
    if row["roadmap_id"] is None:
        raise RoadmapUnknown
    grid = await grids.of(reads, row["version_id"])
    stored = orjson.loads(row["actions"] or "[]")
    found = candidates(stored, body.efforts.model_dump())
    targets = _targets(body, row["targets"])
    first = _first(body, now)
    latest = {code: _quarters_until(first, day) for code, day in body.deadlines.items()}
    wrong = [*_unfit(grid, body, targets), *contradictions(found, body, latest)]
    if wrong:
        raise PlanContradiction(wrong)
    terms = Terms(
        without(found.actions, found.gone | set(body.exclude)),
        tuple(body.capacity),
        frozenset(body.require),
        latest,
    )
    wanted = aims(
        grid,
        None if body.target is None else body.target.model_dump(),
        {code: one.model_dump() for code, one in targets.items()},
    )
    asked = Asked(terms, wanted, first)
    answers = as_answers(stored_answers(row), backed(row))
    done = [found.recommendations[code] for code in found.done]
    judge = Judge(grid, raised(grid, answers, done), dict(found.recommendations))
    met = await _threads.run(_made, judge, asked, found, grid.spoken(language()))
    if isinstance(met, Obstacle):
        raise TargetUnreachable(met, wanted, body.capacity)
    return PlanRead(
        assessment_id=assessment_id,
        roadmap_id=row["roadmap_id"],
        excluded=[code for code in found.actions if code not in terms.actions],
        done=list(found.done),
        **met,
    )


def _made(
    judge: Judge, asked: Asked, found: Candidates, spoken: Language
) -> dict[str, Any] | Obstacle:
    tables = judge.effects()
    best = optimise(judge, tables, asked.terms, asked.aims)
    if isinstance(best, NoPlan):
        return obstacle(judge, tables, found.actions, asked.terms, asked.aims)
    return rendering.plan(best, judge, asked, spoken)


def _targets(body: PlanAsked, stored: str | None) -> Mapping[str, Target]:
    if body.dimensions is not None:
        return body.dimensions
    return {code: Target.model_validate(one) for code, one in orjson.loads(stored or "{}").items()}


def _unfit(grid: PreparedGrid, body: PlanAsked, targets: Mapping[str, Target]) -> Iterator[Fault]:
    if body.target is None and not targets:
        yield faults.fault("/target", "target_missing", *_NO_TARGET)
    if body.target is not None:
        yield from unfit(grid, body.target, "/target")
    yield from misfits(grid, targets)


_NO_TARGET = (
    "Donnez une cible, globale ou par axe ; aucune n’est fixée sur ce diagnostic.",
    "Give a target, of the whole or of a dimension; none is set on this assessment.",
)


def _first(body: PlanAsked, now: datetime) -> Quarter:
    if body.first_quarter is not None:
        return Quarter.read(body.first_quarter)
    return Quarter.of(day_in_paris(now)).later(1)


def _quarters_until(first: Quarter, day: date) -> int:
    """Count the quarters of the plan that have ended on a day."""
    last = Quarter.of(day)
    whole = last if day == last.ends_on else last.later(-1)
    return max(0, 4 * (whole.year - first.year) + whole.number - first.number + 1)
