"""Making a roadmap of a submitted diagnostic, and showing it with what neighbours know today."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.assessments import access, grids
from diagnostic.assessments import queries as assessments
from diagnostic.assessments.models import SCORED, Status
from diagnostic.assessments.rendering import as_answers, backed, stored_answers
from diagnostic.assessments.scoring import publish, score
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.audit import service as audit
from diagnostic.opportunities import service as opportunities
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.hashing import canonical_hash
from diagnostic.roadmaps import citing, delivery, matching, models, queries, rendering
from diagnostic.roadmaps.catalogue import by_code, check_catalogue
from diagnostic.roadmaps.neighbours import Known, Neighbours
from diagnostic.roadmaps.priority import Recommendation, prioritise, what_if
from diagnostic.roadmaps.schemas import CitedFunding, RoadmapRead
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text, language
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool

FIRST = 5
"""How many actions a report and an overview show in full."""


class NotSubmitted(Conflict):
    """A roadmap is made of answers that no longer change."""

    code = "assessment-not-submitted"
    title = Text("Diagnostic non soumis", "Assessment not submitted")
    detail = Text(
        "Soumettez d’abord le diagnostic (POST …/submit).",
        "Submit the assessment first (POST …/submit).",
    )


class RoadmapExists(Conflict):
    """A submission has one roadmap."""

    code = "roadmap-exists"
    title = Text("Feuille de route déjà établie", "Roadmap already made")
    detail = Text(
        "Lisez-la (GET …/roadmap).",
        "Read it (GET …/roadmap).",
    )


class RoadmapUnknown(NotFound):
    """The diagnostic has no roadmap yet."""

    code = "roadmap-unknown"
    title = Text("Pas encore de feuille de route", "No roadmap yet")
    detail = Text(
        "Établissez-la (POST …/roadmap).",
        "Make it (POST …/roadmap).",
    )


class CatalogueRefused(Invalid):
    """Recommendations do not fit their grid, or their prerequisites contradict one another."""

    code = "catalogue-refused"
    title = Text("Catalogue de préconisations refusé", "Catalogue of recommendations refused")


async def load(session: Session, questionnaire: str, catalogue: Iterable[Recommendation]) -> int:
    """Store what changed of the recommendations for a grid; returns how many did.

    Raises CatalogueRefused where they, with those already stored, do not fit the grid or wait for
    one another; then nothing is stored.
    """
    table = models.Recommendation
    incoming = list(catalogue)
    await _check(session, questionnaire, incoming)
    rows = await session.execute(
        select(table.code, table.content_hash).where(table.questionnaire_code == questionnaire)
    )
    stored = dict(rows.all())
    changed = 0
    for one in incoming:
        content = one.model_dump(mode="json")
        values = {"content": content, "content_hash": canonical_hash(content)}
        if stored.get(one.code) == values["content_hash"]:
            continue
        changed += 1
        await session.execute(
            insert(table)
            .values(id=uuid.uuid4(), questionnaire_code=questionnaire, code=one.code, **values)
            .on_conflict_do_update(
                index_elements=["questionnaire_code", "code"],
                set_={**values, "version": table.version + 1, "updated_at": func.now()},
            )
        )
    return changed


async def _check(session: Session, questionnaire: str, incoming: Sequence[Recommendation]) -> None:
    grid = await questionnaires.latest(session, questionnaire)
    codes = {one.code for one in incoming}
    table = models.Recommendation
    kept = await session.scalars(
        select(table.content).where(
            table.questionnaire_code == questionnaire, table.code.not_in(codes)
        )
    )
    whole = [*incoming, *(Recommendation.model_validate(one) for one in kept)]
    content = GridContent.model_validate(grid.content)
    if wrong := faults.of(by_code(check_catalogue(content, whole), whole)):
        raise CatalogueRefused(wrong)


async def make(
    session: Session,
    reads: ReadPool,
    neighbours: Neighbours,
    caller: Principal,
    assessment_id: uuid.UUID,
    now: datetime,
) -> RoadmapRead:
    """Choose and order the actions, and store them with the certifications known today."""
    chosen = (assessment_id, *access.owned_by(caller))
    row = await reads.fetchrow("assessment with answers", assessments.WHOLE, *chosen)
    company = await reads.fetchrow("roadmap", queries.ROADMAP, *chosen, day_in_paris(now))
    if row is None or company is None:
        raise AssessmentUnknown
    if row["status"] not in SCORED:
        raise NotSubmitted
    grid = await grids.of(reads, row["version_id"])
    found = await reads.fetch("recommendations", queries.CATALOGUE, row["code"])
    recommendations = [Recommendation.model_validate(orjson.loads(one["content"])) for one in found]
    prospect, actions = await asyncio.to_thread(_planned, grid, row, recommendations)
    known = await neighbours.ask(actions, company["naf_code"])
    await _store(session, caller, row, prospect, actions, known)
    connection = await session.connection()
    made = await connection.exec_driver_sql(queries.ROADMAP, (*chosen, day_in_paris(now)))
    return await _shown(reads, dict(made.mappings().one()), known, now)


async def _store(
    session: Session,
    caller: Principal,
    row: Mapping[str, Any],
    prospect: dict[str, Any],
    actions: list[dict[str, Any]],
    known: Known,
) -> None:
    roadmap_id = await session.scalar(
        insert(models.Roadmap)
        .values(
            id=uuid.uuid4(),
            tenant=caller.tenant,
            assessment_id=row["id"],
            assessment_revision=row["revision"],
            score=prospect,
            unavailable=known.missing,
        )
        .on_conflict_do_nothing()
        .returning(models.Roadmap.id)
    )
    if roadmap_id is None:
        raise RoadmapExists
    session.add_all(
        models.RoadmapAction(
            roadmap_id=roadmap_id,
            position=one["position"],
            recommendation=one["code"],
            content={
                **one,
                "certifications": citing.short(matching.suited(one, known.certifications or ())),
            },
        )
        for one in actions
    )
    await session.flush()
    if row["status"] == Status.DELIVERED:
        await delivery.freeze(session, row["id"], row["revision"])
    await audit.record(session, caller, "make", "roadmap", roadmap_id)


def _planned(
    grid: PreparedGrid, row: Mapping[str, Any], catalogue: list[Recommendation]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run the score once for now, once for each recommendation, once for all together."""
    answers = as_answers(stored_answers(row), backed(row))
    ranked = prioritise(grid, answers, catalogue)
    now = score(grid, answers).low
    chosen = [one.recommendation for one in ranked]
    prospect = {
        "now": _published(now),
        "after_first": _published(what_if(grid, answers, chosen[:FIRST]).low),
        "projected": _published(what_if(grid, answers, chosen).low),
    }
    actions = [{**one.recommendation.model_dump(mode="json"), **one.as_json()} for one in ranked]
    return prospect, actions


