"""Nothing is kept longer than its period; the clock is given, and the years are long ago."""

import asyncio
import itertools
import signal
import sys
from asyncio.subprocess import DEVNULL, create_subprocess_exec
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from diagnostic.protection import retention
from diagnostic.protection.retention import Policy
from tests import harness
from tests.diagnostic.acting import BASE, Acting

POLICY = Policy(
    {"unfinished": 12, "void": 12, "scored": 36, "organisations": 36},
    {"audit events": 60, "accesses": 12},
)
_decades = itertools.count(1)
NOTHING: Counter[str] = Counter()


@pytest.fixture
def long_ago() -> datetime:
    """Give each test a decade of its own, before that of the tests that ran already.

    So nothing else in the database is as old, and what other tests left is not due yet.
    """
    return datetime(2010 - 10 * next(_decades), 1, 15, 12, tzinfo=UTC)


@pytest.fixture
async def session(database: harness.Database) -> AsyncIterator[AsyncSession]:
    dsn = database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(dsn)
    async with AsyncSession(engine, expire_on_commit=False, info={"schema": "diagnostic"}) as one:
        yield one
    await engine.dispose()


async def age(sql: asyncpg.Connection, organisation_id: str, at: datetime) -> None:
    """Move everything of a company to that day."""
    mine = "assessment_id IN (SELECT id FROM diagnostic.assessment WHERE organisation_id = $1)"
    submitted = "organisation_id = $1 AND submitted_at IS NOT NULL"
    for statement in (
        "UPDATE diagnostic.organisation SET created_at = $2, updated_at = $2 WHERE id = $1",
        "UPDATE diagnostic.assessment SET started_at = $2 WHERE organisation_id = $1",
        f"UPDATE diagnostic.assessment SET submitted_at = $2 WHERE {submitted}",
        f"UPDATE diagnostic.answer SET answered_at = $2 WHERE {mine}",
        f"UPDATE diagnostic.respondent SET created_at = $2 WHERE {mine}",
        f"UPDATE diagnostic.assessment_step SET at = $2 WHERE {mine}",
    ):
        await sql.execute(statement, organisation_id, at)


async def done(session: AsyncSession, now: datetime, **options: int) -> Counter[str]:
    async with session.begin():
        return await retention.run(session, now, POLICY, **options)


async def due(session: AsyncSession, now: datetime) -> Counter[str]:
    async with session.begin():
        return await retention.counted(session, now, POLICY)


def after(then: datetime, months: int) -> datetime:
    return then + timedelta(days=31 * months)


async def respondent(acting: Acting, assessment_id: str) -> str:
    path = f"/v1/assessments/{assessment_id}/respondents"
    found = (await acting.post(path, {"name": "Aglaé Bientôt"})).json()
    return f"{path}/{found['id']}"


