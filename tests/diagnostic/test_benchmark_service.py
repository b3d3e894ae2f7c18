"""The comparison as a service: its configuration, its doors, its frozen rows, its day."""

import asyncio
import secrets

import asyncpg
import httpx
import pytest
from pydantic import ValidationError

from diagnostic.benchmarks import rebuild
from diagnostic.main import create_app
from tests import harness
from tests.conftest import OpenApp
from tests.diagnostic.acting import Acting
from tests.diagnostic.market import Market
from tests.harness import Database


@pytest.mark.parametrize("k", ["0", "3", "4", "abc", "5.5", "", None])
def test_b7_the_service_does_not_start_without_a_k_of_five(
    database: Database, k: str | None
) -> None:
    told = harness.variables(database, "diagnostic")
    del told["DIAGNOSTIC_BENCHMARK_K"]
    given = {} if k is None else {"DIAGNOSTIC_BENCHMARK_K": k}
    with (
        harness.environment(**told, **given),
        pytest.raises(ValidationError, match="benchmark_k"),
    ):
        create_app()


def test_b7_a_larger_k_is_taken(database: Database) -> None:
    app = harness.application(database, "diagnostic", benchmark_k=12)
    assert app.state.settings.benchmark_k == 12


async def test_a_larger_k_hides_at_once_what_a_smaller_one_showed(
    market: Market, open_app: OpenApp
) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(6)
    await market.rebuild()
    path = f"/v1/assessments/{outside}/benchmark"
    async with open_app("diagnostic", benchmark_k=6) as strict:
        answer = await strict.get(path, headers=market.acting.headers)
        assert answer.json()["status"] == "insufficient_peers"
        await market.rebuild(k=6)
        assert (await strict.get(path, headers=market.acting.headers)).json()["k"] == 6


async def test_the_comparison_is_one_tenants_and_needs_its_scopes(
    market: Market, stranger: Acting, onlooker: Acting, service: httpx.AsyncClient
) -> None:
    assessment = await market.peer()
    path = f"/v1/assessments/{assessment}/benchmark"
    assert (await stranger.get(path)).status_code == 404
    assert (await onlooker.get(path)).status_code == 200
    assert (await service.get(path)).status_code == 401
    assert (await onlooker.post("/v1/benchmarks/rebuild")).status_code == 403
    assert (await service.post("/v1/benchmarks/rebuild")).status_code == 401


async def test_an_unchanged_comparison_is_not_sent_again(market: Market) -> None:
    path = f"/v1/assessments/{await market.peer()}/benchmark"
    first = await market.acting.get(path)
    again = await market.acting.get(path, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    english = await market.acting.get(path, **{"accept-language": "en"})
    assert english.headers["etag"] != first.headers["etag"]


async def test_a_rebuild_by_hand_says_what_it_looked_at_once_a_day(market: Market) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(5)
    key = {"idempotency-key": secrets.token_hex(8)}
    first = await market.acting.post("/v1/benchmarks/rebuild", **key)
    assert first.status_code == 200
    mine = (await market.acting.get(f"/v1/assessments/{outside}")).json()["questionnaire"]
    looked_at = {"scoring_hash": mine["scoring_hash"], "milestone": "T0"}
    assert looked_at in first.json()["looked_at"]
    assert (await market.standing(outside))["as_of"] == first.json()["as_of"]
    assert (await market.acting.post("/v1/benchmarks/rebuild", **key)).json() == first.json()
    again = await market.acting.post("/v1/benchmarks/rebuild")
    assert looked_at not in again.json()["looked_at"]


async def test_a_snapshot_cannot_be_changed_even_by_sql(market: Market) -> None:
    await market.peers(5)
    await market.rebuild()
    connection = await asyncpg.connect(market.database.dsn("diagnostic"))
    try:
        for table in ("benchmark_snapshot", "benchmark_series"):
            column = {"benchmark_snapshot": "n", "benchmark_series": "code"}[table]
            for attempt in (f"UPDATE {table} SET {column} = NULL", f"DELETE FROM {table}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(attempt)
    finally:
        await connection.close()


async def test_v11_an_amended_score_counts_from_the_next_snapshot_that_changes(
    market: Market,
) -> None:
    outside = await market.peer(benchmark_consent=False)
    contributors = await market.peers(7)
    await market.rebuild()
    before = await market.standing(outside)
    for one in contributors[:3]:
        amended = await market.acting.post(
            f"/v1/assessments/{one}/amend", {"reason": "Erreur de saisie."}
        )
        assert amended.status_code == 200, amended.text
        assert (await market.standing(one))["status"] == "not_final"
        for question, value in (("Q1", "o3"), ("Q6", "o2")):
            body = {"state": "answered", "value": value}
            answer = await market.acting.answer(one, question, body, '"1"')
            assert answer.status_code == 200, answer.text
        done = await market.acting.post(f"/v1/assessments/{one}/submit")
        assert done.status_code == 200, done.text
        assert await market.standing(outside) == before
    mine = await market.standing(contributors[0])
    assert (mine["n"], mine["overall"]["rank"]) == (5, 100.0)  # the new score, among old ones
    await market.rebuild()
    after = await market.standing(outside)
    assert after["overall"]["rank"] < before["overall"]["rank"]


async def test_two_processes_that_rebuild_at_once_make_one_snapshot(
    market: Market, sql: asyncpg.Connection
) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(5)
    await asyncio.gather(*(market.rebuild_again() for _ in range(4)))
    hashed = (await market.acting.get(f"/v1/assessments/{outside}")).json()["questionnaire"]
    count = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.benchmark_snapshot WHERE scoring_hash = $1",
        hashed["scoring_hash"],
    )
    assert count == 3  # sector, size, region


async def test_the_command_rebuilds_what_the_service_rebuilds(
    market: Market, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(5)
    with harness.environment(**harness.variables(market.database, "diagnostic")):
        assert await asyncio.to_thread(rebuild.main) == 0
    assert "populations looked at" in capsys.readouterr().out
    assert (await market.standing(outside))["status"] == "shown"
