"""Funding over HTTP: open data, and what a company can have of it."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from diagnostic.bootstrap import HOUSE
from diagnostic.funders import service as funders
from diagnostic.reference import load as shipped
from tests import harness
from tests.diagnostic.acting import Acting, faults
from tests.harness import Database

REV3 = "HDF-BTR3"
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


async def rev3(acting: Acting, path: str) -> dict[str, Any]:
    response = await acting.get(path)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = next(
        one["eligibility"] for one in response.json()["items"] if one["opportunity"]["code"] == REV3
    )
    return found


async def test_the_catalogue_is_open_data_with_its_sources(acting: Acting) -> None:
    nobody = Acting(acting.http, harness.anonymous("diagnostic"))
    found = (await nobody.get("/v1/opportunities?limit=200")).json()["items"]
    one = (await nobody.get(f"/v1/opportunities/{REV3}")).json()

    assert one in found
    assert (one["rate_max"], one["cap_eur"], one["window"]) == (0.5, 10000, "open")
    assert one["required_facts"][:3] == ["headcount", "region_code", "de_minimis_eur"]
    assert all(entry["source"] and entry["vintage"] for entry in found)
    unknown = await nobody.get("/v1/opportunities/NONE")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "opportunity-unknown")


@pytest.mark.parametrize(
    ("headcount", "status", "missing"),
    [
        (250, "eligible", []),
        (251, "ineligible", []),
        (None, "unknown", ["headcount"]),
    ],
)
async def test_a_rule_is_judged_as_it_was_published(
    acting: Acting, headcount: int | None, status: str, missing: list[str]
) -> None:
    organisation = await acting.organisation(headcount=headcount)  # R8
    query = "de_minimis_eur=0&project_started=false&in_difficulty=false"
    verdict = await rev3(acting, f"/v1/organisations/{organisation['id']}/funding?{query}")
    assert (verdict["status"], [one["fact"] for one in verdict["missing"]]) == (status, missing)


async def test_what_is_not_known_is_asked_and_not_guessed(acting: Acting) -> None:
    path = f"/v1/organisations/{(await acting.organisation())['id']}/funding"  # R9
    asked = await rev3(acting, path)
    assert asked["status"] == "unknown"
    assert [one["fact"] for one in asked["missing"]] == [
        "de_minimis_eur",
        "project_started",
        "in_difficulty",
    ]
    assert all(one["question"].endswith((" ?", "euros")) for one in asked["missing"])
    others = "project_started=false&in_difficulty=false"
    for amount, status in ((299_999, "eligible"), (300_000, "ineligible")):
        verdict = await rev3(acting, f"{path}?de_minimis_eur={amount}&{others}")
        assert verdict["status"] == status
    body = (await acting.get(path)).json()["items"]
    order = ["eligible", "unknown", "ineligible"]
    places = [order.index(one["eligibility"]["status"]) for one in body]
    assert places == sorted(places)


async def test_impossible_facts_are_refused_together(acting: Acting) -> None:
    path = f"/v1/organisations/{(await acting.organisation())['id']}/funding"
    response = await acting.get(f"{path}?de_minimis_eur=-1&project_started=perhaps")
    assert response.status_code == 422
    assert faults(response) == {
        "/de_minimis_eur": "greater-than-equal",
        "/project_started": "bool-parsing",
    }
    assert (await acting.get(f"{path}?chiffre=1")).json()["code"] == "unknown-parameter"


async def test_loading_again_changes_nothing_and_a_change_counts_a_version(
    database: Database, sql: asyncpg.Connection, acting: Acting
) -> None:
    engine = create_async_engine(
        database.dsn("diagnostic").replace("postgresql://", "postgresql+asyncpg://", 1)
    )
    catalogue = shipped.opportunities()
    altered = [
        one.model_copy(update={"cap_eur": 12_000.0}) if one.code == "CII" else one
        for one in catalogue
    ]
    changed = []
    for entries in (catalogue, altered, catalogue):
        async with AsyncSession(engine, info={"schema": "diagnostic"}) as session, session.begin():
            changed.append(await funders.load(session, HOUSE, entries, NOW))
    await engine.dispose()

    assert changed == [0, 1, 1]
    found = (await acting.get("/v1/opportunities/CII")).json()
    assert (found["version"], found["cap_eur"]) == (3, catalogue[-1].cap_eur)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("cybersecurité", "BPI-DIAG-CYBER"),
        ("crédit d'impôt", "CII"),
        ("formations", "FNE-FORMATION"),
        ("diag dta ia", "BPI-DIAG-DATA-IA"),
        ("cii", "CII"),
        ("bpifrance", "BPI-DIAG-CYBER"),
    ],
)
async def test_an_aid_is_found_by_its_words(acting: Acting, asked: str, code: str) -> None:
    nobody = Acting(acting.http, harness.anonymous("diagnostic"))
    answer = await nobody.get(f"/v1/search?q={asked}")
    assert answer.status_code == 200, answer.text
    (group,) = answer.json()["groups"]
    assert group["kind"] == "opportunities"
    assert code in [item["code"] for item in group["items"]][:3]
    assert group["total"] >= len(group["items"])