async def test_a_diagnostic_nobody_goes_on_with_is_abandoned_and_its_people_erased(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    one = await acting.assessment()
    who = await respondent(acting, one["id"])
    path = f"/v1/assessments/{one['id']}"
    await age(sql, one["organisation_id"], long_ago)
    assert await done(session, after(long_ago, 11)) == NOTHING
    assert (await acting.get(path)).json()["status"] == "in_progress"
    assert await due(session, after(long_ago, 13)) == Counter(unfinished=1)
    assert await done(session, after(long_ago, 13)) == Counter(unfinished=1)
    assert (await acting.get(path)).json()["status"] == "abandoned"
    assert (await acting.get(who)).json()["name"] is None
    assert await done(session, after(long_ago, 13)) == NOTHING
    events = await acting.get(f"/v1/audit-events?entity_id={one['id']}&actor=retention")
    assert [found["action"] for found in events.json()["items"]] == ["anonymise", "abandon"]


async def test_an_answer_begins_the_period_anew(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    one = await acting.assessment()
    await acting.answer(one["id"], "Q1", {"state": "answered", "value": "o1"})
    await age(sql, one["organisation_id"], long_ago)
    await sql.execute(
        "UPDATE diagnostic.answer SET answered_at = $2 WHERE assessment_id = $1",
        one["id"],
        after(long_ago, 6),
    )
    assert await done(session, after(long_ago, 13)) == NOTHING
    assert await done(session, after(long_ago, 20)) == Counter(unfinished=1)


async def test_a_score_outlives_the_people_and_then_the_company(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    given = {**BASE, "Q5": {"state": "not_applicable", "reason": "Aglaé Bientôt le sait"}}
    one = await acting.assessment()
    who = await respondent(acting, one["id"])
    await acting.answer_all(one["id"], given)
    assert (await acting.post(f"/v1/assessments/{one['id']}/submit")).status_code == 200
    score = (await acting.get(f"/v1/assessments/{one['id']}/score")).json()
    await age(sql, one["organisation_id"], long_ago)
    await sql.execute(
        "UPDATE diagnostic.organisation SET updated_at = $2 WHERE id = $1",
        one["organisation_id"],
        after(long_ago, 12),
    )
    assert await done(session, after(long_ago, 34)) == NOTHING
    assert await done(session, after(long_ago, 37)) == Counter(scored=1)
    assert (await acting.get(who)).json()["status"] == "erased"
    assert (await acting.get(f"/v1/assessments/{one['id']}/score")).json() == score
    reason = await sql.fetchval(
        "SELECT reason FROM diagnostic.answer_event WHERE assessment_id = $1 AND question = 'Q5'",
        one["id"],
    )
    assert reason == "[effacé]"
    assert await done(session, after(long_ago, 37)) == NOTHING
    assert await done(session, after(long_ago, 49)) == Counter(organisations=1)
    assert (await acting.get(f"/v1/organisations/{one['organisation_id']}")).status_code == 404
    kept = "SELECT count(*) FROM diagnostic.score WHERE assessment_id = $1"
    assert await sql.fetchval(kept, one["id"]) == 1


async def test_what_was_voided_loses_its_texts_too(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    one = await acting.assessment()
    who = await respondent(acting, one["id"])
    tag = (await acting.get(f"/v1/assessments/{one['id']}")).headers["etag"]
    path = f"/v1/assessments/{one['id']}/abandon"
    answer = await acting.post(path, {"reason": "Aglaé est partie"}, **{"if-match": tag})
    assert answer.status_code == 200, answer.text
    await age(sql, one["organisation_id"], long_ago)
    assert await done(session, after(long_ago, 13)) == Counter(void=1)
    assert (await acting.get(who)).json()["name"] is None
    steps = "SELECT count(reason) FROM diagnostic.assessment_step WHERE assessment_id = $1"
    assert await sql.fetchval(steps, one["id"]) == 0


async def test_a_company_in_a_cohort_is_kept_until_the_cohort_is_long_over(
    acting: Acting, sql: asyncpg.Connection, session: AsyncSession, long_ago: datetime
) -> None:
    company = await acting.organisation()
    cohort = await acting.cohort()
    seats = f"/v1/cohorts/{cohort['id']}/enrolments"
    assert (await acting.post(seats, {"organisation_id": company["id"]})).status_code == 201
    await age(sql, company["id"], long_ago)
    assert await done(session, after(long_ago, 40)) == NOTHING
    await sql.execute(
        "UPDATE diagnostic.cohort SET starts_on = $2::date, ends_on = $2::date + 4 WHERE id = $1",
        cohort["id"],
        long_ago,
    )
    assert await done(session, after(long_ago, 40)) == Counter(organisations=1)


async def test_old_events_go_and_consents_stay(
    acting: Acting, sql: asyncpg.Connection, session: AsyncSession, long_ago: datetime
) -> None:
    company = await acting.organisation()
    await sql.execute(
        "UPDATE diagnostic.audit_event SET at = $2 WHERE entity_id = $1", company["id"], long_ago
    )
    assert await done(session, after(long_ago, 58)) == NOTHING
    assert await done(session, after(long_ago, 61)) == Counter({"audit events": 1})
    path = f"/v1/audit-events?entity_id={company['id']}"
    left = (await acting.get(path)).json()["items"]
    assert [one["action"] for one in left] == ["give_consent"]
    tag = (await acting.get(f"/v1/organisations/{company['id']}")).headers["etag"]
    await acting.post(f"/v1/organisations/{company['id']}/erase", None, **{"if-match": tag})
    assert (await done(session, after(long_ago, 61)))["audit events"] == 1


async def test_old_uses_of_share_links_go(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    one = await acting.submitted(BASE)
    link = await sql.fetchval(
        "INSERT INTO diagnostic.share_link (id, assessment_id, digest, created_by, expires_at)"
        " VALUES (gen_random_uuid(), $1, sha256($2), 'demo', now() + interval '1 day')"
        " RETURNING id",
        one["id"],
        one["id"].encode(),
    )
    for at in (long_ago, after(long_ago, 6)):
        await sql.execute(
            "INSERT INTO diagnostic.share_access (link_id, at, format, outcome)"
            " VALUES ($1, $2, 'pdf', 'granted')",
            link,
            at,
        )
    assert await done(session, after(long_ago, 13)) == Counter(accesses=1)
    left = "SELECT count(*) FROM diagnostic.share_access WHERE link_id = $1"
    assert await sql.fetchval(left, link) == 1


async def test_the_database_keeps_a_year_of_events_whatever_it_is_asked(
    acting: Acting, database: harness.Database
) -> None:
    company = await acting.organisation()
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        far = datetime.now(UTC) + timedelta(days=9999)
        await connection.fetchval("SELECT forget_audit_events($1, 1000000)", far)
    finally:
        await connection.close()
    events = (await acting.get(f"/v1/audit-events?entity_id={company['id']}")).json()["items"]
    assert len(events) == 2


async def test_a_batch_is_bounded_and_the_next_goes_on(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    for _ in range(3):
        one = await acting.assessment()
        await age(sql, one["organisation_id"], long_ago)
    assert await due(session, after(long_ago, 13)) == Counter(unfinished=3)
    assert await done(session, after(long_ago, 13), batch=2) == Counter(unfinished=2)
    assert await done(session, after(long_ago, 13), batch=2) == Counter(unfinished=1)
    assert await done(session, after(long_ago, 13), batch=2) == NOTHING


async def test_counting_changes_nothing(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    one = await acting.assessment()
    await age(sql, one["organisation_id"], long_ago)
    for _ in range(2):
        assert await due(session, after(long_ago, 13)) == Counter(unfinished=1)
    assert (await acting.get(f"/v1/assessments/{one['id']}")).json()["status"] == "in_progress"
    assert await done(session, after(long_ago, 13)) == Counter(unfinished=1)


async def test_what_another_process_holds_is_left_to_it(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    long_ago: datetime,
) -> None:
    one = await acting.assessment()
    await age(sql, one["organisation_id"], long_ago)
    async with sql.transaction():
        await sql.execute("SELECT FROM diagnostic.assessment WHERE id = $1 FOR UPDATE", one["id"])
        assert await done(session, after(long_ago, 13)) == NOTHING
    assert await done(session, after(long_ago, 13)) == Counter(unfinished=1)


async def test_a_killed_command_leaves_whole_batches_and_is_started_again(
    acting: Acting,
    mini_ia: dict[str, Any],
    sql: asyncpg.Connection,
    session: AsyncSession,
    database: harness.Database,
    long_ago: datetime,
) -> None:
    one = await acting.assessment()
    who = await respondent(acting, one["id"])
    await age(sql, one["organisation_id"], long_ago)
    command = (sys.executable, "-m", "diagnostic.protection.retention")
    told = harness.variables(database, "diagnostic")
    async with sql.transaction():  # holds the erasure up after the row was chosen
        await sql.execute(
            "SELECT FROM diagnostic.respondent WHERE assessment_id = $1 FOR UPDATE", one["id"]
        )
        killed = await create_subprocess_exec(*command, env=told, stdout=DEVNULL)
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while not await sql.fetchval(waiting):  # nothing announces it to us
            assert killed.returncode is None
            await asyncio.sleep(0.02)
        killed.kill()
        assert await killed.wait() == -signal.SIGKILL
    assert (await acting.get(f"/v1/assessments/{one['id']}")).json()["status"] == "in_progress"
    assert (await acting.get(who)).json()["name"] == "Aglaé Bientôt"
    again = await create_subprocess_exec(*command, env=told, stdout=DEVNULL)
    assert await again.wait() == 0
    row = await sql.fetchrow(
        "SELECT a.status, r.name FROM diagnostic.assessment a"
        " JOIN diagnostic.respondent r ON r.assessment_id = a.id WHERE a.id = $1",
        one["id"],
    )
    assert (row["status"], row["name"]) == ("abandoned", None)


def test_the_command_says_what_is_due(
    database: harness.Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with harness.environment(**harness.variables(database, "diagnostic")):
        assert retention.main(["--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("retention: ")
