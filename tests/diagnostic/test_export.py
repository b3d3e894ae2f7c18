"""X7: everything of a company in one document, and nothing of anybody else."""

import hashlib
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import rfc8785
from sqlalchemy import LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB

from diagnostic.database import Base
from diagnostic.organisations.models import Organisation
from diagnostic.protection import inventory, queries
from diagnostic.protection.schemas import OrganisationExport
from tests import harness
from tests.diagnostic.acting import BASE, Acting

GUIDE = Path(__file__).parents[2] / "docs" / "api" / "data-protection.md"


def address(organisation_id: str) -> str:
    return f"/v1/organisations/{organisation_id}/export.json"


async def exported(acting: Acting, organisation_id: str) -> dict[str, Any]:
    answer = await acting.get(address(organisation_id))
    assert answer.status_code == 200, answer.text
    OrganisationExport.model_validate_json(answer.content)
    found: dict[str, Any] = answer.json()
    return found


async def test_everything_of_a_company_is_in_it(whole: Acting, mini_ia: dict[str, Any]) -> None:
    company = await whole.organisation(name="Filature Export")
    cohort = await whole.cohort()
    path = f"/v1/cohorts/{cohort['id']}/enrolments"
    assert (await whole.post(path, {"organisation_id": company["id"]})).status_code == 201
    one = await whole.submitted(BASE, organisation_id=company["id"])
    begun = await whole.assessment(organisation_id=company["id"], milestone="T1")
    respondents = f"/v1/assessments/{begun['id']}/respondents"
    assert (await whole.post(respondents, {"name": "Anne Lefèvre"})).status_code == 201
    assert (await whole.post(f"/v1/assessments/{one['id']}/roadmap")).status_code == 201
    whole_document = await exported(whole, company["id"])
    parts = whole_document["parts"]
    assert parts["organisation"][0]["name"] == "Filature Export"
    assert {row["id"] for row in parts["assessment"]} == {one["id"], begun["id"]}
    assert {row["question"]: row["value"] for row in parts["answer"]} == BASE
    assert len(parts["answer_event"]) == len(BASE)
    assert parts["score"][0]["result"]["score"] == 72.1
    assert parts["respondent"][0]["name"] == "Anne Lefèvre"
    assert parts["roadmap"][0]["assessment_id"] == one["id"]
    assert parts["cohort"][0]["code"] == cohort["code"]
    assert parts["enrolment"][0]["seat_no"] == 1
    assert [row["content_hash"] for row in parts["grid"]] == [one["questionnaire"]["content_hash"]]
    deeds = {(row["entity"], row["action"]) for row in parts["audit_event"]}
    assert {
        ("organisation", "register"),
        ("organisation", "give_consent"),
        ("organisation", "export"),
        ("enrolment", "enrol"),
        ("assessment", "start"),
        ("assessment", "submit"),
        ("respondent", "invite"),
        ("roadmap", "make"),
    } <= deeds


async def test_every_revision_of_an_answer_is_in_it(
    acting: Acting, mini_ia: dict[str, Any]
) -> None:
    one = await acting.assessment()
    for version, option in enumerate(("o0", "o1", "o2")):
        body = {"state": "answered", "value": option}
        await acting.answer(one["id"], "Q1", body, f'"{version}"')
    parts = (await exported(acting, one["organisation_id"]))["parts"]
    assert [row["value"] for row in parts["answer_event"]] == ["o0", "o1", "o2"]
    assert [row["value"] for row in parts["answer"]] == ["o2"]


async def test_the_manifest_proves_each_part(acting: Acting, mini_ia: dict[str, Any]) -> None:
    one = await acting.submitted(BASE)
    found = await exported(acting, one["organisation_id"])
    assert set(found["manifest"]) == set(found["parts"])
    for name, records in found["parts"].items():
        assert found["manifest"][name] == {
            "records": len(records),
            "sha256": hashlib.sha256(rfc8785.dumps(records)).hexdigest(),
        }


