"""HTTP of the feed of releases: open data."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from observatory.structures.library import Structures
from observatory.syndication import atom, service
from platformkit import open_data
from platformkit.auth import public
from platformkit.classes import counted_as
from platformkit.errors import problems
from platformkit.i18n import Language, Text, language, speak
from platformkit.pagination import CursorRefused, Paging
from platformkit.reads import Reads

router = APIRouter(prefix="/v1", tags=["releases"], dependencies=[public(), counted_as("read")])


@router.get(
    "/releases.atom",
    response_class=Response,
    responses=open_data.KEPT
    | {200: {"description": "A page of the feed", "content": {atom.MEDIA_TYPE: {}}}}
    | problems(CursorRefused),
)
async def follow_releases(
    request: Request,
    reads: Reads,
    structures: Structures,
    paging: Paging,
    dataflow: Annotated[str | None, Query(max_length=64, description="id of a dataflow")] = None,
    lang: Annotated[Language | None, Query(description="instead of Accept-Language")] = None,
) -> Response:
    """Follow the releases as Atom: what appeared or was withdrawn, what changed last first.

    Each has its dataflow as a category, and its file as an enclosure. `rel="next"` goes back in
    time (RFC 5005); `If-None-Match` and `If-Modified-Since` get a 304. Programs that want to be
    called have webhooks: `observatory.release.created` and `.deleted`.
    """
    if lang is not None:
        speak(lang)
    found = await service.page(reads, structures, paging, dataflow)
    base = f"{request.app.state.settings.public_url}/v1/observatory"
    asked = {"dataflow": dataflow, "lang": lang, "limit": paging.limit}

    def address(after: str | None) -> str:
        told = {name: value for name, value in {**asked, "after": after}.items() if value}
        return f"{base}/releases.atom?{urlencode(told)}"

    place = atom.Place(
        base,
        here=address(request.query_params.get("after")),
        first=address(None),
        following=found.following and address(found.following),
    )
    own = structures.agency
    publisher = structures.agencies.get(own) or Text(own, own)
    body = await asyncio.to_thread(
        atom.feed, found.items, place, publisher, language(), found.total
    )
    answer = open_data.answer(
        request,
        body,
        seconds=0,
        translated=True,
        media_type=f"{atom.MEDIA_TYPE}; charset=utf-8",
    )
    modified = service.last_modified(found.items, datetime.now(UTC))
    if modified is not None:
        answer.headers["last-modified"] = modified
    asked_since = request.headers.get("if-modified-since")
    if "if-none-match" not in request.headers and service.unchanged_since(modified, asked_since):
        kept = {k: v for k, v in answer.headers.items() if not k.startswith("content-")}
        return Response(status_code=304, headers=kept)
    return answer
