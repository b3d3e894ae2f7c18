"""Whose company an overview shows, by the diagnostic service itself behind the door."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from deploy import openapi
from tests import harness
from tests.gateway.doors import UPSTREAM_KEY, Opened, door, served
from tests.harness import Database


@pytest.fixture(scope="module")
async def opened(
    database: Database, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Opened]:
    """Open the door before the diagnostic service alone: the other two are down."""
    names = ("diagnostic", "gateway")
    document = openapi.merged({name: openapi.service_document(name) for name in names})
    app = harness.application(database, "diagnostic", trusted_issuers={"gateway": UPSTREAM_KEY})
    folder = tmp_path_factory.mktemp("door")
    down = dict.fromkeys(("training", "observatory"), "http://127.0.0.1:9")
    async with (
        served(app) as upstream,
        door(folder, {**down, "diagnostic": upstream}, document=document) as gate,
    ):
        yield gate


COMPANY = {
    "siren": "732829320",
    "name": "Filature du Nord",
    "naf_code": "13.10Z",
    "headcount": 30,
    "postcode": "59100",
    "region_code": "32",
    "benchmark_consent": False,
}


async def test_a_company_is_seen_by_its_own_tenant_only(opened: Opened) -> None:
    scopes = ("diagnostic:read", "diagnostic:write", "overviews:read")
    mine = opened.bearer(*scopes, tenant=f"tenant-{uuid4()}")
    written = mine | {"idempotency-key": str(uuid4())}
    made = await opened.http.post("/v1/diagnostic/organisations", json=COMPANY, headers=written)
    assert made.status_code == 201, made.text
    path = f"/v1/overviews/organisations/{made.json()['id']}"

    own = await opened.http.get(path, headers=mine)
    assert own.status_code == 200, own.text
    body = own.json()
    assert body["organisation"]["data"]["organisation"]["name"] == COMPANY["name"]
    assert body["funding"]["data"]["items"]
    assert {gap["part"]: gap["reason"] for gap in body["unavailable"]} == {
        "roadmap": "not-applicable",
        "benchmark": "not-applicable",
        "sector": "unreachable",
        "territory": "unreachable",
        "certifications": "unreachable",
    }

    theirs = opened.bearer(*scopes, tenant=f"tenant-{uuid4()}")
    stranger = await opened.http.get(path, headers=theirs)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "overview-subject-unknown")
    for part in ("funding", "organisation,funding", "territory"):
        cut = await opened.http.get(f"{path}?fields={part}", headers=theirs)
        assert cut.status_code == 404
        assert str(COMPANY["name"]) not in cut.text

    reader = opened.bearer("overviews:read", tenant="school")
    blind = await opened.http.get(path, headers=reader)
    assert blind.status_code == 503, "without the scope nothing of the company is asked"
    assert "scope-missing" in blind.json()["detail"]
