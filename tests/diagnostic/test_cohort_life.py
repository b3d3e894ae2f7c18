"""The life of a cohort over HTTP: steps, dates, and what may change of it when."""

from datetime import date, timedelta

import asyncpg
import pytest

from tests.conftest import AsClient
from tests.diagnostic.acting import Acting, faults, siren, week
from tests.diagnostic.seating import (
    IN_PROGRESS,
    LAST_WEEK,
    enrolled,
    filled,
    line,
    now,
    seats,
    step,
)

STATES = ("planned", "open", "closed", "running", "completed", "cancelled")
LEADS = {
    "open": {"planned": "open"},
    "close": {"open": "closed"},
    "start": {"closed": "running"},
    "complete": {"running": "completed"},
    "cancel": dict.fromkeys(("planned", "open", "closed", "running"), "cancelled"),
}
"""Written a second time on purpose: from the design, §3c, and not from the code."""


async def test_a_planned_cohort_opens_closes_runs_and_ends(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort(status="planned", capacity=1)
    company = {"organisation_id": (await acting.organisation())["id"]}
    early = await acting.post(seats(cohort), company)
    assert (early.status_code, early.json()["code"]) == (409, "cohort-not-open")

    assert (await step(acting, cohort, "open"))[1]["is_open"] is True
    first, second = await filled(acting, cohort, 2)
    assert (await step(acting, cohort, "close"))[1]["status"] == "closed"
    late = await acting.post(seats(cohort), company)
    assert (late.status_code, late.json()["code"]) == (409, "cohort-not-open")
    status, soon = await step(acting, cohort, "start")
    assert (status, soon["code"]) == (409, "cohort-too-early")
    assert cohort["starts_on"] in soon["detail"]

    await sql.execute(IN_PROGRESS, cohort["id"])
    status, running = await step(acting, cohort, "start")
    assert (status, running["status"], running["waitlisted"]) == (200, "running", 0)
    waited = await now(acting, second)
    assert (waited["status"], waited["rank"], waited["reason"]) == (
        "expired",
        None,
        "cohort_started",
    )
    await sql.execute(LAST_WEEK, cohort["id"])
    status, completed = await step(acting, cohort, "complete")
    assert (status, completed["status"], completed["seats_taken"]) == (200, "completed", 1)
    assert (await now(acting, first))["status"] == "confirmed"
    actions = await sql.fetch(
        "SELECT action FROM diagnostic.audit_event WHERE entity_id = $1 ORDER BY id", cohort["id"]
    )
    assert [one["action"] for one in actions] == ["open", "open", "close", "start", "complete"]


async def test_no_step_leads_where_the_life_of_a_cohort_does_not(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    await sql.execute(LAST_WEEK, cohort["id"])
    for state in STATES:
        for verb, leads in LEADS.items():
            await sql.execute(
                "UPDATE diagnostic.cohort SET status = $2, enrol_closes_at = now() +"
                " interval '1 day' WHERE id = $1::uuid",
                cohort["id"],
                state,
            )
            answered, shown = await step(acting, cohort, verb)
            if state in leads:
                assert (answered, shown["status"]) == (200, leads[state]), (state, verb)
            else:
                code = "cohort-not-open" if verb == "cancel" else "cohort-step-refused"
                assert (answered, shown["code"]) == (409, code), (state, verb)


async def test_enrolment_closes_by_itself_at_its_instant(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    planned = await acting.cohort(status="planned")
    for one in (cohort, planned):
        await sql.execute(
            "UPDATE diagnostic.cohort SET enrol_closes_at = now() WHERE id = $1::uuid", one["id"]
        )
    shown = (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()
    assert (shown["status"], shown["is_open"]) == ("closed", False)
    for status, is_listed in (("closed", True), ("open", False)):
        query = f"/v1/cohorts?status={status}"
        found = await acting.every(query)
        assert (cohort["id"] in [one["id"] for one in found]) is is_listed
        assert (await acting.get(f"{query}&count=true")).json()["total"] == len(found)
    answered, refused = await step(acting, planned, "open")
    assert (answered, refused["code"]) == (409, "enrolment-closed")
    assert (await step(acting, cohort, "close"))[1]["status"] == "closed"


async def test_a_cohort_called_off_lets_its_companies_go(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort(capacity=1)
    await filled(acting, cohort, 2)
    shown = (await step(acting, cohort, "cancel"))[1]
    assert (shown["seats_taken"], shown["waitlisted"]) == (0, 0)
    assert await line(sql, cohort) == [("cancelled", None, None)] * 2


async def test_capacity_never_falls_below_the_seats_and_added_ones_go_to_the_first_in_line(
    acting: Acting,
) -> None:
    cohort = await acting.cohort()  # K4
    path = f"/v1/cohorts/{cohort['id']}"
    companies = await filled(acting, cohort, 18)
    full = (await acting.get(path)).json()
    assert (full["seats_taken"], full["waitlisted"]) == (15, 3)

    fewer = await acting.send("PATCH", path, {"capacity": 14}, "*")
    more = await acting.send("PATCH", path, {"capacity": 16}, f'"{full["version"]}"')

    assert (fewer.status_code, fewer.json()["code"]) == (409, "capacity-taken")
    shown = more.json()
    assert (more.status_code, more.headers["etag"]) == (200, f'"{shown["version"]}"')
    assert (shown["capacity"], shown["seats_taken"], shown["waitlisted"]) == (16, 16, 2)
    line = [await now(acting, one) for one in companies[15:]]
    assert [(one["status"], one["seat_no"], one["rank"], one["reason"]) for one in line] == [
        ("confirmed", 16, None, "promoted"),
        ("waitlisted", None, 1, None),
        ("waitlisted", None, 2, None),
    ]
    fits = await acting.send("PATCH", path, {"capacity": 16, "title": "Seize"}, "*")
    assert (fits.status_code, fits.json()["title"]) == (200, "Seize")


async def test_the_week_moves_with_its_closing_and_the_days_of_its_seats(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    one = await enrolled(acting, cohort)
    monday, friday = week()
    path = f"/v1/cohorts/{cohort['id']}"
    days = {"starts_on": monday.isoformat(), "ends_on": friday.isoformat()}
    shown = (await acting.send("PATCH", path, days, "*")).json()
    assert {name: shown[name] for name in days} == days
    assert shown["enrol_closes_at"][:10] == str(monday - timedelta(days=1))
    kept = await sql.fetchval(
        "SELECT days FROM diagnostic.enrolment WHERE id = $1::uuid", one["id"]
    )
    assert (kept.lower, kept.upper) == (monday, friday + timedelta(days=1))

    tuesday = (monday + timedelta(days=1)).isoformat()
    fixed = {"enrol_closes_at": f"{monday - timedelta(days=3)}T12:00:00Z", "starts_on": tuesday}
    shown = (await acting.send("PATCH", path, fixed, "*")).json()
    assert (shown["enrol_closes_at"], shown["starts_on"]) == (fixed["enrol_closes_at"], tuesday)
    assert (await acting.send("PATCH", path, days, "*")).json()["enrol_closes_at"] == (
        fixed["enrol_closes_at"]
    )


async def test_every_fault_of_a_changed_week_is_named(acting: Acting) -> None:
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}"
    saturday = (date.fromisoformat(cohort["ends_on"]) + timedelta(days=1)).isoformat()
    odd = await acting.send(
        "PATCH", path, {"ends_on": saturday, "enrol_closes_at": "2098-01-01T00:00:00Z"}, "*"
    )
    assert faults(odd) == {"/ends_on": "not-a-week", "/enrol_closes_at": "closes-after-start"}
    gone = {"starts_on": "2026-10-05", "ends_on": "2026-10-09"}
    past = await acting.send("PATCH", path, gone, "*")
    assert faults(past) == {"/starts_on": "starts-in-the-past"}
    closed = await acting.send("PATCH", path, {"enrol_closes_at": "2026-10-05T00:00:00Z"}, "*")
    assert faults(closed) == {"/enrol_closes_at": "closes-in-the-past"}
    assert (await acting.get(path)).json() == cohort


async def test_days_on_which_a_company_sits_elsewhere_are_refused(acting: Acting) -> None:
    programme = await acting.programme()
    first = await acting.cohort(programme=programme)
    second = await acting.cohort(programme=programme)
    body = {"organisation_id": (await acting.organisation())["id"]}
    for one in (first, second):
        assert (await acting.post(seats(one), body)).status_code == 201
    days = {"starts_on": first["starts_on"], "ends_on": first["ends_on"]}
    answer = await acting.send("PATCH", f"/v1/cohorts/{second['id']}", days, "*")
    assert (answer.status_code, answer.json()["code"]) == (409, "cohort-days-overlap")
    assert answer.json()["detail"].startswith("1 ")


async def test_seats_and_days_no_longer_change_once_the_week_has_begun(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    await sql.execute(IN_PROGRESS, cohort["id"])
    await step(acting, cohort, "start")
    path = f"/v1/cohorts/{cohort['id']}"
    seats_ = await acting.send("PATCH", path, {"capacity": 20}, "*")
    words = await acting.send("PATCH", path, {"facilitator": "CCI"}, "*")
    assert (seats_.status_code, seats_.json()["code"]) == (409, "cohort-week-begun")
    assert (words.status_code, words.json()["facilitator"]) == (200, "CCI")


@pytest.mark.parametrize("verb", ["", *LEADS])
async def test_a_step_is_its_facilitator_s_with_the_present_tag(
    acting: Acting, onlooker: Acting, stranger: Acting, as_client: AsClient, verb: str
) -> None:
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}" + (f"/{verb}" if verb else "")
    method, body = ("POST", None) if verb else ("PATCH", {"title": "Autre"})
    nobody = Acting(acting.http, as_client("diagnostic", client="", tenant="", scopes=set()))
    refused = {
        (await one.send(method, path, body, tag)).status_code: one
        for one, tag in ((nobody, "*"), (onlooker, "*"), (stranger, "*"), (acting, '"9"'))
    }
    assert list(refused) == [401, 403, 404, 412]
    if verb != "cancel":
        assert (await acting.send(method, path, body)).status_code == 428
    assert (await acting.get(f"/v1/cohorts/{cohort['id']}")).json() == cohort


async def test_the_same_key_takes_a_step_once(acting: Acting) -> None:
    cohort = await acting.cohort()
    key = {"idempotency-key": siren(), "if-match": '"1"'}
    answers = [await acting.post(f"/v1/cohorts/{cohort['id']}/close", **key) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()


async def test_an_unsound_change_is_refused_whole(acting: Acting) -> None:
    cohort = await acting.cohort()
    body = {"capacity": 51, "title": "", "co_facilitators": ["Not a tenant"], "code": "X-1"}
    answer = await acting.send("PATCH", f"/v1/cohorts/{cohort['id']}", body, "*")
    assert faults(answer) == {
        "/capacity": "less-than-equal",
        "/title": "string-too-short",
        "/co_facilitators/0": "string-pattern-mismatch",
        "/code": "extra-forbidden",
    }


async def test_cofacilitators_act_until_the_opener_takes_them_off(
    acting: Acting, stranger: Acting
) -> None:
    cohort = await acting.cohort()
    path = f"/v1/cohorts/{cohort['id']}"
    title = {"title": "À deux"}
    assert (await stranger.send("PATCH", path, title, "*")).status_code == 404
    named = await acting.send("PATCH", path, {"co_facilitators": ["cci-hdf"]}, "*")
    assert named.json()["facilitated_by"] == ["medef-hdf", "cci-hdf"]
    assert (await stranger.send("PATCH", path, title, "*")).status_code == 200
    grab = await stranger.send("PATCH", path, {"co_facilitators": []}, "*")
    assert (grab.status_code, grab.json()["code"]) == (403, "not-cohort-opener")
    await acting.send("PATCH", path, {"co_facilitators": []}, "*")
    assert (await stranger.send("PATCH", path, title, "*")).status_code == 404  # K8
