"""A company among its peers, through HTTP (acceptance cases B)."""

import itertools
import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from diagnostic.benchmarks import rebuild
from diagnostic.main import create_app
from diagnostic.questionnaires.grid import GridContent
from tests import harness
from tests.conftest import OpenApp
from tests.diagnostic.acting import BASE, Acting, publish
from tests.diagnostic.conftest import MINI_IA
from tests.harness import Database

BEST = {"Q1": "o3", "Q2": "o3", "Q3": ["a", "b", "c", "d"], "Q5": True, "Q6": "o2"}
BEST["Q4"] = {f"r{row}": 5 for row in range(1, 6)}
WORST = {"Q1": "o0", "Q2": "o0", "Q3": ["none"], "Q5": False, "Q6": "o0"}
NA = {"state": "not_applicable", "reason": "Sans objet ici"}
FIGURES = ("k", "n", "as_of", "snapshot_id", "group", "overall")


@dataclass
class Market:
    """A grid of its own, so that its peers are those of one test, and a clock by days."""

    database: Database
    grid: str
    acting: Acting
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    async def rebuild(self, k: int = 5) -> None:
        """Make the snapshots of the next day."""
        self.now += timedelta(days=1)
        await self.rebuild_again(k)

    async def rebuild_again(self, k: int = 5) -> None:
        """Ask for snapshots a second time on the same day."""
        engine = create_async_engine(
            self.database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
        )
        async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
            await rebuild.rebuild(session, k, self.now)
        await engine.dispose()

    async def peer(
        self, values: dict[str, Any] | None = None, by: Acting | None = None, **fields: object
    ) -> str:
        """Register a company with a submitted diagnostic; return the diagnostic's id."""
        who = by or self.acting
        asked = {name: fields.pop(name) for name in ("milestone", "cohort_id") if name in fields}
        company = await who.organisation(**fields)
        if "cohort_id" in asked:
            seat = await who.post(
                f"/v1/cohorts/{asked['cohort_id']}/enrolments", {"organisation_id": company["id"]}
            )
            assert seat.status_code == 201, seat.text
        done = await who.submitted(
            values or BASE, questionnaire=self.grid, organisation_id=company["id"], **asked
        )
        identifier: str = done["id"]
        return identifier

    async def peers(self, count: int, **fields: Any) -> list[str]:
        return [await self.peer(**fields) for _ in range(count)]

    async def standing(
        self, assessment: str, peers: str = "auto", by: Acting | None = None
    ) -> dict[str, Any]:
        answer = await (by or self.acting).get(
            f"/v1/assessments/{assessment}/benchmark?peers={peers}"
        )
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        if body["status"] != "shown":
            assert all(body[name] is None for name in FIGURES)
            assert body["dimensions"] == []
        return body


_codes = itertools.count()


@pytest.fixture
async def market(database: Database, acting: Acting) -> Market:
    content = json.loads(MINI_IA.read_text(encoding="utf-8"))
    content["code"] = f"BM-{secrets.token_hex(3).upper()}"
    content["dimensions"][0]["weight"] = 2 + next(_codes) / 1000  # a scoring hash of its own
    await publish(database, GridContent.model_validate(content))
    return Market(database, content["code"], acting)


async def withdraw(acting: Acting, assessment: str, *, given: bool = False) -> None:
    found = (await acting.get(f"/v1/assessments/{assessment}")).json()
    path = f"/v1/organisations/{found['organisation_id']}"
    tag = (await acting.get(path)).headers["etag"]
    answer = await acting.send("PATCH", path, {"benchmark_consent": given}, tag)
    assert answer.status_code == 200, answer.text


