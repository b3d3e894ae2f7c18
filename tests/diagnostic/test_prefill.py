"""What a new diagnostic proposes: earlier answers and registered facts, each to be confirmed."""

from typing import Any

import asyncpg
import pytest

from diagnostic.assessments.prefill import facts_of, plan
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.hashing import content_hash, scoring_hash
from tests.diagnostic import mini_ia as fixture
from tests.diagnostic.acting import BASE, Acting, faults, publish
from tests.harness import Database

pytestmark = pytest.mark.usefixtures("mini_ia")

FACTS = facts_of(
    {
        "naf_code": "25.62B",
        "size_band": "250+",
        "headcount": None,
        "region_code": "32",
        "postcode": "59000",
    }
)


async def derived(acting: Acting) -> tuple[dict[str, Any], dict[str, Any]]:
    """Submit B at T0, and start T1 from it."""
    organisation_id = (await acting.organisation())["id"]
    first = await acting.submitted(BASE, organisation_id=organisation_id)
    second = await acting.assessment(
        organisation_id=organisation_id, milestone="T1", derived_from=first["id"]
    )
    return first, second


async def test_the_answers_of_an_earlier_diagnostic_are_proposed_and_each_is_confirmed(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    first, second = await derived(acting)
    path = f"/v1/assessments/{second['id']}"

    assert second["derived_from"] == first["id"]
    assert sorted(second["prefill"]["carried"]) == sorted(BASE)
    assert (second["prefill"]["registered"], second["prefill"]["left"]) == ([], [])
    assert {one["code"]: one["value"] for one in second["questions"]} == BASE
    refused = await acting.post(f"{path}/submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "answers-missing")
    assert faults(refused) == {f"/answers/{code}": "answer-to-confirm" for code in BASE}

    for code, value in BASE.items():
        body = {"state": "answered", "value": value}
        assert (await acting.answer(second["id"], code, body, '"1"')).status_code == 200
    assert (await acting.get(path)).json()["prefill"]["to_confirm"] == []
    assert (await acting.post(f"{path}/submit")).json()["score"] == 72.1
    events = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.answer_event WHERE assessment_id = $1::uuid",
        second["id"],
    )
    assert events == 12


async def test_a_proposed_answer_that_is_hidden_needs_no_confirmation(acting: Acting) -> None:
    _, second = await derived(acting)
    none = {"state": "answered", "value": ["none"]}
    await acting.answer(second["id"], "Q3", none, '"1"')
    shown = (await acting.get(f"/v1/assessments/{second['id']}")).json()
    assert shown["hidden"] == ["Q4"]
    assert sorted(shown["prefill"]["to_confirm"]) == ["Q1", "Q2", "Q5", "Q6"]


async def test_a_diagnostic_begun_from_nothing_proposes_nothing(
    acting: Acting,
) -> None:
    started = await acting.assessment()
    assert (started["derived_from"], started["prefill"]) == (None, None)


async def test_only_answers_to_the_same_question_are_carried_to_a_new_version(
    acting: Acting, database: Database
) -> None:
    code = "CARRIED"
    old = fixture.raw(code=code)
    await publish(database, GridContent.model_validate(old))
    company = (await acting.organisation(headcount=42))["id"]
    first = await acting.submitted(BASE, questionnaire=code, organisation_id=company)
    new = fixture.raw(code=code, version="1.1.0")
    by_code = {one["code"]: one for one in new["questions"]}
    by_code["Q1"]["options"] = by_code["Q1"]["options"][:3]  # an option less
    by_code["Q2"]["label"] = {"fr": "Autrement dit ?", "en": "In other words?"}
    by_code["Q6"]["code"] = "Q7"
    new["questions"] += [
        {
            "code": "SIZE",
            "type": "number",
            "label": {"fr": "Effectif ?", "en": "Headcount?"},
            "prefill": "headcount",
        },
        {
            "code": "WHERE",
            "type": "single",
            "label": {"fr": "Région ?", "en": "Region?"},
            "options": fixture.options(0, 1),
            "prefill": "region_code",
        },
    ]
    await publish(database, GridContent.model_validate(new))

    second = await acting.assessment(
        code, organisation_id=company, milestone="T1", derived_from=first["id"]
    )

    prefill = second["prefill"]
    assert sorted(prefill["carried"]) == ["Q2", "Q3", "Q4", "Q5"]
    assert prefill["registered"] == ["SIZE"]
    assert {one["question"]: one["reason"] for one in prefill["left"]} == {
        "Q1": "options_changed",
        "Q6": "question_gone",
        "WHERE": "does_not_fit",
    }
    values = {one["code"]: one["value"] for one in second["questions"]}
    assert (values["SIZE"], values["Q1"], values["Q2"]) == (42, None, "o3")


async def test_what_somebody_wrote_in_their_own_words_is_not_copied(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    aside = {"state": "not_applicable", "value": None, "reason": "Anne Lefèvre est partie."}
    company = (await acting.organisation())["id"]
    first = await acting.submitted({**BASE, "Q5": aside}, organisation_id=company)
    second = await acting.assessment(
        organisation_id=company, milestone="T1", derived_from=first["id"]
    )
    assert second["prefill"]["left"] == [{"question": "Q5", "reason": "own_words"}]
    copied = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.answer_event"
        " WHERE assessment_id = $1::uuid AND reason IS NOT NULL",
        second["id"],
    )
    assert copied == 0
    text = fixture.grid_of({"code": "WHY", "type": "text"})
    made = plan(text, FACTS, text, {"WHY": fixture.given("Anne Lefèvre le veut.")})
    assert (made.carried, made.left) == ((), {"WHY": "own_words"})


async def test_only_a_diagnostic_of_the_company_on_the_grid_that_counts_is_a_source(
    acting: Acting, stranger: Acting
) -> None:
    first = await acting.submitted(BASE)
    company = (await acting.get(f"/v1/assessments/{first['id']}")).json()["organisation_id"]
    foreign = await stranger.submitted(BASE)
    other_grid = await acting.assessment("MIA", organisation_id=company)
    body = {"organisation_id": company, "questionnaire": "MINI-IA", "milestone": "T2"}
    for source in (
        foreign["id"],
        (await acting.submitted(BASE))["id"],
        other_grid["id"],
        "00000000-0000-4000-8000-000000000000",
    ):
        response = await acting.post("/v1/assessments", {**body, "derived_from": source})
        assert (response.status_code, response.json()["code"]) == (404, "source-unknown")
    await acting.post(f"/v1/assessments/{first['id']}/enter-in-error", {"reason": "Doublon."})
    void = await acting.post("/v1/assessments", {**body, "derived_from": first["id"]})
    assert (void.status_code, void.json()["code"]) == (409, "source-void")
    found = await acting.get(f"/v1/assessments?organisation_id={company}")
    assert len(found.json()["items"]) == 2


@pytest.mark.parametrize(
    ("fact", "question", "expected"),
    [
        ("naf_code", {"type": "text", "max_length": 5}, "2562B"),
        ("naf_division", {"type": "text"}, "25"),
        ("size_band", {"type": "single", "options": ["10-49", "250"]}, "250"),
        ("size_band", {"type": "single", "options": ["10-49", "50-249"]}, "does_not_fit"),
        ("headcount", {"type": "number"}, "not_registered"),
        ("postcode", {"type": "number"}, "does_not_fit"),
        ("region_code", {"type": "multiple", "options": ["32", "11"]}, "does_not_fit"),
    ],
)
def test_a_registered_fact_is_proposed_where_it_is_an_answer(
    fact: str, question: dict[str, Any], expected: str
) -> None:
    options = [
        {"code": one, "label": {"fr": "x", "en": "x"}, "points": index}
        for index, one in enumerate(question.get("options", ()))
    ]
    asked = question | {"code": "CTX", "prefill": fact} | ({"options": options} if options else {})
    made = plan(fixture.grid_of(asked), FACTS, None, {})
    assert made.registered.get("CTX", made.left.get("CTX")) == expected


def test_where_nothing_is_prefilled_a_grid_keeps_its_hashes() -> None:
    content = GridContent.model_validate(fixture.raw())
    filled = fixture.raw()
    filled["questions"][0]["prefill"] = "size_band"
    with_fact = GridContent.model_validate(filled)
    assert content_hash(content) == content_hash(fixture.CONTENT)
    assert content_hash(with_fact) != content_hash(content)
    assert scoring_hash(with_fact) == scoring_hash(content)
