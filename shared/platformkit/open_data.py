"""Answers of open data: ready bytes with an entity tag, that any cache may keep for a while."""

from typing import Any, Final

from fastapi import Request, Response

from platformkit import etags, i18n

MAX_AGE_SECONDS = 300
"""Longest time that a copy may be shown without asking again."""

_SPARE_SECONDS: Final = 60
"""After that, one more time while it is asked anew (RFC 5861 §3)."""

LONGEST_SECONDS: Final = MAX_AGE_SECONDS + _SPARE_SECONDS
"""For what is right until something is published."""

_ON_ERROR_SECONDS: Final = 86_400
"""And while nobody answers (RFC 5861 §4); the door forgets it as soon as something changes."""

KEPT: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "Your copy, named by `If-None-Match`, is still right"}
}
"""Documents the 304, for a route's `responses=`."""


def control(seconds: int = LONGEST_SECONDS) -> str:
    """Say in Cache-Control how long an answer is right; 0 is for what an instant may change.

    An embargo ends and a figure is hidden at an instant: such answers are validated at each use,
    and never shown when nobody answers.
    """
    if seconds <= 0:
        return "public, no-cache"
    told = f"public, max-age={min(seconds, MAX_AGE_SECONDS)}"
    if seconds >= LONGEST_SECONDS:
        told += f", stale-while-revalidate={_SPARE_SECONDS}"
    return f"{told}, stale-if-error={_ON_ERROR_SECONDS}"


def headers(tag: str, seconds: int, *, translated: bool) -> dict[str, str]:
    """Name an answer by its tag, and say how long it is right and which language it is in."""
    told = {"etag": tag, "cache-control": control(seconds)}
    if translated:
        told |= {"vary": "Accept-Language", "content-language": i18n.language()}
    return told


def answer(
    request: Request,
    body: bytes,
    *,
    seconds: int = LONGEST_SECONDS,
    translated: bool = False,
    media_type: str = "application/json",
) -> Response:
    """Send bytes, or a 304 to whoever holds them; `translated` ones vary with the language."""
    tag = etags.of_bytes(body)
    told = headers(tag, seconds, translated=translated)
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=told)
    return Response(body, headers=told, media_type=media_type)