async def test_b3_five_with_oneself_are_too_few_and_six_are_shown(market: Market) -> None:
    south, north = await market.peers(5), await market.peers(6, region_code="11")
    await market.rebuild()
    for one in south:
        assert (await market.standing(one))["status"] == "insufficient_peers"
    for one in north:
        body = await market.standing(one)
        assert body["status"] == "shown"
        assert (body["n"], body["k"]) == (5, 5)
    assert body["group"] == {
        "level": "sector",
        "title": "Entreprises de 10 à 49 salariés, industrie manufacturière, région Île-de-France",
    }
    assert body["overall"] == {"score": 72.1, "q1": 72.1, "median": 72.1, "q3": 72.1, "rank": 50.0}
    assert [one["code"] for one in body["dimensions"]] == ["STR", "DATA", "SKILL"]


async def test_a_company_that_does_not_contribute_sees_a_group_of_five(market: Market) -> None:
    await market.peers(5)
    outside = await market.peer(BEST, benchmark_consent=False)
    await market.rebuild()
    body = await market.standing(outside)
    assert body["n"] == 5
    assert body["overall"] == {
        "score": 100.0,
        "q1": 72.1,
        "median": 72.1,
        "q3": 72.1,
        "rank": 100.0,
    }


async def test_the_company_itself_is_left_out_of_quartiles_and_rank(market: Market) -> None:
    lone = await market.peer(BEST)
    peers = [*await market.peers(3), *await market.peers(2, values=WORST)]
    await market.rebuild()
    assert (await market.standing(lone))["overall"] == {
        "score": 100.0, "q1": 0.0, "median": 72.1, "q3": 72.1, "rank": 100.0,
    }  # fmt: skip
    assert (await market.standing(peers[0]))["overall"] == {
        "score": 72.1, "q1": 0.0, "median": 72.1, "q3": 72.1, "rank": 60.0,
    }  # fmt: skip
    again = await market.standing(peers[-1])
    assert (again["overall"]["rank"], again["dimensions"][0]["rank"]) == (10.0, 10.0)


async def test_b6_too_few_and_none_at_all_look_the_same_to_the_byte(market: Market) -> None:
    pair = await market.peers(2, region_code="53")
    alone = await market.peer(benchmark_consent=False, region_code="94")
    await market.peers(6)
    await market.rebuild()
    path = "/v1/assessments/{}/benchmark?peers={}"
    for peers in ("auto", "sector", "size", "region", "programme", "cohort"):
        few = await market.acting.get(path.format(pair[0], peers))
        none = await market.acting.get(path.format(alone, peers))
        assert few.content.replace(pair[0].encode(), b"") == none.content.replace(
            alone.encode(), b""
        )
        assert few.headers.keys() == none.headers.keys()
        assert few.json()["status"] == "insufficient_peers"


async def test_b8_a_sixth_contributor_changes_nothing_before_three_and_the_next_day(
    market: Market,
) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(5)
    await market.rebuild()
    before = await market.standing(outside)
    for _ in range(2):
        await market.peer(BEST)
        await market.rebuild()
        assert await market.standing(outside) == before
    await market.peer(BEST)
    assert await market.standing(outside) == before
    await market.rebuild()
    after = await market.standing(outside)
    assert after["snapshot_id"] != before["snapshot_id"]
    assert (after["n"], after["overall"]["rank"]) == (5, 31.3)  # five equal ones of eight
    await market.peers(3, values=BEST)
    await market.rebuild_again()  # of the same day
    assert await market.standing(outside) == after


async def test_b9_a_company_counts_once_per_milestone_whatever_its_tenants(
    market: Market, stranger: Acting
) -> None:
    company = await market.acting.organisation()
    twin = await market.peer(WORST, by=stranger, siren=company["siren"])
    for milestone in ("T0", "ad_hoc"):
        await market.acting.submitted(
            BASE, questionnaire=market.grid, organisation_id=company["id"], milestone=milestone
        )
    await market.peers(4)
    outside = await market.peer(benchmark_consent=False)
    await market.rebuild()
    assert (await market.standing(outside))["overall"]["rank"] == 50.0  # five, all equal
    assert (await market.standing(twin, by=stranger))["n"] is None  # itself is one of the five


