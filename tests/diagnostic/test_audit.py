"""Every deed that matters leaves an event, which the tenant's data-protection officer may read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from tests import harness
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting

PATH = "/v1/audit-events"


@pytest.fixture
def officer(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act for a tenant whose events nobody else adds to."""
    return Acting(service, as_client("diagnostic", tenant="audited", client="officer"))


async def events(acting: Acting, query: str = "") -> list[dict[str, Any]]:
    return await acting.every(f"{PATH}?{query}")


async def deeds(acting: Acting, entity_id: str) -> list[tuple[str, str]]:
    """Give what was done to a thing, oldest first."""
    found = await events(acting, f"entity_id={entity_id}")
    return [(one["entity"], one["action"]) for one in reversed(found)]


async def change(acting: Acting, organisation: dict[str, Any], **fields: object) -> None:
    path = f"/v1/organisations/{organisation['id']}"
    tag = (await acting.get(path)).headers["etag"]
    assert (await acting.send("PATCH", path, fields, tag)).status_code == 200


async def test_registering_changing_and_consenting_are_recorded(officer: Acting) -> None:
    company = await officer.organisation(benchmark_consent=True)
    await change(officer, company, headcount=12)
    await change(officer, company, benchmark_consent=False)
    await change(officer, company, benchmark_consent=True)
    assert [action for _, action in await deeds(officer, company["id"])] == [
        "register",
        "give_consent",
        "change",
        "change",
        "withdraw_consent",
        "change",
        "give_consent",
    ]
    silent = await officer.organisation(benchmark_consent=False)
    assert await deeds(officer, silent["id"]) == [("organisation", "register")]


async def test_a_diagnostic_leaves_its_events_with_the_hashes_of_its_score(
    whole: Acting, mini_ia: dict[str, Any]
) -> None:
    started = await whole.submitted(BASE)
    roadmap = await whole.post(f"/v1/assessments/{started['id']}/roadmap")
    assert roadmap.status_code == 201, roadmap.text
    submitted = next(
        one
        for one in await events(whole, f"entity_id={started['id']}")
        if one["action"] == "submit"
    )
    score = (await whole.get(f"/v1/assessments/{started['id']}/score")).json()
    assert submitted["before_hash"] == score["input_hash"]
    assert submitted["after_hash"] == score["result_hash"]
    assert await events(whole, "entity=roadmap&action=make")


async def test_a_refused_deed_leaves_no_event(officer: Acting) -> None:
    company = await officer.organisation()
    before = len(await events(officer))
    again = await officer.post("/v1/organisations", {**company_of(company)})
    assert again.status_code == 409
    assert len(await events(officer)) == before


def company_of(read: dict[str, Any]) -> dict[str, Any]:
    names = ("siren", "name", "naf_code", "headcount", "postcode", "region_code")
    return {name: read[name] for name in names} | {"benchmark_consent": True}


async def test_events_come_newest_first_and_can_be_sought(officer: Acting) -> None:
    for _ in range(3):
        await officer.organisation()
    everything = await events(officer)
    assert [one["id"] for one in everything] == sorted(
        (one["id"] for one in everything), reverse=True
    )
    first, last = everything[-1], everything[0]
    for query, kept in (
        ("entity=organisation", lambda one: one["entity"] == "organisation"),
        ("entity=cohort", lambda _: False),
        ("action=register", lambda one: one["action"] == "register"),
        ("actor=officer", lambda _: True),
        ("actor=nobody", lambda _: False),
        (f"entity_id={first['entity_id']}", lambda one: one["entity_id"] == first["entity_id"]),
        (f"since={last['at']}", lambda one: one["at"] >= last["at"]),
        (f"until={last['at']}", lambda one: one["at"] < last["at"]),
    ):
        assert await events(officer, query) == [one for one in everything if kept(one)], query
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert await events(officer, f"since={tomorrow}") == []


async def test_pages_continue_where_the_last_one_ended(officer: Acting) -> None:
    await officer.organisation()
    everything = await events(officer)
    first = (await officer.get(f"{PATH}?limit=2&count=true")).json()
    second = (await officer.get(f"{PATH}?limit=2&after={first['next']}")).json()
    assert first["items"] + second["items"] == everything[:4]
    assert first["total"] == len(everything)


async def test_another_tenant_sees_none_of_them(officer: Acting, stranger: Acting) -> None:
    company = await officer.organisation()
    assert await events(officer, f"entity_id={company['id']}")
    assert await events(stranger, f"entity_id={company['id']}") == []


async def test_the_trail_is_for_the_officer_alone(
    service: httpx.AsyncClient, onlooker: Acting
) -> None:
    assert (await onlooker.get(PATH)).status_code == 403
    assert (await service.get(PATH, headers=harness.anonymous("diagnostic"))).status_code == 401


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("since=yesterday", 422),
        ("since=2026-11-26", 422),
        ("since=0001-01-01T00:00:00%2B14:00", 422),
        ("until=9999-12-31T23:59:59-14:00", 422),
        ("entity=%00", 422),
        ("action=a%20b", 422),
        ("entity_id=" + "a" * 200, 422),
        ("limit=0", 422),
        ("what=ever", 400),
        ("after=made-up", 400),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    officer: Acting, query: str, status: int
) -> None:
    assert (await officer.get(f"{PATH}?{query}")).status_code == status


async def test_an_event_holds_nothing_of_the_company(
    officer: Acting, sql: asyncpg.Connection
) -> None:
    company = await officer.organisation(name="Établissements Jacquard")
    await change(officer, company, name="Jacquard et fils")
    rows = await sql.fetch(
        "SELECT to_jsonb(e)::text AS event FROM diagnostic.audit_event e WHERE entity_id = $1",
        company["id"],
    )
    told = "".join(row["event"] for row in rows)
    assert len(rows) == 3
    assert "Jacquard" not in told
    assert company["siren"] not in told


async def test_the_service_cannot_rewrite_its_trail(database: harness.Database) -> None:
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        for attempt in ("UPDATE audit_event SET actor = 'x'", "DELETE FROM audit_event"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()
