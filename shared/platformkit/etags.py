"""Strong entity tags: a write says which version it changes, a read may answer 304 (RFC 9110)."""

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Request, Response

from platformkit.errors import PreconditionFailed, PreconditionRequired
from platformkit.i18n import Text


class Stale(PreconditionFailed):
    """Somebody changed it since the caller read it."""

    code = "stale-version"
    title = Text("Version périmée", "Stale version")
    detail = Text(
        "La ressource a changé depuis votre lecture ; sa version actuelle est {current}.",
        "The resource has changed since you read it; its present version is {current}.",
    )


async def _if_match(if_match: Annotated[str | None, Header()] = None) -> str:
    if if_match is None:
        raise PreconditionRequired
    return if_match


IfMatch = Annotated[str, Depends(_if_match)]
"""The caller's If-Match; its absence is a 428."""


def of_version(version: int) -> str:
    """Return the tag of a row that counts its versions."""
    return f'"{version}"'


def of_bytes(*parts: bytes | str) -> str:
    """Return the tag of a representation: equal parts, equal tag."""
    read = [part.encode() if isinstance(part, str) else part for part in parts]
    told = b"\0".join([*read, b""])
    return f'"{hashlib.blake2b(told, digest_size=12).hexdigest()}"'


def held(if_match: str) -> list[str] | None:
    """List the tags that an If-Match names; None for `*`, which any version matches."""
    tags = [tag.strip() for tag in if_match.split(",")]
    return None if "*" in tags else tags


def matches(if_match: str, current: str) -> bool:
    """Tell whether the caller holds the current version."""
    tags = held(if_match)
    return tags is None or current in tags


def match(if_match: str, current: str) -> None:
    """Raise Stale, which carries the current tag, unless the caller holds the current version."""
    if not matches(if_match, current):
        raise Stale(current=current, headers={"etag": current})


def tagged(response: Response, version: int) -> None:
    """Put the tag of this version on the answer."""
    response.headers["etag"] = of_version(version)


def not_modified(request: Request, etag: str) -> bool:
    """Tell whether the caller already holds this representation (weak comparison, §13.1.2)."""
    header = request.headers.get("if-none-match")
    if header is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or "*" in tags
