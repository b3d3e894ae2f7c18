"""The change feed: a gap-free log of what happened, written with each change, read by cursor.

A transaction that takes a lower sequence number may commit after one that took a higher one, so
`seq > last` loses rows. The order here is (transaction id, seq), and only transactions older than
every running one are shown: what a reader has passed can no longer change.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import pagination
from platformkit.auth import needs
from platformkit.errors import Fault, Invalid, problems
from platformkit.i18n import Text
from platformkit.reads import Reads
from platformkit.wire import Instant

Kind = Literal["created", "updated", "deleted"]

PAGE = """
SELECT c.xid::text::bigint AS xid, c.seq, c.at, c.entity, c.entity_id, c.kind, c.version,
       CASE WHEN $4 THEN c.payload::text ELSE '{{}}' END AS payload
  FROM {schema}.change c
 WHERE (c.xid, c.seq) > ($1::text::xid8, $2) AND coalesce(c.entity <> ALL ($5), true)
   AND c.xid < pg_snapshot_xmin(pg_current_snapshot())
 ORDER BY c.xid, c.seq
 LIMIT $3
"""
"""In the order of the index: the bare name `xid` would be the number that is told of it, and of a
bare `<> ALL` the planner expects next to nothing left, which it would rather sort."""

SINCE = """
WITH begun AS MATERIALIZED (
  SELECT c.xid, c.seq
    FROM {schema}.change c, (SELECT min(at) AS at FROM {schema}.change WHERE at > $1) earliest
   WHERE c.at BETWEEN earliest.at AND earliest.at + interval '1 hour')
SELECT coalesce(
  (SELECT ARRAY[xid::text::bigint, seq - 1] FROM begun
    WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY xid, seq LIMIT 1),
  (SELECT ARRAY[xid::text::bigint, seq] FROM {schema}.change
    WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY xid DESC, seq DESC LIMIT 1),
  '{{0,0}}')"""
"""$1 an instant: the cursor before the first change after it, else that of the last change.

The first of the feed need not be the earliest, as whoever began later may have written earlier. It
began within the hour: nobody waits so long before writing. Materialized, since the planner would
walk the feed from its beginning to the first that is late enough.
"""

_IS_AHEAD = "SELECT $1::text::xid8 >= pg_snapshot_xmax(pg_current_snapshot())"
"""Of a cursor: the database was restored since, and nothing would come after it for long."""

_WRITE = """
INSERT INTO {schema}.change (entity, entity_id, kind, version, payload)
VALUES ($1, $2, $3, $4, $5::jsonb)"""


_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class SinceRefused(Invalid):
    """`updated_since` lies ahead, or comes with a cursor, which says the same otherwise."""

    code = "updated-since-refused"
    title = Text("Instant de départ refusé", "Starting instant refused")


REFUSALS: Final = problems(pagination.CursorRefused, SinceRefused)
"""What reading a page may be answered with."""

_AHEAD = Text("Cet instant est à venir.", "This instant is yet to come.")
_BOTH = Text("Donnez « after » ou « updated_since ».", "Give `after` or `updated_since`.")


class Change(BaseModel):
    """One change; for `deleted` the payload says why and what replaces it."""

    at: datetime
    entity: str
    entity_id: str
    kind: Kind
    version: int
    payload: dict[str, Any]


class Changes(BaseModel):
    """A page of the feed; `next` is always given: ask again with it, now or later."""

    items: list[Change]
    next: str
    more: bool


async def publish(
    session: AsyncSession,
    *,
    entity: str,
    entity_id: str,
    kind: Kind,
    payload: dict[str, Any],
    version: int = 1,
) -> None:
    """Write a change in the transaction of the session; nothing personal may be in the payload."""
    connection = await session.connection()
    await connection.exec_driver_sql(
        _WRITE.format(schema=session.info["schema"]),
        (entity, entity_id, kind, version, orjson.dumps(payload).decode()),
    )


def router_for(service: str, reserved: Mapping[str, str] = _NONE) -> APIRouter:
    """Return the route `/v1/changes` of a service, for callers with the scope `<service>:feed`.

    Changes of `reserved` entities are there for the one of our services named with each, speaking
    for itself: no scope that a client may be given opens them.
    """
    router = APIRouter(tags=["changes"])
    router.get(
        "/v1/changes",
        name=f"list_{service}_changes",
        dependencies=[needs(f"{service}:feed")],
        responses=REFUSALS,
    )(reader_of(service, reserved))
    return router


def reader_of(
    service: str, reserved: Mapping[str, str] = _NONE
) -> Callable[..., Awaitable[Changes]]:
    """Return the handler that reads a page, which is a dependency to whoever hands it on."""
    page_sql, since_sql = PAGE.format(schema=service), SINCE.format(schema=service)

    async def list_changes(
        request: Request,
        reads: Reads,
        after: Annotated[str | None, Query(max_length=500)] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
        updated_since: Annotated[
            Instant | None,
            Query(description="where to begin without a cursor: at the first change after it"),
        ] = None,
        *,
        payloads: Annotated[
            bool, Query(description="false leaves them empty, for who reads the things themselves")
        ] = True,
    ) -> Changes:
        """Read what changed since the cursor; without one, from the beginning.

        A change has the time at which its transaction began: begin with `updated_since` an hour
        early, and go on with `next`, which misses nothing.
        """
        secret = request.app.state.settings.secret_key.get_secret_value() + "changes"
        xid, seq = pagination.unsign(secret, after) if after else (0, 0)
        if updated_since is not None:
            if after is not None or updated_since > datetime.now(UTC):
                why = _AHEAD if after is None else _BOTH
                raise SinceRefused([Fault("/updated_since", SinceRefused.code, why, "query")])
            xid, seq = await reads.fetchval("changes since", since_sql, updated_since)
        issuer = request.state.principal.issuer
        others = [entity for entity, reader in reserved.items() if reader != issuer]
        asked = (str(xid), seq, limit + 1, payloads, others)
        rows = await reads.fetch("changes", page_sql, *asked)
        if after and not rows and await reads.fetchval("changes ahead", _IS_AHEAD, str(xid)):
            raise pagination.CursorRefused
        shown = rows[:limit]
        if shown:
            xid, seq = shown[-1]["xid"], shown[-1]["seq"]
        return Changes(
            items=[
                Change(
                    at=row["at"],
                    entity=row["entity"],
                    entity_id=row["entity_id"],
                    kind=row["kind"],
                    version=row["version"],
                    payload=orjson.loads(row["payload"]),
                )
                for row in shown
            ],
            next=pagination.sign(secret, (xid, seq)),
            more=len(rows) > limit,
        )

    return list_changes
