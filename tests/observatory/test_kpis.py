"""Indicators follow the feeds: each change counts once, whatever stops, and again from zero."""

import asyncio
import csv
import io
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from observatory.kpis import counting, following
from observatory.kpis.definitions import KPIS
from observatory.kpis.following import Follower
from platformkit.app import build_app
from platformkit.clients.base import PeerProblem, PeerUnavailable, open_clients
from platformkit.clients.feeds import FeedClient
from platformkit.feed import Change, Changes
from platformkit.i18n import Text
from platformkit.reads import WritePool
from platformkit.settings import Peer
from tests import harness
from tests.gateway.doors import served
from tests.harness import Database
from tests.observatory.steering import Steerer

KEY = "key between observatory and diagnostic, of the tests"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
STATES = ("confirmed", "attended", "waitlisted", "cancelled", "no_show", "gone")


def change(entity: str, name: str, state: str = "gone", version: int = 1, **told: Any) -> Change:
    """Make a change that leaves a thing in this state; `gone` is a tombstone."""
    kind = "deleted" if state == "gone" else "updated"
    payload = {} if state == "gone" else {"status": state, **told}
    return Change(
        at=NOW, entity=entity, entity_id=name, kind=kind, version=version, payload=payload
    )


class Feed(FeedClient):
    """A feed of our own; its cursors are places in it."""

    name = "diagnostic"

    def __init__(self, changes: Sequence[Change], size: int = 3) -> None:
        super().__init__(None, str)
        self.all, self.size, self.asked = list(changes), size, 0

    async def changes(self, after: str | None) -> Changes:
        self.asked += 1
        start = int(after or 0)
        end = min(start + self.size, len(self.all))
        return Changes(items=self.all[start:end], next=str(end), more=end < len(self.all))


class Failing(Feed):
    """A feed that cannot be read on from one place."""

    stop = ""

    async def changes(self, after: str | None) -> Changes:
        if after == self.stop:
            raise PeerUnavailable(self.name, "timeout")
        return await super().changes(after)


class Growing(Failing):
    """A feed that has one more change once its second page was asked for."""

    async def changes(self, after: str | None) -> Changes:
        if after == "3" and self.all[-1].entity_id != "during the recount":
            self.all.append(change("enrolment", "during the recount", "confirmed"))
        return await super().changes(after)


@dataclass
class Desk:
    """The tables of the followers, and a pool of the service's own role."""

    admin: Any
    writes: WritePool

    def follower(self, feed: FeedClient) -> Follower:
        return Follower(feed.name, feed, self.writes, seconds=0)

    async def clear(self) -> None:
        for table in (
            *("followed_thing", "followed_need", "recounted_thing", "recounted_need"),
            "followed_feed",
        ):
            await self.admin.execute(f"DELETE FROM observatory.{table}")

    async def counts(self) -> dict[str, int]:
        rows = await self.admin.fetch(
            "SELECT measure, count(*) AS n FROM observatory.followed_thing"
            " WHERE measure IS NOT NULL GROUP BY measure"
        )
        return {row["measure"]: row["n"] for row in rows}

    async def read(self) -> int:
        read: int = await self.admin.fetchval("SELECT changes FROM observatory.followed_feed")
        return read


@pytest.fixture(scope="module")
async def desk(database: Database) -> AsyncIterator[Desk]:
    writes = WritePool(harness.settings(database, "observatory"), "observatory")
    admin = await asyncpg.connect(database.admin_dsn)
    made = Desk(admin, writes)
    yield made
    await made.clear()
    await writes.close()
    await admin.close()


@pytest.fixture(scope="module")
def steerer(observatory: httpx.AsyncClient) -> Steerer:
    return Steerer(observatory)


