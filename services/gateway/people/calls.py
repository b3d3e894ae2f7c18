"""Calls to an issuer: its addresses are the operator's, its answers bounded all the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import orjson

from platformkit import outside
from platformkit.outside import OutsideUnreachable

_SECONDS: Final = 4.0
_MAX_BYTES: Final = 262_144
_OK: Final = 200
_FAULTS: Final = range(400, 500)


class CallRefused(OutsideUnreachable):
    """The issuer is there, and does not want what was sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came with status 200; `type` is the media type alone."""

    type: str
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read an object; raises OutsideUnreachable for anything else."""
        try:
            read = orjson.loads(self.body)
        except orjson.JSONDecodeError as failure:
            raise OutsideUnreachable("no JSON") from failure
        if not isinstance(read, dict):
            raise OutsideUnreachable("no JSON object")
        return read


async def call(
    url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """Get, or post a form; raises OutsideUnreachable unless 200 comes in time, in bounds, from it.

    A redirect is not followed: it could lead anywhere.
    """
    told = {"accept": "application/json, application/jwt", "accept-encoding": "identity"}
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, auto_decompress=False) as session,
            session.request(
                "GET" if form is None else "POST",
                url,
                data=form,
                headers=told | dict(headers or {}),
                allow_redirects=False,
            ) as answer,
        ):
            if answer.status in _FAULTS:
                raise CallRefused(f"status {answer.status}")
            if answer.status != _OK:
                raise OutsideUnreachable(f"status {answer.status}")
            body = await outside.whole(answer, _MAX_BYTES)
            return Answer(answer.content_type, body)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as failure:
        raise OutsideUnreachable(type(failure).__name__) from failure


async def read(url: str) -> bytes:
    """Get the body alone, as key sets are read."""
    return (await call(url)).body
