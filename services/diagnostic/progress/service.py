"""Counting how far a programme and a cohort are."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.benchmarks.quartiles import rounded_down
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.progress import queries
from diagnostic.progress.schemas import (
    CohortMovement,
    CohortProgress,
    ProgrammeProgress,
    QuarterSteps,
)
from diagnostic.statistics import companies, document, figures
from diagnostic.statistics import service as statistics
from diagnostic.statistics.figures import Count
from diagnostic.statistics.schemas import MedianRead
from platformkit.auth import Principal
from platformkit.i18n import language
from platformkit.reads import ReadPool

Row = Mapping[str, Any]
_NOTHING = figures.journey([])


def of_programme(row: Row) -> ProgrammeProgress:
    """Show the published figures of a whole programme, by quarter as well."""
    body = row["body"]
    whole = next((one for one in body["groups"] if one["level"] == document.WHOLE.level), _NOTHING)
    return ProgrammeProgress(
        programme=row["code"],
        title=statistics.entitled(row),
        as_of=row["as_of_on"],
        made_at=row["made_at"],
        k=row["k"],
        cohorts=body["cohorts"],
        companies=whole["companies"],
        steps=whole["steps"],
        actions=whole["actions"],
        quarters=[
            QuarterSteps(quarter=quarter, steps=steps)
            for quarter, steps in sorted(body["quarters"].items())
        ],
    )


async def of_cohort(
    reads: ReadPool, caller: Principal, cohort_id: uuid.UUID, k: int, now: datetime
) -> CohortProgress:
    """Count a cohort's companies, or raise CohortUnknown for who neither leads nor is in it.

    Who takes part learns nothing by what it does itself: its own companies are left out. What T1
    changed is counted at once and exactly, so that each company shows: only for who may read it.
    """
    row = await reads.fetchrow(
        "cohort progress", queries.COHORT, cohort_id, *access.seen_by(caller)
    )
    if row is None:
        raise CohortUnknown
    leads = bool(row["is_facilitated"])
    told: Count = int if leads else rounded_down
    counted = [
        one for one in orjson.loads(row["companies"]) if leads or one["tenant"] != caller.tenant
    ]
    return CohortProgress(
        cohort_id=cohort_id,
        code=row["code"],
        title=row["title"],
        view="facilitator" if leads else "participant",
        as_of=now,
        k=k,
        movements=await _movements(reads, counted, k) if leads else [],
        **figures.journey([_journey(one) for one in counted], told),
    )


def _journey(company: Row) -> dict[str, Any]:
    """Tell which steps a company took, in the words of the statistics."""
    actions: dict[str, int] = company["actions"] or {}
    measured = {one["milestone"] for one in company["measured"] or ()}
    taken = {
        "enrolled": True,
        "diagnosed": "T0" in measured,
        "planned": company["planned"],
        "acting": bool(actions.keys() & companies.ACTED),
        "done": "done" in actions,
        "remeasured": "T1" in measured,
    }
    return {"steps": [step for step, is_taken in taken.items() if is_taken], "actions": actions}


async def _movements(reads: ReadPool, counted: Iterable[Row], k: int) -> list[CohortMovement]:
    """Show what T1 changed within the cohort for k companies or more; of fewer, nothing."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    versions: dict[str, str] = {}
    for company in counted:
        for before, after in _pairs(company):
            found[after["scoring_hash"]].append(
                companies.change((before["level"], after["level"]), _scores(before), _scores(after))
            )
            versions[after["scoring_hash"]] = after["version_id"]
    return [
        _movement(await grids.of(reads, uuid.UUID(versions[scoring])), facts)
        for scoring, facts in sorted(found.items())
        if len(facts) >= k
    ]


def _pairs(company: Row) -> Iterable[tuple[Row, Row]]:
    """Give the T0 and T1 that compare, if the company consents to it and began them here."""
    whole = [
        one
        for one in company["measured"] or ()
        if company["consents"] and one["whole"] and one["is_of_cohort"]
    ]
    first = {one["scoring_hash"]: one for one in whole if one["milestone"] == "T0"}
    for one in whole:
        if one["milestone"] == "T1" and one["scoring_hash"] in first:
            yield first[one["scoring_hash"]], one


def _scores(measured: Row) -> dict[str, str]:
    return {"": measured["exact"], **measured["dimensions"]}


def _movement(grid: PreparedGrid, facts: Sequence[Row]) -> CohortMovement:
    levels = [one.code for one in grid.content.profile.levels]
    moved = figures.moved(facts, levels, int)
    medians = moved.pop("medians")
    overall = medians.pop("")
    return CohortMovement(
        questionnaire=grid.content.code,
        scoring_hash=grid.scoring_hash,
        median=overall,
        dimensions=[
            MedianRead(code=one.code, title=one.title.text(language()), median=medians[one.code])
            for one in grid.dimensions
        ],
        **moved,
    )