SOME = [
    change("enrolment", "a", "confirmed"),
    change("enrolment", "b", "waitlisted"),
    change("cohort", "k", "running"),
    change("enrolment", "a", "attended", 2),
    change("enrolment", "b", "confirmed", 2),
    change("cohort", "k", "completed", 2),
    change("enrolment", "c", "confirmed"),
    change("enrolment", "c", "cancelled", 2),
    change("assessment", "d", "submitted", revision=1),
    change("assessment", "e", "submitted", revision=1),
    change("assessment", "e", "gone", 2),
    change("respondent", "f", "gone"),
]
COUNTED = {
    "enrolment.attended": 1,
    "enrolment.confirmed": 1,
    "enrolment.cancelled": 1,
    "cohort.completed": 1,
    "assessment.submitted": 1,
}


async def test_tombstones_and_withdrawals_subtract(desk: Desk, steerer: Steerer) -> None:
    await desk.clear()
    code = await steerer.opened(funders=[])
    before = await steerer.get(f"/{code}/kpis")
    assert {one["state"] for one in before["feeds"]} == {"never"}
    assert {one["value"] for one in before["items"]} == {None}, "no figure rather than a wrong one"
    await desk.follower(Feed(SOME)).follow()
    assert await desk.counts() == COUNTED
    told = await steerer.get(f"/{code}/kpis", **{"accept-language": "en"})
    found = {one["code"]: one["everywhere"] for one in told["items"]}
    assert found == {
        "smes_accompanied": 2, "smes_attended": 1, "cohorts_held": 1, "diagnostics_submitted": 1,
        "companies_accompanied": 0, "certifications_opened": None, "sessions_opened": None,
        "proposals_published": None,
    }  # fmt: skip
    assert {one["value"] for one in told["items"] if one["by_programme"]} == {0}, "of another"
    states = {one["source"]: one["state"] for one in told["feeds"]}
    assert states == {"diagnostic": "current", "training": "never"}
    assert told["items"][0]["reading"].startswith("Reading: 0 enrolments of SMEs")
    await desk.admin.execute(
        "UPDATE observatory.followed_feed SET current_at = current_at - interval '2 minutes'"
    )
    late = await steerer.get(f"/{code}/kpis")
    assert (late["feeds"][0]["state"], late["items"][0]["everywhere"]) == ("late", 2)
    assert late["feeds"][0]["current_at"] < told["feeds"][0]["current_at"], "it says how fresh"


async def test_a_programme_counts_what_is_its_own(desk: Desk, steerer: Steerer) -> None:
    """An enrolment is of the programme of its cohort, whichever of the two comes first."""
    await desk.clear()
    code, other = [await steerer.opened(funders=[]) for _ in range(2)]
    told = [
        change("enrolment", "a", "confirmed", cohort="K1"),
        change("cohort", "k1", "completed", code="K1", programme=code),
        change("cohort", "k2", "completed", code="K2", programme=other),
        change("enrolment", "b", "attended", cohort="K1"),
        change("enrolment", "c", "confirmed", cohort="K2"),
        change("enrolment", "d", "confirmed", cohort="untold"),
        change("assessment", "e", "submitted", revision=1, programme=code),
        change("assessment", "f", "submitted", revision=1, programme=None),
        change("programme_statistics", code, "updated", 1, enrolled=5),
        change("programme_statistics", code, "updated", 2, enrolled=15),
        change("programme_statistics", other, "updated", 1, enrolled=None),
    ]
    await desk.follower(Feed(told)).follow()
    for programme, own in ((code, (2, 15, 1, 1, 1)), (other, (1, 0, 0, 1, 0))):
        items = (await steerer.get(f"/{programme}/kpis"))["items"]
        figures = {one["code"]: (one["value"], one["everywhere"]) for one in items}
        names = ("smes_accompanied", "companies_accompanied", "smes_attended", "cohorts_held")
        found = [figures[name] for name in (*names, "diagnostics_submitted")]
        assert tuple(value for value, _ in found) == own
        assert [everywhere for _, everywhere in found] == [4, 15, 1, 2, 2]


