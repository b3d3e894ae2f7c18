"""Pages and the feed: everything once, in order, whatever happens in between."""

import asyncio
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit import etags, feed, pagination
from platformkit.i18n import negotiate

KEYS = st.lists(
    st.one_of(st.text(max_size=20), st.integers(-(2**53), 2**53), st.none()), max_size=4
)

PREPARE = """
PREPARE change (int, text) AS
WITH changed AS (
  UPDATE probe.thing SET version = version + 1, name = $2 WHERE id = $1 RETURNING id, version, name)
INSERT INTO probe.change (entity, entity_id, kind, version, payload)
SELECT 'thing', id::text, 'updated', version, jsonb_build_object('name', name) FROM changed"""


@given(KEYS, st.text(min_size=1, max_size=20))
def test_a_cursor_gives_back_what_it_was_made_of(values: list[object], key: str) -> None:
    assert pagination.unsign(key, pagination.sign(key, values)) == values


@given(KEYS, st.text(max_size=60))
def test_a_cursor_of_anybody_else_is_refused(values: list[object], noise: str) -> None:
    for cursor in (pagination.sign("theirs", values), noise):
        with pytest.raises(pagination.CursorRefused):
            pagination.unsign("ours", cursor)


@pytest.mark.parametrize(
    ("asked", "given_"),
    [
        ("", "fr"), ("de", "fr"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("fr-FR,en;q=0.9", "fr"),
        ("en;q=0.5, fr;q=0.8", "fr"), ("fr;q=0, en;q=0.1", "en"), ("*", "fr"), ("en;q=x", "fr"),
        ("EN-us", "en"),
    ],
)  # fmt: skip
def test_the_language_is_negotiated_french_first(asked: str, given_: str) -> None:
    assert negotiate(asked) == given_


def test_tags_differ_when_any_part_differs() -> None:
    assert etags.of_bytes("ab", "c") != etags.of_bytes("a", "bc")
    assert etags.of_bytes("ab", b"c") == etags.of_bytes(b"ab", "c")


async def test_walking_the_pages_shows_every_row_once(probe: httpx.AsyncClient) -> None:
    prefix = uuid.uuid4().hex
    for index in range(23):
        await probe.post("/v1/things", json={"name": f"{prefix}{index % 7}"})
    seen: list[int] = []
    parameters: dict[str, str | int] = {"prefix": prefix, "limit": 5}
    while True:
        answer = await probe.get("/v1/things", params=parameters)
        page = answer.json()
        assert ("link" in answer.headers) == (page["next"] is not None)
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        linked = answer.url.join(answer.links["next"]["url"])
        parameters["after"] = page["next"]
        assert linked.params == httpx.QueryParams(parameters)
    assert len(seen) == len(set(seen)) == 23


async def read_feed(probe: httpx.AsyncClient, after: str | None = None) -> tuple[list[str], str]:
    names: list[str] = []
    while True:
        parameters = {"limit": "3", **({"after": after} if after else {})}
        page = (await probe.get("/v1/changes", params=parameters)).json()
        names += [item["payload"]["name"] for item in page["items"]]
        after = page["next"]
        if not page["more"]:
            return names, after


async def test_the_feed_misses_nothing_that_commits_late(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    """A row with a lower number that commits after a higher one was read must still come."""
    _, cursor = await read_feed(probe)
    slow = sql.transaction()
    await slow.start()
    await sql.execute(
        "INSERT INTO probe.change (entity, entity_id, kind, version, payload)"
        " VALUES ('thing', '0', 'created', 1, '{\"name\": \"slow\"}')"
    )
    await probe.post("/v1/things", json={"name": "quick"})
    early, cursor = await read_feed(probe, cursor)
    assert early == []  # nothing beyond an open transaction is shown
    await slow.commit()
    late, cursor = await read_feed(probe, cursor)
    assert late == ["slow", "quick"]
    assert await read_feed(probe, cursor) == ([], cursor)


class Copy:
    """What a consumer holds that knows the feed alone, and how often it was told what."""

    def __init__(self, after: str) -> None:
        self.after = after
        self.held: dict[str, tuple[int, str]] = {}
        self.told: Counter[tuple[str, int]] = Counter()
        self.told_early = 0

    async def follow(self, probe: httpx.AsyncClient, is_over: asyncio.Event) -> None:
        """Poll without a rest until all is read that was there when the writers had ended."""
        more = True
        while more:
            was_over = is_over.is_set()
            asked = {"limit": "1000", "after": self.after}
            page = (await probe.get("/v1/changes", params=asked)).json()
            for item in page["items"]:
                thing, change = item["entity_id"], (item["version"], item["payload"]["name"])
                self.held[thing] = max(self.held.get(thing, change), change)
                self.told[thing, item["version"]] += 1
            self.after, more = page["next"], page["more"] or not was_over
            self.told_early += 0 if was_over else len(page["items"])


async def write(connection: asyncpg.Connection, things: list[int], work: Iterator[int]) -> int:
    """Do transactions of one to three changes, and undo a tenth of them; say how many."""
    await connection.execute(PREPARE)
    undone = 0
    for number in work:
        dice = random.Random(number)  # noqa: S311  # repeatable, not secret
        changed = sorted(dice.sample(things, dice.choice((1, 1, 1, 2, 3))))
        changes = [f"EXECUTE change({thing}, '{number}')" for thing in changed]
        await connection.execute("; ".join(["BEGIN", *changes]))
        is_undone = dice.random() < 0.1
        undone += is_undone
        await connection.execute("ROLLBACK" if is_undone else "COMMIT")
    return undone


async def test_f1_the_copy_is_the_truth_after_ten_thousand_concurrent_changes(
    probe: httpx.AsyncClient, probe_dsn: str
) -> None:
    _, start = await read_feed(probe)
    writers = [await asyncpg.connect(probe_dsn) for _ in range(8)]
    made = await writers[0].fetch(
        "INSERT INTO probe.thing (name, version)"
        " SELECT '', 0 FROM generate_series(1, 200) RETURNING id"
    )
    things, work = [row["id"] for row in made], iter(range(7_000))
    copy, is_over = Copy(start), asyncio.Event()

    async def write_all() -> int:
        undone = await asyncio.gather(*(write(one, things, work) for one in writers))
        is_over.set()
        return sum(undone)

    async with asyncio.timeout(120):
        _, undone = await asyncio.gather(copy.follow(probe, is_over), write_all())
    truth = await writers[0].fetch(
        "SELECT id::text, version, name FROM probe.thing WHERE id = ANY($1)", things
    )
    for writer in writers:
        await writer.close()
    assert copy.held == {row["id"]: (row["version"], row["name"]) for row in truth}
    each = [(row["id"], one) for row in truth for one in range(1, row["version"] + 1)]
    assert copy.told == Counter(each)
    assert undone > 300
    assert len(each) > 10_000
    assert copy.told_early > len(each) / 2  # it read beside them, not after


async def test_f2_what_stays_is_seen_once_whatever_comes_and_goes(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    prefix = uuid.uuid4().hex
    dice = random.Random(2)  # noqa: S311  # repeatable, not secret
    insert = "INSERT INTO probe.thing (name, version) VALUES ($1, 1) RETURNING id"
    stays = {await sql.fetchval(insert, f"{prefix}{dice.random()}") for _ in range(40)}
    passing = [await sql.fetchval(insert, f"{prefix}{dice.random()}") for _ in range(40)]
    seen: list[int] = []
    parameters: dict[str, str | int] = {"prefix": prefix, "limit": 3}
    while True:
        page = (await probe.get("/v1/things", params=parameters)).json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        parameters["after"] = page["next"]
        if passing:
            await sql.execute("DELETE FROM probe.thing WHERE id = $1", passing.pop())
        await sql.execute(insert, f"{prefix}{dice.random()}")
        assert len(seen) < 500
    assert len(seen) == len(set(seen))
    assert stays <= set(seen)


async def test_a_cursor_that_lies_ahead_is_of_another_database(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    """Restored from a dump, transaction ids begin anew: nothing would come after it for long."""
    _, cursor = await read_feed(probe)
    assert (await probe.get("/v1/changes", params={"after": cursor})).status_code == 200
    now = int(await sql.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))
    ahead = pagination.sign("test cursor keychanges", [now + 1_000_000, 1])
    answer = await probe.get("/v1/changes", params={"after": ahead})
    assert (answer.status_code, answer.json()["code"]) == (400, "cursor-refused")


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
async def test_a_page_of_the_feed_reads_no_more_than_it_shows(
    probe: httpx.AsyncClient, sql: asyncpg.Connection, mode: str
) -> None:
    now = {"updated_since": datetime.now(UTC).isoformat()}
    cursor = (await probe.get("/v1/changes", params=now)).json()["next"]
    await sql.execute(
        "INSERT INTO probe.change (entity, entity_id, kind, version, payload)"
        """ SELECT 'thing', n, 'created', 1, '{"name": "x"}' FROM generate_series(1, 20000) n"""
    )
    await sql.execute("ANALYZE probe.change")
    asked: dict[str, str | int] = {"after": cursor, "limit": 3}
    page = (await probe.get("/v1/changes", params=asked)).json()
    assert [item["entity_id"] for item in page["items"]] == ["1", "2", "3"]
    last = await sql.fetchrow(
        "SELECT xid::text, seq - 15000 AS seq FROM probe.change ORDER BY seq DESC LIMIT 1"
    )
    assert last is not None
    async with sql.transaction():
        await sql.execute(f"SET LOCAL plan_cache_mode = {mode}")
        await sql.execute(
            f"PREPARE page (text, bigint, int, bool, text[]) AS {feed.PAGE.format(schema='probe')}"
        )
        (plan,) = await sql.fetchrow(
            "EXPLAIN (ANALYZE, FORMAT JSON)"
            f" EXECUTE page ('{last['xid']}', {last['seq']}, 4, true, '{{}}')"
        )
    await sql.execute("DEALLOCATE page")
    (top,) = orjson.loads(plan)
    node = top["Plan"]
    while "Plans" in node:
        (node,) = node["Plans"]
    assert (node["Node Type"], node["Actual Rows"]) == ("Index Scan", 4), plan


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("before", [0, 10_000, 19_999])
async def test_f4_an_instant_is_found_without_walking_the_feed(
    sql: asyncpg.Connection, mode: str, before: int
) -> None:
    """Of 20,000 changes, one a minute, only those of an hour are read."""
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    await sql.transaction().start()
    made = await sql.fetch(
        "INSERT INTO probe.change (xid, at, entity, entity_id, kind, version, payload)"
        " SELECT '3', $1::timestamptz + n * interval '1 minute', 'thing', n, 'created', 1, '{}'"
        " FROM generate_series(1, 20000) n RETURNING seq",
        begin,
    )
    since = (begin + timedelta(minutes=before)).isoformat()
    await sql.execute(f"SET LOCAL plan_cache_mode = {mode}")
    await sql.execute(f"PREPARE since (timestamptz) AS {feed.SINCE.format(schema='probe')}")
    found = await sql.fetchval(f"EXECUTE since ('{since}')")
    assert found == [3, made[before]["seq"] - 1]
    plan = await sql.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE since ('{since}')")
    (top,) = orjson.loads(plan)
    assert rows_read(top["Plan"]) < 200, plan


def rows_read(node: dict[str, Any]) -> int:
    """Count what a plan took from the table, kept or not."""
    own = 0
    if "Relation Name" in node:
        filtered = node.get("Rows Removed by Filter", 0)
        own = (node["Actual Rows"] + filtered) * node["Actual Loops"]
    return own + sum(rows_read(one) for one in node.get("Plans", ()))


async def test_f4_whoever_began_later_and_wrote_earlier_is_not_left_out(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    async with sql.transaction():
        begun: datetime = await sql.fetchval("SELECT now()")
        await probe.post("/v1/things", json={"name": "quick"})
        await sql.execute(
            "INSERT INTO probe.change (entity, entity_id, kind, version, payload)"
            " VALUES ('thing', '0', 'created', 1, '{\"name\": \"slow\"}')"
        )
    for since in (begun, begun - timedelta(microseconds=1)):
        page = await probe.get("/v1/changes", params={"updated_since": since.isoformat()})
        assert [one["payload"]["name"] for one in page.json()["items"]] == ["quick", "slow"]


async def test_f4_the_feed_begins_after_an_instant(
    probe: httpx.AsyncClient, sql: asyncpg.Connection
) -> None:
    for name in ("one", "two", "three"):
        await probe.post("/v1/things", json={"name": name})
    rows = await sql.fetch("SELECT at FROM probe.change ORDER BY xid DESC, seq DESC LIMIT 3")
    last, _, first = (row["at"].isoformat() for row in rows)

    async def since(instant: str, **asked: str) -> httpx.Response:
        return await probe.get("/v1/changes", params={"updated_since": instant, **asked})

    page = (await since(first)).json()
    assert [item["payload"]["name"] for item in page["items"]] == ["two", "three"]
    bare = (await since(first, payloads="false")).json()
    empty = [item | {"payload": {}} for item in page["items"]]
    assert (bare["items"], bare["next"]) == (empty, page["next"])
    end = (await since(last)).json()
    assert (end["items"], end["next"], end["more"]) == ([], page["next"], False)
    assert (await since(last)).json() == end
    beginning = (await since("1970-01-01T00:00:00Z", limit="3")).json()
    assert beginning == (await probe.get("/v1/changes", params={"limit": 3})).json()
    for refused in (
        await since("2999-01-01T00:00:00Z"),
        await since("2026-11-26T10:00:00"),
        await since("yesterday"),
        await since(first, after=end["next"]),
    ):
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"] == "/updated_since"


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200), ("application/json;version=1", 200), ("*/*", 200),
        ('application/json; version="1"', 200), ("application/json; version=2", 406),
        ("application/json;version=2, application/json;version=1;q=0.5", 200),
        ("text/html;Version=2,application/xml; version=6.0", 406),
        ("application/json;version=", 406), ("application/json;version=2, */*", 200),
    ],
)  # fmt: skip
async def test_i2_a_version_that_is_not_served_is_406(
    probe: httpx.AsyncClient, accept: str, status: int
) -> None:
    answer = await probe.get("/v1/things", headers={"accept": accept})
    assert answer.status_code == status
    if status == 406:
        problem = answer.json()
        assert (problem["code"], problem["detail"]) == (
            "version-not-acceptable",
            "Versions servies\u00a0: 1.",
        )
