"""The plan of a roadmap through HTTP: least effort to a target, under capacity, or why not."""

import asyncio
from typing import Any

import pytest

from diagnostic.questionnaires.grid import GridContent
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting, faults, publish
from tests.diagnostic.mini_ia import raw
from tests.diagnostic.recommending import BEST_ROWS, entry, stock
from tests.harness import Database

GRID = "MINI-PLAN"
ENTRIES = (
    entry("A1", "Q1", "o3", "S", horizon_months=3, prerequisites=["A2"]),
    entry("A2", "Q6", "o2", "XS", horizon_months=3),
    entry("A3", "Q4", BEST_ROWS, "M", horizon_months=6),
    entry("A4", "Q3", ["a", "b", "c", "d"], "S", horizon_months=3),
    entry("B1", "Q1", "o3", "XL", horizon_months=3),
)
"""The actions of R1 (gains 12.50, 6.25, 5.00, 4.17 from 72.1), A1 after A2, and a dearer A1."""


@pytest.fixture(scope="module", autouse=True)
async def catalogue(database: Database, acting: Acting) -> None:
    await publish(database, GridContent.model_validate(raw(code=GRID)))
    await stock(database, GRID, ENTRIES)


async def roadmap(acting: Acting) -> str:
    started = await acting.submitted(BASE, questionnaire=GRID)
    made = await acting.post(f"/v1/assessments/{started['id']}/roadmap")
    assert made.status_code == 201, made.text
    return str(started["id"])


@pytest.fixture(scope="module")
async def made(acting: Acting) -> str:
    """Make a roadmap of A2, A1, A4, A3 and B1."""
    return await roadmap(acting)


async def planned(caller: Acting, assessment_id: str, **body: Any) -> Any:
    return await caller.post(f"/v1/assessments/{assessment_id}/roadmap/plan", body)


async def test_the_plan_takes_the_least_effort_and_the_engine_scores_each_quarter(
    acting: Acting, made: str
) -> None:
    answered = await planned(
        acting, made, target={"score": 90.0}, capacity=[2, 2, 2], first_quarter="2027-Q4"
    )
    assert answered.status_code == 200, answered.text
    found = answered.json()
    assert (found["proven"], found["effort"]) == (True, {"total": 3, "least": 3, "greedy": 3})
    assert [(one["code"], one["begins"], one["due_on"]) for one in found["actions"]] == [
        ("A2", "2027-Q4", "2027-12-31"),
        ("A1", "2028-Q1", "2028-03-31"),
    ]
    shown = [
        (one["quarter"], one["score"], one["used"], one["ends"], one["reached"])
        for one in found["quarters"]
    ]
    assert shown == [
        ("2027-Q4", 78.3, 1.0, ["A2"], False),
        ("2028-Q1", 90.8, 2.0, ["A1"], True),
        ("2028-Q2", 90.8, 0.0, [], True),
    ]
    assert found["targets"] == [
        {
            "dimension": None,
            "title": None,
            "level": None,
            "points": 90.0,
            "now": 72.1,
            "then": 90.8,
            "implied": False,
        }
    ]
    assert found["left_out"] == ["B1", "A4", "A3"]
    assert found["quarters"][1]["level"] == {"code": "advanced", "title": "Pilotage"}
    assert [one["score"] for one in found["quarters"][1]["dimensions"]] == [100.0, 63.3, 100.0]


async def test_two_actions_on_one_question_are_not_planned_for_the_sum_of_their_gains(
    acting: Acting, made: str
) -> None:
    found = (await planned(acting, made, target={"score": 100.0}, capacity=[9, 9, 9])).json()
    assert [one["code"] for one in found["actions"]] == ["A2", "A4", "A3", "A1"]  # R4: not B1 too
    assert (found["proven"], found["effort"]["total"]) == (True, 8)
    assert found["quarters"][-1]["score"] == 100.0  # R3


async def test_a_long_action_spreads_its_effort_and_counts_at_its_end(
    acting: Acting, made: str
) -> None:
    body = {"dimensions": {"DATA": {"score": 82.0}}, "capacity": [2, 2, 0]}
    found = (await planned(acting, made, **body)).json()
    assert [one["code"] for one in found["actions"]] == ["A3"]
    assert [one["used"] for one in found["quarters"]] == [1.5, 1.5, 0.0]
    assert [one["dimensions"][1]["score"] for one in found["quarters"]] == [63.3, 83.3, 83.3]
    with_days = body | {"capacity": [10, 10], "efforts": {"S": 5, "M": 20, "XL": 60}}
    in_days = (await planned(acting, made, **with_days)).json()
    assert [one["effort"] for one in in_days["actions"]] == [20]
    dear = with_days | {"efforts": {"S": 5, "M": 21}}
    refused = await planned(acting, made, **dear)
    assert refused.json()["constraint"] == "capacity"