async def test_instances_that_follow_at_once_count_each_change_once(desk: Desk) -> None:
    await desk.clear()
    feed = Feed([change("enrolment", str(n), "confirmed") for n in range(60)])
    for _ in range(20):
        await asyncio.gather(*(desk.follower(feed).follow() for _ in range(3)))
        if await desk.read() == len(feed.all):
            break
    assert await desk.read() == len(feed.all)
    assert await desk.counts() == {"enrolment.confirmed": len(feed.all)}


async def test_one_follows_at_a_time(desk: Desk) -> None:
    await desk.clear()
    first, second = Feed(SOME, size=100), Feed(SOME, size=100)
    patient = Follower("diagnostic", second, desk.writes, seconds=600)
    await desk.follower(first).follow()
    await patient.follow()
    assert (first.asked, second.asked) == (1, 0), "another one asked within the pause"


async def test_a_follower_that_loses_its_database_goes_on_where_it_was(desk: Desk) -> None:
    await desk.clear()

    class Breaking(Feed):
        """Has every connection killed while a page is kept."""

        async def changes(self, after: str | None) -> Changes:
            if after in {"6", "9"} and self.asked < 8:
                await desk.admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'vigie observatory hot write'"
                )
            return await super().changes(after)

    feed = Breaking(SOME)
    for _ in range(20):
        try:
            await desk.follower(feed).follow()
            break
        except (OSError, asyncpg.InternalClientError, *WritePool.errors):
            assert await desk.read() in {0, 3, 6, 9, 12}, "whole pages only"
    assert (await desk.read(), await desk.counts()) == (len(SOME), COUNTED)


async def test_a_neighbour_that_fails_leaves_what_was_kept(desk: Desk) -> None:
    await desk.clear()

    failing = Failing(SOME)
    failing.stop = "6"
    with pytest.raises(PeerUnavailable):
        await desk.follower(failing).follow()
    assert await desk.read() == 6, "the page before the failure is kept"
    await desk.follower(Feed(SOME)).follow()
    assert (await desk.read(), await desk.counts()) == (len(SOME), COUNTED)


async def test_whatever_fails_is_tried_again(desk: Desk) -> None:
    await desk.clear()

    class Ailing(Feed):
        async def changes(self, after: str | None) -> Changes:
            self.asked += 1
            if self.asked == 1:
                raise PeerUnavailable(self.name, "unreachable")
            if self.asked == 2:
                raise ValueError(after)
            return await super().changes(after)

    follower = Follower("diagnostic", Ailing(SOME), desk.writes, seconds=0.01)
    running = asyncio.create_task(follower.run())
    await until_current(desk)
    running.cancel()
    assert await desk.counts() == COUNTED


async def test_a_cursor_of_another_database_begins_anew(desk: Desk) -> None:
    await desk.clear()
    await desk.follower(Feed(SOME)).follow()

    class Restored(Feed):
        async def changes(self, after: str | None) -> Changes:
            if after == str(len(SOME)):
                raise PeerProblem(self.name, 400, "cursor-refused", None)
            return await super().changes(after)

    fewer = Restored(SOME[:4])
    await desk.follower(fewer).follow()
    assert (await desk.read(), await desk.counts()) == (len(SOME), COUNTED), "until it is read"
    await desk.follower(fewer).follow()
    assert await desk.read() == 4
    assert await desk.counts() == {
        "enrolment.attended": 1, "enrolment.waitlisted": 1, "cohort.running": 1
    }  # fmt: skip

    class Refusing(Feed):
        async def changes(self, after: str | None) -> Changes:  # noqa: ARG002  # what is read
            raise PeerProblem(self.name, 403, "scope-missing", None)

    with pytest.raises(PeerProblem):
        await desk.follower(Refusing([])).follow()
    assert await desk.read() == 4, "another refusal forgets nothing"


moves = st.lists(
    st.tuples(st.integers(0, 4), st.integers(1, 6), st.sampled_from(STATES)),
    max_size=24,
    unique_by=lambda one: one[:2],
)


