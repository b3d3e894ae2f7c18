"""What is due, late or stalled is told once, to its own tenant; the feed says only that it was."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import asyncpg
import httpx
import pytest

from tests.diagnostic.acting import Acting
from tests.diagnostic.plans import Plan, new_grid, planned
from tests.diagnostic.reminding import Run, remind
from tests.harness import Database

DUE = datetime(2027, 3, 28, 12, tzinfo=UTC)
"""A day on which every test's due action is due."""


@pytest.fixture(scope="module")
async def grid(database: Database) -> str:
    return await new_grid(database)


@pytest.fixture
async def plan(acting: Acting, grid: str) -> Plan:
    return await planned(acting, grid)


@pytest.fixture
def run(database: Database) -> Run:
    return partial(remind, database)


async def started(plan: Plan, code: str = "A3", **fields: object) -> None:
    """Begin an action of the plan."""
    await plan.move(code, "accepted", "in_progress")
    assert (await plan.change(code, fields)).status_code == 200


def address(plan: Plan) -> str:
    return f"/v1/reminders?organisation_id={plan.assessment['organisation_id']}"


async def told(plan: Plan) -> list[tuple[str, str]]:
    """List the stages that were told of the plan's company, the oldest first."""
    items = (await plan.acting.get(address(plan))).json()["items"]
    return [(one["stage"], one["about_on"]) for one in reversed(items)]


async def events(acting: Acting, since: datetime) -> list[dict[str, Any]]:
    """Read what the feed has told of reminders since then, over HTTP."""
    found, after = [], {"updated_since": since.isoformat()}
    while True:
        page = (await acting.http.get(
            "/v1/changes", params={"limit": 1000, **after}, headers=acting.headers
        )).json()  # fmt: skip
        found += [one for one in page["items"] if one["entity"] == "reminder"]
        if not page["more"]:
            return found
        after = {"after": page["next"]}


@pytest.mark.parametrize(
    ("due_on", "days"),
    [
        (
            "2027-03-28",  # the clocks go forward: a day of 23 hours
            [
                ("2027-03-20T22:59:59Z", None),
                ("2027-03-20T23:00:00Z", "due_soon"),
                ("2027-03-27T22:59:59Z", None),
                ("2027-03-27T23:00:00Z", "due"),
                ("2027-03-28T21:59:59Z", None),
                ("2027-04-03T21:59:59Z", None),
                ("2027-04-03T22:00:00Z", "late"),
            ],
        ),
        (
            "2026-10-25",  # the clocks go back: a day of 25 hours
            [
                ("2026-10-17T21:59:59Z", None),
                ("2026-10-17T22:00:00Z", "due_soon"),
                ("2026-10-24T21:59:59Z", None),
                ("2026-10-24T22:00:00Z", "due"),
                ("2026-10-31T22:59:59Z", None),
                ("2026-10-31T23:00:00Z", "late"),
            ],
        ),
    ],
)
async def test_an_action_is_due_by_the_day_in_paris_whatever_the_clocks_do(
    plan: Plan, run: Run, due_on: str, days: list[tuple[str, str | None]]
) -> None:
    await plan.move("A1", "accepted")
    await plan.change("A1", {"due_on": due_on})
    expected: list[tuple[str, str]] = []
    for instant, stage in days:
        await run(datetime.fromisoformat(instant))
        expected += [(stage, due_on)] if stage else []
        assert await told(plan) == expected, instant


