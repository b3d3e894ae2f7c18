"""HTTP of API keys: a client manages its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.api_keys import service as keys
from gateway.api_keys.ring import MANAGE
from gateway.api_keys.schemas import KeyMade, KeyRead, NewKey
from gateway.audit.service import Actor
from platformkit.auth import Principal, needs
from platformkit.db import Session
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1/api-keys", tags=["API keys"])

Manager = Annotated[Principal, needs(MANAGE)]


@router.get("", responses=problems(CursorRefused))
async def list_api_keys(
    response: Response, reads: Reads, caller: Manager, paging: Paging
) -> Page[KeyRead]:
    """List your client's keys, the newest first, the revoked ones too."""
    response.headers["cache-control"] = "no-store"
    return await keys.listed(reads, caller.client, paging)


@router.post(
    "", status_code=201, responses=problems(keys.KeyInvalid, keys.ClientDisabled, keys.TooManyKeys)
)
async def add_api_key(
    request: Request, response: Response, session: Session, caller: Manager, body: NewKey
) -> KeyMade:
    """Make a key for your client and show it, this once; two of a kind can be live.

    It takes no `Idempotency-Key`: a stored answer would keep the key. If the answer was lost,
    list the keys, revoke the one that nobody has, and make another.
    """
    made = await keys.add(
        session,
        Actor(caller.client),
        caller.client,
        request.app.state.settings.peppered,
        origins=body.origins,
        expires_at=body.expires_at,
    )
    response.headers["cache-control"] = "no-store"
    return KeyMade(id=made.id, key=made.key)


@router.delete("/{key_id}", status_code=204, responses=problems(keys.KeyUnknown))
async def revoke_api_key(session: Session, caller: Manager, key_id: UUID) -> None:
    """Revoke a key of your client for ever: every gateway refuses it within five seconds."""
    await keys.revoke(session, Actor(caller.client), key_id, caller.client)
