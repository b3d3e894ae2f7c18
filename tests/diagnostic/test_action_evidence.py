"""Evidence of an action: sent after the submission, with its type and expiry, as any is."""

import uuid

import httpx
import pytest

from tests.diagnostic.acting import Acting, faults
from tests.diagnostic.files import EXE, PDF, attached
from tests.diagnostic.plans import Plan, new_grid, planned
from tests.harness import Database


@pytest.fixture(scope="module")
async def grid(database: Database) -> str:
    return await new_grid(database)


@pytest.fixture
async def plan(acting: Acting, grid: str) -> Plan:
    return await planned(acting, grid)


def named(plan: Plan, code: str) -> str:
    """Give the identifier of an action."""
    return plan.place(code).rpartition("/")[2]


async def test_an_action_is_proved_after_the_submission_and_the_score_stays(
    plan: Plan, acting: Acting
) -> None:
    path = f"/v1/assessments/{plan.assessment['id']}"
    score = (await acting.get(f"{path}/score")).json()
    await plan.move("A1", "accepted", "in_progress")
    before = await plan.action("A1")

    sent, again = [
        await attached(
            acting,
            plan.assessment,
            action=named(plan, "A1"),
            kind="training_record",
            title="Feuille.pdf",
            valid_until="2020-02-29",
        )
        for _ in range(2)
    ]
    other = await attached(acting, plan.assessment, action=named(plan, "A2"))

    found = sent.json()
    assert (sent.status_code, again.status_code, other.status_code) == (201, 200, 201)
    assert again.json() == found
    told = [found[name] for name in ("action_id", "question", "kind", "is_expired", "counts_as")]
    assert told == [named(plan, "A1"), None, "training_record", True, "nothing"]
    listed = (await acting.get(f"{path}/evidence?action={named(plan, 'A1')}&count=true")).json()
    assert (listed["total"], [one["id"] for one in listed["items"]]) == (1, [found["id"]])
    after = await plan.action("A1")
    assert after["version"] == before["version"] + 1
    assert after["changed_at"] > before["changed_at"]
    assert (await acting.get(f"{path}/score")).json() == score


async def test_what_proves_an_action_is_changed_verified_and_dropped_while_it_stands(
    plan: Plan, acting: Acting
) -> None:
    sent = await attached(acting, plan.assessment, action=named(plan, "A1"))
    place = sent.headers["location"]
    changed = await acting.send("PATCH", place, {"valid_until": "2098-12-31"}, '"1"')
    verified = await acting.post(f"{place}/verify", None, **{"if-match": '"2"'})
    dropped = await acting.send("DELETE", place, None, '"3"')
    assert (changed.status_code, verified.status_code, dropped.status_code) == (200, 200, 204)
    assert verified.json()["counts_as"] == "verified"
    assert (await acting.get(place)).status_code == 404


async def test_answers_are_backed_before_the_submission_and_actions_proved_after_it(
    plan: Plan, acting: Acting
) -> None:
    late = await attached(acting, plan.assessment, question="Q1")
    path = f"/v1/assessments/{plan.assessment['id']}"
    sent = await attached(acting, plan.assessment, action=named(plan, "A1"))
    await acting.post(f"{path}/amend", {"reason": "À revoir"})
    closed = await acting.send("PATCH", sent.headers["location"], {"title": "Autre"}, '"1"')
    gone = await attached(acting, plan.assessment, action=named(plan, "A1"))
    assert (late.status_code, late.json()["code"]) == (409, "assessment-closed")
    assert (closed.status_code, closed.json()["code"]) == (409, "assessment-closed")
    assert (gone.status_code, gone.json()["code"]) == (404, "action-unknown")


async def test_evidence_names_one_thing_that_is_there_and_belongs_to_the_sender(
    plan: Plan,
    acting: Acting,
    stranger: Acting,
    onlooker: Acting,
    service: httpx.AsyncClient,
    grid: str,
) -> None:
    mine, elsewhere = named(plan, "A1"), named(await planned(acting, grid), "A1")
    both = await attached(acting, plan.assessment, action=mine, question="Q1")
    assert (both.status_code, faults(both)) == (422, {"/action": "of-two-things"})
    assert both.json()["errors"][0]["in"] == "query"
    for unknown in (elsewhere, str(uuid.uuid4())):
        refused = await attached(acting, plan.assessment, action=unknown)
        assert (refused.status_code, refused.json()["code"]) == (404, "action-unknown")
    odd = await attached(acting, plan.assessment, action="A1")
    assert (odd.status_code, faults(odd)) == (422, {"/action": "uuid-parsing"})
    disguised = await attached(acting, plan.assessment, EXE, action=mine)
    assert disguised.status_code == 422
    assert (await attached(stranger, plan.assessment, action=mine)).status_code == 404
    assert (await attached(onlooker, plan.assessment, action=mine)).status_code == 403
    nobody = Acting(service, {})
    assert (await attached(nobody, plan.assessment, action=mine)).status_code == 401
    path = f"/v1/assessments/{plan.assessment['id']}/evidence"
    assert (await acting.get(path)).json()["items"] == []


async def test_evidence_of_actions_is_exported_and_goes_with_the_company(
    plan: Plan, acting: Acting
) -> None:
    sent = (await attached(acting, plan.assessment, PDF, action=named(plan, "A1"))).json()
    path = f"/v1/organisations/{plan.assessment['organisation_id']}"
    parts = (await acting.get(f"{path}/export.json")).json()["parts"]
    assert [one["action_id"] for one in parts["evidence"]] == [sent["action_id"]]
    tag = (await acting.get(path)).headers["etag"]
    assert (await acting.post(f"{path}/erase", None, **{"if-match": tag})).status_code == 200
    assert (await acting.get(f"/v1/evidence/{sent['id']}")).status_code == 404