async def test_what_waits_for_thirty_days_in_paris_is_stalled_and_a_change_begins_anew(
    plan: Plan, run: Run, sql: asyncpg.Connection
) -> None:
    await started(plan)
    await sql.execute(
        "UPDATE diagnostic.roadmap_action SET changed_at = $2 WHERE id = $1::text::uuid",
        plan.place("A3").rpartition("/")[2],
        datetime(2027, 2, 27, 23, 30, tzinfo=UTC),  # the 28th in Paris, in winter
    )
    await run(datetime(2027, 3, 29, 21, 59, tzinfo=UTC))
    assert await told(plan) == []
    await run(datetime(2027, 3, 29, 22, 0, tzinfo=UTC))  # midnight of the 30th, in summer
    await run(datetime(2027, 4, 29, 12, 0, tzinfo=UTC))
    assert await told(plan) == [("stalled", "2027-02-28")]
    item = (await plan.acting.get(address(plan))).json()["items"][0]
    assert (item["still_holds"], item["status"]) == (True, "in_progress")
    await plan.change("A3", {"progress": 10})
    again = (await plan.acting.get(address(plan))).json()["items"][0]
    assert again["still_holds"] is False
    await run(datetime.now(UTC) + timedelta(days=31))
    assert [stage for stage, _ in await told(plan)] == ["stalled", "stalled"]


async def test_each_is_told_once_however_often_and_by_however_many_the_work_is_done(
    plan: Plan, run: Run, acting: Acting
) -> None:
    since = datetime.now(UTC)
    await run(DUE)  # what other tests left
    await plan.move("A3", "accepted")
    await plan.change("A3", {"due_on": "2027-03-28"})
    counts = await asyncio.gather(*(run(DUE) for _ in range(4)))
    assert (sum(counts), await run(DUE)) == (1, 0)
    items = (await plan.acting.get(address(plan))).json()["items"]
    heard = [one["entity_id"] for one in await events(acting, since)]
    assert [heard.count(one["id"]) for one in items] == [1]


async def test_an_event_says_that_there_is_a_reminder_and_only_its_tenant_reads_which(
    plan: Plan,
    run: Run,
    acting: Acting,
    stranger: Acting,
    onlooker: Acting,
    service: httpx.AsyncClient,
) -> None:
    since = datetime.now(UTC)
    await plan.move("A2", "accepted")
    await plan.change("A2", {"due_on": "2027-03-28", "note": "Voir Anne."})
    await run(DUE)
    item = (await acting.get(address(plan))).json()["items"][0]
    place = f"/v1/reminders/{item['id']}"

    heard = next(one for one in await events(stranger, since) if one["entity_id"] == item["id"])
    assert {name: heard[name] for name in heard.keys() - {"at"}} == {
        "entity": "reminder",
        "entity_id": item["id"],
        "kind": "created",
        "version": 1,
        "payload": {"stage": "due", "on": "2027-03-28"},
    }
    read = await onlooker.get(place)
    assert read.json() == item
    assert {name: item[name] for name in item.keys() - {"id", "at"}} == {
        "stage": "due",
        "about_on": "2027-03-28",
        "organisation_id": plan.assessment["organisation_id"],
        "assessment_id": plan.assessment["id"],
        "action_id": plan.place("A2").rpartition("/")[2],
        "code": "A2",
        "title": "Action A2",
        "status": "accepted",
        "due_on": "2027-03-28",
        "still_holds": True,
    }
    foreign = await stranger.get(place)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "reminder-unknown")
    assert (await stranger.get(address(plan))).json()["items"] == []
    assert (await service.get("/v1/reminders")).status_code == 401
    assert (await onlooker.get("/v1/changes")).status_code == 403


async def test_only_what_was_accepted_and_still_runs_is_told(plan: Plan, run: Run) -> None:
    await plan.change("A1", {"due_on": "2027-03-28"})  # proposed
    await started(plan, due_on="2027-03-28")
    await plan.move("A3", "on_hold")
    await run(DUE)
    assert await told(plan) == []
    await plan.move("A3", "in_progress", "done")
    await run(DUE)
    assert await told(plan) == []


@pytest.mark.parametrize(
    ("step", "body"),
    [("amend", {"reason": "À revoir"}), ("enter-in-error", {"reason": "Essai"})],
)
async def test_what_is_no_longer_the_roadmap_is_not_told(
    plan: Plan, run: Run, acting: Acting, step: str, body: object
) -> None:
    await started(plan, due_on="2027-03-28")
    taken = await acting.post(f"/v1/assessments/{plan.assessment['id']}/{step}", body)
    assert taken.status_code == 200, taken.text
    await run(DUE)
    assert await told(plan) == []


