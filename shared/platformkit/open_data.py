"""Answers of open data: ready bytes with an entity tag, that any cache may keep for a while."""

from typing import Any, Final

from fastapi import Request, Response

from platformkit import etags, i18n

MAX_AGE_SECONDS = 300
"""Longest time that a copy may be shown without asking again."""

KEPT: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "Your copy, named by `If-None-Match`, is still right"}
}
"""Documents the 304, for a route's `responses=`."""


def answer(
    request: Request,
    body: bytes,
    *,
    seconds: int = MAX_AGE_SECONDS,
    translated: bool = False,
    media_type: str = "application/json",
) -> Response:
    """Send bytes, or a 304 to whoever holds them; `translated` ones vary with the language."""
    headers = {
        "etag": etags.of_bytes(body),
        "cache-control": f"public, max-age={min(seconds, MAX_AGE_SECONDS)}",
    }
    if translated:
        headers |= {"vary": "Accept-Language", "content-language": i18n.language()}
    if etags.not_modified(request, headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)
