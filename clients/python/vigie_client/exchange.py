"""What both clients do alike: spell a request, read an answer, decide whether to try again."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx

from vigie_client.problems import VigieProblem

T = TypeVar("T")
Query = str | int | float | bool | None | list[str] | list[int]


class Change(TypedDict):
    """One change of a feed; for `deleted` the payload says why and what replaces it."""

    at: str
    entity: str
    entity_id: str
    kind: Literal["created", "updated", "deleted"]
    version: int
    payload: dict[str, Any]


ATTEMPTS = 4
LONGEST_PAUSE = 60.0
PASSING = frozenset({429, 503, 504})
"""Statuses that may be gone in a moment."""


@dataclass(frozen=True)
class Request:
    """One request as it will be sent; `is_repeatable` when a second one does no harm."""

    method: str
    path: str
    headers: dict[str, str]
    query: dict[str, Query]
    body: Any = None
    is_repeatable: bool = True

    def arguments(self) -> dict[str, Any]:
        """Give what `httpx.Client.request` takes."""
        told: dict[str, Any] = {"headers": self.headers}
        if self.query:
            told["params"] = {name: one for name, one in self.query.items() if one is not None}
        if isinstance(self.body, bytes):
            told["content"] = self.body
        elif self.body is not None:
            told["json"] = self.body
        return {"method": self.method, "url": self.path, **told}


def request(
    method: str,
    path: str,
    body: Any = None,
    *,
    at: Mapping[str, object] | None = None,
    query: Mapping[str, Query] | None = None,
    if_match: str | None = None,
    idempotency_key: str | None = None,
    once: bool = False,
    content_type: str | None = None,
) -> Request:
    """Fill a path of the contract (`/v1/…/{id}`) with `at`.

    A POST gets an `Idempotency-Key`, so that it may be sent again; `once` keeps it from that.
    """
    headers: dict[str, str] = {}
    if content_type is not None:
        headers["content-type"] = content_type
    if if_match is not None:
        headers["if-match"] = if_match
    if method == "POST" and not once:
        headers["idempotency-key"] = idempotency_key or str(uuid4())
    filled = path.format_map({name: quote(str(one), safe="") for name, one in (at or {}).items()})
    return Request(method, filled, headers, dict(query or {}), body, is_repeatable=not once)


def pause(asked: Request, attempt: int, response: httpx.Response | None) -> float | None:
    """Give the seconds to wait before another attempt, None to leave it (full jitter)."""
    if attempt >= ATTEMPTS or not asked.is_repeatable:
        return None
    if response is not None and response.status_code not in PASSING:
        return None
    told = response.headers.get("retry-after", "") if response is not None else ""
    if told.isdigit():
        return float(told) if float(told) <= LONGEST_PAUSE else None
    return random.uniform(0, 0.2 * 2**attempt)  # noqa: S311  # spreads callers, hides nothing


def checked(response: httpx.Response) -> httpx.Response:
    """Return a good answer; raise `VigieProblem` for any other."""
    if response.status_code >= httpx.codes.BAD_REQUEST:
        raise VigieProblem(response)
    return response


def read(response: httpx.Response, into: type[T]) -> T:
    """Read the JSON of a good answer as that type; an empty answer is an empty object."""
    told: T = response.json() if response.content else {}
    return told
