"""Writing a version of a grid, having it reviewed, and putting it in force: four eyes see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from diagnostic import faults
from diagnostic.audit import service as audit
from diagnostic.drafts import checks, versions
from diagnostic.drafts.schemas import MOST_FINDINGS
from diagnostic.questionnaires import service as questionnaires
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.models import Questionnaire, QuestionnaireVersion, VersionStatus
from diagnostic.questionnaires.service import GridRefused, VersionExists
from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Invalid
from platformkit.i18n import Text


class VersionStatusRefused(Conflict):
    """The version is in a state that does not allow this; nothing returns to draft."""

    code = "questionnaire-version-status"
    title = Text("État de la version", "State of the version")
    detail = Text(
        "La version est à l’état « {status} » ; il faudrait : {wanted}.",
        "The version is “{status}”; this needs: {wanted}.",
    )


class FourEyes(Conflict):
    """Whoever wrote a version, even one word of it, does not publish it."""

    code = "four-eyes"
    title = Text("Quatre yeux requis", "Four eyes needed")
    detail = Text(
        "Vous avez écrit cette version : une autre personne doit la publier.",
        "You wrote this version: somebody else must publish it.",
    )


class AddressMismatch(Invalid):
    """The content names another grid or version than the address."""

    code = "draft-address-mismatch"
    title = Text("Contenu d’une autre grille", "Content of another questionnaire")


async def save_draft(
    session: Session,
    caller: Principal,
    content: GridContent,
    now: datetime,
    if_match: str | None = None,
) -> QuestionnaireVersion:
    """Make the draft, or replace your own of this number; one that left draft is refused.

    With `if_match`, only the one that was read; `"0"` stands for none.
    """
    columns = await questionnaires.frozen(content)
    grid = await versions.writable(session, caller, content)
    found = await questionnaires.find(session, grid.id, content.version)
    if found is not None:
        _check_status(found, VersionStatus.DRAFT)
    if if_match is not None:
        etags.match(if_match, tag(found) if found else etags.of_version(0))
    if found is None:
        return await _added(session, caller, grid, content.version, columns, now)
    return await _rewritten(session, caller, found, columns, now)


async def add(
    session: Session, caller: Principal, content: GridContent, now: datetime
) -> QuestionnaireVersion:
    """Make a draft under a number never used and above the published one."""
    columns = await questionnaires.frozen(content)
    grid = await versions.writable(session, caller, content)
    if await questionnaires.find(session, grid.id, content.version) is not None:
        raise VersionExists(version=content.version)
    return await _added(session, caller, grid, content.version, columns, now)


async def change(
    session: Session, caller: Principal, content: GridContent, if_match: str, now: datetime
) -> QuestionnaireVersion:
    """Replace the content of a draft of yours, which you must have read."""
    columns = await questionnaires.frozen(content)
    found = await versions.held(session, caller.tenant, content.code, content.version)
    _check_status(found, VersionStatus.DRAFT)
    etags.match(if_match, tag(found))
    return await _rewritten(session, caller, found, columns, now)


async def discard(
    session: Session, caller: Principal, code: str, version: str, if_match: str
) -> None:
    """Delete a draft of yours; its number may be used again, the code stays yours."""
    found = await versions.held(session, caller.tenant, code, version)
    _check_status(found, VersionStatus.DRAFT)
    etags.match(if_match, tag(found))
    await session.delete(found)
    await _record(session, caller, "delete_draft", found, before=found.content_hash)


async def request_review(
    session: Session, caller: Principal, code: str, version: str
) -> QuestionnaireVersion:
    """Close a draft without errors for good: reviewers see what will be published."""
    found = await versions.held(session, caller.tenant, code, version)
    _check_status(found, VersionStatus.DRAFT)
    await _check_lint(session, found)
    found.status = VersionStatus.IN_REVIEW
    await _record(session, caller, "request_review", found, after=found.content_hash)
    return found


async def publish(
    session: Session, caller: Principal, code: str, version: str, now: datetime
) -> QuestionnaireVersion:
    """Put a reviewed version in force for new diagnostics; the one before is superseded."""
    found = await versions.held(session, caller.tenant, code, version)
    if found.status in {VersionStatus.DRAFT, VersionStatus.IN_REVIEW}:
        await _check_lint(session, found)
    _check_status(found, VersionStatus.IN_REVIEW)
    if caller.subject in found.written_by:
        raise FourEyes
    await versions.check_number(session, found.questionnaire_id, version)
    before = await questionnaires.supersede(session, found.questionnaire_id)
    found.status = VersionStatus.PUBLISHED
    found.published_at, found.published_by = now, caller.subject
    found.supersedes = before.id if before else None
    await session.flush()
    await questionnaires.announce(session, caller, found, before)
    return found


async def retire(
    session: Session, caller: Principal, code: str, version: str
) -> QuestionnaireVersion:
    """Take a version out of use, or refuse one in review; diagnostics in progress keep theirs."""
    found = await versions.held(session, caller.tenant, code, version)
    in_force = found.status == VersionStatus.PUBLISHED
    _check_status(found, VersionStatus.IN_REVIEW, VersionStatus.PUBLISHED, VersionStatus.SUPERSEDED)
    found.status = VersionStatus.RETIRED
    await _record(session, caller, "retire", found, before=found.content_hash)
    if found.published_at is not None:
        await feed.publish(
            session,
            entity="questionnaire",
            entity_id=code,
            kind="deleted" if in_force else "updated",
            payload={"version": version, "status": found.status},
        )
    return found


def tag(version: QuestionnaireVersion) -> str:
    """Give the entity tag that reading this version gives: of its content and its state."""
    return f'"{version.content_hash}-{version.status}"'


def check_address(content: GridContent, code: str, version: str | None = None) -> None:
    """Raise AddressMismatch unless the content is of the grid and version of the address."""
    wrong = [
        faults.fault(f"/{name}", f"{name}_mismatch", *_SAME)
        for name, given, wanted in (
            ("code", content.code, code),
            ("version", content.version, version or content.version),
        )
        if given != wanted
    ]
    if wrong:
        raise AddressMismatch(wrong)


_SAME = (
    "La valeur doit être celle de l’adresse.",
    "The value must be that of the address.",
)


async def _added(
    session: Session,
    caller: Principal,
    grid: Questionnaire,
    version: str,
    columns: Mapping[str, Any],
    now: datetime,
) -> QuestionnaireVersion:
    made = QuestionnaireVersion(
        questionnaire_id=grid.id,
        version=version,
        status=VersionStatus.DRAFT,
        **columns,
        written_by=[caller.subject],
        edited_at=now,
    )
    session.add(made)
    await session.flush()
    await _record(session, caller, "create_draft", made, after=made.content_hash)
    return made


async def _rewritten(
    session: Session,
    caller: Principal,
    found: QuestionnaireVersion,
    columns: Mapping[str, Any],
    now: datetime,
) -> QuestionnaireVersion:
    before = found.content_hash
    for name, value in columns.items():
        setattr(found, name, value)
    if caller.subject not in found.written_by:
        found.written_by = [*found.written_by, caller.subject]
    found.edited_at = now
    await _record(session, caller, "edit_draft", found, before=before, after=found.content_hash)
    return found


async def _check_lint(session: Session, found: QuestionnaireVersion) -> None:
    content = GridContent.model_validate(found.content)
    if wrong := faults.of(await checks.findings(session, content)):
        raise GridRefused(wrong[:MOST_FINDINGS])


def _check_status(found: QuestionnaireVersion, *wanted: VersionStatus) -> None:
    if found.status not in wanted:
        raise VersionStatusRefused(status=found.status, wanted=", ".join(wanted))


async def _record(
    session: Session,
    caller: Principal,
    deed: str,
    version: QuestionnaireVersion,
    *,
    before: str | None = None,
    after: str | None = None,
) -> None:
    await audit.record(
        session, caller, deed, "questionnaire_version", version.id, before=before, after=after
    )
