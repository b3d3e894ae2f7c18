"""Short ways to arrange the week of a cohort."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.diagnostic.acting import Acting

PARIS = ZoneInfo("Europe/Paris")


def at(day: date | str, hour: int, minute: int = 0) -> str:
    """Write an instant by the clocks of Paris."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(known.year, known.month, known.day, hour, minute, tzinfo=PARIS).isoformat()


def hours(day: date | str, begin: int, end: int) -> dict[str, str]:
    """Say from which full hour to which a session is."""
    return {"starts_at": at(day, begin), "ends_at": at(day, end)}


def sessions_of(cohort: dict[str, Any]) -> str:
    """Give the address of a cohort's sessions."""
    return f"/v1/cohorts/{cohort['id']}/sessions"


async def listed(acting: Acting, cohort: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await acting.get(sessions_of(cohort))).json()["items"]
    return items


async def by_kind(acting: Acting, cohort: dict[str, Any]) -> dict[str, str]:
    """Give the address of each of the five sessions."""
    return {
        one["kind"]: f"{sessions_of(cohort)}/{one['id']}" for one in await listed(acting, cohort)
    }


async def added(acting: Acting, cohort: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Add a session on the evening of the first day."""
    day = cohort["starts_on"]
    body = {**hours(day, 18, 19), **fields}
    answer = await acting.post(sessions_of(cohort), body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def seated(acting: Acting, cohort: dict[str, Any], **fields: object) -> dict[str, Any]:
    """Register a company with a seat in the cohort."""
    company = await acting.organisation(**fields)
    answer = await acting.post(
        f"/v1/cohorts/{cohort['id']}/enrolments", {"organisation_id": company["id"]}
    )
    assert answer.status_code == 201, answer.text
    return company


async def noted(acting: Acting, session: str, presences: dict[str, str]) -> dict[str, Any]:
    """Write the sheet of a session anew, from whatever it was."""
    companies = [{"organisation_id": one, "status": status} for one, status in presences.items()]
    answer = await acting.send("PUT", f"{session}/attendance", {"companies": companies}, "*")
    assert answer.status_code == 200, answer.text
    sheet: dict[str, Any] = answer.json()
    return sheet
