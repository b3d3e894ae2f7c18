"""Writing the proposed answers of a new diagnostic; its company confirms each by saving it."""

import uuid

import orjson
from sqlalchemy import select, text

from diagnostic.assessments import grids, queries
from diagnostic.assessments.answers import answer_of
from diagnostic.assessments.models import VOID, Answer, Assessment
from diagnostic.assessments.prefill import facts_of, plan
from diagnostic.organisations.models import Organisation
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text
from platformkit.reads import ReadPool


class SourceUnknown(NotFound):
    """The diagnostic to carry answers over from is not one of this company's."""

    code = "source-unknown"
    title = Text("Diagnostic d’origine inconnu", "Unknown source assessment")
    detail = Text(
        "Cette entreprise n’a pas de diagnostic de cet identifiant sur cette grille.",
        "This organisation has no assessment of this identifier on this questionnaire.",
    )


class SourceVoid(Conflict):
    """An abandoned or mistaken diagnostic lends no answer."""

    code = "source-void"
    title = Text("Diagnostic d’origine écarté", "Void source assessment")
    detail = Text(
        "Le diagnostic d’origine est à l’état « {status} » : il ne prête pas ses réponses.",
        "The source assessment is “{status}”: its answers are not carried over.",
    )


async def source(
    session: Session, organisation_id: uuid.UUID, questionnaire_id: uuid.UUID, earlier: uuid.UUID
) -> Assessment:
    """Find the diagnostic to carry over from: the same company's, on the same grid."""
    found: Assessment | None = await session.scalar(
        select(Assessment).where(
            Assessment.id == earlier,
            Assessment.organisation_id == organisation_id,
            Assessment.questionnaire_id == questionnaire_id,
        )
    )
    if found is None:
        raise SourceUnknown
    if found.status in VOID:
        raise SourceVoid(status=found.status)
    return found


async def fill(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    created: Assessment,
    company: Organisation,
    earlier: Assessment | None,
) -> None:
    """Propose what the plan allows, as first answers that are not confirmed yet."""
    grid = await grids.of(reads, created.version_id)
    facts = facts_of({name: getattr(company, name) for name in _FACTS})
    old, answers = None, {}
    if earlier is not None:
        old = await grids.of(reads, earlier.version_id)
        rows = await session.scalars(select(Answer).where(Answer.assessment_id == earlier.id))
        answers = {one.question: answer_of(one.state, one.value, one.reason) for one in rows}
    made = plan(grid, facts, old, answers)
    if not (made.carried or made.registered or made.left):
        return
    created.prefill = made.as_json()
    await session.execute(
        text(queries.PREFILL),
        {
            "assessment": created.id,
            "earlier": earlier.id if earlier else None,
            "carried": list(made.carried),
            "registered": orjson.dumps(made.registered).decode(),
            "respondent": caller.subject,
        },
    )


_FACTS = ("naf_code", "size_band", "headcount", "region_code", "postcode")
