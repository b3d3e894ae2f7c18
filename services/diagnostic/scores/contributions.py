"""Telling those who follow the feed where a diagnostic is, and the observatory what it contributes.

A row about one company is known again by its sector, size and region, whatever its pseudonym. So
what a diagnostic says leaves in a change of its own, coarse, for the observatory alone; everybody
else reads aggregates (decision 54).
"""

from typing import Any, Final

from sqlalchemy import select

from diagnostic.assessments.models import VOID, Assessment, Status
from diagnostic.cohorts.models import Programme
from diagnostic.organisations.contributed import CONTRIBUTED
from diagnostic.organisations.models import Organisation
from diagnostic.questionnaires.models import Questionnaire, QuestionnaireVersion
from diagnostic.scores.models import Score
from platformkit import feed
from platformkit.db import Session

CONTRIBUTION: Final = "contribution"
RESERVED: Final = {CONTRIBUTION: "observatory"}
"""Whose changes of our feed are for one neighbour only."""


async def tell(session: Session, found: Assessment) -> None:
    """Publish the state of a diagnostic after its latest step, and what it contributes.

    That is its last frozen score, also while an amendment is under way. Without consent only its
    state leaves; one never submitted contributes nothing; a void one is withdrawn.
    """
    frozen = await session.scalar(
        select(Score.assessment_revision)
        .where(Score.assessment_id == found.id)
        .order_by(Score.assessment_revision.desc())
        .limit(1)
    )
    if frozen is None:
        return
    connection = await session.connection()
    await connection.exec_driver_sql(CONTRIBUTED, (found.id,))
    if found.status in VOID:
        await _publish(session, found, "deleted", {"reason": found.status})
        return
    about = (await session.execute(_ABOUT.where(Assessment.id == found.id))).one()
    payload: dict[str, Any] = {
        "questionnaire": about.questionnaire,
        "questionnaire_version": about.version,
        "scoring_hash": about.scoring_hash,
        "milestone": found.milestone,
        "programme": about.programme,
        "status": found.status,
        "revision": frozen,
        "benchmark_consent": about.benchmark_consent,
    }
    first = found.status == Status.SUBMITTED and found.revision == 1
    await _publish(session, found, "created" if first else "updated", payload)


_ABOUT = (
    select(
        Questionnaire.code.label("questionnaire"),
        QuestionnaireVersion.version,
        QuestionnaireVersion.scoring_hash,
        Programme.code.label("programme"),
        Organisation.benchmark_consent,
    )
    .select_from(Assessment)
    .join(Organisation, Organisation.id == Assessment.organisation_id)
    .join(Questionnaire, Questionnaire.id == Assessment.questionnaire_id)
    .join(QuestionnaireVersion, QuestionnaireVersion.id == Assessment.version_id)
    .outerjoin(Programme, Programme.id == Assessment.programme_id)
)


async def _publish(
    session: Session, found: Assessment, kind: feed.Kind, payload: dict[str, Any]
) -> None:
    await feed.publish(
        session,
        entity="assessment",
        entity_id=str(found.pseudonym),
        kind=kind,
        version=found.version,
        payload=payload,
    )