def _published(value: Fraction | None) -> float | None:
    return None if value is None else float(publish(value))


async def read(
    reads: ReadPool,
    neighbours: Neighbours,
    caller: Principal,
    assessment_id: uuid.UUID,
    now: datetime,
) -> RoadmapRead:
    """Show the roadmap with today's certifications and funding, or say what is missing.

    Once delivered, with those that it cites (R11).
    """
    reach = access.seen_by(caller)
    row = await reads.fetchrow("roadmap", queries.ROADMAP, assessment_id, *reach, day_in_paris(now))
    if row is None:
        raise AssessmentUnknown
    if row["id"] is None:
        raise RoadmapUnknown
    known = await neighbours.ask(orjson.loads(row["actions"] or "[]"), row["naf_code"])
    return await _shown(reads, row, known, now)


async def _shown(
    reads: ReadPool, row: Mapping[str, Any], known: Known, now: datetime
) -> RoadmapRead:
    facts = {"headcount": row["headcount"], "region_code": row["region_code"]}
    if row["cited"] is None:
        aids = [(one, False) for one in await opportunities.listed(reads)]
    else:
        aids = await opportunities.as_cited(reads, row["cited"])
    changed = {aid.code: updated for (aid, _), updated in aids}
    funding = [
        CitedFunding(**dict(one), updated=changed[one.opportunity.code])
        for one in opportunities.judged([one for one, _ in aids], facts, now)
    ]
    grid = await grids.of(reads, row["version_id"])
    return rendering.roadmap(row, grid, known, funding, language())
