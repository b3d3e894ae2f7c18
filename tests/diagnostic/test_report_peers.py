"""The peers in a report: of today until it is delivered, of that day from then on."""

import io
from typing import Any

import asyncpg
import pypdf
import pytest

from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.market import BEST, Market

pytestmark = pytest.mark.usefixtures("mini_ia")


async def document(acting: Acting, assessment_id: str) -> dict[str, Any]:
    response = await acting.get(f"/v1/assessments/{assessment_id}/report.json")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def pdf(acting: Acting, assessment_id: str) -> bytes:
    return (await acting.get(f"/v1/assessments/{assessment_id}/report.pdf")).content


def read(content: bytes) -> str:
    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return " ".join(" ".join(pages).replace("\u202f", " ").replace("\xa0", " ").split())


async def step(acting: Acting, assessment_id: str, *verbs: str) -> None:
    for verb in verbs:
        path = f"/v1/assessments/{assessment_id}/{verb}"
        response = await acting.post(path, {"reason": "Restitution"})
        assert response.status_code == 200, response.text


async def test_a_report_says_why_it_shows_no_peers(acting: Acting, market: Market) -> None:
    alone = await market.peer()
    await market.rebuild()
    found = (await document(acting, alone))["peers"]
    assert found["reason"].startswith("Trop peu d’entreprises comparables")
    assert (found["group"], found["overall"], found["lines"], found["count"]) == (
        None, None, [], None,
    )  # fmt: skip
    assert "Trop peu d’entreprises comparables" in read(await pdf(acting, alone))


async def test_a_report_shows_where_the_company_stands(acting: Acting, market: Market) -> None:
    own = await market.peer()
    await market.peers(6, values=BEST)
    await market.rebuild()
    told = await market.standing(own)
    found = (await document(acting, own))["peers"]
    assert told["status"] == "shown"
    assert (found["reason"], found["group"], found["floor"]) == (None, told["group"]["title"], 5)
    assert (found["count"], found["overall"]["own"]) == (5, 72.1)
    for name in ("q1", "median", "q3", "rank"):
        assert found["overall"][name] == told["overall"][name]
        assert [one[name] for one in found["lines"]] == [one[name] for one in told["dimensions"]]
    text = read(await pdf(acting, own))
    assert f"{told['group']['title']} : au moins 5, la vôtre non comprise" in text


async def test_x1_once_delivered_a_report_stays_the_same_whatever_its_peers_become(
    acting: Acting, market: Market, sql: asyncpg.Connection
) -> None:
    own = await market.peer()
    await market.peers(6, values=BEST)
    await market.rebuild()
    draft = await pdf(acting, own)
    await step(acting, own, "start-review", "validate", "deliver")
    moved = await sql.execute(
        "UPDATE diagnostic.assessment_step SET at = $2"
        " WHERE assessment_id = $1 AND verb = 'deliver'",
        own,
        market.now,
    )  # the market's clock runs ahead of ours
    assert moved == "UPDATE 1"
    delivered = await pdf(acting, own)
    assert delivered == draft

    await market.peers(5, values=BASE)
    await market.rebuild()
    now = await market.standing(own)
    assert now["n"] == 10
    assert await pdf(acting, own) == delivered
    peers = (await document(acting, own))["peers"]
    assert peers["count"] == 5
    await step(acting, own, "amend")
    assert (await market.standing(own))["status"] == "not_final"
    assert (await document(acting, own))["peers"] == peers
    undelivered = await market.peer()
    assert (await document(acting, undelivered))["peers"]["count"] == 10


async def test_a_report_being_amended_is_that_of_the_last_scored_revision(
    acting: Acting,
) -> None:
    started = await acting.submitted(BASE)
    await step(acting, started["id"], "amend")
    tag = (await acting.get(f"/v1/assessments/{started['id']}")).json()["questions"][0]["version"]
    changed = await acting.answer(
        started["id"], "Q1", {"state": "answered", "value": "o3"}, f'"{tag}"'
    )
    assert changed.status_code == 200, changed.text

    found = await document(acting, started["id"])
    assert (found["revision"], found["being_amended"], found["score"]) == (1, True, 72.1)
    assert found["parts"][0]["answer"] == "Deux"
    assert "ce rapport est celui de la révision 1" in read(await pdf(acting, started["id"]))

    assert (await acting.post(f"/v1/assessments/{started['id']}/submit")).status_code == 200
    found = await document(acting, started["id"])
    assert (found["revision"], found["being_amended"], found["score"]) == (2, False, 84.6)
    assert found["parts"][0]["answer"] == "Trois"
