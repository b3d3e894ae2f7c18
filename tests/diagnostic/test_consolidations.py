"""Consolidation over HTTP: what is proposed and shown to whom, and how it becomes the answer."""

import asyncio
import secrets
from typing import Any

import asyncpg
import pytest

from tests.diagnostic.acting import BASE, Acting, faults
from tests.diagnostic.people import answered, invited, place

pytestmark = pytest.mark.usefixtures("mini_ia")

Case = dict[str, Any]
REASON = {"state": "not_applicable", "reason": "Pas de salariés."}


async def seen(acting: Acting, started: Case) -> tuple[dict[str, Case], str]:
    """Read the consolidation: its questions by code, and its tag."""
    response = await acting.get(f"/v1/assessments/{started['id']}/consolidation")
    assert response.status_code == 200, response.text
    return {one["code"]: one for one in response.json()["questions"]}, response.headers["etag"]


async def settle(acting: Acting, started: Case, tag: str | None, *decisions: Case) -> Any:
    path = f"/v1/assessments/{started['id']}/consolidate"
    return await acting.send("POST", path, {"decisions": list(decisions)}, tag)


async def stored(acting: Acting, started: Case) -> Case:
    """Give the diagnostic's own answers."""
    state = (await acting.get(f"/v1/assessments/{started['id']}")).json()
    return {one["code"]: (one["state"], one["value"], one["version"]) for one in state["questions"]}


async def three(acting: Acting, started: Case, question: str, *values: Any) -> list[Case]:
    """Invite as many people as there are values, each giving one."""
    people = [await invited(acting, started) for _ in values]
    for one, value in zip(people, values, strict=True):
        await answered(acting, one, question, value)
    return people


async def test_three_who_disagree_are_shown_as_counts_and_settled_by_their_median(
    acting: Acting,
) -> None:
    started = await acting.assessment()
    people = await three(acting, started, "Q1", "o0", "o2", "o3")
    quiet = await invited(acting, started, sections=["SKILL"], name="Paul Le Tacite")
    await acting.post(f"{place(people[0])}/finish")

    questions, tag = await seen(acting, started)

    assert questions["Q1"] == {
        "code": "Q1",
        "dimension": "STR",
        "type": "single",
        "present": None,
        "proposed": {"state": "answered", "value": "o2"},
        "disagreement": True,
        "respondents": {"asked": 3, "answered": 3, "waiting": 0},
        "split": [{"row": None, "choice": choice, "count": 1} for choice in ("o0", "o2", "o3")],
    }
    assert questions["Q2"]["respondents"] == {"asked": 3, "answered": 0, "waiting": 2}
    assert questions["Q5"]["respondents"] == {"asked": 4, "answered": 0, "waiting": 3}
    assert (questions["Q2"]["proposed"], questions["Q2"]["split"]) == (None, None)
    whole = (await acting.get(f"/v1/assessments/{started['id']}/consolidation")).text
    for personal in (quiet["name"], quiet["email"], quiet["id"], quiet["pseudonym"]):
        assert personal not in whole

    done = await settle(acting, started, tag, {"question": "Q1"})

    assert done.status_code == 200, done.text
    assert done.headers["etag"] == (await seen(acting, started))[1] != tag
    assert done.json()["questions"][0]["present"] == {
        "state": "answered",
        "value": "o2",
        "version": 1,
    }
    assert (await stored(acting, started))["Q1"] == ("answered", "o2", 1)


async def test_two_may_disagree_but_are_not_split(acting: Acting) -> None:
    started = await acting.assessment()
    await three(acting, started, "Q1", "o0", "o2")
    found = (await seen(acting, started))[0]["Q1"]
    assert (found["disagreement"], found["split"]) == (True, None)


async def test_a_heavier_respondent_weighs_more(acting: Acting) -> None:
    started = await acting.assessment()
    for option, weight in (("o0", 1), ("o1", 1), ("o3", 3)):
        one = await invited(acting, started, weight=weight)
        await answered(acting, one, "Q1", option)
    assert (await seen(acting, started))[0]["Q1"]["proposed"]["value"] == "o3"


async def test_an_answer_that_its_respondent_no_longer_sees_does_not_count(acting: Acting) -> None:
    started = await acting.assessment()
    anne = (await three(acting, started, "Q3", ["a"]))[0]
    await answered(acting, anne, "Q4", BASE["Q4"])
    assert (await seen(acting, started))[0]["Q4"]["proposed"]["value"] == BASE["Q4"]
    none = {"state": "answered", "value": ["none"]}
    await acting.send("PUT", f"{place(anne)}/answers/Q3", none, '"1"')
    found = (await seen(acting, started))[0]["Q4"]
    assert (found["proposed"], found["respondents"]["asked"]) == (None, 0)


