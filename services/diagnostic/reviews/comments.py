"""Remarks on a diagnostic: made and resolved by those who see it, all resolved to validate it."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, text, tuple_

from diagnostic import faults
from diagnostic.assessments import access, grids, steps
from diagnostic.assessments.models import VOID
from diagnostic.assessments.service import AssessmentClosed, AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.audit import service as audit
from diagnostic.respondents.models import Respondent
from diagnostic.reviews.models import ReviewComment
from diagnostic.reviews.schemas import CommentWrite
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, Fault, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool

MOST_OPEN = 100


class CommentUnknown(NotFound):
    """No such comment, or on a diagnostic that the caller may not see."""

    code = "comment-unknown"
    title = Text("Commentaire inconnu", "Unknown comment")


class CommentResolved(Conflict):
    """Somebody resolved it before."""

    code = "comment-resolved"
    title = Text("Commentaire déjà résolu", "Comment already resolved")


class CommentsTooMany(Conflict):
    """A diagnostic carries a bounded number of open comments."""

    code = "comments-too-many"
    title = Text("Trop de commentaires ouverts", "Too many open comments")
    detail = Text(
        "Le diagnostic a déjà {most} commentaires ouverts : résolvez-en d’abord.",
        "The assessment already has {most} open comments: resolve some first.",
    )


class CommentsOpen(Conflict):
    """A diagnostic is validated once every comment is resolved; each open one is named."""

    code = "comments-open"
    title = Text("Commentaires à résoudre", "Comments to resolve")

    def __init__(self, found: Sequence[ReviewComment]) -> None:
        super().__init__()
        self.faults = [
            Fault(f"/comments/{one.id}", "comment_open", _to_resolve(one)) for one in found
        ]


def _to_resolve(one: ReviewComment) -> Text:
    about = one.question or one.dimension
    fr, en = (f" sur {about}", f" on {about}") if about else ("", "")
    return Text(f"Commentaire{fr} à résoudre.", f"Comment{en} to resolve.")


async def add(
    session: Session,
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    body: CommentWrite,
) -> ReviewComment:
    """Remark on a diagnostic that still counts, whatever its state."""
    found = await steps.locked(session, assessment_id, access.seen_by(caller))
    if found.status in VOID:
        raise AssessmentClosed(status=found.status)
    grid = await grids.of(reads, found.version_id)
    if wrong := [*_unknown(grid, body), *await _not_theirs(session, found.id, body)]:
        raise Invalid(wrong)
    if await session.scalar(_counted(_open(found.id))) >= MOST_OPEN:  # type: ignore[operator]  # a count
        raise CommentsTooMany(most=MOST_OPEN)
    comment = ReviewComment(
        **body.model_dump(),
        assessment_id=found.id,
        revision=found.revision,
        author=caller.subject,
    )
    session.add(comment)
    await session.flush()
    await audit.record(session, caller, "comment", "assessment", found.id)
    return comment


def _unknown(grid: PreparedGrid, body: CommentWrite) -> Iterator[Fault]:
    if body.question is not None and body.question not in grid.questions:
        yield faults.fault("/question", "question_unknown", *_NO_QUESTION)
    if body.dimension is not None and body.dimension not in grid.weights:
        yield faults.fault("/dimension", "dimension_unknown", *_NO_DIMENSION)


_NO_QUESTION = (
    "La version de grille de ce diagnostic n’a pas cette question.",
    "This assessment's version of the grid has no such question.",
)
_NO_DIMENSION = (
    "La version de grille de ce diagnostic n’a pas cet axe.",
    "This assessment's version of the grid has no such dimension.",
)
_NO_RESPONDENT = (
    "Ce diagnostic n’a pas ce répondant.",
    "This assessment has no such respondent.",
)


async def _not_theirs(
    session: Session, assessment_id: uuid.UUID, body: CommentWrite
) -> list[Fault]:
    if body.respondent_id is None:
        return []
    known = await session.scalar(
        select(Respondent.id).where(
            Respondent.id == body.respondent_id,
            Respondent.assessment_id == assessment_id,
            Respondent.erased_at.is_(None),
        )
    )
    return [] if known else [faults.fault("/respondent_id", "respondent_unknown", *_NO_RESPONDENT)]


async def listed(
    session: Session,
    caller: Principal,
    assessment_id: uuid.UUID,
    paging: PageRequest,
    *,
    resolved: bool | None,
) -> Sequence[ReviewComment]:
    """Read one comment more than the page holds, oldest first."""
    await _seen(session, caller, assessment_id)
    query = _chosen(assessment_id, resolved=resolved)
    if paging.after is not None:
        at, last = paging.after
        query = query.where(
            tuple_(ReviewComment.created_at, ReviewComment.id)
            > (datetime.fromisoformat(at), uuid.UUID(last))
        )
    order = (ReviewComment.created_at, ReviewComment.id)
    return (await session.scalars(query.order_by(*order).limit(paging.limit + 1))).all()


async def counted(session: Session, assessment_id: uuid.UUID, *, resolved: bool | None) -> int:
    """Count the whole list, whatever its pages."""
    return await session.scalar(_counted(_chosen(assessment_id, resolved=resolved))) or 0


async def resolve(
    session: Session, caller: Principal, comment_id: uuid.UUID, now: datetime
) -> ReviewComment:
    """Close a comment, or raise CommentResolved."""
    of = await session.scalar(
        select(ReviewComment.assessment_id).where(ReviewComment.id == comment_id)
    )
    if of is None:
        raise CommentUnknown
    try:
        await steps.locked(session, of, access.seen_by(caller))
    except AssessmentUnknown:
        raise CommentUnknown from None
    found = await session.get_one(ReviewComment, comment_id)
    if found.resolved_at is not None:
        raise CommentResolved
    found.resolved_at, found.resolved_by = now, caller.subject
    await session.flush()
    await audit.record(session, caller, "resolve", "comment", comment_id)
    return found


async def refuse_open(session: Session, assessment_id: uuid.UUID) -> None:
    """Raise CommentsOpen, naming each, unless all are resolved."""
    waiting = (await session.scalars(_open(assessment_id).order_by(ReviewComment.created_at))).all()
    if waiting:
        raise CommentsOpen(waiting)


async def _seen(session: Session, caller: Principal, assessment_id: uuid.UUID) -> None:
    tenant, facilitator = access.seen_by(caller)
    known = await session.scalar(
        _SEEN, {"id": assessment_id, "tenant": tenant, "facilitator": facilitator}
    )
    if known is None:
        raise AssessmentUnknown


_SEEN = text(
    "SELECT a.id FROM diagnostic.assessment a"  # noqa: S608  # a rule of ours
    f" WHERE a.id = :id AND {access.readable(':tenant', ':facilitator')}"
)


def _chosen(assessment_id: uuid.UUID, *, resolved: bool | None) -> Select[ReviewComment]:
    query = select(ReviewComment).where(ReviewComment.assessment_id == assessment_id)
    if resolved is None:
        return query
    closed = ReviewComment.resolved_at.is_not(None)
    return query.where(closed if resolved else ~closed)


def _open(assessment_id: uuid.UUID) -> Select[ReviewComment]:
    return _chosen(assessment_id, resolved=False)


def _counted(query: Select[ReviewComment]) -> Select[int]:
    return query.with_only_columns(func.count())
