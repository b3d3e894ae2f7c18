"""How far the companies of a cohort are, for their facilitator and for themselves."""

import json
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.weeks import by_kind, noted, seated

STEPS = ("start-review", "validate", "deliver")


@dataclass(frozen=True)
class Week:
    """A cohort in which one company has done everything, one a part, and one nothing."""

    cohort: dict[str, Any]
    done: dict[str, Any]
    begun: dict[str, Any]
    idle: dict[str, Any]
    sessions: dict[str, str]


@pytest.fixture(scope="module")
async def owner(service: httpx.AsyncClient, as_client: AsClient) -> Acting:
    """Act as the tenant of a company, without the scope to facilitate."""
    scopes = {"diagnostic:read", "diagnostic:write"}
    return Acting(
        service, as_client("diagnostic", scopes=scopes, tenant="atelier", client="atelier")
    )


@pytest.fixture(scope="module")
async def week(acting: Acting, stranger: Acting, mini_ia: dict[str, Any]) -> Week:
    cohort = await acting.cohort()
    done, begun, idle = [await seated(who, cohort) for who in (acting, stranger, stranger)]
    asked = {"cohort_id": cohort["id"], "milestone": "T0"}
    diagnostic = await acting.submitted(BASE, organisation_id=done["id"], **asked)
    for step in STEPS:
        answer = await acting.post(f"/v1/assessments/{diagnostic['id']}/{step}")
        assert answer.status_code == 200, answer.text
    made = await acting.post(f"/v1/assessments/{diagnostic['id']}/roadmap")
    assert made.status_code == 201, made.text
    started = await stranger.assessment(organisation_id=begun["id"], **asked)
    await stranger.answer_all(started["id"], {"Q1": "o2", "Q3": ["none"]})
    sessions = await by_kind(acting, cohort)
    await noted(acting, sessions["feedback"], {done["id"]: "present", begun["id"]: "absent"})
    await noted(acting, sessions["closing"], {done["id"]: "present", begun["id"]: "excused"})
    return Week(cohort, done, begun, idle, sessions)


