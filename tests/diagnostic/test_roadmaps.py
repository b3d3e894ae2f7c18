"""Roadmaps over HTTP: which actions, in which order, with which certifications and funding."""

from typing import Any

import httpx
import pytest

from diagnostic.roadmaps.matching import suited
from diagnostic.summaries.schemas import (
    OrganisationSummary,
    SummaryAction,
    SummaryAssessment,
    SummarySeat,
)
from platformkit.clients.observatory import ObservatoryClient
from platformkit.clients.training import Certification, TrainingClient
from tests import harness
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting, siren
from tests.diagnostic.recommending import R1, stock
from tests.harness import Database


@pytest.fixture(scope="module", autouse=True)
async def catalogue(database: Database, mini_ia: dict[str, Any]) -> None:
    """Load the four actions of case R1 for MINI-IA."""
    await stock(database, "MINI-IA", R1)


async def test_actions_come_in_the_order_of_gain_per_effort(acting: Acting) -> None:
    started = await acting.submitted(BASE)  # R1, R3

    response = await acting.post(f"/v1/assessments/{started['id']}/roadmap")

    found = response.json()
    assert response.status_code == 201
    assert [(one["position"], one["code"]) for one in found["actions"]] == [
        (1, "A1"),
        (2, "A2"),
        (3, "A4"),
        (4, "A3"),
    ]
    assert [one["gain"] for one in found["actions"]] == [12.5, 6.25, 4.17, 5.0]
    assert [one["priority"] for one in found["actions"]] == [6.25, 6.25, 2.08, 1.67]
    assert found["score"] == {"now": 72.1, "after_first": 100.0, "projected": 100.0}
    assert found["actions"][0]["because"][0]["code"] == "Q1"


async def test_r6_the_order_in_which_answers_were_given_changes_nothing(acting: Acting) -> None:
    shown = []
    for answers in (BASE, dict(reversed(list(BASE.items())))):
        started = await acting.submitted(answers)
        made = (await acting.post(f"/v1/assessments/{started['id']}/roadmap")).json()
        names = ("position", "code", "gain_exact", "priority", "quadrant", "because")
        shown.append([[one[name] for name in names] for one in made["actions"]])
    assert shown[0] == shown[1]


async def test_a_neighbour_that_is_down_is_named_and_the_roadmap_is_made_anyway(
    acting: Acting,
) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/roadmap"
    missing = [
        {"part": "certifications", "reason": "not configured"},
        {"part": "sector", "reason": "not configured"},
    ]

    made = (await acting.post(path)).json()
    read = (await acting.get(path)).json()

    assert made["unavailable"] == read["unavailable"] == missing
    assert len(made["actions"]) == 4
    assert (made["actions"][0]["certifications"], made["sector"]) == ([], None)


async def test_certifications_come_from_the_catalogue_in_one_request(
    whole: Acting, acting: Acting
) -> None:
    started = await whole.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/roadmap"

    made = (await whole.post(path)).json()
    read = (await whole.get(path)).json()
    later = (await acting.get(path)).json()  # training has gone down since

    literate = made["actions"][0]
    assert (made["unavailable"], made["actions"], read) == ([], read["actions"], made)
    assert 1 <= len(literate["certifications"]) <= 3
    assert all(one["state"] == "active" for one in literate["certifications"])
    assert [one["part"] for one in later["unavailable"]] == ["certifications", "sector"]
    kept = [(one["number"], one["state"]) for one in later["actions"][0]["certifications"]]
    assert kept == [(one["number"], None) for one in literate["certifications"]]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(500), "status 500"),
        (httpx.Response(403, json={"code": "scope-missing"}), "403 scope-missing"),
    ],
)
async def test_a_neighbour_that_fails_is_named_with_its_reason(
    database: Database, as_client: AsClient, answer: httpx.Response, reason: str
) -> None:
    app = harness.application(database, "diagnostic")
    transport = httpx.MockTransport(lambda _: answer)
    async with (
        harness.opened(app) as client,
        httpx.AsyncClient(transport=transport, base_url="http://training") as training,
    ):
        app.state.clients = {
            "training": TrainingClient(training, lambda: "token"),
            "observatory": ObservatoryClient(training, lambda: "token"),
        }
        tenant = Acting(client, as_client("diagnostic"))
        started = await tenant.submitted(BASE)
        made = await tenant.post(f"/v1/assessments/{started['id']}/roadmap")
    assert made.status_code == 201
    assert made.json()["unavailable"] == [
        {"part": "certifications", "reason": reason},
        {"part": "sector", "reason": reason},
    ]


def certification(number: str, themes: list[str], rome: str = "M1302") -> Certification:
    return Certification.model_validate(
        {
            "number": number,
            "directory": "RS",
            "title": {"fr": number},
            "level": None,
            "state": "active",
            "registration_end": None,
            "editorial": {"themes": themes},
            "rome": [{"code": rome, "label": rome}],
            "source": {"kind": "test", "url": "https://example.org/"},
        }
    )


def test_an_action_prefers_what_it_names_then_most_of_its_themes_then_its_jobs() -> None:
    action = {
        "certification_refs": ["RS4"],
        "certification_themes": ["data", "governance"],
        "rome_codes": ["M1403"],
    }
    catalogue = [
        certification("RS1", ["development"]),
        certification("RS2", [], rome="M1403"),
        certification("RS3", ["data"]),
        certification("RS5", ["governance"]),
        certification("RS6", ["governance", "data"]),
        certification("RS4", []),
    ]
    assert [one.number for one in suited(action, catalogue)] == ["RS4", "RS6", "RS3"]
    assert [one.number for one in suited(action, catalogue[:3])] == ["RS3", "RS2"]
    assert suited(action, catalogue[:1]) == []


