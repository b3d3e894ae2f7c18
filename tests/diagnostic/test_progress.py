"""How far a programme and a cohort are, through HTTP (kin of K9; invariant 14)."""

import uuid
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.market import BEST, WORST
from tests.diagnostic.programmes import Play
from tests.harness import Database


@pytest.fixture(scope="module")
async def models(acting: Acting, mini_ia: dict[str, Any]) -> dict[str, str]:
    """Submit diagnostics outside any programme, to be copied."""
    return {
        name: (await acting.submitted(values))["id"]
        for name, values in {"base": BASE, "best": BEST, "worst": WORST}.items()
    }


@pytest.fixture
async def play(database: Database, sql: asyncpg.Connection, acting: Acting) -> Play:
    return Play(database, sql, acting, await acting.programme())


async def seat(play: Play, cohort: str, companies: list[uuid.UUID]) -> None:
    """Give companies seats in a cohort."""
    await play.sql.executemany(
        "INSERT INTO diagnostic.enrolment (id, cohort_id, organisation_id, tenant, status, seat_no)"
        " SELECT gen_random_uuid(), $1, o.id, o.tenant, 'confirmed', $3"
        " FROM diagnostic.organisation o WHERE o.id = $2",
        [(cohort, one, number) for number, one in enumerate(companies, 1)],
    )
    await play.sql.execute(
        "UPDATE diagnostic.cohort SET seats_taken = $2 WHERE id = $1", cohort, len(companies)
    )


async def plan(play: Play, company: uuid.UUID, *statuses: str) -> None:
    """Give a company a roadmap with actions of these statuses."""
    roadmap = await play.sql.fetchval(
        "INSERT INTO diagnostic.roadmap (id, tenant, assessment_id, assessment_revision, score,"
        " unavailable, version) SELECT gen_random_uuid(), a.tenant, a.id, 1, '{}', '[]', 1"
        " FROM diagnostic.assessment a WHERE a.organisation_id = $1 AND a.milestone = 'T0'"
        " RETURNING id",
        company,
    )
    await play.sql.executemany(
        "INSERT INTO diagnostic.roadmap_action (id, roadmap_id, position, recommendation, status,"
        " progress, content) VALUES (gen_random_uuid(), $1, $2, 'A' || $2::int, $3,"
        " CASE WHEN $3 = 'done' THEN 100 ELSE 0 END, '{}')",
        [(roadmap, number, status) for number, status in enumerate(statuses, 1)],
    )


async def test_the_region_reads_the_way_of_a_programme_by_quarter(
    play: Play, models: dict[str, str], service: httpx.AsyncClient, as_client: AsClient
) -> None:
    companies = await play.companies(12, models["worst"])
    cohort = await play.acting.cohort(programme=play.code)
    await seat(play, cohort["id"], companies)
    for company in companies[:10]:
        await plan(play, company, "done", "proposed")
    for company in companies[:7]:
        await play.measure(company, models["best"], "T1")
    await play.rebuild()
    headers = as_client("diagnostic", tenant="region-hdf", scopes={"diagnostic:statistics"})
    answer = await service.get(f"/v1/programmes/{play.code}/progress", headers=headers)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["steps"] == {
        "enrolled": 10, "diagnosed": 10, "planned": 10, "acting": 10, "done": 10, "remeasured": 5,
    }  # fmt: skip
    assert (found["companies"], found["actions"]["done"], found["actions"]["proposed"]) == (
        10, 10, 10,
    )  # fmt: skip
    (quarter,) = found["quarters"]
    assert quarter["steps"] == found["steps"]
    assert (found["cohorts"]["planned"], found["cohorts"]["seats_taken"]) == (1, 10)
    for company in companies:
        assert str(company) not in answer.text
    # who has aggregates has nothing else
    for path in ("/v1/organisations", "/v1/assessments", f"/v1/cohorts/{cohort['id']}/progress"):
        assert (await service.get(path, headers=headers)).status_code == 403


async def test_too_few_companies_are_no_progress(
    play: Play, models: dict[str, str], acting: Acting, onlooker: Acting
) -> None:
    await play.companies(4, models["worst"], "T0", "T1")
    path = f"/v1/programmes/{play.code}/progress"
    assert (await acting.get(path)).json()["code"] == "statistics-unknown"
    await play.rebuild()
    found = (await acting.get(path)).json()
    assert (found["companies"], found["quarters"]) == (0, [])
    assert not any([*found["steps"].values(), *found["actions"].values()])
    assert (await onlooker.get(path)).status_code == 403
    assert (await acting.http.get(path)).status_code == 401


async def test_a_cohort_is_exact_for_its_facilitator_and_rounded_for_who_takes_part(
    play: Play, models: dict[str, str], stranger: Acting
) -> None:
    companies = await play.companies(8, models["worst"])
    own = await play.companies(2, models["worst"], tenant="cci-hdf")
    cohort = await play.acting.cohort(programme=play.code)
    await seat(play, cohort["id"], [*companies, *own])
    for company in companies[:7]:
        await play.measure(company, models["best"], "T1")
        await plan(play, company, "in_progress")
    await play.within(cohort["id"])
    path = f"/v1/cohorts/{cohort['id']}/progress"
    led = (await play.acting.get(path)).json()
    assert (led["view"], led["companies"]) == ("facilitator", 10)
    assert led["steps"] == {
        "enrolled": 10, "diagnosed": 10, "planned": 7, "acting": 7, "done": 0, "remeasured": 7,
    }  # fmt: skip
    (movement,) = led["movements"]
    assert (movement["companies"], movement["moves"]["up"], movement["median"]) == (7, 7, 100)
    assert [one["code"] for one in movement["dimensions"]] == ["STR", "DATA", "SKILL"]
    seen = (await stranger.get(path)).json()
    assert (seen["view"], seen["companies"]) == ("participant", 5)  # eight others
    assert (seen["steps"]["remeasured"], seen["movements"]) == (5, [])
    before = seen["steps"]
    for company in own:  # what one does oneself tells nothing of the others
        await play.measure(company, models["best"], "T1")
    assert (await stranger.get(path)).json()["steps"] == before


async def test_k9_movement_of_four_is_shown_to_nobody(
    play: Play, models: dict[str, str], stranger: Acting, sql: asyncpg.Connection
) -> None:
    companies = await play.companies(6, models["worst"])
    cohort = await play.acting.cohort(programme=play.code)
    await seat(play, cohort["id"], companies)
    for company in companies[:4]:
        await play.measure(company, models["best"], "T1")
    await play.within(cohort["id"])
    path = f"/v1/cohorts/{cohort['id']}/progress"
    led = (await play.acting.get(path)).json()
    assert (led["steps"]["remeasured"], led["movements"]) == (4, [])
    await play.measure(companies[4], models["best"], "T1")
    # counted at once, the fifth would be told by itself to who may not read its diagnostic
    led = (await play.acting.get(path)).json()
    assert (led["steps"]["remeasured"], led["movements"]) == (5, [])
    await play.within(cohort["id"])
    assert len((await play.acting.get(path)).json()["movements"]) == 1
    await play.consent(companies[0], given=False)
    assert (await play.acting.get(path)).json()["movements"] == []
    assert (await stranger.get(path)).status_code == 404
    await sql.execute(
        "UPDATE diagnostic.enrolment SET status = 'cancelled', seat_no = NULL WHERE"
        " organisation_id = $1",
        companies[1],
    )
    assert (await play.acting.get(path)).json()["companies"] == 5
