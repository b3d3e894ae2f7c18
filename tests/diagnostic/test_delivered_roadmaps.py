"""A delivered roadmap keeps what it cites, and says what has changed since (R11)."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from platformkit.clients.observatory import ObservatoryClient
from platformkit.clients.training import TrainingClient
from tests import harness
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting
from tests.diagnostic.plans import Plan, new_grid, planned
from tests.diagnostic.recommending import entry
from tests.diagnostic.test_funders import published
from tests.harness import Database


def certification(number: str, **fields: object) -> dict[str, Any]:
    return {
        "number": number,
        "directory": "RS",
        "title": {"fr": f"Certification {number}"},
        "level": None,
        "state": "active",
        "registration_end": "2027-12-31",
        "editorial": {"themes": ["data"]},
        "rome": [],
        "source": {"kind": "test", "url": f"https://example.org/{number}"},
        **fields,
    }


@dataclass
class Training:
    """A catalogue of certifications whose state a test decides."""

    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    continuity: dict[str, dict[str, Any]] = field(default_factory=dict)
    fails: Callable[[str], bool] = field(default=lambda _: False)
    """By path and query."""
    asked: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append(path)
        if self.fails(f"{path}?{request.url.query.decode()}"):
            return httpx.Response(503)
        if path.endswith("/continuity"):
            return httpx.Response(200, json=self.continuity[path.split("/")[-2]])
        if path != "/v1/certifications":
            return httpx.Response(404, json={"code": "not-found"})
        query = request.url.params
        found = [
            one
            for one in self.entries.values()
            if one["number"] in query.get_list("numbers") or query.get("theme")
        ]
        states = query.get_list("state")
        return httpx.Response(
            200, json={"items": [one for one in found if not states or one["state"] in states]}
        )


@pytest.fixture
def training() -> Training:
    return Training({number: certification(number) for number in ("RS1", "RS2")})


@pytest.fixture
async def beside(
    database: Database, as_client: AsClient, training: Training
) -> AsyncIterator[Acting]:
    """Act on a diagnostic beside that training."""
    app = harness.application(database, "diagnostic")
    transport = httpx.MockTransport(training.answer)
    async with (
        harness.opened(app) as client,
        httpx.AsyncClient(transport=transport, base_url="http://training") as http,
    ):
        app.state.clients = {
            "training": TrainingClient(http, lambda: "token"),
            "observatory": ObservatoryClient(http, lambda: "token"),
        }
        yield Acting(client, as_client("diagnostic"))


async def delivered(plan: Plan) -> None:
    """Bring the plan's diagnostic to its restitution."""
    for step in ("start-review", "validate", "deliver"):
        path = f"/v1/assessments/{plan.assessment['id']}/{step}"
        taken = await plan.acting.post(path)
        assert taken.status_code == 200, taken.text


async def edited(acting: Acting, path: str, body: dict[str, Any], **fields: object) -> None:
    """Change a published aid."""
    tag = (await acting.get(f"{path}/content")).headers["etag"]
    answer = await acting.send("PUT", f"{path}/content", {**body, **fields}, tag)
    assert answer.status_code == 200, answer.text


async def funded(database: Database, acting: Acting) -> tuple[str, str, dict[str, Any]]:
    """Publish an aid and a grid with an action that names it."""
    body, path = await published(acting)
    action = entry("F1", "Q1", "o3", "S", funding_refs=[body["code"]])
    return await new_grid(database, [action]), path, body


async def cited(plan: Plan) -> tuple[Any, ...]:
    """Give what the first action says of its aid."""
    one = (await plan.read())["actions"][0]["funding"][0]
    return one["opportunity"]["cap_eur"], one["opportunity"]["version"], one["updated"]


async def test_r11_a_delivered_roadmap_keeps_the_cited_version_and_says_it_was_updated(
    database: Database, acting: Acting
) -> None:
    grid, path, body = await funded(database, acting)
    plan = await planned(acting, grid)
    await edited(acting, path, body, cap_eur=40_000)
    draft = await cited(plan)
    await delivered(plan)
    same = await cited(plan)
    report = f"/v1/assessments/{plan.assessment['id']}/report.json"
    told = (await acting.get(report)).json()
    await edited(acting, path, body, cap_eur=30_000)
    other = await planned(acting, grid)

    assert (draft, same) == ((40_000, 3, False), (40_000, 3, False))
    assert await cited(plan) == (40_000, 3, True)
    assert await cited(other) == (30_000, 4, False)
    assert (await acting.get(report)).json() == told
    shown = await plan.read()
    assert (shown["status"], shown["delivered_at"] is not None) == ("delivered", True)
    assert ((await other.read())["status"], other.made["delivered_at"]) == ("draft", None)


async def test_an_aid_that_was_withdrawn_stays_in_the_delivered_roadmap(
    database: Database, acting: Acting
) -> None:
    grid, path, _ = await funded(database, acting)
    kept, lost = await planned(acting, grid), await planned(acting, grid)
    await delivered(kept)
    tag = (await acting.get(f"{path}/content")).headers["etag"]
    gone = await acting.post(f"{path}/withdraw", None, **{"if-match": tag})
    assert gone.status_code == 200, gone.text

    assert await cited(kept) == (50_000, 2, True)
    assert (await lost.read())["actions"][0]["funding"] == []