@settings(max_examples=8)
@given(told=moves, size=st.integers(1, 7))
async def test_counts_are_those_of_the_highest_versions_and_the_same_from_zero(
    desk: Desk, steerer: Steerer, told: list[tuple[int, int, str]], size: int
) -> None:
    await desk.clear()
    model: dict[int, tuple[int, str]] = {}
    for name, version, state in told:
        if version >= model.get(name, (0, ""))[0]:
            model[name] = (version, state)
    expected: dict[str, int] = {}
    for _, state in model.values():
        if state != "gone":
            expected[f"enrolment.{state}"] = expected.get(f"enrolment.{state}", 0) + 1
    feed = Feed([change("enrolment", str(name), it, n) for name, n, it in told], size)
    await desk.follower(feed).follow()
    assert await desk.counts() == expected
    await desk.admin.execute(
        "UPDATE observatory.followed_feed SET cursor = NULL, current_at = NULL, changes = 0"
    )
    await desk.follower(Feed(feed.all, size + 1)).follow()
    assert await desk.counts() == expected, "what is counted again counts once"


async def test_rebuilding_is_for_who_steers_and_ends_where_it_was(
    desk: Desk, steerer: Steerer
) -> None:
    await desk.clear()
    code = await steerer.opened(funders=[])
    await desk.follower(Feed(SOME)).follow()
    before = await steerer.get(f"/{code}/kpis")
    path = f"/v1/programmes/{code}/kpis/rebuild"
    stranger = harness.as_client("observatory", tenant="another", client="another")
    reader = harness.as_client("observatory", scopes={"observatory:publish"})
    for headers, status in ((stranger, 404), (reader, 403), ({}, 401)):
        assert (await steerer.client.post(path, headers=headers)).status_code == status
    answer = await steerer.client.post(path, headers=steerer.headers)
    assert (answer.status_code, answer.json()) == (202, {"sources": ["diagnostic"]})
    half = Feed(SOME)
    page = await half.changes(None)
    assert await desk.follower(half).keep(None, page, following.BESIDE)
    await desk.follower(Feed(SOME)).follow()
    after = await steerer.get(f"/{code}/kpis")
    assert [one["value"] for one in after["items"]] == [one["value"] for one in before["items"]]
    for shelf in (following.BESIDE, following.SHOWN):
        assert not await desk.follower(half).keep(None, page, shelf), "a page of before is dropped"
    deed = (
        await steerer.client.get(f"/v1/programmes/{code}/deeds", headers=steerer.headers)
    ).json()
    assert deed["items"][0]["action"] == "rebuild"


async def test_whoever_reads_meanwhile_sees_the_old_count_until_the_new_one_is_whole(
    desk: Desk, steerer: Steerer
) -> None:
    await desk.clear()
    code = await steerer.opened(funders=[])

    async def told() -> tuple[str, list[int]]:
        found = await steerer.get(f"/{code}/kpis")
        items = [one["everywhere"] for one in found["items"] if one["source"] == "diagnostic"]
        return found["feeds"][0]["state"], items

    async def needs() -> list[str]:
        rows = await desk.admin.fetch("SELECT entity_id FROM observatory.followed_need")
        return [row["entity_id"] for row in rows]

    await desk.follower(Feed([*SOME, change("contribution", "one", "told")])).follow()
    before = (await told())[1]
    await steerer.client.post(f"/v1/programmes/{code}/kpis/rebuild", headers=steerer.headers)
    assert await told() == ("rebuilding", before)
    fewer = Failing([change("contribution", "two", "told"), *SOME[:8]])
    for fewer.stop in ("3", "6"):
        with pytest.raises(PeerUnavailable):
            await desk.follower(fewer).follow()
        assert await told() == ("rebuilding", before), "a page was kept, and is not shown"
        assert await needs() == ["one"]
    fewer.stop = ""
    async with desk.admin.transaction():
        await desk.admin.execute("LOCK TABLE observatory.followed_thing IN SHARE MODE")
        last = asyncio.create_task(desk.follower(fewer).follow())
        async with asyncio.timeout(30):
            while not await desk.admin.fetchval(KILL_WAITING):  # noqa: ASYNC110  # nothing tells
                await asyncio.sleep(0.02)
        with pytest.raises((OSError, *WritePool.errors)):
            await last
    assert await told() == ("rebuilding", before), "killed at the last moment"
    await desk.follower(fewer).follow()
    assert await told() == ("current", [2, 0, 1, 1, 0])
    assert (await desk.read(), await needs()) == (9, ["two"])
    for table in ("recounted_thing", "recounted_need"):
        assert await desk.admin.fetchval(f"SELECT count(*) FROM observatory.{table}") == 0


