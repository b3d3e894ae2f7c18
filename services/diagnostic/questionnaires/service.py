"""Publishing grids: linted, hashed, and frozen from then on."""

import uuid
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.audit import service as audit
from diagnostic.questionnaires import queries
from diagnostic.questionnaires.grid import GridContent, Label, content_hash, scoring_hash
from diagnostic.questionnaires.lint import lint
from diagnostic.questionnaires.models import Questionnaire, QuestionnaireVersion, VersionStatus
from diagnostic.questionnaires.schemas import QuestionnaireSummary
from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.reads import ReadPool


class QuestionnaireUnknown(NotFound):
    """No grid of this code, or none published yet, or not this version of it."""

    code = "questionnaire-unknown"
    title = Text("Grille inconnue", "Unknown questionnaire")
    detail = Text(
        "Aucune grille publiée ne porte ce code ou cette version.",
        "No published questionnaire has this code or version.",
    )


class GridRefused(Invalid):
    """The lint found errors in the grid; each is named."""

    code = "grid-refused"
    title = Text("Grille refusée", "Grid refused")


class VersionExists(Conflict):
    """The version number is taken by another content, and a published content never changes."""

    code = "questionnaire-version-exists"
    title = Text("Version déjà publiée", "Version already published")
    detail = Text(
        "La version {version} existe avec un autre contenu ; choisissez un numéro plus grand.",
        "Version {version} exists with another content; choose a higher number.",
    )


async def publish(
    session: Session, actor: Principal, content: GridContent, owner: str, now: datetime
) -> QuestionnaireVersion:
    """Publish the version for new diagnostics; publishing the same content again changes nothing.

    Those in progress keep the version that they began with.
    """
    if wrong := faults.of(lint(content)):
        raise GridRefused(wrong)
    questionnaire_id = await _locked(session, content, owner)
    digest = content_hash(content)
    same_number = await session.scalar(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_id == questionnaire_id,
            QuestionnaireVersion.version == content.version,
        )
    )
    if same_number is not None:
        if same_number.content_hash != digest:
            raise VersionExists(version=content.version)
        return same_number
    before = await session.scalar(
        update(QuestionnaireVersion)
        .where(
            QuestionnaireVersion.questionnaire_id == questionnaire_id,
            QuestionnaireVersion.status == VersionStatus.PUBLISHED,
        )
        .values(status=VersionStatus.SUPERSEDED)
        .returning(QuestionnaireVersion)
    )
    published = QuestionnaireVersion(
        questionnaire_id=questionnaire_id,
        version=content.version,
        status=VersionStatus.PUBLISHED,
        content=content.model_dump(mode="json"),
        content_hash=digest,
        scoring_hash=scoring_hash(content),
        published_at=now,
        published_by=actor.subject,
        supersedes=before.id if before else None,
    )
    session.add(published)
    await session.flush()
    await audit.record(
        session,
        actor,
        "publish",
        "questionnaire_version",
        published.id,
        before=before.content_hash if before else None,
        after=digest,
    )
    await feed.publish(
        session,
        entity="questionnaire",
        entity_id=content.code,
        kind="updated" if before else "created",
        payload={
            "version": content.version,
            "title": content.title.model_dump(),
            "content_hash": digest,
            "scoring_hash": published.scoring_hash,
        },
    )
    return published


async def _locked(session: Session, content: GridContent, owner: str) -> uuid.UUID:
    """Hold the grid, so that two publications come one after the other."""
    await session.execute(
        insert(Questionnaire)
        .values(id=uuid.uuid4(), code=content.code, owner=owner, title=content.title.model_dump())
        .on_conflict_do_nothing(index_elements=["code"])
    )
    found = await session.scalars(
        select(Questionnaire.id).where(Questionnaire.code == content.code).with_for_update()
    )
    return found.one()


async def latest(session: Session, code: str) -> QuestionnaireVersion:
    """Read the version for new diagnostics, or raise QuestionnaireUnknown."""
    found = await session.scalar(
        select(QuestionnaireVersion)
        .join(Questionnaire, Questionnaire.id == QuestionnaireVersion.questionnaire_id)
        .where(Questionnaire.code == code, QuestionnaireVersion.status == VersionStatus.PUBLISHED)
    )
    if found is None:
        raise QuestionnaireUnknown
    return found


async def rendered(reads: ReadPool, code: str, version: str | None = None) -> tuple[str, bytes]:
    """Give the entity tag and the JSON of a frozen version, by default the latest."""
    if version is None:
        row = await reads.fetchrow("latest questionnaire", queries.LATEST, code)
    else:
        row = await reads.fetchrow("questionnaire version", queries.EXACT, code, version)
    if row is None:
        raise QuestionnaireUnknown
    return f'"{row["tag"]}"', row["body"].encode()


async def counted(reads: ReadPool) -> int:
    """Count the published grids."""
    found: int = await reads.fetchval("published questionnaires count", queries.COUNTED)
    return found


async def listed(reads: ReadPool, after: str, limit: int) -> list[QuestionnaireSummary]:
    """Read the published grids whose code comes after this one."""
    rows = await reads.fetch("published questionnaires", queries.LISTED, after, limit)
    return [
        QuestionnaireSummary(**{**dict(row), "title": Label.model_validate_json(row["title"])})
        for row in rows
    ]