async def test_b10_who_withdraws_is_gone_the_next_day(market: Market) -> None:
    outside = await market.peer(benchmark_consent=False)
    leaving = await market.peer(BEST)
    await market.peers(6)
    await market.rebuild()
    assert (await market.standing(outside))["n"] == 5
    await withdraw(market.acting, leaving)
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    await market.peer()
    await market.rebuild()  # two changes are not three
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    await market.peer()
    await market.rebuild()
    after = await market.standing(outside)
    assert after["status"] == "shown"
    assert after["overall"]["rank"] == 50.0  # of eight equal ones: the best has left
    for one in await market.peers(4):
        await withdraw(market.acting, one)
    await market.rebuild()
    assert await market.standing(outside) == after


async def test_b10_a_group_that_falls_below_k_disappears(market: Market) -> None:
    outside = await market.peer(benchmark_consent=False)
    contributors = await market.peers(7)
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "shown"
    for one in contributors[:3]:
        await withdraw(market.acting, one)
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"


async def test_b12_nothing_unlike_is_ever_mixed_in(market: Market, sql: asyncpg.Connection) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(4)
    partial = await market.peer({**BASE, "Q5": NA, "Q6": NA})
    wrong = await market.peer()
    await sql.execute(
        "UPDATE diagnostic.assessment SET status = 'entered_in_error' WHERE id = $1", wrong
    )
    await market.peers(3, milestone="T1")
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    assert (await market.standing(partial))["status"] == "not_comparable"
    begun = await market.acting.assessment(market.grid)
    assert (await market.standing(begun["id"]))["status"] == "not_final"
    await market.peer()
    await market.rebuild()
    assert (await market.standing(outside))["n"] == 5


async def test_the_companies_of_one_tenant_do_not_corner_those_of_another(
    market: Market, stranger: Acting
) -> None:
    outside = await market.peer(benchmark_consent=False)
    await market.peers(6)
    victims = [await market.peer(BEST, by=stranger) for _ in range(4)]
    await market.rebuild()
    assert (await market.standing(outside))["status"] == "insufficient_peers"
    assert (await market.standing(victims[0], by=stranger))["status"] == "insufficient_peers"
    await market.peer(BEST, by=stranger)
    await market.rebuild()
    assert (await market.standing(outside))["n"] == 10


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


async def test_cohort_region_size_and_programme_can_be_asked_for(market: Market) -> None:
    cohort = await market.acting.cohort()
    inside = [await market.peer(cohort_id=cohort["id"]) for _ in range(6)]
    await market.rebuild()
    for peers, start in (
        ("auto", "Entreprises de 10 à 49 salariés, industrie manufacturière, région Hauts"),
        ("sector", "Entreprises de 10 à 49 salariés, industrie manufacturière, région Hauts"),
        ("size", "Entreprises de 10 à 49 salariés, région Hauts-de-France"),
        ("region", "Entreprises de la région Hauts-de-France"),
        ("programme", "Entreprises du programme « Programme d’essai »"),
        ("cohort", "Entreprises de la cohorte « Cohorte d’essai »"),
    ):
        body = await market.standing(inside[0], peers)
        assert body["group"]["title"].startswith(start)
        assert (peers, body["n"]) == (peers, 5)
    answer = await market.acting.get(
        f"/v1/assessments/{inside[0]}/benchmark?peers=cohort", **{"accept-language": "en"}
    )
    assert answer.json()["group"]["title"] == "Companies of cohort “Cohorte d’essai”"
    refused = await market.acting.get(f"/v1/assessments/{inside[0]}/benchmark?peers=mars")
    assert refused.status_code == 422


async def test_the_closest_group_with_enough_peers_is_shown(market: Market) -> None:
    bakery = await market.peer(naf_code="10.71C", headcount=5)
    await market.peers(6, naf_code="62.01Z", headcount=5)
    await market.rebuild()
    assert (await market.standing(bakery))["group"]["level"] == "size"
    assert (await market.standing(bakery, "sector"))["status"] == "insufficient_peers"


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
