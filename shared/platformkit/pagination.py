"""Keyset pages: an opaque, signed cursor holds the last key; no OFFSET, no total unless asked."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel

from platformkit.errors import BadRequest
from platformkit.i18n import Text

_MAC_BYTES = 12

T = TypeVar("T")
Row = TypeVar("Row")
Item = TypeVar("Item")


class CursorRefused(BadRequest):
    """The cursor was altered, or made by another service, or before its database was restored."""

    code = "cursor-refused"
    title = Text("Curseur invalide", "Invalid cursor")
    detail = Text(
        "Reprenez la valeur « next » de la page précédente, ou recommencez sans curseur.",
        "Take the “next” value of the previous page, or start again without a cursor.",
    )


class Page(BaseModel, Generic[T]):
    """One page of a list; `next` continues it, `total` only when `count=true` was asked."""

    items: list[T]
    next: str | None = None
    total: int | None = None


def sign(key: str, values: Sequence[Any]) -> str:
    """Seal the values of a key into a cursor."""
    data = orjson.dumps(list(values))
    mac = hmac.digest(key.encode(), data, hashlib.sha256)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(mac + data).decode().rstrip("=")


def unsign(key: str, cursor: str) -> list[Any]:
    """Open a cursor, or raise CursorRefused."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError) as error:
        raise CursorRefused from error
    mac, data = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, hmac.digest(key.encode(), data, hashlib.sha256)[:_MAC_BYTES]):
        raise CursorRefused
    values: list[Any] = orjson.loads(data)
    return values


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the caller asked of a list."""

    limit: int
    after: list[Any] | None
    count: bool
    secret: str
    request: Request

    def continued(self, key: Sequence[Any]) -> str:
        """Return the cursor after this key; the answer will carry it as a Link too (RFC 8288)."""
        cursor = sign(self.secret, key)
        query = self.request.url.include_query_params(after=cursor).query
        self.request.state.link = f'<?{query}>; rel="next"'
        return cursor


async def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[
        str | None, Query(max_length=2000, description="`next` of the page before")
    ] = None,
    *,
    count: Annotated[bool, Query(description="also count the whole list")] = False,
) -> PageRequest:
    secret = request.app.state.settings.secret_key.get_secret_value() + request.url.path
    return PageRequest(limit, unsign(secret, after) if after else None, count, secret, request)


Paging = Annotated[PageRequest, Depends(_paging)]
"""`limit`, `after` and `count` of a list, the cursor already verified; bound to the list's path."""


def page(
    paging: PageRequest,
    rows: Sequence[Row],
    key: Callable[[Row], Sequence[Any]],
    render: Callable[[Row], Item],
    total: int | None = None,
) -> Page[Item]:
    """Make a page of `limit + 1` fetched rows: the extra one only says that there is more."""
    shown = rows[: paging.limit]
    following = paging.continued(key(shown[-1])) if len(rows) > paging.limit else None
    return Page(items=[render(row) for row in shown], next=following, total=total)


def rendered(
    paging: PageRequest,
    rows: Sequence[Any],
    key: Callable[[Any], Sequence[Any]],
    total: int | None = None,
) -> bytes:
    """Make the bytes of a page of `limit + 1` rows whose `item` PostgreSQL rendered as JSON."""
    shown = rows[: paging.limit]
    following = paging.continued(key(shown[-1])) if len(rows) > paging.limit else None
    items = ",".join(row["item"] for row in shown).encode()
    return b'{"items":[' + items + b"]," + orjson.dumps({"next": following, "total": total})[1:]


def paged(
    paging: PageRequest,
    rows: Sequence[Row],
    key: Callable[[Row], list[Any]],
    render: Callable[[Row], Item],
) -> Page[Item]:
    """Make a page of a list held in memory; the key orders the rows, no two have the same."""
    after = paging.after
    ordered = sorted(rows, key=key)
    try:
        rest = ordered if after is None else [row for row in ordered if key(row) > after]
    except TypeError as error:  # a cursor of another shape, signed by an earlier release
        raise CursorRefused from error
    total = len(rows) if paging.count else None
    return page(paging, rest[: paging.limit + 1], key, render, total)
