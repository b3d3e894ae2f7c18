"""Documents of a proposal: taken in bounded, judged by their content, kept as they came."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.detection import EXTENSIONS, is_what_it_says
from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from training.audit import service as audit
from training.proposals import access, lists
from training.proposals.models import Proposal, ProposalAttachment
from training.proposals.problems import (
    AttachmentRefused,
    AttachmentsTooMany,
    AttachmentTooLarge,
    AttachmentTypeUnsupported,
    AttachmentUnknown,
    NotEditable,
    ReviewOver,
)
from training.proposals.states import EDITABLE, OVER, State
from training.proposals.wording import STATES

MAX_BYTES: Final = 5_000_000
MOST: Final = 20
_EMPTY: Final = Text("Le fichier est vide.", "The file is empty.")
_MISMATCH: Final = Text(
    "Le contenu n’est pas du type annoncé, ou il contient des macros.",
    "The content is not of the type announced, or it holds macros.",
)


async def _open(session: AsyncSession, caller: Principal, proposal: uuid.UUID) -> Proposal:
    """Lock a proposal to which the caller may add documents now, or take its own away.

    Its author may while it edits; who reviews it until what follows the decision is over.
    """
    found = await access.one(session, caller, proposal, lock=True)
    state = State(found.state)
    if found.tenant == caller.tenant:
        access.as_author(caller, found)
        if state not in EDITABLE:
            raise NotEditable(state=STATES[state]())
    else:
        await access.as_reviewer(session, caller, found)
        if state in OVER - {State.REFUSED_FOR_GOOD, State.PUBLISHED}:
            raise ReviewOver(state=STATES[state]())
    return found


async def receive(pieces: AsyncIterator[bytes], media_type: str) -> bytes:
    """Read the file to its end, or refuse it as soon as it is too large; then judge it.

    Before the transaction: whoever sends slowly holds no connection.
    """
    if media_type not in EXTENSIONS:
        raise AttachmentTypeUnsupported(accepted=", ".join(EXTENSIONS))
    content = bytearray()
    async for piece in pieces:
        if len(content) + len(piece) > MAX_BYTES:
            raise AttachmentTooLarge(limit=MAX_BYTES)
        content += piece
    if not content:
        raise AttachmentRefused([Fault("", "empty", _EMPTY)])
    whole = bytes(content)
    if not await asyncio.to_thread(is_what_it_says, whole, media_type):
        raise AttachmentRefused([Fault("", "content-mismatch", _MISMATCH)])
    return whole


async def add(
    session: AsyncSession,
    caller: Principal,
    proposal: uuid.UUID,
    title: str,
    media_type: str,
    content: bytes,
) -> ProposalAttachment:
    """Keep a document; the same file again is the one that is there already."""
    found = await _open(session, caller, proposal)
    digest = hashlib.sha256(content).hexdigest()
    of = ProposalAttachment.proposal_id == found.id
    same = await session.scalar(
        select(ProposalAttachment).where(of, ProposalAttachment.sha256 == digest)
    )
    if same is not None:
        return same
    if (await session.scalar(select(func.count()).where(of)) or 0) >= MOST:
        raise AttachmentsTooMany(most=MOST)
    made = ProposalAttachment(
        proposal_id=found.id,
        kind="application" if found.tenant == caller.tenant else "decision",
        title=title,
        media_type=media_type,
        size=len(content),
        sha256=digest,
        content=content,
        tenant=caller.tenant,
        added_by=caller.subject,
    )
    session.add(made)
    await session.flush()
    await session.refresh(made, ["id", "added_at"])
    raw = await driver(session)
    await audit.record(
        raw, caller, "attach_to_proposal", "proposal", str(found.id), f"sha256:{digest}"
    )
    return made


async def remove(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, attachment: uuid.UUID
) -> None:
    """Forget a document that one's own organisation has added, as long as it could add one."""
    found = await _open(session, caller, proposal)
    known = await session.scalar(
        select(ProposalAttachment).where(
            ProposalAttachment.proposal_id == found.id,
            ProposalAttachment.id == attachment,
            ProposalAttachment.tenant == caller.tenant,
        )
    )
    if known is None:
        raise AttachmentUnknown
    await session.delete(known)
    await session.flush()
    raw = await driver(session)
    await audit.record(
        raw, caller, "remove_attachment", "proposal", str(found.id), f"sha256:{known.sha256}"
    )


async def listed(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, paging: PageRequest
) -> tuple[Sequence[ProposalAttachment], int | None]:
    """Return the documents of a proposal that the caller may see."""
    await access.one(session, caller, proposal)
    added_at = ProposalAttachment.added_at
    return await lists.listed(session, ProposalAttachment, proposal, paging, added_at)


async def one(
    session: AsyncSession, caller: Principal, proposal: uuid.UUID, attachment: uuid.UUID
) -> ProposalAttachment:
    """Return a document with its bytes; raises ProposalUnknown, AttachmentUnknown."""
    await access.one(session, caller, proposal)
    found = await session.scalar(
        select(ProposalAttachment)
        .where(ProposalAttachment.proposal_id == proposal, ProposalAttachment.id == attachment)
        .options(undefer(ProposalAttachment.content))
    )
    if found is None:
        raise AttachmentUnknown
    return found