async def dashboard(acting: Acting, week: Week, **headers: str) -> dict[str, Any]:
    answer = await acting.get(f"/v1/cohorts/{week.cohort['id']}/dashboard", **headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def passed(company: dict[str, Any]) -> list[str]:
    return [one["code"] for one in company["milestones"] if one["done_at"] is not None]


async def test_a_facilitator_sees_how_far_each_company_is(acting: Acting, week: Week) -> None:
    found = await dashboard(acting, week)
    done, begun, idle = found["companies"]
    assert [one["organisation_id"] for one in found["companies"]] == [
        week.done["id"],
        week.begun["id"],
        week.idle["id"],
    ]
    assert (done["assessment_status"], done["completion"]) == ("delivered", 1.0)
    assert len(passed(done)) == 8
    assert begun["completion"] == 0.4, "two of the five questions that Q3=none leaves"
    assert passed(begun) == ["confirmed", "diagnostic_started"]
    assert (idle["assessment_id"], idle["completion"], passed(idle)) == (None, 0.0, ["confirmed"])
    assert begun["attendance"] == {"present": 0, "absent": 1, "excused": 1}
    counts = {one["code"]: (one["done"], one["late"]) for one in found["milestones"]}
    assert counts["diagnostic_started"] == (2, 0)
    assert counts["roadmap_delivered"] == (1, 0)
    assert (found["seats_taken"], found["completed"], found["mean_completion"]) == (3, 1, 0.4667)
    assert found["next_session"]["kind"] == "kickoff"
    sheets = {one["kind"]: one for one in found["sessions"]}
    names = ("present", "absent", "excused", "not_noted")
    assert [sheets["feedback"][one] for one in names] == [1, 1, 0, 1]
    assert [sheets["kickoff"][one] for one in names] == [0, 0, 0, 3]
    english = await dashboard(acting, week, **{"accept-language": "en"})
    assert english["milestones"][0]["title"] == "Seat confirmed"


async def test_a_dashboard_shows_no_answer_and_no_score(acting: Acting, week: Week) -> None:
    text = json.dumps(await dashboard(acting, week))
    assert not any(f'"{one}"' in text for one in ("Q1", "o2", "answers", "score", "level"))


async def test_what_is_late_is_told_once_its_session_is_over(
    acting: Acting, week: Week, sql: asyncpg.Connection
) -> None:
    move = (
        "UPDATE diagnostic.cohort_session SET starts_at = starts_at {0} interval '1000 days',"
        " ends_at = ends_at {0} interval '1000 days'"
        " WHERE cohort_id = $1::uuid AND kind IN ('kickoff', 'diagnostic')"
    )
    await sql.execute(move.format("-"), week.cohort["id"])
    try:
        found = await dashboard(acting, week)
    finally:
        await sql.execute(move.format("+"), week.cohort["id"])
    late = [
        [one["code"] for one in company["milestones"] if one["is_late"]]
        for company in found["companies"]
    ]
    assert late == [
        [],
        ["diagnostic_submitted"],
        ["diagnostic_started", "diagnostic_submitted"],
    ]
    assert found["milestones"][2]["late"] == 2
    assert found["next_session"]["kind"] == "feedback"


async def test_a_company_sees_its_own_week_and_nobody_elses(
    acting: Acting, stranger: Acting, owner: Acting, onlooker: Acting, week: Week
) -> None:
    path = f"/v1/cohorts/{week.cohort['id']}"
    theirs = (await stranger.get(f"{path}/milestones")).json()["companies"]
    assert [one["organisation_id"] for one in theirs] == [week.begun["id"], week.idle["id"]]
    own = (await onlooker.get(f"{path}/milestones")).json()["companies"]  # without the scope
    assert [one["organisation_id"] for one in own] == [week.done["id"]]
    every = (await acting.get(f"{path}/milestones")).json()["companies"]
    assert len(every) == 3
    for who, name, status in (
        (owner, "milestones", 404),
        (owner, "dashboard", 403),
        (stranger, "dashboard", 404),
        (Acting(acting.http, {}), "dashboard", 401),
    ):
        answer = await who.get(f"{path}/{name}")
        assert answer.status_code == status, answer.text


async def test_a_cohort_without_companies_has_a_dashboard(acting: Acting) -> None:
    cohort = await acting.cohort()
    found = (await acting.get(f"/v1/cohorts/{cohort['id']}/dashboard")).json()
    assert (found["companies"], found["mean_completion"], found["completed"]) == ([], 0.0, 0)


async def test_a_diagnostic_that_is_amended_is_to_be_validated_again(
    acting: Acting, mini_ia: dict[str, Any]
) -> None:
    cohort = await acting.cohort()
    company = await seated(acting, cohort)
    asked = {"cohort_id": cohort["id"], "milestone": "T0"}
    diagnostic = await acting.submitted(BASE, organisation_id=company["id"], **asked)
    for step in ("start-review", "validate"):
        await acting.post(f"/v1/assessments/{diagnostic['id']}/{step}")
    made = await acting.post(f"/v1/assessments/{diagnostic['id']}/roadmap")
    assert made.status_code == 201, made.text
    path = f"/v1/cohorts/{cohort['id']}/milestones"
    (before,) = (await acting.get(path)).json()["companies"]
    assert passed(before)[-2:] == ["diagnostic_validated", "roadmap_made"]
    why = {"reason": "Une réponse a changé."}
    amended = await acting.post(f"/v1/assessments/{diagnostic['id']}/amend", why)
    assert amended.status_code == 200, amended.text
    (after,) = (await acting.get(path)).json()["companies"]
    assert passed(after)[-1] == "diagnostic_submitted", "its roadmap is to be made anew as well"
    assert (after["assessment_status"], after["completion"]) == ("amended", 1.0)