async def test_the_exposure_of_the_sector_comes_from_the_observatory(whole: Acting) -> None:
    organisation = await whole.organisation(naf_code="62.01Z")
    started = await whole.submitted(BASE, organisation_id=organisation["id"])
    sector = (await whole.post(f"/v1/assessments/{started['id']}/roadmap")).json()["sector"]
    assert sector["low"] <= sector["mean"] <= sector["high"]
    assert 0 < sector["mean"] < 1
    assert sector["method"]


async def test_funding_is_judged_for_the_company(acting: Acting) -> None:
    verdicts = []
    for headcount in (42, 4_200):
        organisation = await acting.organisation(headcount=headcount)
        started = await acting.submitted(BASE, organisation_id=organisation["id"])
        made = (await acting.post(f"/v1/assessments/{started['id']}/roadmap")).json()
        action = next(one for one in made["actions"] if one["code"] == "A2")
        verdicts += [
            (one["opportunity"]["code"], one["eligibility"]["status"]) for one in action["funding"]
        ]
    assert verdicts == [("HDF-BTR3", "unknown"), ("HDF-BTR3", "ineligible")]


async def test_a_roadmap_needs_a_submission_and_is_made_once(acting: Acting) -> None:
    started = await acting.assessment()
    path = f"/v1/assessments/{started['id']}/roadmap"
    early = await acting.post(path)
    await acting.answer_all(started["id"], BASE)
    await acting.post(f"/v1/assessments/{started['id']}/submit")
    none_yet = await acting.get(path)
    key = {"idempotency-key": siren()}
    first = await acting.post(path, **key)
    same = await acting.post(path, **key)
    second = await acting.post(path)

    assert (early.status_code, early.json()["code"]) == (409, "assessment-not-submitted")
    assert (none_yet.status_code, none_yet.json()["code"]) == (404, "roadmap-unknown")
    assert (first.status_code, same.json()) == (201, first.json())
    assert (second.status_code, second.json()["code"]) == (409, "roadmap-exists")


async def test_the_texts_of_a_roadmap_are_in_the_language_asked(
    acting: Acting, mia: dict[str, Any]
) -> None:
    started = await acting.assessment("MIA")
    await acting.answer_visible(started["id"], mia)
    await acting.post(f"/v1/assessments/{started['id']}/submit")
    path = f"/v1/assessments/{started['id']}/roadmap"
    french = (await acting.post(path)).json()
    english = (await acting.get(path, **{"accept-language": "en"})).json()
    for name in ("title", "why", "how"):
        pairs = zip(french["actions"], english["actions"], strict=True)
        assert all(one[name] != other[name] for one, other in pairs)
    assert len(french["actions"]) >= 5


async def test_no_action_comes_before_its_prerequisites(
    acting: Acting, mia: dict[str, Any]
) -> None:
    started = await acting.assessment("MIA")
    await acting.answer_visible(started["id"], mia)
    await acting.post(f"/v1/assessments/{started['id']}/submit")
    actions = (await acting.post(f"/v1/assessments/{started['id']}/roadmap")).json()["actions"]
    places = {one["code"]: one["position"] for one in actions}
    before = [
        (places[code], one["position"])
        for one in actions
        for code in one["prerequisites"]
        if code in places
    ]
    assert before
    assert all(first < second for first, second in before)


async def test_a_company_in_short_is_one_statement_away(whole: Acting, mia: dict[str, Any]) -> None:
    organisation = await whole.organisation()
    path = f"/v1/organisations/{organisation['id']}/summary"
    bare = (await whole.get(path)).json()
    cohort = await whole.cohort()
    await whole.post(
        f"/v1/cohorts/{cohort['id']}/enrolments", {"organisation_id": organisation["id"]}
    )
    started = await whole.assessment(
        "MIA", organisation_id=organisation["id"], cohort_id=cohort["id"]
    )
    begun = (await whole.get(path)).json()
    await whole.answer_visible(started["id"], mia)
    score = (await whole.post(f"/v1/assessments/{started['id']}/submit")).json()
    roadmap = (await whole.post(f"/v1/assessments/{started['id']}/roadmap")).json()

    found = (await whole.get(path)).json()

    for body in (bare, begun, found):  # PostgreSQL renders it: hold it to the documented model
        shape = OrganisationSummary.model_validate(body)
        assert shape.model_dump(mode="json").keys() == body.keys()
    assert found["assessment"].keys() == SummaryAssessment.model_fields.keys()
    assert found["assessment"]["actions"][0].keys() == SummaryAction.model_fields.keys()
    assert found["seat"].keys() == SummarySeat.model_fields.keys()
    assert (bare["assessment"], bare["seat"]) == (None, None)
    assert bare["organisation"]["siren"] == organisation["siren"]
    assert (begun["assessment"]["status"], begun["assessment"]["score"]) == ("in_progress", None)
    assert found["seat"] | {"cohort": cohort["code"], "seat_no": 1} == found["seat"]
    assert found["assessment"]["score"] == score["score"]
    assert found["assessment"]["level"] == score["level"]
    assert [one["score"] for one in found["assessment"]["dimensions"]] == [
        one["score"] for one in score["dimensions"]
    ]
    first = [
        (one["code"], one["title"], [c["number"] for c in one["certifications"]])
        for one in roadmap["actions"][:5]
    ]
    shown = found["assessment"]["actions"]
    assert [(one["code"], one["title"], one["certifications"]) for one in shown] == first
    assert any(numbers for _, _, numbers in first)
