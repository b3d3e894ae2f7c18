"""Companies over HTTP: what is checked, who sees what, and what leaves in the feed."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests import harness
from tests.diagnostic.acting import Acting, company, faults, siren


async def test_a_company_is_registered_with_its_size_band_derived(acting: Acting) -> None:
    body = company(headcount=42)
    response = await acting.post("/v1/organisations", body)

    found = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == f"/v1/organisations/{found['id']}"
    assert response.headers["etag"] == '"1"'
    assert {name: found[name] for name in body} == body
    assert (found["size_band"], found["version"]) == ("10-49", 1)
    assert found["consent_at"] is not None
    again = await acting.get(response.headers["location"])
    assert (again.json(), again.headers["etag"]) == (found, '"1"')


async def test_every_fault_of_a_company_is_named_at_once_and_nothing_is_stored(
    acting: Acting,
) -> None:
    number = siren()
    response = await acting.post(
        "/v1/organisations",
        {
            "siren": "732829321",
            "siret": "73282932000075",
            "name": " ",
            "naf_code": "6201Z",
            "headcount": 300,
            "size_band": "10-49",
            "postcode": "5900",
            "region_code": "59",
            "benchmark_consent": "yes",
            "turnover": 3,
        },
    )
    assert response.status_code == 422
    assert faults(response) == {
        "/siren": "siren-invalid",
        "/siret": "siret-invalid",
        "/name": "text-padded",
        "/naf_code": "naf-invalid",
        "/size_band": "size-band-mismatch",
        "/postcode": "string-pattern-mismatch",
        "/region_code": "region-unknown",
        "/benchmark_consent": "bool-type",
        "/turnover": "extra-forbidden",
    }
    assert (await acting.get(f"/v1/organisations?siren={number}")).json()["items"] == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"siren": "356000000", "siret": "35600000049837"}, None),  # La Poste
        ({"siren": "732829320", "siret": "73282932000074"}, None),
        ({"siret": "73282932000074"}, "siret-of-another"),
        ({"siren": "732 829 320"}, "siren-invalid"),
        ({"naf_code": "44.10Z"}, "naf-invalid"),
        ({"headcount": -1}, "greater-than-equal"),
        ({"headcount": 4.0}, "int-type"),
        ({"headcount": 0, "size_band": "0"}, None),
        ({"headcount": None, "size_band": "250+"}, None),
        ({"name": "A\x00B"}, "text-not-storable"),
    ],
)
async def test_numbers_and_codes_are_checked_as_insee_writes_them(
    acting: Acting, sql: asyncpg.Connection, fields: dict[str, Any], code: str | None
) -> None:
    if "siren" in fields:
        await sql.execute("DELETE FROM diagnostic.organisation WHERE siren = $1", fields["siren"])
    response = await acting.post("/v1/organisations", company(**fields))
    if code is None:
        assert response.status_code == 201, response.text
    else:
        assert response.status_code == 422
        assert list(faults(response).values()) == [code]


async def test_a_siren_counts_once_per_tenant_and_says_nothing_of_others(
    acting: Acting, stranger: Acting
) -> None:
    body = company()
    first = await acting.post("/v1/organisations", body)
    second = await acting.post("/v1/organisations", body)
    foreign = await stranger.post("/v1/organisations", body)

    assert (first.status_code, second.status_code, foreign.status_code) == (201, 409, 201)
    assert second.json()["code"] == "organisation-exists"
    assert first.json()["id"] not in second.text


async def test_another_tenants_company_is_unknown_everywhere(
    acting: Acting, stranger: Acting
) -> None:
    found = await acting.organisation()
    path = f"/v1/organisations/{found['id']}"

    answers = [
        await stranger.get(path),
        await stranger.get(f"{path}/summary"),
        await stranger.get(f"{path}/funding"),
        await stranger.send("PATCH", path, {"name": "X"}, '"1"'),
    ]

    assert {one.status_code for one in answers} == {404}
    assert {one.json()["code"] for one in answers} == {"organisation-unknown"}
    listed = await stranger.get(f"/v1/organisations?siren={found['siren']}")
    assert listed.json()["items"] == []


async def test_writing_needs_its_scope_and_a_name_to_answer_for_it(
    acting: Acting, onlooker: Acting
) -> None:
    nobody = Acting(acting.http, harness.anonymous("diagnostic"))
    refused = await onlooker.post("/v1/organisations", company())
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert (await nobody.post("/v1/organisations", company())).status_code == 401
    assert (await nobody.get("/v1/organisations")).status_code == 401


async def test_a_change_sends_the_tag_it_was_based_on(acting: Acting) -> None:
    found = await acting.organisation(headcount=9)
    path = f"/v1/organisations/{found['id']}"

    without = await acting.send("PATCH", path, {"headcount": 10})
    changed = await acting.send("PATCH", path, {"headcount": 10}, '"1"')
    stale = await acting.send("PATCH", path, {"headcount": 11}, '"1"')

    assert without.status_code == 428
    assert changed.json() == found | {
        "headcount": 10,
        "size_band": "10-49",
        "version": 2,
        "updated_at": changed.json()["updated_at"],
    }
    assert changed.headers["etag"] == '"2"'
    assert (stale.status_code, stale.headers["etag"]) == (412, '"2"')
    assert (await acting.get(path)).json() == changed.json()


async def test_a_change_must_leave_the_company_consistent(acting: Acting) -> None:
    found = await acting.organisation(headcount=9)
    path = f"/v1/organisations/{found['id']}"

    contradicting = await acting.send(
        "PATCH", path, {"size_band": "250+", "siret": "73282932000074"}, '"1"'
    )
    malformed = await acting.send("PATCH", path, {"name": None, "siren": siren()}, '"1"')

    assert faults(contradicting) == {
        "/siret": "siret-of-another",
        "/size_band": "size-band-mismatch",
    }
    assert faults(malformed) == {"/name": "string-type", "/siren": "extra-forbidden"}
    assert (await acting.get(path)).json() == found


async def test_withdrawing_the_consent_forgets_when_it_was_given(acting: Acting) -> None:
    found = await acting.organisation()
    response = await acting.send(
        "PATCH", f"/v1/organisations/{found['id']}", {"benchmark_consent": False}, '"1"'
    )
    assert (response.json()["benchmark_consent"], response.json()["consent_at"]) == (False, None)


async def test_the_list_goes_on_where_the_page_before_ended(acting: Acting, as_client: Any) -> None:
    tenant = Acting(acting.http, as_client("diagnostic", tenant=f"t-{siren()}"))
    made = [(await tenant.organisation())["id"] for _ in range(5)]

    read: list[str] = []
    path = "/v1/organisations?limit=2"
    for _ in range(3):
        body = (await tenant.get(path)).json()
        read += [one["id"] for one in body["items"]]
        path = f"/v1/organisations?limit=2&after={body['next']}"

    assert read == made
    assert body["next"] is None


async def test_malformed_requests_are_refused_in_the_language_asked(acting: Acting) -> None:
    cut = await acting.http.post(
        "/v1/organisations",
        content=b'{"siren": ',
        headers={**acting.headers, "content-type": "application/json"},
    )
    unknown = await acting.get("/v1/organisations?sirene=1")
    english = await acting.post(
        "/v1/organisations", company(siren="1"), **{"accept-language": "en"}
    )
    forged = await acting.get("/v1/organisations?after=abc")

    assert (cut.status_code, cut.json()["code"]) == (400, "malformed-json")
    assert (unknown.status_code, unknown.json()["code"]) == (400, "unknown-parameter")
    assert english.json()["errors"][0]["detail"].startswith("A SIREN has nine digits")
    assert (forged.status_code, forged.json()["code"]) == (400, "cursor-refused")


async def test_the_same_key_registers_once(acting: Acting) -> None:
    body = company()
    key = {"idempotency-key": siren()}
    first = await acting.post("/v1/organisations", body, **key)
    again = await acting.post("/v1/organisations", body, **key)
    other = await acting.post("/v1/organisations", company(), **key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_ten_simultaneous_registrations_make_one_company(acting: Acting) -> None:
    body = company()
    answers = await asyncio.gather(*(acting.post("/v1/organisations", body) for _ in range(10)))
    assert sorted(one.status_code for one in answers) == [201] + [409] * 9


async def test_nothing_that_names_the_company_leaves_in_the_feed(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    found = await acting.organisation(name="Chaudronnerie Zéphyr", postcode="62217")
    pseudonym = await sql.fetchval(
        "SELECT pseudonym::text FROM diagnostic.organisation WHERE id = $1::uuid", found["id"]
    )

    changes = []
    after = ""
    while True:
        body = (await acting.get(f"/v1/changes?limit=1000{after}")).json()
        changes += body["items"]
        after = f"&after={body['next']}"
        if not body["more"]:
            break

    told = next(one for one in changes if one["entity_id"] == pseudonym)
    assert told["payload"] == {
        "naf_division": "25",
        "size_band": "10-49",
        "region_code": "32",
        "benchmark_consent": True,
    }
    everything = str(changes)
    assert found["id"] not in everything
    assert found["siren"] not in everything
    assert "Zéphyr" not in everything
    assert "62217" not in everything
