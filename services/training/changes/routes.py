"""HTTP of the signed feed: the pages of `/v1/changes`, for those who hand them on."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from platformkit import feed
from platformkit.auth import needs
from training.imports import signing

router = APIRouter(tags=["changes"])

_page = feed.reader_of("training")


@router.get(
    "/v1/changes/signed",
    dependencies=[needs("training:feed")],
    response_class=Response,
    responses={200: {"content": {"application/jose": {}}}, **feed.REFUSALS},
)
async def read_signed_training_changes(
    request: Request, page: Annotated[feed.Changes, Depends(_page)]
) -> Response:
    """Read a page of the feed as a compact JWS, to hand on; its head says what was asked.

    `query` in the head is that of the request: whose `after` is the `next` of the page before,
    so that of several pages none can be left out unseen.
    """
    secret = request.app.state.settings.secret_key.get_secret_value()
    body = page.model_dump_json().encode()
    made = await asyncio.to_thread(signing.signed, secret, body, query=request.url.query)
    return Response(made, media_type="application/jose")
