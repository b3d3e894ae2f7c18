"""Supposing answers and actions on a diagnostic, for whoever may read it."""

import uuid
from collections.abc import Collection, Iterator

import orjson

from diagnostic import faults
from diagnostic.assessments import access, grids
from diagnostic.assessments import answers as rules
from diagnostic.assessments import queries as assessments
from diagnostic.assessments.rendering import as_answers, backed, stored_answers
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.roadmaps import queries
from diagnostic.roadmaps.priority import Recommendation
from diagnostic.simulations.difference import compared
from diagnostic.simulations.schemas import WhatIf, WhatIfRead
from platformkit.auth import Principal
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool


class SuppositionRefused(Invalid):
    """Some supposed answer does not fit its question, or some recommendation is unknown."""

    code = "supposition-refused"
    title = Text("Hypothèse refusée", "Supposition refused")


async def simulate(
    reads: ReadPool, caller: Principal, assessment_id: uuid.UUID, body: WhatIf
) -> WhatIfRead:
    """Compare the diagnostic as it is with what is supposed; an answer keeps what backs it."""
    row = await reads.fetchrow(
        "assessment with answers", assessments.WHOLE, assessment_id, *access.seen_by(caller)
    )
    if row is None:
        raise AssessmentUnknown
    grid = await grids.of(reads, row["version_id"])
    catalogue = await _catalogue(reads, row["code"]) if body.recommendations else {}
    if wrong := [*_misfits(grid, body), *_unknown(body, catalogue)]:
        raise SuppositionRefused(wrong)
    backing = backed(row)
    supposed = as_answers(
        [{"question": code, **one.model_dump()} for code, one in body.answers.items()], backing
    )
    spoken = grid.spoken(language())
    wanted = [catalogue[code] for code in dict.fromkeys(body.recommendations)]
    answers = as_answers(stored_answers(row), backing)
    shift = compared(grid, answers, supposed, wanted, spoken)
    return WhatIfRead(assessment_id=assessment_id, **shift)


async def _catalogue(reads: ReadPool, questionnaire: str) -> dict[str, Recommendation]:
    rows = await reads.fetch("recommendations", queries.CATALOGUE, questionnaire)
    found = (Recommendation.model_validate(orjson.loads(one["content"])) for one in rows)
    return {one.code: one for one in found}


def _misfits(grid: PreparedGrid, body: WhatIf) -> Iterator[Fault]:
    for code, one in body.answers.items():
        at = f"/answers/{code}"
        question = grid.questions.get(code)
        if question is None:
            yield faults.fault(at, "question_unknown", *_NO_QUESTION)
            continue
        for wrong in faults.of(rules.check_answer(question, one.state, one.value, one.reason)):
            yield Fault(at + wrong.pointer, wrong.code, wrong.detail)


_NO_QUESTION = (
    "La version de grille de ce diagnostic n’a pas cette question.",
    "This assessment's version of the grid has no such question.",
)


def _unknown(body: WhatIf, catalogue: Collection[str]) -> Iterator[Fault]:
    for place, code in enumerate(body.recommendations):
        if code not in catalogue:
            yield faults.fault(
                f"/recommendations/{place}",
                "recommendation_unknown",
                f"Le catalogue de cette grille n’a pas de préconisation {code}.",
                f"The catalogue of this grid has no recommendation {code}.",
            )