async def test_nothing_of_a_peer_or_of_another_tenant_is_in_it(
    acting: Acting, stranger: Acting, mini_ia: dict[str, Any]
) -> None:
    peer = await acting.organisation(name="Pair du même client")
    foreign = await stranger.organisation(name="Voisine d’un autre client")
    theirs = await acting.submitted(BASE, organisation_id=peer["id"])
    cohort = await acting.cohort()
    mine = await acting.organisation(name="La mienne")
    for one in (peer, mine):
        path = f"/v1/cohorts/{cohort['id']}/enrolments"
        assert (await acting.post(path, {"organisation_id": one["id"]})).status_code == 201
    text = (await acting.get(address(mine["id"]))).text
    assert "La mienne" in text
    for word in (peer["name"], peer["siren"], peer["id"], theirs["id"], foreign["name"], "cci"):
        assert word not in text


async def test_it_holds_no_key_into_our_own_books(
    acting: Acting, mini_ia: dict[str, Any], sql: asyncpg.Connection
) -> None:
    one = await acting.submitted(BASE)
    text = (await acting.get(address(one["organisation_id"]))).text
    for table, key in (("organisation", one["organisation_id"]), ("assessment", one["id"])):
        pseudonym = await sql.fetchval(
            f"SELECT pseudonym FROM diagnostic.{table} WHERE id = $1", key
        )
        assert str(pseudonym) not in text


async def test_it_is_for_those_who_may_read_the_company(
    acting: Acting, stranger: Acting, onlooker: Acting, service: httpx.AsyncClient
) -> None:
    company = await acting.organisation()
    path = address(company["id"])
    assert (await onlooker.get(path)).status_code == 200
    unknown = await stranger.get(path)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "organisation-unknown")
    nobody = harness.anonymous("diagnostic")
    assert (await service.get(path, headers=nobody)).status_code == 401
    scopeless = harness.as_client("diagnostic", scopes={"diagnostic:feed"})
    assert (await service.get(path, headers=scopeless)).status_code == 403
    assert (await acting.get(address("not-an-id"))).status_code == 422


async def test_a_company_that_did_nothing_has_its_registration_only(acting: Acting) -> None:
    company = await acting.organisation(benchmark_consent=False)
    parts = (await exported(acting, company["id"]))["parts"]
    assert {name for name, records in parts.items() if records} == {"organisation", "audit_event"}


async def test_more_rows_than_are_read_at_once_all_come(
    acting: Acting, sql: asyncpg.Connection, mini_ia: dict[str, Any]
) -> None:
    one = await acting.assessment()
    await sql.execute(
        "INSERT INTO diagnostic.answer_event (assessment_id, question, version, state, respondent)"
        " SELECT $1, 'Q1', n, 'dont_know', 'demo' FROM generate_series(1, 250) n",
        one["id"],
    )
    parts = (await exported(acting, one["organisation_id"]))["parts"]
    assert [row["version"] for row in parts["answer_event"]] == list(range(1, 251))


def test_no_table_of_a_company_is_left_out(service: httpx.AsyncClient) -> None:
    listed = {inventory.table_of(model).name for model in inventory.HOLDINGS}
    assert listed == set(inventory.belonging()), "say in protection.inventory what is in it"


def test_every_text_of_a_company_is_free_or_a_code(service: httpx.AsyncClient) -> None:
    for model, holding in inventory.HOLDINGS.items():
        free = {one.column for one in holding.texts}
        if model is Organisation:
            free |= inventory.IDENTITY.keys()
        written = {
            column.name
            for column in inventory.table_of(model).columns
            if isinstance(column.type, String | JSONB | LargeBinary)
        }
        assert written <= free | holding.codes | holding.withheld, model
        assert not free & (holding.codes - {"tenant"}), model


def test_no_secret_and_no_bytes_are_handed_out(service: httpx.AsyncClient) -> None:
    for model in inventory.HOLDINGS:
        for name in inventory.columns(model):
            column = inventory.table_of(model).columns[name]
            assert "BYTEA" not in str(column.type.compile()).upper(), (model, name)
            assert not any(word in name for word in ("token", "secret", "password")), (model, name)


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_a_way_to_a_company_is_found_wherever_there_is_one(table: str) -> None:
    keys = {key.target_fullname for key in Base.metadata.tables[table].foreign_keys}
    reached = table.removeprefix("diagnostic.") in inventory.belonging()
    direct = any(key.endswith(("organisation.id", "assessment.id")) for key in keys)
    assert reached or not direct


def test_the_guide_explains_every_part() -> None:
    told = GUIDE.read_text(encoding="utf-8")
    assert [name for name in queries.parts() if f"| `{name}` |" not in told] == []
