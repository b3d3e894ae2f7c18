"""Which crosswalks there are for a grid, and a diagnostic read through one of them."""

import uuid
from fractions import Fraction

from diagnostic.assessments import access, grids, queries
from diagnostic.assessments.rendering import as_answers, grid_of, stored_answers
from diagnostic.assessments.scoring import HUNDRED, publish
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.crosswalks import catalogue, profile
from diagnostic.crosswalks.profile import DimensionReading, ItemReading, ItemStatus
from diagnostic.crosswalks.schemas import CrosswalkList, CrosswalkReading, DimensionRead, ItemRead
from diagnostic.questionnaires import service as questionnaires
from platformkit.auth import Principal
from platformkit.errors import NotFound
from platformkit.i18n import Language, Text, language
from platformkit.reads import ReadPool


class CrosswalkUnknown(NotFound):
    """No crosswalk of this code ships for the version of the grid that the diagnostic keeps."""

    code = "crosswalk-unknown"
    title = Text("Table de passage inconnue", "Unknown crosswalk")
    detail = Text(
        "Aucune table de passage de ce code n’existe pour cette version de la grille.",
        "No crosswalk of this code exists for this version of the questionnaire.",
    )


async def listed(reads: ReadPool, tenant: str, code: str) -> CrosswalkList:
    """List the crosswalks of a grid that the tenant may see, or raise QuestionnaireUnknown."""
    await questionnaires.versions_counted(reads, tenant, code)
    return CrosswalkList(items=[one for one in catalogue.shipped() if one.questionnaire == code])


async def read(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, code: str
) -> CrosswalkReading:
    """Read a diagnostic, in progress or not, as the other method would see its answers."""
    row = await reads.fetchrow(
        "assessment with answers", queries.WHOLE, assessment_id, *access.seen_by(caller)
    )
    if row is None:
        raise AssessmentUnknown
    for crosswalk in catalogue.shipped():
        if crosswalk.code == code and crosswalk.questionnaire == row["code"]:
            break
    else:
        raise CrosswalkUnknown
    if row["version"] not in crosswalk.versions:
        raise CrosswalkUnknown
    grid = await grids.of(reads, row["version_id"])
    found = profile.read(crosswalk, grid, as_answers(stored_answers(row)))
    spoken = language()
    total = profile.overall(found)
    return CrosswalkReading(
        assessment_id=assessment_id,
        crosswalk=crosswalk.code,
        title=crosswalk.title.text(spoken),
        verified=crosswalk.verified,
        note=crosswalk.note.text(spoken),
        questionnaire=grid_of(row),
        score=_published(total),
        exact=_exact(total),
        dimensions=[_dimension(one, spoken) for one in found],
        to_ask=[
            item.item.code
            for one in found
            for item in one.items
            if item.status is ItemStatus.TO_ASK
        ],
    )


def _dimension(one: DimensionReading, spoken: Language) -> DimensionRead:
    return DimensionRead(
        code=one.dimension.code,
        title=one.dimension.title.text(spoken),
        score=_published(one.score),
        exact=_exact(one.score),
        coverage=float(publish(one.coverage, 4)),
        items=[_item(item, spoken) for item in one.items],
    )


def _item(one: ItemReading, spoken: Language) -> ItemRead:
    value = None if one.value is None else HUNDRED * one.value
    return ItemRead(
        code=one.item.code,
        title=one.item.title.text(spoken),
        status=one.status.value,
        score=_published(value),
        exact=_exact(value),
        questions=list(one.item.questions),
    )


def _published(value: Fraction | None) -> float | None:
    return None if value is None else float(publish(value))


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
