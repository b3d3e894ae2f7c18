"""Publishing grids: linted, hashed, and frozen from then on."""

import asyncio
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.audit import service as audit
from diagnostic.questionnaires import queries
from diagnostic.questionnaires.grid import GridContent, Label
from diagnostic.questionnaires.hashing import canonical, content_hash, scoring_hash
from diagnostic.questionnaires.lint import lint
from diagnostic.questionnaires.models import Questionnaire, QuestionnaireVersion, VersionStatus
from diagnostic.questionnaires.schemas import QuestionnaireSummary, VersionListed
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
    """The version number is taken, and what was published under it never changes."""

    code = "questionnaire-version-exists"
    title = Text("Numéro de version déjà pris", "Version number taken")
    detail = Text(
        "La version {version} existe déjà ; choisissez un numéro plus grand.",
        "Version {version} exists already; choose a higher number.",
    )


class QuestionnaireElsewhere(Conflict):
    """The code belongs to another organisation, whose versions only it may write."""

    code = "questionnaire-elsewhere"
    title = Text("Code de grille déjà pris", "Questionnaire code taken")
    detail = Text(
        "Le code {code} appartient à une autre organisation : choisissez-en un autre.",
        "The code {code} belongs to another organisation: choose another.",
    )


async def publish(
    session: Session, actor: Principal, content: GridContent, owner: str, now: datetime
) -> QuestionnaireVersion:
    """Publish what the service ships with; publishing the same content again changes nothing.

    Diagnostics in progress keep the version that they began with.
    """
    if wrong := faults.of(lint(content)):
        raise GridRefused(wrong)
    columns = await frozen(content)
    grid = await held(session, actor, content, owner)
    same_number = await find(session, grid.id, content.version)
    if same_number is not None:
        if same_number.content_hash != columns["content_hash"]:
            raise VersionExists(version=content.version)
        return same_number
    before = await supersede(session, grid.id)
    published = QuestionnaireVersion(
        questionnaire_id=grid.id,
        version=content.version,
        status=VersionStatus.PUBLISHED,
        **columns,
        published_at=now,
        published_by=actor.subject,
        supersedes=before.id if before else None,
    )
    session.add(published)
    await session.flush()
    await announce(session, actor, published, before)
    return published


async def held(
    session: Session, actor: Principal, content: GridContent, owner: str
) -> Questionnaire:
    """Hold the grid of this code, made if need be: two deeds on one grid come one after another.

    A code belongs to the organisation that used it first; raises QuestionnaireElsewhere.
    """
    values = {"code": content.code, "tenant": actor.tenant, "title": content.title.model_dump()}
    await session.execute(
        insert(Questionnaire)
        .values(id=uuid.uuid4(), owner=owner, **values)
        .on_conflict_do_nothing(index_elements=["code"])
    )
    found = await session.scalars(
        select(Questionnaire).where(Questionnaire.code == content.code).with_for_update()
    )
    grid = found.one()
    if grid.tenant != actor.tenant:
        raise QuestionnaireElsewhere(code=content.code)
    return grid


async def find(
    session: Session, questionnaire_id: uuid.UUID, version: str
) -> QuestionnaireVersion | None:
    """Read the version of this number, whatever its state."""
    found: QuestionnaireVersion | None = await session.scalar(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_id == questionnaire_id,
            QuestionnaireVersion.version == version,
        )
    )
    return found


async def frozen(content: GridContent) -> dict[str, Any]:
    """Give the columns that hold a content; hashing a long one takes a second, off the loop."""
    return await asyncio.to_thread(_columns, content)


def _columns(content: GridContent) -> dict[str, Any]:
    return {
        "content": canonical(content),
        "content_hash": content_hash(content),
        "scoring_hash": scoring_hash(content),
    }


async def supersede(session: Session, questionnaire_id: uuid.UUID) -> QuestionnaireVersion | None:
    """Take the published version of a grid out of force, so that another can follow."""
    before: QuestionnaireVersion | None = await session.scalar(
        update(QuestionnaireVersion)
        .where(
            QuestionnaireVersion.questionnaire_id == questionnaire_id,
            QuestionnaireVersion.status == VersionStatus.PUBLISHED,
        )
        .values(status=VersionStatus.SUPERSEDED)
        .returning(QuestionnaireVersion)
    )
    return before


async def announce(
    session: Session,
    actor: Principal,
    published: QuestionnaireVersion,
    before: QuestionnaireVersion | None,
) -> None:
    """Give the grid the title of its new version, and tell the audit and the feed."""
    content = published.content
    await session.execute(
        update(Questionnaire)
        .where(Questionnaire.id == published.questionnaire_id)
        .values(title=content["title"])
    )
    await audit.record(
        session,
        actor,
        "publish",
        "questionnaire_version",
        published.id,
        before=before.content_hash if before else None,
        after=published.content_hash,
    )
    await feed.publish(
        session,
        entity="questionnaire",
        entity_id=content["code"],
        kind="updated" if before else "created",
        payload={
            "version": published.version,
            "title": content["title"],
            "content_hash": published.content_hash,
            "scoring_hash": published.scoring_hash,
        },
    )


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


async def rendered(
    reads: ReadPool, tenant: str, code: str, version: str | None = None
) -> tuple[str, bytes]:
    """Give the entity tag and the JSON of a version, by default the latest published.

    What was never published is seen by the tenant that writes it, and by nobody else.
    """
    if version is None:
        row = await reads.fetchrow("latest questionnaire", queries.LATEST, code)
    else:
        row = await reads.fetchrow("questionnaire version", queries.EXACT, code, version, tenant)
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


async def versions_listed(
    reads: ReadPool, tenant: str, code: str, after: list[int], limit: int
) -> list[VersionListed]:
    """Read the versions of a grid that the tenant may see, lowest first, after this number."""
    rows = await reads.fetch("questionnaire versions", queries.VERSIONS, code, tenant, after, limit)
    return [VersionListed(**dict(row)) for row in rows]


async def versions_counted(reads: ReadPool, tenant: str, code: str) -> int:
    """Count the versions of a grid that the tenant may see; raises QuestionnaireUnknown at none."""
    found: int = await reads.fetchval(
        "questionnaire versions count", queries.VERSIONS_COUNTED, code, tenant
    )
    if found == 0:
        raise QuestionnaireUnknown
    return found
