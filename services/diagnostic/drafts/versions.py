"""Which versions of a grid a tenant may write, and under which numbers."""

import uuid

from sqlalchemy import select

from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.models import Questionnaire, QuestionnaireVersion
from diagnostic.questionnaires.service import VersionExists
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text


class DraftUnknown(NotFound):
    """No such version of a grid of yours; another organisation's are not yours to write."""

    code = "draft-unknown"
    title = Text("Version de grille inconnue", "Unknown version of a questionnaire")
    detail = Text(
        "Aucune de vos grilles n’a cette version.",
        "None of your questionnaires has this version.",
    )


class VersionTooLow(Conflict):
    """A new version comes after every published one, number by number."""

    code = "questionnaire-version-too-low"
    title = Text("Numéro de version trop petit", "Version number too low")
    detail = Text(
        "La version {published} est publiée : prenez un numéro plus grand.",
        "Version {published} is published: take a higher number.",
    )


async def own(session: Session, tenant: str, code: str, version: str) -> QuestionnaireVersion:
    """Read a version of a grid of this tenant, or raise DraftUnknown."""
    found: QuestionnaireVersion | None = await session.scalar(
        select(QuestionnaireVersion)
        .join(Questionnaire, Questionnaire.id == QuestionnaireVersion.questionnaire_id)
        .where(
            Questionnaire.code == code,
            Questionnaire.tenant == tenant,
            QuestionnaireVersion.version == version,
        )
    )
    if found is None:
        raise DraftUnknown
    return found


async def held(session: Session, tenant: str, code: str, version: str) -> QuestionnaireVersion:
    """Hold the grid first, so that what is then read of its version stays true."""
    await session.execute(
        select(Questionnaire.id)
        .where(Questionnaire.code == code, Questionnaire.tenant == tenant)
        .with_for_update()
    )
    return await own(session, tenant, code, version)


async def writable(session: Session, caller: Principal, content: GridContent) -> Questionnaire:
    """Hold the grid, yours from now on if it is new, for a version above the published one."""
    grid = await questionnaires.held(session, caller, content, owner=caller.tenant)
    await check_number(session, grid.id, content.version)
    return grid


async def check_number(session: Session, questionnaire_id: uuid.UUID, version: str) -> None:
    """Raise VersionExists or VersionTooLow unless the number is above every published one."""
    published = await session.scalars(
        select(QuestionnaireVersion.version).where(
            QuestionnaireVersion.questionnaire_id == questionnaire_id,
            QuestionnaireVersion.published_at.is_not(None),
        )
    )
    highest = max(published, key=_number, default=None)
    if highest == version:
        raise VersionExists(version=version)
    if highest is not None and _number(version) < _number(highest):
        raise VersionTooLow(published=highest)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split("."))
