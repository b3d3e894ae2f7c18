"""What-if through HTTP: a score that nobody has yet, and nothing stored (R3, R4)."""

from typing import Any

import asyncpg
import pytest

from diagnostic.questionnaires.grid import GridContent
from diagnostic.roadmaps.service import CatalogueRefused
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting, faults, publish
from tests.diagnostic.mini_ia import raw
from tests.diagnostic.recommending import R1, entry, stock
from tests.harness import Database

GRID = "MINI-IF"
ALL = {"recommendations": ["A1", "A2", "A3", "A4"]}


@pytest.fixture(scope="module", autouse=True)
async def catalogue(database: Database, acting: Acting) -> None:
    """Publish MINI-IA under another code, with the actions of R1 and one more on Q1 (R4)."""
    await publish(database, GridContent.model_validate(raw(code=GRID)))
    await stock(database, GRID, [*R1, entry("B1", "Q1", "o3", "S")])


@pytest.fixture(scope="module")
async def submitted(acting: Acting) -> str:
    return str((await acting.submitted(BASE, questionnaire=GRID))["id"])


async def supposed(caller: Acting, assessment_id: str, body: object) -> Any:
    return await caller.post(f"/v1/assessments/{assessment_id}/what-if", body)


async def test_r3_all_four_actions_reach_100(acting: Acting, submitted: str) -> None:
    found = (await supposed(acting, submitted, ALL)).json()
    assert (found["now"]["score"], found["then"]["score"], found["gain"]) == (72.1, 100.0, 27.9)
    assert found["then"]["level"] == {"code": "advanced", "title": "Pilotage"}
    assert [(one["code"], one["now"], one["then"]) for one in found["dimensions"]] == [
        ("STR", 75.0, 100.0),
        ("DATA", 63.3, 100.0),
        ("SKILL", 75.0, 100.0),
    ]
    assert found["changed"] == ["Q1", "Q3", "Q4", "Q6"]


async def test_r4_the_gain_of_two_actions_on_one_question_is_not_their_sum(
    acting: Acting, submitted: str
) -> None:
    gains = [
        (await supposed(acting, submitted, {"recommendations": codes})).json()["gain_exact"]
        for codes in (["A1"], ["B1"], ["A1", "B1"], ["B1", "A1", "A1"], [])
    ]
    assert gains == ["25/2", "25/2", "25/2", "25/2", "0"]


async def test_answers_may_be_supposed_with_actions_and_before_the_submission(
    acting: Acting,
) -> None:
    started = await acting.assessment(GRID)
    await acting.answer_all(started["id"], {"Q1": "o2", "Q3": ["none"]})
    body: dict[str, Any] = {
        "answers": {
            "Q2": {"state": "answered", "value": "o3"},
            "Q3": {"state": "answered", "value": ["a", "b", "c"]},
            "Q5": {"state": "not_applicable", "reason": "Pas de site."},
        },
        "recommendations": ["A1"],
    }
    found = (await supposed(acting, started["id"], body)).json()
    assert (found["now"]["status"], found["now"]["score"]) == ("provisional", None)
    assert found["then"]["interval"][0] > found["now"]["interval"][0]
    assert (found["changed"], found["shown"], found["hidden"]) == (
        ["Q1", "Q2", "Q3", "Q5"],
        ["Q4"],
        [],
    )
    back = await supposed(acting, started["id"], {"answers": {"Q3": body["answers"]["Q3"]}})
    assert back.json()["shown"] == ["Q4"]


async def test_a_company_and_its_facilitator_may_suppose_and_nobody_else(
    acting: Acting, stranger: Acting, as_client: AsClient
) -> None:
    organisation = await stranger.organisation()
    cohort = await acting.cohort()
    seat = await stranger.post(
        f"/v1/cohorts/{cohort['id']}/enrolments", {"organisation_id": organisation["id"]}
    )
    assert seat.status_code == 201, seat.text
    started = await stranger.assessment(
        GRID, organisation_id=organisation["id"], cohort_id=cohort["id"]
    )
    assert (await supposed(stranger, started["id"], ALL)).status_code == 200
    assert (await supposed(acting, started["id"], ALL)).status_code == 200
    third = Acting(acting.http, as_client("diagnostic", tenant="third", client="third"))
    assert (await supposed(third, started["id"], ALL)).status_code == 404
    mute = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:write"}, client="w"))
    assert (await supposed(mute, started["id"], ALL)).status_code == 403
    assert (await supposed(Acting(acting.http, {}), started["id"], ALL)).status_code == 401


async def test_every_fault_of_a_supposition_is_told_at_once(acting: Acting, submitted: str) -> None:
    body = {
        "answers": {
            "Q1": {"state": "answered", "value": "o9"},
            "Q2": {"state": "not_applicable"},
            "Q4": {"state": "answered", "value": {"r1": 9}},
            "NOPE": {"state": "dont_know"},
        },
        "recommendations": ["A1", "GHOST"],
    }
    refused = await supposed(acting, submitted, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "supposition-refused")
    found = faults(refused)
    assert found["/answers/NOPE"] == "question-unknown"
    assert found["/answers/Q1/value"] == "option-unknown"
    assert found["/recommendations/1"] == "recommendation-unknown"
    assert any(one.startswith("/answers/Q2") for one in found)
    assert any(one.startswith("/answers/Q4/value") for one in found)
    odd = await supposed(acting, submitted, {"answers": {"q-1": {}}, "more": 1})
    assert odd.status_code == 422


async def test_supposing_writes_no_row(
    acting: Acting, submitted: str, sql: asyncpg.Connection
) -> None:
    async def rows() -> dict[str, int]:
        names = await sql.fetch(
            "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'diagnostic'"
        )
        return {
            one["relname"]: await sql.fetchval(
                f'SELECT count(*) FROM diagnostic."{one["relname"]}"'
            )
            for one in names
        }

    before = await rows()
    answered = await acting.post(
        f"/v1/assessments/{submitted}/what-if", ALL, **{"idempotency-key": "what-if"}
    )
    assert answered.status_code == 200
    assert await rows() == before
    shown = (await acting.get(f"/v1/assessments/{submitted}/score")).json()
    assert shown["score"] == 72.1


async def test_a_catalogue_that_contradicts_itself_is_refused_whole(database: Database) -> None:
    loop = [
        entry("C1", "Q1", "o3", "S", prerequisites=["C2"]),
        entry("C2", "Q6", "o2", "S", prerequisites=["C1", "GHOST"]),
        entry("C3", "Q6", "o9", "S"),
    ]
    with pytest.raises(CatalogueRefused) as refused:
        await stock(database, GRID, loop)
    found = {one.pointer: (one.code, one.detail.en) for one in refused.value.faults}
    assert found["/recommendations"] == (
        "prerequisite_cycle",
        "These recommendations wait for one another: C1, C2.",
    )
    assert found["/recommendations/C2/prerequisites"][1] == "The reference GHOST does not exist."
    assert found["/recommendations/C3/question_uplift/Q6"][0] == "option_unknown"
    later = [entry("A1", "Q1", "o3", "S", prerequisites=["B1"]), R1[1]]
    await stock(database, GRID, later)
    with pytest.raises(CatalogueRefused):  # with what was stored before
        await stock(database, GRID, [entry("B1", "Q1", "o3", "S", prerequisites=["A1"])])
    await stock(database, GRID, R1)
