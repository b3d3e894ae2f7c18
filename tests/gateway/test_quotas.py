"""Plans and quotas of clients: durable, shared by gateways, changed within five seconds (S-M6)."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest

from gateway.limits import administration
from gateway.limits.quotas import Day, Quotas, rules
from gateway.limits.service import forget
from gateway.plans import Plan
from platformkit.db import transaction
from tests.gateway.doors import Opened, door
from tests.gateway.partners import OPERATOR, Partner, partner, sql, until
from tests.gateway.scripted import Scripted
from tests.harness import Database

PATH = "/v1/diagnostic/things/1"
PLANS = {"standard": {"rates": {"read": 100}}, "small": {"rates": {"read": 10}, "per_month": 1000}}


async def opened(
    behind: Scripted, database: Database, folder: Path, stack: AsyncExitStack
) -> Opened:
    told = {"database_url": database.dsn("gateway"), "plans": PLANS, "rate_factor": 1}
    upstreams = {"training": behind.url, "diagnostic": behind.url}
    return await stack.enter_async_context(door(folder, upstreams, **told))


@pytest.fixture(scope="module")
async def doors(
    behind: Scripted, database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[list[Opened]]:
    """Give two gateways on one database, as two processes have it."""
    async with AsyncExitStack() as stack:
        folder = tmp_path_factory.mktemp("quotas")
        yield [await opened(behind, database, folder, stack) for _ in range(2)]


@pytest.fixture
async def school(doors: list[Opened]) -> Partner:
    return await partner(doors[0].settings)


async def ask(gate: Opened, who: Partner) -> httpx.Response:
    headers = gate.signed_for(who.client_id, "diagnostic:read", tenant=who.client_id)
    return await gate.http.get(PATH, headers=headers)


async def give(who: Partner, plan: str, **quotas: int) -> None:
    async with transaction(who.settings, "gateway") as session:
        await administration.set_plan(
            session, OPERATOR, who.client_id, plan, who.settings.plans, **quotas
        )


async def limit(gate: Opened, who: Partner) -> str:
    return (await ask(gate, who)).headers["ratelimit-limit"]


async def used(database: Database, who: Partner) -> int:
    total = "SELECT coalesce(sum(requests), 0) AS n FROM gateway.client_use WHERE client_id = $1"
    (row,) = await sql(database, total, who.client_id)
    return int(row["n"])


async def test_a_changed_plan_holds_at_every_gateway_within_five_seconds(
    doors: list[Opened], school: Partner, database: Database
) -> None:
    assert {await limit(gate, school) for gate in doors} == {"100"}
    await give(school, "small", per_day=500)
    for gate in doors:

        async def holds(gate: Opened = gate) -> bool:
            return await limit(gate, school) == "10"

        await until(holds)
        told = (await ask(gate, school)).headers["ratelimit-policy"]
        assert '"client-day";q=500;w=86400' in told
        assert '"client-month";q=1000;w=2592000' in told
    mine = "SELECT detail FROM gateway.audit_event WHERE action = 'set_plan' AND entity_id = $1"
    (event,) = await sql(database, mine, school.client_id)
    assert event["detail"] == "small; per day 500; per month -"


async def test_a_quota_is_spent_at_all_gateways_together_and_after_a_restart(
    doors: list[Opened],
    school: Partner,
    database: Database,
    behind: Scripted,
    tmp_path: Path,
) -> None:
    await give(school, "standard", per_day=4)

    async def is_given() -> bool:
        return all(
            ["client-day" in (await ask(g, school)).headers["ratelimit-policy"] for g in doors]
        )

    await until(is_given)
    before = len(behind.received)
    for gate in doors:

        async def is_spent(gate: Opened = gate) -> bool:
            return (await ask(gate, school)).status_code == 429

        await until(is_spent)
    passed = len(behind.received) - before
    assert passed <= 4
    refused = await ask(doors[0], school)
    problem = refused.json()
    assert (problem["code"], problem["violated-policies"]) == ("quota-spent", ["client-day"])
    midnight = Day(time.time()).ends - time.time()
    assert abs(int(refused.headers["retry-after"]) - midnight) < 30
    assert refused.headers["ratelimit-limit"] == "4"

    async def is_written() -> bool:
        return await used(database, school) >= 4

    await until(is_written)
    async with AsyncExitStack() as stack:
        fresh = await opened(behind, database, tmp_path, stack)
        assert (await ask(fresh, school)).status_code == 429, "known before its first request"


async def test_what_passed_is_written_when_a_gateway_stops(
    doors: list[Opened], school: Partner, database: Database, behind: Scripted, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        gate = await opened(behind, database, tmp_path, stack)
        for _ in range(7):
            assert (await ask(gate, school)).status_code == 200
    assert await used(database, school) == 7


async def test_a_key_has_half_of_its_client_s_rate_and_its_page_the_visitor_s_address(
    doors: list[Opened], school: Partner
) -> None:
    gate = doors[0]
    secret = await school.key()
    public = await school.key("https://ecole.example")
    headers = {"authorization": f"Bearer {secret.key}"}
    page = {"authorization": f"Bearer {public.key}", "origin": "https://ecole.example"}

    async def is_known() -> bool:
        answers = [await gate.http.get("/v1/training/echo", headers=h) for h in (headers, page)]
        return {answer.status_code for answer in answers} == {200}

    await until(is_known)
    told = (await gate.http.get("/v1/training/echo", headers=headers)).headers
    assert '"key-read";q=50;w=60' in told["ratelimit-policy"]
    assert "address-read" not in told["ratelimit-policy"]
    assert told["ratelimit-limit"] == "50"
    told = (await gate.http.get("/v1/training/echo", headers=page)).headers
    for policy in ("client-read", "organisation-read", "key-read", "address-read"):
        assert policy in told["ratelimit-policy"]
    exposed = told["access-control-expose-headers"]
    assert "ratelimit-policy" in exposed.lower(), "its page may read it"


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("now", "day_ends", "month_ends"),
    [
        ("2026-11-27T23:59:59+01:00", "2026-11-28T00:00:00+01:00", "2026-12-01T00:00:00+01:00"),
        ("2026-10-25T00:30:00+02:00", "2026-10-26T00:00:00+01:00", "2026-11-01T00:00:00+01:00"),
        ("2026-12-31T23:30:00+00:00", "2027-01-02T00:00:00+01:00", "2027-02-01T00:00:00+01:00"),
    ],
)
def test_days_and_months_are_those_of_paris(now: str, day_ends: str, month_ends: str) -> None:
    day = Day(datetime.fromisoformat(now).timestamp())
    assert datetime.fromtimestamp(day.ends, UTC) == datetime.fromisoformat(day_ends)
    assert datetime.fromtimestamp(day.month_ends, UTC) == datetime.fromisoformat(month_ends)


def test_a_quota_is_whole_again_with_the_new_day_and_the_new_month() -> None:
    quotas, both = Quotas(), rules(Plan(per_day=2, per_month=3))
    now = datetime(2026, 11, 29, 12, tzinfo=PARIS).timestamp()
    for _ in range(2):
        quotas.count("a", now)
    first = quotas.standing("a", both, now)
    assert first is not None
    assert (first.rule.name, first.passed) == ("client-day", False)
    tomorrow = now + 86_400
    quotas.count("a", tomorrow)
    spent = quotas.standing("a", both, tomorrow)
    assert spent is not None
    assert (spent.rule.name, spent.passed) == ("client-month", False)
    anew = quotas.standing("a", both, tomorrow + 86_400)
    assert anew is not None
    assert (anew.left, anew.passed) == (1, True), "December"
    assert quotas.standing("a", [], now) is None


class Recorder:
    """Answers as the database would that has these rows, or is away."""

    def __init__(self, *rows: tuple[date, str, int]) -> None:
        self.rows = rows
        self.is_away = False

    async def execute(self, *_: object) -> None:
        if self.is_away:
            raise ConnectionError

    async def fetch(self, *_: object) -> list[dict[str, object]]:
        return [dict(zip(("day", "client_id", "requests"), row, strict=True)) for row in self.rows]


async def test_what_cannot_be_written_is_kept_and_what_others_passed_is_added() -> None:
    quotas, daily = Quotas(), rules(Plan(per_day=10))
    now = datetime(2026, 11, 29, 12, tzinfo=PARIS).timestamp()
    database = Recorder((date(2026, 11, 29), "a", 8))
    quotas.count("a", now)
    database.is_away = True
    with pytest.raises(ConnectionError):
        await quotas.send(database)
    before = [quotas.is_unsent]
    database.is_away = False
    await quotas.send(database)
    assert [*before, quotas.is_unsent] == [True, False]
    quotas.count("a", now)  # between the two statements of a look
    await quotas.look(database, timedelta(), now)
    standing = quotas.standing("a", daily, now)
    assert standing is not None
    assert standing.left == 0, "8 anywhere, 1 not sent yet, this one"


async def test_what_was_used_is_forgotten_after_thirteen_months(
    school: Partner, database: Database
) -> None:
    insert = "INSERT INTO gateway.client_use (day, client_id, requests) VALUES ($1, $2, 1)"
    for day in (date(2025, 10, 26), date(2025, 10, 28)):
        await sql(database, insert, day, school.client_id)
    async with transaction(school.settings, "gateway") as session:
        await forget(session, datetime(2026, 11, 27, tzinfo=UTC))
    kept = "SELECT day FROM gateway.client_use WHERE client_id = $1"
    rows: list[asyncpg.Record] = await sql(database, kept, school.client_id)
    assert [row["day"] for row in rows] == [date(2025, 10, 28)]