async def test_a_roadmap_made_after_the_delivery_cites_what_is_public_that_day(
    database: Database, acting: Acting
) -> None:
    grid, path, body = await funded(database, acting)
    started = await acting.submitted(BASE, questionnaire=grid)
    for step in ("start-review", "validate", "deliver"):
        await acting.post(f"/v1/assessments/{started['id']}/{step}")
    made = (await acting.post(f"/v1/assessments/{started['id']}/roadmap")).json()
    plan = Plan(acting, started, made)
    await edited(acting, path, body, cap_eur=30_000)
    assert made["status"] == "delivered"
    assert await cited(plan) == (50_000, 2, True)


async def test_acting_goes_on_after_the_delivery(database: Database, acting: Acting) -> None:
    grid, _, _ = await funded(database, acting)
    plan = await planned(acting, grid)
    await delivered(plan)
    assert (await plan.move("F1", "accepted", "in_progress"))["status"] == "in_progress"
    assert (await plan.add()).status_code == 201


@pytest.fixture
async def grid(database: Database) -> str:
    """Publish a grid with an action that looks for certifications."""
    return await new_grid(database, [entry("C1", "Q1", "o3", "S", certification_themes=["data"])])


async def offered(plan: Plan) -> list[tuple[Any, ...]]:
    """Give what the action says of its certifications."""
    names = ("number", "state", "present_state", "updated", "replaced_by")
    action = (await plan.read())["actions"][0]
    return [tuple(one[name] for name in names) for one in action["certifications"]]


def end(training: Training, number: str, *successors: str) -> None:
    """Let a certification end, and these replace it."""
    training.entries[number] = certification(number, state="inactive")
    replacements = [{"number": one, "distance": 1} for one in successors]
    training.continuity[number] = {
        "state": "inactive", "enrol_in": successors[:1], "replacements": replacements,
    }  # fmt: skip


async def test_a_certification_that_ends_says_so_and_what_replaces_it(
    beside: Acting, training: Training, grid: str
) -> None:
    draft, kept = await planned(beside, grid), await planned(beside, grid)
    await delivered(kept)
    fresh: list[tuple[Any, ...]] = [(one, "active", "active", False, []) for one in ("RS1", "RS2")]
    assert (await offered(draft), await offered(kept)) == (fresh, fresh)
    requests = len(training.asked)
    await offered(draft)
    assert len(training.asked) == requests + 2  # nothing has ended: one of each neighbour

    end(training, "RS1", "RS9", "RS8")
    ended = ("RS1", "active", "inactive", True, ["RS9"])
    assert await offered(draft) == [fresh[1], ended]
    assert await offered(kept) == [ended, fresh[1]]


async def test_a_certification_taken_out_of_the_catalogue_is_withdrawn(
    beside: Acting, training: Training, grid: str
) -> None:
    plan = await planned(beside, grid)
    await delivered(plan)
    del training.entries["RS2"]
    training.continuity["RS2"] = {
        "state": "inactive", "enrol_in": [], "replacements": [
            {"number": "RS7", "distance": 1}, {"number": "RS6", "distance": 2},
        ],
    }  # fmt: skip
    training.entries["RS1"]["title"] = {"fr": "Autrement"}
    assert await offered(plan) == [
        ("RS1", "active", "active", True, []),
        ("RS2", "active", "withdrawn", True, ["RS7"]),
    ]
    titles = [one["title"] for one in (await plan.read())["actions"][0]["certifications"]]
    assert titles == ["Certification RS1", "Certification RS2"]


async def test_what_replaces_it_is_said_to_be_unknown_while_training_does_not_tell(
    beside: Acting, training: Training, grid: str
) -> None:
    plan = await planned(beside, grid)
    await delivered(plan)
    end(training, "RS1", "RS9")
    training.fails = lambda path: "/continuity?" in path
    partly = await plan.read()
    found = await offered(plan)
    training.fails = lambda path: "?numbers=" in path
    unfollowed = await plan.read()
    half = await offered(plan)
    training.fails = lambda path: path.startswith("/v1/certifications")
    down = await plan.read()

    assert {"part": "continuity", "reason": "status 503"} in partly["unavailable"]
    assert found[0] == ("RS1", "active", "inactive", True, [])
    assert {"part": "continuity", "reason": "status 503"} in unfollowed["unavailable"]
    assert half == [
        ("RS1", "active", None, None, []),
        ("RS2", "active", "active", False, []),
    ]
    assert {"part": "certifications", "reason": "status 503"} in down["unavailable"]
    assert await offered(plan) == [(one, "active", None, None, []) for one in ("RS1", "RS2")]


async def test_a_roadmap_made_while_training_was_down_shows_what_is_offered_today(
    beside: Acting, training: Training, grid: str
) -> None:
    training.fails = lambda path: path.startswith("/v1/certifications")
    plan = await planned(beside, grid)
    await delivered(plan)
    assert await offered(plan) == []
    training.fails = lambda _: False
    assert [one[0] for one in await offered(plan)] == ["RS1", "RS2"]