async def test_without_a_target_of_its_own_a_plan_takes_those_set_on_the_diagnostic(
    acting: Acting,
) -> None:
    assessment = await roadmap(acting)
    none = await planned(acting, assessment, capacity=[5])
    assert (none.status_code, faults(none)) == (422, {"/target": "target-missing"})
    await acting.send(
        "PUT",
        f"/v1/assessments/{assessment}/targets",
        {"dimensions": {"SKILL": {"level": "advanced"}}},
        '"0"',
    )
    found = (await planned(acting, assessment, capacity=[5])).json()
    assert [one["code"] for one in found["actions"]] == ["A2"]
    [target] = found["targets"]
    assert (target["level"], target["points"], target["now"], target["then"]) == (
        "advanced",
        75.1,
        75.0,
        100.0,
    )


async def test_what_is_required_excluded_and_due_is_kept_to(acting: Acting, made: str) -> None:
    asked = {"target": {"score": 80.0}, "capacity": [5, 5, 5], "first_quarter": "2027-Q1"}
    found = (await planned(acting, made, **asked, exclude=["A2", "B1"])).json()
    assert [one["code"] for one in found["actions"]] == ["A4", "A3"]
    assert found["excluded"] == ["A2", "A1", "B1"]  # A1 needs A2
    found = (await planned(acting, made, **asked, require=["A3"])).json()
    assert {one["code"] for one in found["actions"]} == {"A3", "A2"}
    late = asked | {"capacity": [0, 5, 5]}
    found = (await planned(acting, made, **late, deadlines={"A2": "2027-06-29"})).json()
    assert "A2" not in {one["code"] for one in found["actions"]}
    found = (await planned(acting, made, **late, deadlines={"A2": "2027-06-30"})).json()
    assert "A2" in {one["code"] for one in found["actions"]}


async def move(acting: Acting, assessment_id: str, code: str, *steps: dict[str, Any]) -> None:
    """Take an action of the roadmap through these steps."""
    path = f"/v1/assessments/{assessment_id}/roadmap"
    shown = (await acting.get(path)).json()["actions"]
    [action] = [one for one in shown if one["code"] == code]
    for step in steps:
        moved = await acting.send(
            "PATCH", f"{path}/actions/{action['id']}", step, f'"{action["version"]}"'
        )
        assert moved.status_code == 200, moved.text
        action = moved.json()


async def test_a_rejected_action_is_out_and_one_that_is_done_counts_from_the_start(
    acting: Acting,
) -> None:
    assessment = await roadmap(acting)
    done = [{"status": status} for status in ("accepted", "in_progress", "done")]
    await move(acting, assessment, "A2", *done)
    await move(acting, assessment, "A4", {"status": "rejected", "reason": "Trop tôt."})
    own = {"title": "Visiter une usine voisine", "effort": "S", "impact": 3}
    added = await acting.post(f"/v1/assessments/{assessment}/roadmap/actions", own)
    assert added.status_code == 201, added.text  # it raises no answer: no plan needs it
    found = (await planned(acting, assessment, target={"score": 90.0}, capacity=[4])).json()
    assert (found["done"], found["excluded"]) == (["A2"], ["A4"])
    assert [one["code"] for one in found["actions"]] == ["A1"]  # its prerequisite is done
    assert found["targets"][0]["now"] == 78.3
    all_of_it = await planned(acting, assessment, target={"score": 96.0}, capacity=[9, 9])
    problem = all_of_it.json()
    assert (problem["constraint"], problem["blocked"]) == ("excluded", ["A4"])
    assert problem["targets"] == [{"dimension": None, "points": 96.0, "nearest": 95.8}]


@pytest.mark.parametrize(
    ("body", "constraint", "needed"),
    [
        ({"dimensions": {"STR": {"score": 100.0}}, "capacity": [9], "exclude": ["B1"]},
         "quarters", 2),
        ({"target": {"score": 90.0}, "capacity": [1, 1]}, "capacity", 3),
        ({"target": {"score": 90.0}, "capacity": [0, 2, 1], "exclude": ["B1"]}, "capacity", 3),
        ({"target": {"score": 76.0}, "capacity": [9, 9], "exclude": ["A1", "A2", "A3", "B1"],
          "deadlines": {"A4": "2027-03-30"}, "first_quarter": "2027-Q1"}, "deadlines", None),
        ({"target": {"score": 76.0}, "capacity": [9], "exclude": ["A1", "A2", "A3", "A4", "B1"]},
         "excluded", None),
    ],
)  # fmt: skip
async def test_a_target_out_of_reach_says_what_stands_in_the_way(
    acting: Acting, made: str, body: dict[str, Any], constraint: str, needed: int | None
) -> None:
    refused = await planned(acting, made, **body)
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (409, "target-unreachable")
    assert (problem["constraint"], problem["needed"]) == (constraint, needed)
    for one in problem["targets"]:
        assert one["nearest"] < one["points"]
    assert str(needed or "") in problem["detail"]


