"""Needs of diagnosed companies: followed, counted by quarter; few companies look like none."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from observatory.emergence import needing, needs
from observatory.emergence.needs import quarter_at
from observatory.kpis.following import Follower
from platformkit.db import transaction
from platformkit.feed import Change
from platformkit.reads import WritePool
from tests import harness
from tests.harness import Database
from tests.observatory.publishing import Publisher
from tests.observatory.test_kpis import Feed

MONTHS = {1: 2, 2: 5, 3: 8, 4: 11}
LATER = datetime(2027, 2, 1, tzinfo=UTC)


def change(name: str, version: int = 1, at: str = "2025-Q1", **told: Any) -> Change:
    """Make what a T0 contributes; `needs` are its dimensions at the lowest level."""
    year, quarter = int(at[:4]), int(at[-1])
    wanting = told.pop("needs", ())
    payload = {
        "questionnaire": "MIA",
        "milestone": "T0",
        "programme": "NEED",
        "dimensions": {
            one: "basic" if one in wanting else "average" for one in ("DATA", "SKILL", "STR")
        },
        **told,
    }
    is_gone = told.get("reason") is not None
    return Change(
        at=datetime(year, MONTHS[quarter], 15, tzinfo=UTC),
        entity="contribution",
        entity_id=name,
        kind="deleted" if is_gone else "updated",
        version=version,
        payload={"reason": told["reason"]} if is_gone else payload,
    )


def quarter(at: str, companies: int, wanting: int, **told: Any) -> list[Change]:
    """Let so many companies contribute, of which some want data skills."""
    return [
        change(f"{at} {told} {n}", at=at, needs=("DATA",) if n < wanting else (), **told)
        for n in range(companies)
    ]


def test_the_quarter_is_that_of_paris() -> None:
    assert quarter_at(datetime(2026, 3, 31, 21, 59, tzinfo=UTC)) == 2026 * 4
    assert quarter_at(datetime(2026, 3, 31, 22, 0, tzinfo=UTC)) == 2026 * 4 + 1


def test_a_diagnostic_counts_once_in_its_first_quarter_and_never_after_withdrawal() -> None:
    found = needs.contributed(
        [
            change("a", 1, "2025-Q1", needs=("DATA",)),
            change("a", 3, "2025-Q2", needs=("STR",)),
            change("a", 2, "2025-Q2", needs=("SKILL",)),
            change("b", 1),
            change("b", 2, reason="consent_withdrawn"),
            change("c", 1, milestone="T1", needs=("DATA",)),
            change("d", 1, programme=None, needs=("DATA",)),
        ]
    )
    told = {one.entity_id: (one.quarter, one.programme, list(one.needs)) for one in found}
    assert told["a"] == (2025 * 4, "NEED", ["STR"])
    assert told["b"][1] is None
    assert told["c"][1] is None, "only a T0: of those a company has one"
    assert told["d"][1] is None, "only in a programme, likewise"


@pytest.mark.parametrize(
    ("companies", "wanting", "k", "told"),
    [
        (4, 4, 5, None),
        (5, 4, 5, (5, 0)),
        (14, 9, 5, (10, 5)),
        (14, 9, 10, (10, 0)),
        (9, 9, 10, None),
        (20, 20, 5, (20, 20)),
    ],
)
def test_fewer_than_k_companies_look_like_none(
    companies: int, wanting: int, k: int, told: tuple[int, int] | None
) -> None:
    rows = [one._asdict() for one in needs.contributed(quarter("2025-Q1", companies, wanting))]
    found = needs.tallied(rows, [2025 * 4], k)
    if told is None:
        assert (found.totals, found.counts) == ({2025 * 4: 0}, {})
        return
    cell = found.counts["MIA-DATA", 2025 * 4]
    assert (found.totals[2025 * 4], cell.ads) == told
    assert companies - told[0] <= found.spare[2025 * 4]
    assert wanting - cell.ads <= cell.hidden == max(k, 5) - 1, "what is not told is bounded"
    assert found.counts["MIA-STR", 2025 * 4].ads == 0


@dataclass
class Desk:
    """The follower's pool, and sessions of the service's own role."""

    admin: Any
    writes: WritePool
    settings: Any

    async def follow(self, changes: list[Change]) -> None:
        await self.admin.execute("DELETE FROM observatory.followed_feed")
        await Follower("diagnostic", Feed(changes, 1_000), self.writes, seconds=0).follow()
        await self.read_at(LATER)

    async def read_at(self, at: datetime) -> None:
        await self.admin.execute("UPDATE observatory.followed_feed SET current_at = $1", at)

    async def count(self, now: datetime = LATER) -> list[str]:
        async with transaction(self.settings, "observatory") as session:
            return await needing.count(session, self.settings, now)


@pytest.fixture
async def desk(database: Database) -> AsyncIterator[Desk]:
    settings = harness.settings(database, "observatory")
    writes = WritePool(settings, "observatory")
    admin = await asyncpg.connect(database.admin_dsn)
    yield Desk(admin, writes, settings)
    for table in ("followed_need", "followed_thing", "followed_feed"):
        await admin.execute(f"DELETE FROM observatory.{table}")
    await writes.close()
    await admin.close()


async def series(publisher: Publisher, source: str) -> dict[str, Any]:
    answer = await publisher.client.get("/v1/emergence/signals", params={"source": source})
    [signal] = answer.json()["items"]
    path = f"/v1/emergence/signals/{signal['id']}"
    whole: dict[str, Any] = (await publisher.client.get(path)).json()
    return whole


async def test_a_need_that_grows_is_watched_and_nobody_is_told(
    desk: Desk, publisher: Publisher, observatory: httpx.AsyncClient
) -> None:
    told = [
        *quarter("2025-Q1", 41, 3),
        *quarter("2025-Q2", 42, 4),
        *quarter("2025-Q3", 3, 3),
        *quarter("2026-Q1", 44, 33),
        *quarter("2026-Q2", 43, 36),
        *quarter("2026-Q4", 50, 50),
    ]
    await desk.follow(told)
    await desk.read_at(datetime(2026, 5, 1, tzinfo=UTC))
    assert await desk.count() == ["needs-need-mia"]
    listed = (await observatory.get("/v1/emergence/sources?limit=200")).json()["items"]
    [source] = [one for one in listed if one["source"] == "needs-need-mia"]
    assert (source["first"], source["last"], source["told"]) == ("2025-Q1", "2026-Q1", 3)
    assert source["silent"] == ["2025-Q3", "2025-Q4"], "three companies, and none: both are silent"
    assert source["counted"] == "needs"
    await desk.read_at(datetime(2026, 11, 30, tzinfo=UTC))
    assert await desk.count() == ["needs-need-mia"]
    assert await desk.count() == [], "a quarter is counted once"
    whole = await series(publisher, "needs-need-mia")
    assert (whole["code"], whole["label"], whole["state"]["code"]) == (
        "MIA-DATA",
        "MIA · DATA",
        "watch",
    )
    points = {
        one["quarter"]: (one["count"], one["total"], one["hidden"]) for one in whole["series"]
    }
    assert points == {
        "2025-Q1": (0, 40, 4),
        "2025-Q2": (0, 40, 4),
        "2025-Q3": (0, None, 0),
        "2025-Q4": (0, None, 0),
        "2026-Q1": (30, 40, 4),
        "2026-Q2": (35, 40, 4),
        "2026-Q3": (0, None, 0),
    }
    assert [one["quarter"] for one in whole["steps"]] == ["2026-Q1", "2026-Q2"]
    assert whole["steps"][0]["evidence"]["hidden_before"] == 4


async def test_what_was_counted_stays_and_what_is_withdrawn_before_is_not_counted(
    desk: Desk, observatory: httpx.AsyncClient
) -> None:
    told = quarter("2025-Q1", 12, 12, programme="GONE")
    names = [one.entity_id for one in told]
    await desk.follow([*told, *(change(one, 2, reason="consent_withdrawn") for one in names[:8])])
    assert await desk.count() == ["needs-gone-mia"]
    rows = await desk.admin.fetch(
        "SELECT quarter, count FROM observatory.emergence_total WHERE source = 'needs-gone-mia'"
        " AND count > 0"
    )
    assert rows == [], "four are left"
    more = quarter("2025-Q2", 10, 10, programme="LEFT")
    await desk.follow(more)
    await desk.count()
    await desk.follow([change(one.entity_id, 2, reason="consent_withdrawn") for one in more])
    assert await desk.count() == []
    kept = await desk.admin.fetchval(
        "SELECT count FROM observatory.emergence_total WHERE source = 'needs-left-mia'"
        " AND quarter = 2025 * 4 + 1"
    )
    assert kept == 10, "a published aggregate stays"
    assert await desk.admin.fetchval("SELECT count(*) FROM observatory.followed_need") >= 22


async def test_nothing_is_counted_before_the_feed_was_read_to_its_end(desk: Desk) -> None:
    await desk.follow(quarter("2025-Q1", 20, 20, programme="WAIT"))
    await desk.admin.execute("UPDATE observatory.followed_feed SET current_at = NULL")
    assert await desk.count() == []
    await desk.read_at(datetime(2025, 3, 31, 21, 0, tzinfo=UTC))
    assert await desk.count() == [], "its quarter was not over"


async def test_one_company_that_contributes_again_and_again_is_one(desk: Desk) -> None:
    """A burst of one employer: one T0, whatever versions it has."""
    burst = [change("one", version, needs=("DATA",), programme="BURST") for version in range(1, 60)]
    burst += [change("one", 99, "2026-Q1", needs=("DATA", "STR"), programme="BURST")]
    await desk.follow(burst)
    await desk.count()
    told = await desk.admin.fetch(
        "SELECT count FROM observatory.emergence_total WHERE source = 'needs-burst-mia'"
    )
    assert {row["count"] for row in told} == {0}