async def test_a_company_that_left_is_reminded_of_nothing_and_its_reminders_are_nobodys(
    plan: Plan, run: Run, acting: Acting, sql: asyncpg.Connection
) -> None:
    await started(plan, due_on="2027-03-28")
    await run(DUE)
    item = (await acting.get(address(plan))).json()["items"][0]
    path = f"/v1/organisations/{plan.assessment['organisation_id']}"
    tag = (await acting.get(path)).headers["etag"]
    assert (await acting.post(f"{path}/erase", None, **{"if-match": tag})).status_code == 200
    count = "SELECT count(*) FROM diagnostic.reminder WHERE action_id = $1::text::uuid"
    before = await sql.fetchval(count, item["action_id"])
    await run(DUE + timedelta(days=40))
    assert (await acting.get(f"/v1/reminders/{item['id']}")).status_code == 404
    assert await told(plan) == []
    assert await sql.fetchval(count, item["action_id"]) == before > 0


async def test_a_new_due_day_is_told_anew_and_the_former_one_not_again(
    plan: Plan, run: Run
) -> None:
    await plan.move("A3", "accepted")
    for day in ("2027-03-28", "2027-03-30", "2027-03-28"):
        await plan.change("A3", {"due_on": day})
        await run(DUE)
    assert await told(plan) == [("due", "2027-03-28"), ("due_soon", "2027-03-30")]


async def test_reminders_are_listed_by_pages_the_newest_first(plan: Plan, run: Run) -> None:
    await plan.move("A3", "accepted")
    await plan.change("A3", {"due_on": "2027-03-28"})
    for days in (-7, 0, 7):
        await run(DUE + timedelta(days=days))
    first = (await plan.acting.get(f"{address(plan)}&limit=2&count=true")).json()
    rest = (await plan.acting.get(f"{address(plan)}&limit=2&after={first['next']}")).json()
    late = (await plan.acting.get(f"{address(plan)}&stage=late")).json()
    odd = await plan.acting.get("/v1/reminders?stage=soon")

    assert [one["stage"] for one in first["items"] + rest["items"]] == ["late", "due", "due_soon"]
    assert (first["total"], rest["next"]) == (3, None)
    assert [one["stage"] for one in late["items"]] == ["late"]
    assert odd.status_code == 422


async def test_a_batch_is_bounded_and_the_next_goes_on(plan: Plan, run: Run) -> None:
    await run(DUE)
    for code in ("A1", "A2", "A3"):
        await plan.move(code, "accepted")
        await plan.change(code, {"due_on": "2027-03-28"})
    assert [await run(DUE, batch=2) for _ in range(3)] == [2, 1, 0]
    assert len(await told(plan)) == 3


_KILLED = """
import asyncio, sys
from datetime import datetime
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from diagnostic.reminders import service as reminders

async def main():
    engine = create_async_engine(sys.argv[1])
    async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
        print(await reminders.run(session, datetime.fromisoformat(sys.argv[2])), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_killed_process_has_told_nothing_and_the_next_tells_it(
    plan: Plan, run: Run, acting: Acting, database: Database
) -> None:
    since = datetime.now(UTC)
    await run(DUE)
    await plan.move("A3", "accepted")
    await plan.change("A3", {"due_on": "2027-03-28"})
    dsn = database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
    killed = await create_subprocess_exec(
        sys.executable, "-c", _KILLED, dsn, DUE.isoformat(), stdout=PIPE
    )
    assert killed.stdout is not None
    assert await killed.stdout.readline() == b"1\n"
    killed.send_signal(signal.SIGKILL)
    await killed.wait()

    assert await told(plan) == []
    assert await run(DUE) == 1
    assert await told(plan) == [("due", "2027-03-28")]
    item = (await acting.get(address(plan))).json()["items"][0]
    heard = [one["entity_id"] for one in await events(acting, since)]
    assert heard.count(item["id"]) == 1
