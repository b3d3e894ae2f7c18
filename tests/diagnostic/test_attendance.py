"""Who was at which session."""

import asyncio
from typing import Any

import asyncpg

from tests.diagnostic.acting import Acting, faults
from tests.diagnostic.weeks import by_kind, noted, seated


def line(company: dict[str, Any], status: str = "present") -> dict[str, str]:
    return {"organisation_id": company["id"], "status": status}


async def test_a_sheet_is_kept_in_one_request_that_may_come_twice(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    first, second, third = [await seated(acting, cohort) for _ in range(3)]
    path = f"{(await by_kind(acting, cohort))['kickoff']}/attendance"
    empty = await acting.get(path)
    assert empty.headers["etag"] == '"0"'
    assert [(one["seat_no"], one["status"]) for one in empty.json()["companies"]] == [
        (1, None),
        (2, None),
        (3, None),
    ]
    body = {"companies": [line(first), line(second, "excused")]}
    kept = await acting.send("PUT", path, body, '"0"')
    assert (kept.status_code, kept.headers["etag"]) == (200, '"1"')
    assert [one["status"] for one in kept.json()["companies"]] == ["present", "excused", None]
    again = await acting.send("PUT", path, {"companies": body["companies"][::-1]}, '"0"')
    assert (again.status_code, again.json()) == (200, kept.json()), "a retry changes nothing"
    changed = await acting.send("PUT", path, {"companies": [line(third, "absent")]}, '"1"')
    assert [one["status"] for one in changed.json()["companies"]] == [None, None, "absent"]
    assert (await acting.get(path)).json() == changed.json()
    told = await sql.fetch(
        "SELECT version, payload::text FROM diagnostic.change WHERE entity = 'attendance'"
        " AND entity_id = $1 ORDER BY seq",
        kept.json()["session_id"],
    )
    assert [row["version"] for row in told] == [1, 2]
    assert '"excused": 1' in told[0]["payload"]
    assert all(one["id"] not in row["payload"] for row in told for one in (first, second, third))
    deeds = await sql.fetchval(
        "SELECT count(*) FROM diagnostic.audit_event WHERE action = 'note_attendance'"
        " AND entity_id = $1",
        kept.json()["session_id"],
    )
    assert deeds == 2


async def test_only_companies_with_a_seat_are_on_a_sheet(acting: Acting) -> None:
    cohort = await acting.cohort(capacity=1)
    there = await seated(acting, cohort)
    waiting, elsewhere = await seated(acting, cohort), await acting.organisation()
    path = f"{(await by_kind(acting, cohort))['kickoff']}/attendance"
    for one in (waiting, elsewhere):
        answer = await acting.send("PUT", path, {"companies": [line(there), line(one)]}, '"0"')
        assert (answer.status_code, answer.json()["code"]) == (409, "attendee-without-seat")
        assert one["id"] in answer.json()["detail"]
        assert there["id"] not in answer.json()["detail"]
    assert (await acting.get(path)).json()["companies"][0]["status"] is None, "nothing was stored"


async def test_a_malformed_sheet_is_named_fault_by_fault(acting: Acting) -> None:
    cohort = await acting.cohort()
    company = await seated(acting, cohort)
    path = f"{(await by_kind(acting, cohort))['kickoff']}/attendance"
    for companies, told in (
        ([line(company), line(company, "absent")], {"/companies": "company-twice"}),
        ([{**line(company), "status": "late"}], {"/companies/0/status": "enum"}),
        ([{"organisation_id": 7}], {"/companies/0/organisation_id": "uuid-type",
                                    "/companies/0/status": "missing"}),
        (51 * [line(company)], {"/companies": "too-long"}),
    ):  # fmt: skip
        answer = await acting.send("PUT", path, {"companies": companies}, '"0"')
        assert (answer.status_code, faults(answer)) == (422, told)


async def test_a_company_sees_its_own_line_and_nobody_elses(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    cohort = await acting.cohort()
    mine, theirs = await seated(acting, cohort), await seated(stranger, cohort)
    session = (await by_kind(acting, cohort))["kickoff"]
    whole = await noted(acting, session, {mine["id"]: "present", theirs["id"]: "absent"})
    assert len(whole["companies"]) == 2
    seen = (await stranger.get(f"{session}/attendance")).json()
    assert [one["organisation_id"] for one in seen["companies"]] == [theirs["id"]]
    colleague = (await onlooker.get(f"{session}/attendance")).json()  # no scope to facilitate
    assert [one["organisation_id"] for one in colleague["companies"]] == [mine["id"]]
    other = (await by_kind(acting, await acting.cohort()))["kickoff"]
    hidden = await stranger.get(f"{other}/attendance")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "session-unknown")


async def test_recording_attendance_is_guarded(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    cohort = await acting.cohort()
    company = await seated(acting, cohort)
    session = (await by_kind(acting, cohort))["closing"]
    path, body = f"{session}/attendance", {"companies": [line(company)]}
    for caller, tag, status in (
        (Acting(acting.http, {}), "*", 401),
        (onlooker, "*", 403),
        (stranger, "*", 404),
        (acting, None, 428),
        (acting, '"7"', 412),
        (acting, '"0"', 200),
    ):
        answer = await caller.send("PUT", path, body, tag)
        assert answer.status_code == status, answer.text
    await acting.post(f"{session}/cancel", **{"if-match": '"1"'})
    late = await acting.send("PUT", path, {"companies": []}, '"1"')
    assert (late.status_code, late.json()["code"]) == (409, "session-cancelled")
    await acting.post(f"/v1/cohorts/{cohort['id']}/cancel")
    over = await acting.send("PUT", path, {"companies": []}, '"1"')
    assert (over.status_code, over.json()["code"]) == (409, "week-over")


async def test_of_two_who_keep_a_sheet_at_once_one_is_told_so(acting: Acting) -> None:
    cohort = await acting.cohort()
    first, second = [await seated(acting, cohort) for _ in range(2)]
    path = f"{(await by_kind(acting, cohort))['kickoff']}/attendance"
    sheets = ({"companies": [line(one)]} for one in (first, second))
    answers = await asyncio.gather(*(acting.send("PUT", path, one, '"0"') for one in sheets))
    assert sorted(one.status_code for one in answers) == [200, 412]
    kept = (await acting.get(path)).json()["companies"]
    assert sorted(str(one["status"]) for one in kept) == ["None", "present"]
