"""Setting targets, and saying how far away they are."""

import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.assessments import access, grids, steps
from diagnostic.assessments.models import VOID
from diagnostic.assessments.scoring import publish
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.audit import service as audit
from diagnostic.questionnaires.grid import exact
from diagnostic.scores import queries, rendering
from diagnostic.scores.aims import points
from diagnostic.targets.models import AssessmentTarget
from diagnostic.targets.schemas import Target, TargetGap, TargetsRead, TargetsWrite
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Fault, Invalid
from platformkit.i18n import language
from platformkit.reads import ReadPool


async def put(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    if_match: str,
    body: TargetsWrite,
) -> TargetsRead:
    """Replace the targets of a diagnostic that still counts, in any of its states."""
    found = await steps.locked(session, assessment_id, access.seen_by(caller))
    if found.status in VOID:
        raise AssessmentClosed(status=found.status)
    grid = await grids.of(reads, found.version_id)
    if wrong := list(misfits(grid, body.dimensions)):
        raise Invalid(wrong)
    present = await session.scalar(
        select(AssessmentTarget.version).where(AssessmentTarget.assessment_id == found.id)
    )
    etags.match(if_match, etags.of_version(present or 0))
    values = {"dimensions": body.model_dump(mode="json")["dimensions"]}
    await session.execute(
        insert(AssessmentTarget)
        .values(assessment_id=found.id, **values)
        .on_conflict_do_update(
            index_elements=["assessment_id"],
            set_={**values, "version": AssessmentTarget.version + 1, "updated_at": func.now()},
        )
    )
    await audit.record(session, caller, "set-targets", "assessment", found.id)
    connection = await session.connection()
    rows = await connection.exec_driver_sql(queries.SCORED, (found.id, found.tenant, None))
    return _shown(dict(rows.mappings().one()), grid)


def misfits(grid: PreparedGrid, dimensions: Mapping[str, Target]) -> Iterator[Fault]:
    """Check the targets of dimensions against the grid."""
    for code, target in dimensions.items():
        at = f"/dimensions/{code}"
        if code not in grid.weights:
            yield faults.fault(at, "dimension_unknown", *_NO_DIMENSION)
        yield from unfit(grid, target, at)


def unfit(grid: PreparedGrid, target: Target, at: str) -> Iterator[Fault]:
    """Check that a target is a level of the grid, or a score as fine as it is published."""
    profile = grid.content.profile
    levels = [one.code for one in profile.levels]
    if target.level is not None and target.level not in levels:
        yield faults.fault(
            f"{at}/level",
            "level_unknown",
            f"Les niveaux de cette grille sont : {', '.join(levels)}.",
            f"The levels of this grid are: {', '.join(levels)}.",
        )
    if target.score is not None and _too_fine(target.score, profile.precision):
        yield faults.fault(
            f"{at}/score",
            "too_many_decimals",
            f"Un score se publie avec {profile.precision} décimale(s).",
            f"A score is published to {profile.precision} decimal(s).",
        )


_NO_DIMENSION = (
    "La version de grille de ce diagnostic n’a pas cet axe.",
    "This assessment's version of the grid has no such dimension.",
)


def _too_fine(score: float, digits: int) -> bool:
    return publish(exact(score), digits) != Decimal(repr(score))


async def read(reads: ReadPool, caller: Principal, assessment_id: uuid.UUID) -> TargetsRead:
    """Show the targets beside the present scores, in one statement."""
    row = await reads.fetchrow("targets", queries.SCORED, assessment_id, *access.seen_by(caller))
    if row is None:
        raise AssessmentUnknown
    return _shown(dict(row), await grids.of(reads, row["version_id"]))


def _shown(row: dict[str, Any], grid: PreparedGrid) -> TargetsRead:
    chosen = {
        code: Target.model_validate(one)
        for code, one in orjson.loads(row["targets"] or "{}").items()
    }
    score = rendering.shown(row, grid, language())
    return TargetsRead(
        assessment_id=row["id"],
        version=row["targets_version"] or 0,
        dimensions=[
            TargetGap(
                dimension=one.code,
                title=one.title,
                score=chosen[one.code].score,
                level=chosen[one.code].level,
                points=float(points(grid.content.profile, chosen[one.code].model_dump())),
                present=one.score,
                gap=one.gap,
            )
            for one in score.dimensions
            if one.code in chosen
        ],
    )
