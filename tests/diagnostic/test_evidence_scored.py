"""Evidence from upload to score over HTTP: the profile that asks for it, and `file` answers."""

import json
from typing import Any

import asyncpg
import pytest

from diagnostic.questionnaires.grid import GridContent
from tests.diagnostic.acting import BASE, Acting, faults, publish
from tests.diagnostic.conftest import MINI_IA
from tests.diagnostic.files import SOUND, attached
from tests.diagnostic.people import answered, invited, place
from tests.harness import Database

Case = dict[str, Any]
CODE = "MINI-EV"


@pytest.fixture(scope="module", autouse=True)
async def asking(service: object, database: Database) -> None:
    """Publish MINI-IA with the evidence profile, and a question to be answered with a file."""
    content = json.loads(MINI_IA.read_text(encoding="utf-8"))
    content["code"] = CODE
    content["profile"]["evidence"] = {}
    content["questions"].append(
        {
            "code": "Q7",
            "type": "file",
            "label": {"fr": "Votre charte", "en": "Your charter"},
            "required": False,
            "kinds": ["pdf", "png"],
            "max_bytes": 200,
        }
    )
    await publish(database, GridContent.model_validate(content))


async def scored(acting: Acting, started: Case) -> Case:
    found: Case = (await acting.get(f"/v1/assessments/{started['id']}/score")).json()
    return found


async def test_evidence_lifts_the_score_up_to_its_submission_and_the_score_replays(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment(CODE)
    await acting.answer_all(started["id"], BASE)
    bare = await scored(acting, started)
    for content, facts in (
        ("passé", {"question": "Q2", "valid_until": "2020-12-31"}),  # X5: expired
        ("contre", {"question": "Q2", "polarity": "negative"}),
        ("ailleurs", {"question": "Q3"}),
    ):
        await attached(acting, started, content.encode(), "text/plain", **facts)
    same = await scored(acting, started)
    document = (await attached(acting, started, question="Q2")).json()
    lifted = await scored(acting, started)
    await acting.send("POST", f"/v1/evidence/{document['id']}/verify", None, '"1"')
    verified = await scored(acting, started)

    assert [one["exact"] for one in (bare, same, lifted, verified)] == [
        "395/6",
        "395/6",
        "1625/24",
        "1655/24",
    ]
    assert bare["evidence"] == {"declared": 0.75, "document": 0.9, "verified": 1.0}
    assert verified["dimensions"][0]["evidence"] == {
        "declared": 0.75,
        "document": 0.0,
        "verified": 0.25,
    }
    line = next(one for one in verified["explanation"]["questions"] if one["code"] == "Q2")
    assert (line["backing"], line["declared_ratio"]) == ("verified", 1.0)
    whole = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert whole["dimensions"][0]["evidence"] == verified["dimensions"][0]["evidence"]
    assert whole["dimensions"][1]["evidence"]["document"] == pytest.approx(2 / 3, abs=1e-4)

    frozen = (await acting.post(f"/v1/assessments/{started['id']}/submit")).json()
    assert frozen["exact"] == "1655/24"
    assert frozen["input_hash"] == verified["input_hash"] != lifted["input_hash"]
    await sql.execute(
        "UPDATE diagnostic.evidence SET valid_until = '2020-01-01' WHERE id = $1::uuid",
        document["id"],
    )
    replayed = (await acting.post(f"/v1/scores/{frozen['id']}/replay")).json()
    assert replayed["match"] is True
    assert (await scored(acting, started))["exact"] == "1655/24"


async def test_a_grid_that_does_not_ask_shows_what_is_evidenced_and_scores_the_same(
    acting: Acting, mini_ia: Case, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    await acting.answer_all(started["id"], BASE)
    before = await scored(acting, started)
    await attached(acting, started, question="Q1")

    after = await scored(acting, started)
    whole = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    frozen = (await acting.post(f"/v1/assessments/{started['id']}/submit")).json()

    assert after == before
    assert (frozen["input_hash"], frozen["evidence"]) == (before["input_hash"], None)
    assert whole["dimensions"][0]["evidence"] == {
        "declared": 0.25,
        "document": 0.75,
        "verified": 0.0,
    }
    kept = "SELECT backing FROM diagnostic.score WHERE assessment_id = $1::uuid"
    assert await sql.fetchval(kept, started["id"]) is None


async def test_a_question_takes_the_kinds_and_the_size_that_it_asks_for(acting: Acting) -> None:
    started = await acting.assessment(CODE)
    text = await attached(acting, started, b"x", "text/plain", question="Q7")
    large = await attached(acting, started, SOUND["application/pdf"] * 9, question="Q7")
    elsewhere = await attached(acting, started, SOUND["application/pdf"] * 9, question="Q1")
    fits = await attached(acting, started, question="Q7")
    assert (text.status_code, text.json()["code"]) == (415, "evidence-type-unsupported")
    assert "application/pdf, image/png" in text.json()["detail"]
    assert (large.status_code, large.json()["code"]) == (413, "evidence-too-large")
    assert (elsewhere.status_code, fits.status_code) == (201, 201)


async def test_a_file_is_answered_with_evidence_of_its_own_question(acting: Acting) -> None:
    started, other = await acting.assessment(CODE), await acting.assessment(CODE)
    anne = await invited(acting, started)
    right = (await attached(acting, started, question="Q7")).json()["id"]
    wrong = [
        (await attached(acting, started, question="Q1")).json()["id"],
        (await attached(acting, other, question="Q7")).json()["id"],
        "00000000-0000-4000-8000-000000000000",
    ]
    consolidate = f"/v1/assessments/{started['id']}/consolidate"
    consolidation = f"/v1/assessments/{started['id']}/consolidation"

    for value in wrong:
        body = {"state": "answered", "value": value}
        tag = (await acting.get(consolidation)).headers["etag"]
        decisions = {"decisions": [{"question": "Q7", "answer": body}]}
        for pointer, refused in (
            ("/value", await acting.answer(started["id"], "Q7", body)),
            ("/value", await acting.send("PUT", f"{place(anne)}/answers/Q7", body, '"0"')),
            (
                "/decisions/0/answer/value",
                await acting.send("POST", consolidate, decisions, tag),
            ),
        ):
            assert (refused.status_code, faults(refused)) == (422, {pointer: "evidence-unknown"})

    await answered(acting, anne, "Q7", right)
    dropped = await acting.send("DELETE", f"/v1/evidence/{right}", None, '"1"')
    assert (dropped.status_code, dropped.json()["code"]) == (409, "evidence-in-use")
    tag = (await acting.get(consolidation)).headers["etag"]
    proposal = {"decisions": [{"question": "Q7"}]}
    done = await acting.send("POST", consolidate, proposal, tag)
    assert (done.status_code, done.json()["questions"][-1]["present"]["value"]) == (200, right)
    unbound = await acting.send("DELETE", f"/v1/evidence/{wrong[0]}", None, '"1"')
    assert unbound.status_code == 204
