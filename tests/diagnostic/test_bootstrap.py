"""What ships is loaded once, and the demo always has a seat to offer."""

from collections import Counter
from datetime import date

import asyncpg
import pytest

from diagnostic import bootstrap
from tests import harness
from tests.diagnostic.acting import Acting
from tests.harness import Database, environment, variables


async def test_loading_again_changes_nothing(database: Database) -> None:
    assert await bootstrap.run(harness.settings(database, "diagnostic"), demo=True) == Counter()


async def test_when_the_demo_cohort_is_full_the_next_week_opens(
    database: Database, acting: Acting, sql: asyncpg.Connection
) -> None:
    query = "SELECT id, starts_on FROM diagnostic.cohort WHERE code LIKE 'HDF-20%'"
    before = {one["id"]: one["starts_on"] for one in await sql.fetch(query)}
    changed = "UPDATE diagnostic.cohort SET status = $1 WHERE tenant = 'medef-hdf' AND status = $2"
    await sql.execute(changed, "planned", "open")  # no open cohort has a seat
    try:
        counts = await bootstrap.run(harness.settings(database, "diagnostic"), demo=True)
    finally:
        await sql.execute(changed, "open", "planned")

    after = {one["id"]: one["starts_on"] for one in await sql.fetch(query)}
    assert counts == Counter(cohorts=1)
    (added,) = set(after) - set(before)
    seen = (await acting.get(f"/v1/cohorts/{added}")).json()
    assert date.fromisoformat(seen["starts_on"]).isoweekday() == 1
    assert (seen["is_open"], seen["facilitator"]) == (True, "Medef Hauts-de-France")
    assert after[added] not in before.values()


def test_the_command_says_when_there_is_nothing_new(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with environment(**variables(database, "diagnostic")):
        assert bootstrap.main(["--demo"]) == 0
    assert capsys.readouterr().out == "diagnostic: nothing new\n"
