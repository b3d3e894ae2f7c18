"""What the week does when its cohort moves, and what it leaves when the cohort is over."""

from datetime import date, datetime, timedelta
from typing import Any

import asyncpg

from tests.diagnostic.acting import Acting
from tests.diagnostic.seating import LAST_WEEK, step
from tests.diagnostic.weeks import PARIS, added, by_kind, hours, listed, noted, seated

WEEK = timedelta(days=7)


def moments(sessions: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Give the day and the hour of each session by the clocks of Paris."""
    starts = [datetime.fromisoformat(one["starts_at"]).astimezone(PARIS) for one in sessions]
    return [(str(one.date()), f"{one:%H:%M}") for one in starts]


async def rescheduled(acting: Acting, cohort: dict[str, Any], first: date, last: date) -> Any:
    days = {"starts_on": str(first), "ends_on": str(last)}
    return await acting.send("PATCH", f"/v1/cohorts/{cohort['id']}", days, "*")


async def test_a_week_that_is_as_it_was_laid_out_is_laid_out_anew(acting: Acting) -> None:
    monday = date(2031, 10, 20)  # summer time ends on the 26th
    cohort = await acting.cohort(starts_on=str(monday), ends_on=str(monday + timedelta(days=4)))
    before = await listed(acting, cohort)
    after_holiday = monday + WEEK + timedelta(days=1)
    moved = await rescheduled(acting, cohort, after_holiday, monday + WEEK + timedelta(days=4))
    assert moved.status_code == 200, moved.text
    after = await listed(acting, cohort)
    assert [one["id"] for one in after] == [one["id"] for one in before]
    assert {one["version"] for one in after} == {2}
    first = str(after_holiday)
    assert moments(after)[:2] == [(first, "09:00"), (first, "14:00")], "two sessions on one day"
    again = await rescheduled(acting, cohort, monday, monday + timedelta(days=4))
    assert again.status_code == 200
    assert moments(await listed(acting, cohort)) == moments(before)


async def test_a_week_that_was_arranged_keeps_its_weekdays_and_hours(acting: Acting) -> None:
    monday = date(2032, 3, 22)  # summer time begins on the 28th
    friday = monday + timedelta(days=4)
    cohort = await acting.cohort(starts_on=str(monday), ends_on=str(friday))
    await added(acting, cohort)
    before = await listed(acting, cohort)
    assert (await rescheduled(acting, cohort, monday + WEEK, friday + WEEK)).status_code == 200
    after = await listed(acting, cohort)
    assert moments(after) == [
        (str(date.fromisoformat(day) + WEEK), hour) for day, hour in moments(before)
    ]
    hour = timedelta(hours=1)
    for old, new in zip(before, after, strict=True):
        apart = datetime.fromisoformat(new["starts_at"]) - datetime.fromisoformat(old["starts_at"])
        assert apart == WEEK - hour
    assert (await rescheduled(acting, cohort, monday + WEEK, friday + WEEK)).status_code == 200
    assert await listed(acting, cohort) == after, "the same days change nothing"


async def test_days_on_which_sessions_were_arranged_are_not_taken_away(acting: Acting) -> None:
    cohort = await acting.cohort()
    first, last = (date.fromisoformat(cohort[name]) for name in ("starts_on", "ends_on"))
    evening = await added(acting, cohort)
    refused = await rescheduled(acting, cohort, first + timedelta(days=1), last)
    assert (refused.status_code, refused.json()["code"]) == (409, "sessions-outside-days")
    assert evening["id"] in refused.json()["detail"]
    assert (await acting.get(f"/v1/cohorts/{cohort['id']}")).json()["starts_on"] == str(first)
    sessions = await by_kind(acting, cohort)
    tuesday = hours(first + timedelta(days=1), 15, 17)
    assert (await acting.send("PATCH", sessions["kickoff"], tuesday, '"1"')).status_code == 200
    gone = await acting.post(f"{sessions['other']}/cancel", **{"if-match": '"1"'})
    assert gone.status_code == 200
    moved = await rescheduled(acting, cohort, first + timedelta(days=1), last)
    assert moved.status_code == 200, moved.text
    assert (await acting.get(sessions["kickoff"])).json()["version"] == 2, "it stayed where it was"


async def test_at_the_end_sheets_say_who_came_and_nobody_else_is_called_absent(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    cohort = await acting.cohort()
    came, late, absent, excused, unknown = [await seated(acting, cohort) for _ in range(5)]
    sessions = await by_kind(acting, cohort)
    await noted(
        acting,
        sessions["kickoff"],
        {came["id"]: "present", late["id"]: "absent", absent["id"]: "absent"},
    )
    await noted(acting, sessions["closing"], {late["id"]: "present", excused["id"]: "excused"})
    off = await added(acting, cohort)
    called_off = (await by_kind(acting, cohort))["other"]
    await noted(acting, called_off, {unknown["id"]: "absent"})
    await acting.post(f"{called_off}/cancel", **{"if-match": f'"{off["version"]}"'})
    await sql.execute(LAST_WEEK, cohort["id"])
    assert (await step(acting, cohort, "start"))[0] == 200
    assert (await step(acting, cohort, "complete"))[0] == 200
    rows = await sql.fetch(
        "SELECT e.organisation_id::text, e.id::text, e.status FROM diagnostic.enrolment e"
        " WHERE e.cohort_id = $1::uuid ORDER BY e.seat_no",
        cohort["id"],
    )
    assert [row["status"] for row in rows] == [
        "attended",
        "attended",
        "no_show",
        "no_show",
        "confirmed",
    ]
    told = await sql.fetch(
        "SELECT payload ->> 'status' AS status FROM diagnostic.change"
        " WHERE entity = 'enrolment' AND entity_id = ANY($1) AND kind = 'updated'",
        [row["id"] for row in rows],
    )
    assert sorted(row["status"] for row in told) == ["attended", "attended", "no_show", "no_show"]
    shown = (await acting.get(f"/v1/cohorts/{cohort['id']}/dashboard")).json()
    assert [one["enrolment"] for one in shown["companies"]] == [row["status"] for row in rows]
    over = await acting.send("PUT", f"{sessions['kickoff']}/attendance", {"companies": []}, "*")
    assert (over.status_code, over.json()["code"]) == (409, "week-over")