async def test_what_the_erased_said_still_counts_and_they_are_not_waited_for(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    anne = (await three(acting, started, "Q1", "o2"))[0]
    await sql.execute(
        "UPDATE diagnostic.respondent SET status = 'erased', erased_at = now(), name = NULL,"
        " email = NULL, role = NULL WHERE id = $1::uuid",
        anne["id"],
    )
    questions, _ = await seen(acting, started)
    assert questions["Q1"]["proposed"]["value"] == "o2"
    assert questions["Q1"]["respondents"] == {"asked": 1, "answered": 1, "waiting": 0}
    assert questions["Q2"]["respondents"] == {"asked": 0, "answered": 0, "waiting": 0}


async def test_proposals_and_chosen_answers_are_settled_together_and_scored(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()
    people = [await invited(acting, started) for _ in range(3)]
    for one in people:
        for question, value in BASE.items():
            await answered(acting, one, question, value)
    _, tag = await seen(acting, started)
    chosen = {"state": "answered", "value": "o0", "confidence": 2}
    decisions = [{"question": code} for code in BASE if code not in {"Q1", "Q5"}]

    done = await settle(
        acting,
        started,
        tag,
        *decisions,
        {"question": "Q1", "answer": chosen},
        {"question": "Q5", "answer": REASON},
    )

    assert done.status_code == 200, done.text
    answers = await stored(acting, started)
    assert answers == {
        **{code: ("answered", value, 1) for code, value in BASE.items()},
        "Q1": ("answered", "o0", 1),
        "Q5": ("not_applicable", None, 1),
    }
    events = await sql.fetch(
        "SELECT question, version, revision, state, value::text, reason, confidence, respondent"
        " FROM diagnostic.answer_event WHERE assessment_id = $1::uuid ORDER BY question",
        started["id"],
    )
    assert len(events) == len(BASE)
    assert tuple(events[0]) == ("Q1", 1, 1, "answered", '"o0"', None, 2, "demo")
    assert tuple(events[4]) == (
        ("Q5", 1, 1, "not_applicable", None, "Pas de salariés.", None, "demo")
    )
    submitted = await acting.post(f"/v1/assessments/{started['id']}/submit")
    assert submitted.json()["status"] == "final"
    late = await settle(acting, started, done.headers["etag"], {"question": "Q1"})
    assert (late.status_code, late.json()["code"]) == (409, "assessment-closed")


async def test_whatever_changed_since_the_reading_makes_it_stale_and_nothing_is_lost(
    acting: Acting,
) -> None:
    started = await acting.assessment()
    anne, paul = await three(acting, started, "Q1", "o1", "o1")
    _, before = await seen(acting, started)
    await answered(acting, paul, "Q2", "o3")
    _, later = await seen(acting, started)
    mine = {"state": "answered", "value": "o3"}
    await acting.answer(started["id"], "Q1", mine)

    stale = [
        await settle(acting, started, tag, {"question": "Q1"}) for tag in (before, later, '"x"')
    ]
    without = await settle(acting, started, None, {"question": "Q1"})

    assert {one.status_code for one in stale} == {412}
    assert stale[0].headers["etag"] == (await seen(acting, started))[1]
    assert (without.status_code, without.json()["code"]) == (428, "if-match-required")
    assert (await stored(acting, started))["Q1"] == ("answered", "o3", 1)
    assert (await acting.get(place(anne))).status_code == 200


async def test_settling_against_people_who_answer_meanwhile_loses_no_answer(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    started = await acting.assessment()  # V8
    anne, paul = await three(acting, started, "Q1", "o1", "o1")
    _, tag = await seen(acting, started)
    body = {"state": "answered", "value": "o3"}

    answers = await asyncio.gather(
        settle(acting, started, tag, {"question": "Q1"}),
        settle(acting, started, tag, {"question": "Q1", "answer": body}),
        acting.answer(started["id"], "Q1", body),
        acting.answer(started["id"], "Q2", body),
        acting.send("PUT", f"{place(anne)}/answers/Q2", body, '"0"'),
        acting.send("PUT", f"{place(paul)}/answers/Q1", body, '"1"'),
    )

    codes = [one.status_code for one in answers]
    assert codes[3:] == [200, 200, 200]
    assert set(codes[:3]) <= {200, 412}
    versions = [
        one["version"]
        for one in await sql.fetch(
            "SELECT version FROM diagnostic.answer_event"
            " WHERE assessment_id = $1::uuid AND question = 'Q1' ORDER BY version",
            started["id"],
        )
    ]
    assert versions == list(range(1, codes[:3].count(200) + 1))


async def test_what_cannot_be_settled_is_named_and_nothing_is_stored(acting: Acting) -> None:
    started = await acting.assessment()
    await three(acting, started, "Q1", "o1")
    aside = await invited(acting, started)
    path = f"{place(aside)}/answers/Q5"
    assert (await acting.send("PUT", path, REASON, '"0"')).status_code == 200
    _, tag = await seen(acting, started)
    good = {"question": "Q1"}

    unproposed = await settle(acting, started, tag, good, {"question": "Q2"}, {"question": "Q6"})
    wrong = await settle(
        acting,
        started,
        tag,
        good,
        {"question": "Q2", "answer": {"state": "answered", "value": "o9"}},
        {"question": "Q5"},
        {"question": "Q99"},
        {"question": "Q98", "answer": {"state": "answered", "value": "o9"}},
    )
    twice = await settle(acting, started, tag, good, good)
    none = await settle(acting, started, tag)

    assert (unproposed.status_code, unproposed.json()["code"]) == (409, "nothing-proposed")
    assert "Q2, Q6" in unproposed.json()["detail"]
    assert wrong.status_code == 422
    assert faults(wrong) == {
        "/decisions/1/answer/value": "option-unknown",
        "/decisions/2/answer/reason": "reason-required",
        "/decisions/3/question": "question-unknown",
        "/decisions/4/question": "question-unknown",
    }
    assert (twice.status_code, faults(twice)) == (422, {"/decisions": "duplicate"})
    assert (none.status_code, faults(none)) == (422, {"/decisions": "too-short"})
    assert (await stored(acting, started))["Q1"] == (None, None, 0)


async def test_the_same_key_settles_once(acting: Acting) -> None:
    started = await acting.assessment()
    await three(acting, started, "Q1", "o1")
    _, tag = await seen(acting, started)
    path = f"/v1/assessments/{started['id']}/consolidate"
    headers = {"if-match": tag, "idempotency-key": secrets.token_hex(8)}
    body = {"decisions": [{"question": "Q1"}]}

    first = await acting.post(path, body, **headers)
    again = await acting.post(path, body, **headers)

    assert (first.status_code, again.json()) == (200, first.json())
    assert (await stored(acting, started))["Q1"] == ("answered", "o1", 1)


async def test_the_facilitator_settles_without_seeing_the_split_and_others_see_nothing(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    cohort = await acting.cohort()
    company = await stranger.organisation()
    seat = {"organisation_id": company["id"]}
    await stranger.post(f"/v1/cohorts/{cohort['id']}/enrolments", seat)
    started = await stranger.assessment(organisation_id=company["id"], cohort_id=cohort["id"])
    anne, *_ = await three(stranger, started, "Q1", "o0", "o2", "o3")
    path = f"/v1/assessments/{started['id']}"

    inside, own_tag = await seen(stranger, started)
    outside, tag = await seen(acting, started)

    assert (inside["Q1"]["split"] is None, outside["Q1"]["split"]) == (False, None)
    assert outside["Q1"] | {"split": 0} == inside["Q1"] | {"split": 0}
    for closed in (place(anne), f"{place(anne)}/answers", f"{path}/respondents"):
        assert (await acting.get(closed)).status_code == 404
    assert (await onlooker.get(f"{path}/consolidation")).status_code == 404
    refused = await settle(onlooker, started, tag, {"question": "Q1"})
    nobody = await settle(Acting(acting.http, {}), started, tag, {"question": "Q1"})
    assert (refused.status_code, nobody.status_code) == (403, 401)
    done = await settle(acting, started, tag, {"question": "Q1"})
    assert done.status_code == 200, done.text
    assert (await stored(stranger, started))["Q1"] == ("answered", "o2", 1)
    assert (await settle(stranger, started, own_tag, {"question": "Q1"})).status_code == 412

    alone = await acting.assessment()
    assert (await stranger.get(f"/v1/assessments/{alone['id']}/consolidation")).status_code == 404
    elsewhere = await settle(stranger, alone, tag, {"question": "Q1"})
    assert elsewhere.status_code == 404
