"""Telling those who follow the feed what a diagnostic contributes, under pseudonyms."""

from typing import Any

from sqlalchemy import select

from diagnostic.assessments.models import VOID, Assessment, Status
from diagnostic.cohorts.models import Programme
from diagnostic.organisations.models import Organisation
from diagnostic.questionnaires.models import Questionnaire, QuestionnaireVersion
from diagnostic.scores.models import Score
from platformkit import feed
from platformkit.db import Session


async def tell(session: Session, found: Assessment) -> None:
    """Publish what the diagnostic contributes after its latest step.

    That is its last frozen score, also while an amendment is under way. Without consent only its
    state leaves; one never submitted contributes nothing; a void one is withdrawn.
    """
    frozen = await session.scalar(
        select(Score)
        .where(Score.assessment_id == found.id)
        .order_by(Score.assessment_revision.desc())
        .limit(1)
    )
    if frozen is None:
        return
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
        "revision": frozen.assessment_revision,
        "benchmark_consent": about.benchmark_consent,
    }
    if about.benchmark_consent:
        result = frozen.result
        payload |= {
            "organisation": str(about.pseudonym),
            "naf_division": about.naf_code[:2],
            "size_band": about.size_band,
            "region_code": about.region_code,
            "complete": result["complete"],
            "score": result["score"],
            "level": result["level"],
            "dimensions": {one["code"]: one["score"] for one in result["dimensions"]},
        }
    first = found.status == Status.SUBMITTED and found.revision == 1
    await _publish(session, found, "created" if first else "updated", payload)


_ABOUT = (
    select(
        Questionnaire.code.label("questionnaire"),
        QuestionnaireVersion.version,
        QuestionnaireVersion.scoring_hash,
        Programme.code.label("programme"),
        Organisation.pseudonym,
        Organisation.naf_code,
        Organisation.size_band,
        Organisation.region_code,
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
