"""A company that leaves is unknown at every address; its scores stay, and lead nowhere."""

import asyncio
import uuid
from typing import Any

import asyncpg
import httpx

from tests import harness
from tests.diagnostic.acting import BASE, Acting, company
from tests.diagnostic.files import attached
from tests.diagnostic.seating import line, seats
from tests.diagnostic.test_erasure import places

NAME = "Verrerie Opaline & Fils"


async def left(acting: Acting, organisation_id: str, **headers: str) -> httpx.Response:
    path = f"/v1/organisations/{organisation_id}"
    tag = (await acting.get(path)).headers["etag"]
    return await acting.post(f"{path}/erase", None, **{"if-match": tag, **headers})


async def test_who_it_is_and_what_it_wrote_is_gone(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    name = f"{NAME} {uuid.uuid4().hex[:6]}"
    key = {"idempotency-key": uuid.uuid4().hex}
    body = company(name=name)
    registered = await acting.post("/v1/organisations", body, **key)
    mine = registered.json()
    one = await acting.submitted(
        {**BASE, "Q5": {"state": "not_applicable", "reason": f"Chez {name}, sans objet"}},
        organisation_id=mine["id"],
    )
    begun = await acting.assessment(organisation_id=mine["id"], milestone="T1")
    guest = {"name": "Odilon Vitrail", "email": "odilon@opaline.example"}
    path = f"/v1/assessments/{begun['id']}"
    assert (await acting.post(f"{path}/respondents", guest)).status_code == 201
    assert (await acting.post(f"{path}/comments", {"text": "Odilon Vitrail"})).status_code == 201
    assert (await attached(acting, begun, name.encode(), "text/plain", title=name)).is_success
    traces = (name, mine["siren"], "Odilon Vitrail", "odilon@opaline.example")
    assert len(await places(sql, *traces)) >= 6
    answer = await left(acting, mine["id"])
    assert answer.status_code == 200, answer.text
    assert (answer.json()["assessments"], answer.json()["respondents"]) == (2, 1)
    assert await places(sql, *traces) == []
    files = "SELECT count(*) FROM diagnostic.evidence_file WHERE assessment_id = $1::uuid"
    assert await sql.fetchval(files, begun["id"]) == 0
    again = await acting.post("/v1/organisations", body, **key)
    assert (again.status_code, again.json()["code"]) == (410, "erased")
    row = await sql.fetchrow("SELECT * FROM diagnostic.organisation WHERE id = $1", mine["id"])
    assert (row["naf_code"], row["size_band"], row["region_code"]) == ("25", "10-49", "32")
    assert (row["headcount"], row["siret"], row["postcode"]) == (None, None, "")
    statuses = await sql.fetch(
        "SELECT id, status FROM diagnostic.assessment WHERE organisation_id = $1", mine["id"]
    )
    assert {str(found["id"]): found["status"] for found in statuses} == {
        one["id"]: "submitted",
        begun["id"]: "abandoned",
    }


async def test_every_address_answers_that_it_knows_nothing(
    whole: Acting, mini_ia: dict[str, Any]
) -> None:
    mine = await whole.organisation()
    cohort = await whole.cohort()
    seats = f"/v1/cohorts/{cohort['id']}/enrolments"
    seat = (await whole.post(seats, {"organisation_id": mine["id"]})).json()
    one = await whole.submitted(BASE, organisation_id=mine["id"], cohort_id=cohort["id"])
    path = f"/v1/assessments/{one['id']}"
    assert (await whole.post(f"{path}/roadmap")).status_code == 201
    addresses = (
        f"/v1/organisations/{mine['id']}",
        f"/v1/organisations/{mine['id']}/summary",
        f"/v1/organisations/{mine['id']}/export.json",
        path,
        f"{path}/score",
        f"{path}/roadmap",
        f"{path}/respondents",
        f"{path}/comments",
    )
    for address in addresses:
        assert (await whole.get(address)).status_code == 200, address
    assert (await left(whole, mine["id"])).status_code == 200
    for address in addresses:
        assert (await whole.get(address)).status_code == 404, address
    listed = (await whole.get(f"/v1/assessments?organisation_id={mine['id']}")).json()
    assert listed["items"] == []
    found = (await whole.get(f"/v1/organisations?siren={mine['siren']}")).json()
    assert found["items"] == []
    facilitated = (await whole.get(f"{seats}/{seat['id']}")).json()
    assert mine["name"] not in str(facilitated)


async def test_its_share_links_open_nothing_any_longer(
    whole: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    mine = await whole.organisation()
    one = await whole.submitted(BASE, organisation_id=mine["id"])
    links = f"/v1/assessments/{one['id']}/share-links"
    made = (await whole.post(links, {"note": "Pour Odilon Vitrail"})).json()
    shared = f"/v1/shared-reports/{made['token']}/report.html"
    assert (await whole.get(shared)).status_code == 200
    assert (await left(whole, mine["id"])).status_code == 200
    assert (await whole.get(shared)).status_code == 404
    row = await sql.fetchrow("SELECT * FROM diagnostic.share_link WHERE id = $1", made["id"])
    assert (row["note"], row["revoked_by"]) == (None, "erasure")


async def test_its_facilitator_knows_it_no_longer(
    acting: Acting, stranger: Acting, mini_ia: dict[str, Any]
) -> None:
    mine = await stranger.organisation()
    cohort = await acting.cohort()
    seat = {"organisation_id": mine["id"]}
    assert (await stranger.post(f"/v1/cohorts/{cohort['id']}/enrolments", seat)).status_code == 201
    one = await stranger.submitted(BASE, organisation_id=mine["id"], cohort_id=cohort["id"])
    assert (await acting.get(f"/v1/assessments/{one['id']}/score")).status_code == 200
    assert (await left(stranger, mine["id"])).status_code == 200
    assert (await acting.get(f"/v1/assessments/{one['id']}/score")).status_code == 404


async def test_its_seat_goes_to_the_first_in_line_and_no_invitation_names_it(
    acting: Acting, stranger: Acting, sql: asyncpg.Connection
) -> None:
    mine, other = await stranger.organisation(), await acting.organisation()
    first, second = await acting.cohort(capacity=1), await acting.cohort(capacity=1)
    for cohort in (first, second):
        invited = {"sirens": [mine["siren"]]}
        path = f"/v1/cohorts/{cohort['id']}/invitations"
        assert (await acting.post(path, invited)).status_code == 201
    for one, cohort in ((mine, first), (other, first), (mine, second)):
        seat = {"organisation_id": one["id"]}
        who = stranger if one is mine else acting
        assert (await who.post(seats(cohort), seat)).status_code == 201
    assert (await left(stranger, mine["id"])).status_code == 200
    assert [found[0] for found in await line(sql, first)] == ["cancelled", "confirmed"]
    assert await line(sql, second) == [("cancelled", None, None)]
    assert (await acting.get(f"/v1/cohorts/{second['id']}")).json()["seats_taken"] == 0
    assert await places(sql, mine["siren"]) == []
    listed = (await acting.get(f"/v1/cohorts/{second['id']}/invitations")).json()["items"]
    assert [one["status"] for one in listed] == ["revoked"]


async def test_its_score_stays_under_a_pseudonym_that_leads_nowhere(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    mine = await acting.organisation()
    one = await acting.submitted(BASE, organisation_id=mine["id"])
    before = await sql.fetchrow(
        "SELECT * FROM diagnostic.score WHERE assessment_id = $1", one["id"]
    )
    await left(acting, mine["id"])
    after = await sql.fetchrow("SELECT * FROM diagnostic.score WHERE assessment_id = $1", one["id"])
    assert after == before
    consents = await sql.fetchval(
        "SELECT benchmark_consent FROM diagnostic.organisation WHERE id = $1", mine["id"]
    )
    assert consents is True
    told = await sql.fetchrow(
        "SELECT c.kind, c.payload FROM diagnostic.change c JOIN diagnostic.organisation o"
        " ON o.pseudonym::text = c.entity_id WHERE o.id = $1 ORDER BY c.seq DESC LIMIT 1",
        mine["id"],
    )
    assert (told["kind"], told["payload"]) == ("deleted", '{"reason": "erased"}')


async def test_it_may_come_back_as_somebody_new(acting: Acting) -> None:
    mine = await acting.organisation()
    await left(acting, mine["id"])
    again = await acting.organisation(siren=mine["siren"])
    assert again["id"] != mine["id"]


async def test_the_tenant_can_prove_it(acting: Acting) -> None:
    mine = await acting.organisation(benchmark_consent=False)
    await left(acting, mine["id"])
    events = (await acting.get(f"/v1/audit-events?entity_id={mine['id']}")).json()["items"]
    assert [one["action"] for one in events] == ["erase", "register"]


async def test_the_same_key_tells_the_same_answer(acting: Acting) -> None:
    mine = await acting.organisation()
    path = f"/v1/organisations/{mine['id']}"
    headers = {
        "if-match": (await acting.get(path)).headers["etag"],
        "idempotency-key": uuid.uuid4().hex,
    }
    first = await acting.post(f"{path}/erase", None, **headers)
    again = await acting.post(f"{path}/erase", None, **headers)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"


async def test_erasing_a_company_is_for_the_officer_of_its_tenant(
    acting: Acting, stranger: Acting, onlooker: Acting, service: httpx.AsyncClient
) -> None:
    mine = await acting.organisation()
    path = f"/v1/organisations/{mine['id']}/erase"
    anything = {"if-match": "*"}
    assert (await onlooker.post(path, None, **anything)).status_code == 403
    nobody = harness.anonymous("diagnostic")
    assert (await service.post(path, headers=nobody)).status_code == 401
    foreign = await stranger.post(path, None, **anything)
    assert (foreign.status_code, foreign.json()["code"]) == (404, "organisation-unknown")
    assert (await acting.post(path)).status_code == 428
    assert (await acting.post(path, None, **{"if-match": '"9"'})).status_code == 412
    assert (await acting.get(f"/v1/organisations/{mine['id']}")).json()["name"] == mine["name"]
    assert (await left(acting, mine["id"])).status_code == 200
    assert (await acting.post(path, None, **anything)).status_code == 404


async def test_nothing_is_begun_while_the_company_leaves(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    mine = (await acting.organisation())["id"]
    body = {"organisation_id": mine, "questionnaire": mini_ia["code"]}
    async with sql.transaction():
        leaving = "UPDATE diagnostic.organisation SET tenant = '(erased)' WHERE id = $1"
        await sql.execute(leaving, mine)
        start = asyncio.create_task(acting.post("/v1/assessments", body))
        while not (start.done() or await sql.fetchval(IS_AWAITED)):
            pass  # the question itself lets the others go on
    assert (await start).status_code == 404


IS_AWAITED = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""
"""Whether somebody waits for what this connection holds."""