async def test_what_is_shown_is_followed_while_it_is_counted_again(
    desk: Desk, steerer: Steerer
) -> None:
    await desk.clear()
    code = await steerer.opened(funders=[])
    await desk.follower(Feed(SOME)).follow()
    before = (await desk.counts())["enrolment.confirmed"]
    await steerer.client.post(f"/v1/programmes/{code}/kpis/rebuild", headers=steerer.headers)
    growing = Growing([*SOME, change("enrolment", "before the first page", "confirmed")])
    growing.stop = "6"
    with pytest.raises(PeerUnavailable):
        await desk.follower(growing).follow()
    assert (await steerer.get(f"/{code}/kpis"))["feeds"][0]["state"] == "rebuilding"
    assert (await desk.counts())["enrolment.confirmed"] == before + 2
    growing.stop = ""
    await desk.follower(growing).follow()
    assert (await desk.counts())["enrolment.confirmed"] == before + 2
    assert (await steerer.get(f"/{code}/kpis"))["feeds"][0]["state"] == "current"


KILL_WAITING = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE application_name = 'vigie observatory hot write' AND wait_event_type = 'Lock'"""


async def test_a_target_is_set_by_whoever_holds_its_version(desk: Desk, steerer: Steerer) -> None:
    await desk.clear()
    code = await steerer.opened(funders=[])
    own = [change("enrolment", one, "confirmed", cohort="K1") for one in ("own", "too")]
    own.append(change("cohort", "k1", "running", code="K1", programme=code))
    await desk.follower(Feed([*SOME, *own])).follow()
    path, body = f"/{code}/targets/smes_accompanied", {"target": 150, "due_on": "2027-12-31"}
    assert (await steerer.put(path, body, '"1"')).status_code == 412
    bare = await steerer.client.put(f"/v1/programmes{path}", json=body, headers=steerer.headers)
    assert bare.status_code == 428
    made = await steerer.put(path, body, '"0"')
    assert (made.status_code, made.headers["etag"]) == (200, '"1"')
    assert (await steerer.put(path, body, '"0"')).status_code == 412
    assert (await steerer.put(path, {**body, "target": 4}, '"1"')).json()["version"] == 2
    assert (await steerer.put(path, {**body, "target": 0}, '"2"')).status_code == 422
    unknown = await steerer.put(f"/{code}/targets/nothing", body, '"0"')
    assert (unknown.status_code, unknown.json()["code"]) == (404, "kpi-unknown")
    stranger = harness.as_client("observatory", tenant="another", client="another")
    assert (await steerer.put(path, body, "*", **stranger)).status_code == 404
    reader = harness.as_client("observatory", scopes={"observatory:publish"})
    assert (await steerer.put(path, body, "*", **reader)).status_code == 403
    told = (await steerer.get(f"/{code}/kpis"))["items"][0]
    assert (told["progress"], told["target"]["due_on"]) == (0.5, "2027-12-31")
    assert told["reading"].endswith("L’objectif est de 4 au 2027-12-31.")
    table = await steerer.client.get(f"/v1/programmes/{code}/kpis.csv")
    rows = {row["kpi"]: row for row in csv.DictReader(io.StringIO(table.text))}
    assert (rows["smes_accompanied"]["value"], rows["smes_accompanied"]["target"]) == ("2", "4")
    assert rows["sessions_opened"]["value"] == ""


async def test_every_indicator_publishes_how_it_is_made(steerer: Steerer) -> None:
    code = await steerer.opened(funders=[])
    french = (await steerer.get(f"/{code}/kpis"))["items"]
    english = (await steerer.get(f"/{code}/kpis", **{"accept-language": "en"}))["items"]
    assert len(french) == len(KPIS) == len({one["code"] for one in french})
    for fr, en in zip(french, english, strict=True):
        for name in ("name", "formula", "limits", "reading"):
            assert fr[name], name
            assert en[name] != fr[name], f"{name} of {fr['code']} is in one language"
    for one in KPIS:
        assert "{" not in one.reading(value=3)


def test_of_training_only_what_proposals_brought_counts() -> None:
    ours, theirs = {"kind": "regional_proposal"}, {"kind": "carif"}
    actions: list[dict[str, Any]] = [{"sessions": [{}, {}]}, {"sessions": [{}]}, {}]
    told = [
        change("formation", "a", "x", source=ours, actions=actions),
        change("formation", "b", "x", source=theirs, actions=actions),
        change("certification", "c", "x", source=ours, absent_since=None),
        change("certification", "d", "x", source=ours, absent_since="2026-11-01"),
        change("certification", "e", "x"),
        change("provider", "g", "x"),
    ]
    told.append(change("proposal", "f", "x").model_copy(update={"payload": {"kind": "offer"}}))
    found = {one.entity_id: (one.measure, one.amount) for one in counting.latest("training", told)}
    assert found == {
        "a": ("formation.regional", 3), "b": (None, 0), "c": ("certification.regional", 1),
        "d": (None, 0), "e": (None, 0), "f": ("proposal.offer", 1),
    }  # fmt: skip


async def test_the_real_feed_of_the_diagnostic_is_followed_while_the_observatory_runs(
    desk: Desk, database: Database
) -> None:
    await desk.clear()
    told = harness.settings(database, "diagnostic", trusted_issuers={"observatory": KEY})
    producer = build_app(service="diagnostic", title=Text("d", "d"), settings=told, routers=[])
    mark, thing = uuid.uuid4().hex, uuid.uuid4().hex
    await desk.admin.executemany(
        "INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)"
        " VALUES ('enrolment', $1, 'updated', $2, $3::text::jsonb)",
        [(thing, 1, '{"status": "confirmed"}'), (thing, 2, f'{{"status": "{mark}"}}')],
    )
    async with served(producer) as url:
        peers = {"diagnostic": Peer(url=url, key=SecretStr(KEY))}
        app = FastAPI()
        app.state.writes = desk.writes
        app.state.settings = harness.settings(
            database, "observatory", peers=peers, feed_seconds=0.05
        )
        async with (
            open_clients("observatory", peers, following.PEERS) as app.state.clients,
            following.beside(app),
        ):
            await until_current(desk)
    counts = await desk.counts()
    assert counts[f"enrolment.{mark}"] == 1, "the key of the pair opens the feed"
    truth = await desk.admin.fetchval(
        "SELECT count(*) FROM (SELECT DISTINCT ON (entity_id) kind, payload FROM diagnostic.change"
        " WHERE entity = 'enrolment' ORDER BY entity_id, version DESC, xid DESC, seq DESC) last"
        " WHERE kind <> 'deleted' AND payload->>'status' IN ('confirmed', 'attended')"
    )
    assert counts.get("enrolment.confirmed", 0) + counts.get("enrolment.attended", 0) == truth


async def until_current(desk: Desk) -> None:
    async with asyncio.timeout(30):
        while not await desk.admin.fetchval(  # noqa: ASYNC110  # nothing tells of it
            "SELECT current_at FROM observatory.followed_feed"
        ):
            await asyncio.sleep(0.02)
