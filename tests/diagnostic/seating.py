"""Short ways to fill cohorts and to move the days of one that is over before it began."""

from typing import Any

import asyncpg

from tests.diagnostic.acting import Acting

IN_PROGRESS = """
UPDATE diagnostic.cohort SET starts_on = date_trunc('week', now())::date,
    ends_on = date_trunc('week', now())::date + 4,
    enrol_closes_at = date_trunc('week', now()) - interval '1 day'
WHERE id = $1::uuid"""
LAST_WEEK = IN_PROGRESS.replace("now()", "now() - interval '1 week'")


def seats(cohort: dict[str, Any]) -> str:
    return f"/v1/cohorts/{cohort['id']}/enrolments"


async def enrolled(acting: Acting, cohort: dict[str, Any]) -> dict[str, Any]:
    """Enrol a company that nobody knows yet."""
    company = await acting.organisation()
    answer = await acting.post(seats(cohort), {"organisation_id": company["id"]})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def filled(acting: Acting, cohort: dict[str, Any], count: int) -> list[dict[str, Any]]:
    return [await enrolled(acting, cohort) for _ in range(count)]


async def step(
    acting: Acting, cohort: dict[str, Any], verb: str, tag: str = "*"
) -> tuple[int, dict[str, Any]]:
    answer = await acting.send("POST", f"/v1/cohorts/{cohort['id']}/{verb}", None, tag)
    return answer.status_code, answer.json()


async def moved(
    acting: Acting, one: dict[str, Any], verb: str, tag: str = "*"
) -> tuple[int, dict[str, Any]]:
    path = f"/v1/cohorts/{one['cohort_id']}/enrolments/{one['id']}/{verb}"
    answer = await acting.send("POST", path, None, tag)
    return answer.status_code, answer.json()


async def now(acting: Acting, one: dict[str, Any]) -> dict[str, Any]:
    """Read an enrolment again."""
    answer = await acting.get(f"/v1/cohorts/{one['cohort_id']}/enrolments/{one['id']}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def line(
    sql: asyncpg.Connection, cohort: dict[str, Any]
) -> list[tuple[str, int | None, int | None]]:
    """Tell who stands where, in the order of the requests."""
    rows = await sql.fetch(
        "SELECT status, seat_no, rank FROM diagnostic.enrolment WHERE cohort_id = $1::uuid"
        " ORDER BY created_at, id",
        cohort["id"],
    )
    return [(row[0], row[1], row[2]) for row in rows]
