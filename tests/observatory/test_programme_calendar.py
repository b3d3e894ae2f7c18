"""Milestones and events: what was promised stays visible, lateness is told."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from observatory.programme.calendar import milestone_read
from tests.observatory.steering import Steerer, said

EVIDENCE = "https://www.exemple.fr/etude"


@pytest.fixture(scope="module")
def steerer(observatory: httpx.AsyncClient) -> Steerer:
    return Steerer(observatory)


@pytest.fixture(scope="module")
async def code(steerer: Steerer) -> str:
    return await steerer.opened(funders=[])


async def act(steerer: Steerer, path: str, body: Any, etag: str | None) -> httpx.Response:
    return await steerer.post(path, body, **({"if-match": etag} if etag else {}))


async def test_a_milestone_is_promised_moved_late_and_reached_with_its_evidence(
    steerer: Steerer, code: str
) -> None:
    due = {"code": "study", "title": said("Étude d’impact"), "due_on": "2026-03-31"}
    made = await steerer.made(f"/{code}/milestones", due)
    assert (made["state"], made["version"]) == ("late", 1)
    assert (await steerer.post(f"/{code}/milestones", due)).status_code == 409
    await steerer.made(f"/{code}/milestones", {**due, "code": "last", "due_on": "2099-12-31"})
    path = f"/{code}/milestones/study"
    move = {"due_on": "2026-06-30", "reason": said("Appel d’offres infructueux")}
    assert (await act(steerer, f"{path}/move", move, None)).status_code == 428
    assert (await act(steerer, f"{path}/move", move, '"9"')).status_code == 412
    moved = await act(steerer, f"{path}/move", move, '"1"')
    assert (moved.json()["first_due_on"], moved.json()["due_on"]) == ("2026-03-31", "2026-06-30")
    ahead = {"reached_on": "2099-01-01", "evidence": EVIDENCE}
    assert (await act(steerer, f"{path}/reach", ahead, '"2"')).status_code == 422
    plain = {"reached_on": "2026-07-10", "evidence": "http://x"}
    assert (await act(steerer, f"{path}/reach", plain, '"2"')).status_code == 422
    done = {"reached_on": "2026-07-10", "evidence": EVIDENCE}
    reached = await act(steerer, f"{path}/reach", done, '"2"')
    assert reached.json() | {"title": None} == {
        "code": "study", "title": None, "state": "reached", "first_due_on": "2026-03-31",
        "due_on": "2026-06-30", "reached_on": "2026-07-10", "days_late": 10,
        "evidence": EVIDENCE, "version": 3,
    }  # fmt: skip
    again = await act(steerer, f"{path}/move", move, '"3"')
    assert (again.status_code, again.json()["code"]) == (409, "programme-step-refused")
    gone = await act(steerer, f"/{code}/milestones/none/move", move, "*")
    assert gone.status_code == 404
    listed = await steerer.get(f"/{code}/milestones?limit=1&count=true")
    assert ([one["code"] for one in listed["items"]], listed["total"]) == (["study"], 2)
    rest = await steerer.get(f"/{code}/milestones?limit=1&after={listed['next']}")
    assert [one["code"] for one in rest["items"]] == ["last"]
    trail = await steerer.client.get(f"/v1/programmes/{code}/deeds", headers=steerer.headers)
    reasons = [one["detail"].get("reason") for one in trail.json()["items"]]
    assert move["reason"] in reasons


async def test_an_event_that_is_called_off_stays_in_the_calendar(
    steerer: Steerer, code: str
) -> None:
    held = await steerer.made(
        f"/{code}/events",
        {"kind": "launch", "title": said("Lancement"), "held_on": "2026-01-15", "link": EVIDENCE},
    )
    planned = await steerer.made(
        f"/{code}/events",
        {"kind": "steering_committee", "title": said("Comité"), "held_on": "2099-01-15"},
    )
    assert (held["state"], planned["state"]) == ("held", "planned")
    path, why = f"/{code}/events/{planned['id']}/cancel", {"reason": said("Reporté")}
    assert (await act(steerer, path, why, '"2"')).status_code == 412
    assert (await act(steerer, path, why, '"1"')).json()["state"] == "cancelled"
    assert (await act(steerer, path, why, '"2"')).status_code == 409
    other = f"/{code}/events/00000000-0000-4000-8000-000000000000/cancel"
    assert (await act(steerer, other, why, "*")).status_code == 404
    first = await steerer.get(f"/{code}/events?limit=1&count=true")
    rest = await steerer.get(f"/{code}/events?limit=1&after={first['next']}")
    states = [one["state"] for one in (*first["items"], *rest["items"])]
    assert (states, first["total"]) == (["held", "cancelled"], 2)


@pytest.mark.parametrize(
    ("due", "reached", "state", "days"),
    [(0, None, "planned", 0), (-1, None, "late", 1), (-5, -5, "reached", 0), (-5, -2, "reached", 3),
     (3, 0, "reached", 0)],
)  # fmt: skip
def test_a_milestone_is_late_from_the_day_after(
    due: int, reached: int | None, state: str, days: int
) -> None:
    today = date(2026, 11, 27)
    row = {
        "code": "m", "title": '{"fr": "m", "en": "m"}', "first_due_on": today, "evidence": None,
        "due_on": today + timedelta(due), "version": 1,
        "reached_on": None if reached is None else today + timedelta(reached),
    }  # fmt: skip
    found = milestone_read(row, today)
    assert (found.state, found.days_late) == (state, days)