async def test_a_target_above_all_actions_together_says_how_far_they_reach(acting: Acting) -> None:
    started = await acting.submitted({**BASE, "Q2": "o2"}, questionnaire=GRID)
    await acting.post(f"/v1/assessments/{started['id']}/roadmap")
    refused = await planned(acting, started["id"], target={"score": 100.0}, capacity=[9, 9])
    problem = refused.json()
    assert problem["constraint"] == "actions"
    assert problem["targets"] == [{"dimension": None, "points": 100.0, "nearest": 95.8}]
    assert "100,0 visés, 95,8 atteints" in problem["detail"]


async def test_contradictions_are_refused_all_at_once(acting: Acting, made: str) -> None:
    refused = await planned(
        acting,
        made,
        target={"score": 90.05},
        dimensions={"NOPE": {"level": "best"}},
        capacity=[9],
        first_quarter="2027-Q1",
        exclude=["A2", "GHOST"],
        require=["A1", "A3"],
        deadlines={"GHOST": "2027-06-30"},
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "plan-contradiction")
    named = [(one["pointer"], one["code"]) for one in refused.json()["errors"]]
    assert named == [
        ("/target/score", "too-many-decimals"),
        ("/dimensions/NOPE", "dimension-unknown"),
        ("/dimensions/NOPE/level", "level-unknown"),
        ("/exclude/1", "action-unknown"),
        ("/deadlines/GHOST", "action-unknown"),
        ("/require/0", "prerequisite-excluded"),
        ("/require/0", "no-time"),
        ("/require/1", "no-time"),
    ]
    assert "A2" in refused.json()["errors"][5]["detail"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"capacity": []}, {"/capacity": "too-short"}),
        ({"capacity": [1] * 13}, {"/capacity": "too-long"}),
        ({"capacity": [-1]}, {"/capacity/0": "greater-than-equal"}),
        ({"capacity": [1.5]}, {"/capacity/0": "int-type"}),
        ({"capacity": [1], "first_quarter": "2027-Q5"},
         {"/first_quarter": "string-pattern-mismatch"}),
        ({"capacity": [1], "target": {"score": 1, "level": "basic"}},
         {"/target/level": "score-or-level"}),
        ({"capacity": [1], "efforts": {"S": 0}}, {"/efforts/S": "greater-than-equal"}),
        ({"capacity": [1], "deadlines": {"A1": 5}}, {"/deadlines/A1": "date-parsing"}),
    ],
)  # fmt: skip
async def test_a_malformed_request_for_a_plan_is_refused(
    acting: Acting, made: str, body: dict[str, Any], expected: dict[str, str]
) -> None:
    refused = await planned(acting, made, **body)
    assert (refused.status_code, faults(refused)) == (422, expected)


async def test_a_plan_needs_a_roadmap_that_the_caller_may_see(
    acting: Acting, stranger: Acting, made: str, as_client: AsClient
) -> None:
    started = await acting.submitted(BASE, questionnaire=GRID)
    early = await planned(acting, started["id"], target={"score": 80.0}, capacity=[5])
    assert (early.status_code, early.json()["code"]) == (404, "roadmap-unknown")
    asked: dict[str, Any] = {"target": {"score": 80.0}, "capacity": [5]}
    assert (await planned(stranger, made, **asked)).status_code == 404
    assert (await planned(Acting(acting.http, {}), made, **asked)).status_code == 401
    mute = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:write"}, client="w"))
    assert (await planned(mute, made, **asked)).status_code == 403


async def test_a_facilitator_plans_with_the_companies_of_the_cohort(
    acting: Acting, stranger: Acting
) -> None:
    organisation = await stranger.organisation()
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}/enrolments"
    await stranger.post(path, {"organisation_id": organisation["id"]})
    started = await stranger.submitted(
        BASE, questionnaire=GRID, organisation_id=organisation["id"], cohort_id=cohort["id"]
    )
    await stranger.post(f"/v1/assessments/{started['id']}/roadmap")
    found = await planned(acting, started["id"], target={"score": 80.0}, capacity=[5, 5])
    assert (found.status_code, found.json()["effort"]["total"]) == (200, 3)


async def test_the_same_request_gives_the_same_plan(acting: Acting, made: str) -> None:
    asked: dict[str, Any] = {
        "target": {"score": 85.0},
        "capacity": [3, 3, 3],
        "first_quarter": "2027-Q1",
    }
    answers = await asyncio.gather(*(planned(acting, made, **asked) for _ in range(4)))
    assert len({one.text for one in answers}) == 1
