"""What respondents answer, each for themselves: sections, tags, visibility and finishing."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.diagnostic.acting import BASE, Acting, faults
from tests.diagnostic.people import answered, invited, place

pytestmark = pytest.mark.usefixtures("mini_ia")

YES = {"state": "answered", "value": True}


def states(body: dict[str, Any]) -> dict[str, Any]:
    return {one["code"]: one["value"] for one in body["questions"]}


async def test_each_answers_for_themselves_and_the_diagnostic_stays(acting: Acting) -> None:
    started = await acting.assessment()
    anne, paul = await invited(acting, started), await invited(acting, started)
    body = {"state": "answered", "value": "o1", "confidence": 4}

    first = await acting.send("PUT", f"{place(anne)}/answers/Q1", body, '"0"')
    await answered(acting, paul, "Q1", "o3")

    assert first.status_code == 200, first.text
    assert first.headers["etag"] == '"1"'
    assert first.json() | {"answered_at": ""} == {
        **body,
        "question": "Q1",
        "reason": None,
        "version": 1,
        "answered_at": "",
    }
    hers = (await acting.get(f"{place(anne)}/answers")).json()
    his = (await acting.get(f"{place(paul)}/answers")).json()
    assert (states(hers)["Q1"], states(his)["Q1"]) == ("o1", "o3")
    assert (hers["status"], hers["progress"]["answered"]) == ("active", 1)
    assert next(one for one in hers["questions"] if one["code"] == "Q1")["confidence"] == 4
    whole = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    assert whole["progress"]["answered"] == 0


async def test_a_respondent_answers_their_sections_only(acting: Acting) -> None:
    started = await acting.assessment()
    anne = await invited(acting, started, sections=["SKILL"])

    other = await acting.send(
        "PUT", f"{place(anne)}/answers/Q1", {"state": "answered", "value": "o1"}, '"0"'
    )
    mine = await answered(acting, anne, "Q5", value=True)

    assert (other.status_code, other.json()["code"]) == (409, "question-not-assigned")
    assert mine["version"] == 1
    seen = (await acting.get(f"{place(anne)}/answers")).json()
    assert states(seen) == {"Q5": True, "Q6": None}
    assert seen["progress"] == {"visible": 2, "answered": 1, "share": 0.5, "missing": ["Q6"]}


async def test_outside_their_sections_the_diagnostic_decides_what_a_respondent_sees(
    acting: Acting,
) -> None:
    started = await acting.assessment()
    anne = await invited(acting, started, sections=["DATA"])
    paul = await invited(acting, started, sections=["SKILL"])
    await acting.answer_all(started["id"], {"Q3": ["none"], "Q4": BASE["Q4"], "Q5": True})

    hers = (await acting.get(f"{place(anne)}/answers")).json()
    assert states(hers) == {"Q3": None, "Q4": None}  # what the diagnostic says leads nobody
    assert hers["questions"][1]["visibility"] == "open"
    await answered(acting, anne, "Q3", ["none"])
    await answered(acting, anne, "Q4", BASE["Q4"])
    after = (await acting.get(f"{place(anne)}/answers")).json()
    assert (states(after), after["hidden"]) == ({"Q3": ["none"]}, ["Q4"])
    assert after["progress"]["visible"] == 1
    assert states((await acting.get(f"{place(paul)}/answers")).json()) == {"Q5": None, "Q6": None}

    wider = await acting.send("PATCH", place(anne), {"sections": ["STR"]}, '"1"')
    assert wider.status_code == 200
    moved = (await acting.get(f"{place(anne)}/answers")).json()
    assert (states(moved), moved["hidden"]) == ({"Q1": None, "Q2": None}, [])


@pytest.mark.parametrize(
    ("question", "body", "expected"),
    [
        ("Q1", {"state": "answered", "value": "o2 "}, {"/value": "option-unknown"}),
        ("Q1", {"state": "not_applicable"}, {"/reason": "reason-required"}),
        (
            "Q2",
            {"state": "not_applicable", "reason": "Sans objet."},
            {"/state": "na-not-allowed"},
        ),
        ("Q3", {"state": "answered", "value": ["none", "a"]}, {"/value": "exclusive-not-alone"}),
        ("Q5", {**YES, "confidence": 0}, {"/confidence": "greater-than-equal"}),
        ("Q5", {**YES, "confidence": 6}, {"/confidence": "less-than-equal"}),
        ("Q5", {**YES, "confidence": 4.0}, {"/confidence": "int-type"}),
        (
            "Q6",
            {"state": "dont_know", "confidence": 1},
            {"/confidence": "confidence-unexpected"},
        ),
    ],
)
async def test_what_a_diagnostic_refuses_it_refuses_of_a_respondent(
    acting: Acting, question: str, body: dict[str, Any], expected: dict[str, str]
) -> None:
    started = await acting.assessment()  # V6, V7
    anne = await invited(acting, started)

    response = await acting.send("PUT", f"{place(anne)}/answers/{question}", body, '"0"')
    whole = await acting.answer(started["id"], question, body)

    assert (response.status_code, faults(response)) == (422, expected)
    assert (whole.status_code, faults(whole)) == (422, expected)
    seen = (await acting.get(f"{place(anne)}/answers")).json()
    assert (seen["status"], seen["progress"]["answered"]) == ("invited", 0)


async def test_a_respondents_answer_sends_the_tag_of_the_one_it_replaces(acting: Acting) -> None:
    started = await acting.assessment()
    anne = await invited(acting, started)
    path = f"{place(anne)}/answers/Q5"

    without = await acting.send("PUT", path, YES)
    first = await acting.send("PUT", path, YES, '"0"')
    stale = await acting.send("PUT", path, YES, '"0"')
    unknown = await acting.send("PUT", f"{place(anne)}/answers/Q99", YES, '"0"')

    assert (without.status_code, without.json()["code"]) == (428, "if-match-required")
    assert first.status_code == 200
    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
    assert stale.json()["current"] == first.json()
    assert (unknown.status_code, unknown.json()["code"]) == (404, "question-unknown")


async def test_two_at_once_do_not_disturb_each_other_and_one_twice_keeps_the_first(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()  # V8
    people = [await invited(acting, started) for _ in range(5)]
    body = {"state": "answered", "value": "o1"}

    apart = await asyncio.gather(
        *(acting.send("PUT", f"{place(one)}/answers/Q1", body, '"0"') for one in people)
    )
    two = await asyncio.gather(
        *(acting.send("PUT", f"{place(people[0])}/answers/{q}", body, '"0"') for q in ("Q2", "Q6"))
    )
    raced = await asyncio.gather(
        *(
            acting.send("PUT", f"{place(people[0])}/answers/Q1", body | {"confidence": n}, '"1"')
            for n in range(1, 6)
        )
    )

    assert {one.status_code for one in (*apart, *two)} == {200}
    assert sorted(one.status_code for one in raced) == [200, 412, 412, 412, 412]
    assert {one.headers["etag"] for one in raced} == {'"2"'}
    kept = await sql.fetch(
        "SELECT version, revision, confidence FROM diagnostic.respondent_answer_event"
        " WHERE respondent_id = $1::uuid AND question = 'Q1' ORDER BY version",
        people[0]["id"],
    )
    won = next(one.json()["confidence"] for one in raced if one.status_code == 200)
    assert [tuple(one) for one in kept] == [(1, 1, None), (2, 1, won)]


async def test_who_has_finished_answers_no_more_until_reopened(acting: Acting) -> None:
    started = await acting.assessment()
    anne = await invited(acting, started)
    await answered(acting, anne, "Q1", "o1")

    done = await acting.post(f"{place(anne)}/finish")
    again = await acting.post(f"{place(anne)}/finish")
    late = await acting.send("PUT", f"{place(anne)}/answers/Q5", YES, '"0"')
    opened = await acting.post(f"{place(anne)}/reopen")
    then = await acting.send("PUT", f"{place(anne)}/answers/Q5", YES, '"0"')

    assert (done.status_code, done.json()["status"], done.headers["etag"]) == (200, "done", '"2"')
    assert again.json() == done.json()
    assert (late.status_code, late.json()["code"]) == (409, "respondent-done")
    assert (opened.json()["status"], opened.headers["etag"]) == ("active", '"3"')
    assert then.status_code == 200
    untouched = await invited(acting, started)
    assert (await acting.post(f"{place(untouched)}/reopen")).json() == untouched


async def test_a_submitted_diagnostic_or_an_erased_respondent_takes_no_answer(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    anne, paul = await invited(acting, started), await invited(acting, started)
    await sql.execute(
        "UPDATE diagnostic.respondent SET status = 'erased', erased_at = now(), name = NULL,"
        " email = NULL, role = NULL WHERE id = $1::uuid",
        paul["id"],
    )
    erased = await acting.send("PUT", f"{place(paul)}/answers/Q5", YES, '"0"')
    finished = await acting.post(f"{place(paul)}/finish")
    await acting.answer_all(started["id"], BASE)
    await acting.post(f"/v1/assessments/{started['id']}/submit")
    late = await acting.send("PUT", f"{place(anne)}/answers/Q5", YES, '"0"')

    assert (erased.status_code, erased.json()["code"]) == (409, "respondent-erased")
    assert (finished.status_code, finished.json()["code"]) == (409, "respondent-erased")
    assert (late.status_code, late.json()["code"]) == (409, "assessment-closed")


async def test_respondents_answers_are_their_own_tenants(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    started, other = await acting.assessment(), await acting.assessment()
    anne = await invited(acting, started)
    path = f"{place(anne)}/answers/Q5"
    astray = f"/v1/assessments/{other['id']}/respondents/{anne['id']}/answers"
    nobody = Acting(acting.http, {})

    assert (await nobody.send("PUT", path, YES, '"0"')).status_code == 401
    assert (await onlooker.send("PUT", path, YES, '"0"')).status_code == 403
    assert (await onlooker.post(f"{place(anne)}/finish")).status_code == 403
    assert (await onlooker.get(f"{place(anne)}/answers")).status_code == 200
    for refused in (
        await stranger.send("PUT", path, YES, '"0"'),
        await stranger.get(f"{place(anne)}/answers"),
        await stranger.post(f"{place(anne)}/finish"),
        await stranger.post(f"{place(anne)}/reopen"),
        await acting.send("PUT", f"{astray}/Q5", YES, '"0"'),
        await acting.get(astray),
    ):
        assert refused.status_code == 404
    assert (await acting.get(place(anne))).json() == anne


async def test_an_event_of_a_respondent_can_only_be_added(acting: Acting, database: Any) -> None:
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    try:
        for attempt in (
            "UPDATE diagnostic.respondent_answer_event SET state = 'dont_know'",
            "DELETE FROM diagnostic.respondent_answer_event",
            "DELETE FROM diagnostic.respondent_answer",
            "DELETE FROM diagnostic.respondent",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


async def test_confidence_is_shown_per_dimension_and_never_scored(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}"
    await acting.answer_all(started["id"], BASE)
    before = (await acting.get(f"{path}/score")).json()
    sure = {"Q1": 4, "Q2": 3, "Q4": 2, "Q5": 5}
    for question, confidence in sure.items():
        body = {"state": "answered", "value": BASE[question], "confidence": confidence}
        saved = await acting.answer(started["id"], question, body, '"1"')
        assert (saved.status_code, saved.json()["confidence"]) == (200, confidence)

    seen = (await acting.get(path)).json()
    assert {one["code"]: one["confidence"] for one in seen["questions"]} == {
        "Q3": None,
        "Q6": None,
        **sure,
    }
    assert [tuple(one.values())[:4] for one in seen["dimensions"]] == [
        ("STR", 3.5, "7/2", 2),
        ("DATA", 2.0, "2", 1),
        ("SKILL", 5.0, "5", 1),
    ]
    after = (await acting.get(f"{path}/score")).json()
    assert (after["input_hash"], after["result_hash"]) == (
        before["input_hash"],
        before["result_hash"],
    )
    none = {"state": "answered", "value": ["none"]}
    await acting.answer(started["id"], "Q3", none, '"1"')  # hides Q4 and its confidence
    hidden = (await acting.get(path)).json()["dimensions"][1]
    assert tuple(hidden.values())[:4] == ("DATA", None, None, 0)
