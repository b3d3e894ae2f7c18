"""Actions over HTTP: who does what until when, how far it is, and what follows what."""

import asyncio
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diagnostic.actions.service import MOST_OWN
from diagnostic.roadmaps.lifecycle import ActionStatus, allowed, waiting_for, without
from tests.conftest import AsClient
from tests.diagnostic.acting import Acting, faults
from tests.diagnostic.people import invited
from tests.diagnostic.plans import Plan, new_grid, planned
from tests.harness import Database

pytestmark = pytest.mark.usefixtures("mini_ia")

MOVES = {
    "proposed": {"accepted", "rejected"},
    "accepted": {"in_progress", "dropped"},
    "in_progress": {"done", "on_hold", "dropped"},
    "on_hold": {"in_progress", "dropped"},
    "rejected": set(),
    "done": set(),
    "dropped": set(),
}
"""Written a second time on purpose: from the design, §3c, and not from the code."""


@pytest.fixture(scope="module")
async def grid(database: Database) -> str:
    return await new_grid(database)


@pytest.fixture
async def plan(acting: Acting, grid: str) -> Plan:
    return await planned(acting, grid)


async def test_r7_done_forces_a_hundred_due_is_not_before_start_and_an_owner_is_of_the_company(
    plan: Plan, acting: Acting
) -> None:
    elsewhere = await invited(acting, await acting.assessment())
    await plan.move("A1", "accepted", "in_progress")

    done = await plan.change("A1", {"status": "done", "progress": 60})
    refused = await plan.change(
        "A3",
        {"starts_on": "2027-03-28", "due_on": "2027-03-27", "owner_id": elsewhere["id"]},
    )

    assert (done.status_code, done.json()["status"], done.json()["progress"]) == (200, "done", 100)
    assert (refused.status_code, refused.json()["code"]) == (422, "action-refused")
    assert faults(refused) == {"/owner_id": "owner-unknown", "/due_on": "due-before-start"}
    assert (await plan.action("A3"))["version"] == 1


async def test_an_action_gets_owner_days_progress_and_note(
    plan: Plan, acting: Acting, stranger: Acting
) -> None:
    who = await invited(acting, await acting.assessment(
        organisation_id=plan.assessment["organisation_id"], milestone="T1"
    ))  # fmt: skip
    await plan.move("A3", "accepted", "in_progress")
    body = {
        "owner_id": who["id"],
        "starts_on": "2027-01-04",
        "due_on": "2027-03-28",
        "progress": 40,
        "note": "Deux ateliers sur cinq.",
    }

    changed = await plan.change("A3", body)

    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] == f'"{changed.json()["version"]}"' == '"4"'
    assert {name: changed.json()[name] for name in body} == body
    shown = next(one for one in (await plan.read())["actions"] if one["code"] == "A3")
    assert {name: shown[name] for name in changed.json()} == changed.json()
    assert (await plan.action("A3")) == changed.json()
    emptied = await plan.change("A3", {"owner_id": None, "due_on": None, "note": None})
    assert [emptied.json()[name] for name in ("owner_id", "due_on", "note")] == [None] * 3
    assert emptied.json()["starts_on"] == "2027-01-04"
    alone = await plan.change("A3", {"due_on": "2027-01-03"})  # against the start that stays
    assert faults(alone) == {"/due_on": "due-before-start"}


async def test_a_change_needs_a_fresh_tag_a_scope_and_the_own_tenant(
    plan: Plan, stranger: Acting, onlooker: Acting, service: httpx.AsyncClient
) -> None:
    place, body = plan.place("A1"), {"status": "accepted"}
    missing = await plan.acting.send("PATCH", place, body)
    stale = await plan.change("A1", body, '"7"')
    foreign = await plan.change("A1", body, '"1"', by=stranger)
    barred = await plan.change("A1", body, '"1"', by=onlooker)
    nobody = await service.patch(place, json=body)
    elsewhere = f"{plan.path}/actions/{uuid.uuid4()}"
    unknown = await plan.acting.send("PATCH", elsewhere, body, '"1"')
    unread = await stranger.get(place)

    assert [one.status_code for one in (missing, stale, foreign, barred, nobody)] == [
        428, 412, 404, 403, 401,
    ]  # fmt: skip
    assert (stale.headers["etag"], '"1"' in stale.json()["detail"]) == ('"1"', True)
    assert (unread.status_code, unread.json()["code"]) == (404, "action-unknown")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "action-unknown")
    assert (await onlooker.get(place)).json()["status"] == "proposed"


async def test_what_is_sent_as_it_is_already_changes_nothing(plan: Plan) -> None:
    first = await plan.change("A1", {"status": "accepted", "note": "Oui."})
    same = await plan.change("A1", {"status": "accepted", "note": "Oui.", "position": 1})
    empty = await plan.change("A1", {})
    assert first.json() == same.json() == empty.json()


async def test_two_who_change_an_action_at_once_do_not_undo_each_other(plan: Plan) -> None:
    answers = await asyncio.gather(
        *(plan.change("A1", {"note": f"Note {one}"}, '"1"') for one in range(4))
    )
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"status": "rejected"}, {"/reason": "reason-missing"}),
        ({"status": "accepted", "reason": "Pour voir"}, {"/reason": "reason-unused"}),
        ({"position": 4}, {"/position": "no-such-place"}),
        ({"title": "Autrement"}, {"/title": "title-of-catalogue"}),
        ({"progress": 101}, {"/progress": "less-than-equal"}),
        ({"progress": -1}, {"/progress": "greater-than-equal"}),
        ({"progress": 12.5}, {"/progress": "int-type"}),
        ({"progress": True}, {"/progress": "int-type"}),
        ({"status": None}, {"/status": "enum"}),
        ({"status": "finished"}, {"/status": "enum"}),
        ({"due_on": "2027-02-29"}, {"/due_on": "date-from-datetime-parsing"}),
        ({"due_on": 1_800_000_000}, {"/due_on": "date-parsing"}),
        ({"due_on": "9999-12-31"}, {"/due_on": "less-than-equal"}),
        ({"note": "x" * 2001}, {"/note": "string-too-long"}),
        ({"note": "a\x00b"}, {"/note": "text-not-storable"}),
        ({"owner_id": "Anne Lefèvre"}, {"/owner_id": "uuid-parsing"}),
        ({"owner": "Anne"}, {"/owner": "extra-forbidden"}),
    ],
)
async def test_bad_input_is_named_and_nothing_is_stored(
    steady: Plan, body: Any, wrong: dict[str, str]
) -> None:
    before = await steady.action("A1")
    response = await steady.change("A1", body)
    assert (response.status_code, faults(response)) == (422, wrong), response.text
    assert await steady.action("A1") == before


@pytest.fixture(scope="module")
async def steady(acting: Acting, grid: str) -> Plan:
    """Make a roadmap that nobody changes with success."""
    return await planned(acting, grid)


async def test_an_action_waits_for_its_prerequisites_unless_they_are_set_aside(
    plan: Plan, acting: Acting, grid: str
) -> None:
    waiting = await plan.move("A2", "accepted", "in_progress")
    early = await plan.change("A2", {"status": "done"})
    await plan.move("A1", "accepted", "in_progress", "done")
    assert (waiting["waiting_for"], "done" in waiting["allowed"]) == (["A1"], False)
    assert (early.status_code, early.json()["code"]) == (409, "action-waits")
    assert "A1" in early.json()["detail"]
    assert (await plan.move("A2", "done"))["waiting_for"] == []

    other = await planned(acting, grid)
    await other.move("A1", "rejected")
    await other.move("A2", "accepted", "in_progress")
    done = await other.move("A2", "done")
    assert (done["waiting_for"], done["without"]) == ([], ["A1"])


async def test_what_is_settled_keeps_all_but_its_note(plan: Plan) -> None:
    rejected = await plan.move("A3", "rejected")
    assert (rejected["reason"], rejected["allowed"]) == ("Budget", [])
    for body in ({"progress": 10}, {"due_on": "2027-01-01"}, {"position": 1}, {"reason": "Autre"}):
        refused = await plan.change("A3", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "action-settled"), body
    assert (await plan.change("A3", {"note": "Peut-être en 2028."})).status_code == 200


async def test_progress_counts_once_it_is_started_and_a_reason_goes_with_its_state(
    plan: Plan,
) -> None:
    early = await plan.change("A3", {"progress": 10})
    assert (early.status_code, early.json()["code"]) == (409, "action-not-started")
    await plan.move("A3", "accepted")
    both = await plan.change("A3", {"status": "in_progress", "progress": 10})
    assert both.json()["progress"] == 10
    held = await plan.move("A3", "on_hold")
    other = await plan.change("A3", {"reason": "Congés"})
    bare = await plan.change("A3", {"reason": None})
    again = await plan.move("A3", "in_progress")
    assert (held["reason"], other.json()["reason"]) == ("Budget", "Congés")
    assert faults(bare) == {"/reason": "reason-missing"}
    assert (again["reason"], again["progress"]) == (None, 10)


def test_the_table_of_moves_is_that_of_the_design() -> None:
    assert {one: set(allowed(one)) for one in ActionStatus} == MOVES


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=3, max_size=7))
async def test_only_the_moves_of_the_table_are_possible(
    steady: Plan, steps: Sequence[tuple[bool, int]]
) -> None:
    own = (await steady.acting.post(f"{steady.path}/actions", OWN)).json()
    place, now, version = f"{steady.path}/actions/{own['id']}", "proposed", 1
    for is_possible, choice in steps:
        choices = sorted(MOVES[now] if is_possible and MOVES[now] else MOVES)
        target = choices[choice % len(choices)]
        reasoned = target in {"rejected", "on_hold", "dropped"}
        body = {"status": target, **({"reason": "Parce que"} if reasoned else {})}
        response = await steady.acting.send("PATCH", place, body, f'"{version}"')
        if target in MOVES[now]:
            assert response.status_code == 200, response.text
            now, version = target, version + 1
            assert (response.json()["progress"] == 100) == (now == "done")
        elif target == now:
            version = (await steady.acting.get(place)).json()["version"]
        else:
            assert (response.status_code, response.json()["code"]) == (409, "action-step-refused")
            assert all(one in response.json()["detail"] for one in MOVES[now])
    shown = (await steady.acting.get(place)).json()
    assert (shown["status"], set(shown["allowed"])) == (now, MOVES[now])


OWN = {"title": "Former l’atelier", "effort": "M", "impact": 4}


@given(
    st.lists(st.sampled_from("ABCD")),
    st.dictionaries(st.sampled_from("ABC"), st.sampled_from(list(ActionStatus))),
)
def test_a_prerequisite_is_done_set_aside_waited_for_or_not_in_the_roadmap(
    before: list[str], statuses: dict[str, ActionStatus]
) -> None:
    waits, aside = waiting_for(before, statuses), without(before, statuses)
    assert not set(waits) & set(aside)
    for code in before:
        status = statuses.get(code)
        assert (code in aside) == (status in {"rejected", "dropped"})
        assert (code in waits) == (status not in {None, "done", "rejected", "dropped"})
    assert (ActionStatus.DONE in allowed(ActionStatus.IN_PROGRESS, waits)) == (not waits)


async def test_the_company_adds_actions_of_its_own_once_per_key(
    plan: Plan, acting: Acting, stranger: Acting, onlooker: Acting, service: httpx.AsyncClient
) -> None:
    path, key = f"{plan.path}/actions", {"idempotency-key": secrets.token_hex(8)}
    body = {**OWN, "prerequisites": ["A1", "A1"]}
    created = await acting.post(path, body, **key)
    again = await acting.post(path, body, **key)
    found = created.json()
    refused = [
        (await stranger.post(path, body)).status_code,
        (await onlooker.post(path, body)).status_code,
        (await service.post(path, json=body)).status_code,
    ]

    assert (created.status_code, again.json(), refused) == (201, found, [404, 403, 401])
    assert created.headers["location"] == f"{path}/{found['id']}"
    assert created.headers["etag"] == '"1"'
    expected = {"code": "own-1", "is_own": True, "position": 4, "status": "proposed",
        "prerequisites": ["A1"], "waiting_for": ["A1"], "title": OWN["title"]}  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    shown = (await plan.read())["actions"][-1]
    texts = [shown[one] for one in ("why", "how", "because", "gain", "funding", "quadrant")]
    assert texts == ["", [], [], 0.0, [], "big_bet"]
    renamed = await acting.send("PATCH", created.headers["location"], {"title": "Autre"}, '"1"')
    assert renamed.json()["title"] == "Autre"


async def test_an_own_action_names_actions_of_its_roadmap_and_there_are_only_so_many(
    plan: Plan, sql: asyncpg.Connection
) -> None:
    wrong = await plan.add(prerequisites=["A1", "A9", "own-1"])
    odd = await plan.add(effort="XXL", impact=6, title=" ")
    assert faults(wrong) == {
        "/prerequisites/1": "action-unknown",
        "/prerequisites/2": "action-unknown",
    }
    assert faults(odd) == {"/effort": "literal-error", "/impact": "less-than-equal",
        "/title": "text-padded"}  # fmt: skip
    for _ in range(2):
        assert (await plan.add()).status_code == 201
    await sql.execute(
        "INSERT INTO diagnostic.roadmap_action (id, roadmap_id, position, recommendation, title,"
        " status, content) SELECT gen_random_uuid(), $1, 5 + n, 'own-' || n, 'x', 'proposed',"
        " '{\"prerequisites\": []}' FROM generate_series(3, $2) n",
        plan.made["id"],
        MOST_OWN,
    )
    full = await plan.add()
    assert (full.status_code, full.json()["code"]) == (409, "actions-full")


async def test_an_action_moves_to_another_place_but_not_before_its_prerequisites(
    plan: Plan,
) -> None:
    assert [one["code"] for one in plan.made["actions"]] == ["A1", "A2", "A3"]
    moved = await plan.change("A3", {"position": 1})
    refused = await plan.change("A2", {"position": 1})
    after = await plan.change("A1", {"position": 3})
    order = [one["code"] for one in (await plan.read())["actions"]]

    assert (moved.json()["position"], order) == (1, ["A3", "A1", "A2"])
    for one in (refused, after):
        assert (one.status_code, one.json()["code"]) == (409, "action-order-refused")
        assert "A1" in one.json()["detail"]
    assert [(await plan.action(code))["version"] for code in ("A1", "A2")] == [1, 1]
    await plan.move("A1", "rejected")
    assert (await plan.change("A2", {"position": 1})).status_code == 200


async def test_progress_is_weighed_by_effort_and_leaves_out_what_was_set_aside(
    plan: Plan, acting: Acting
) -> None:
    start = (await plan.read())["progress"]
    await plan.move("A1", "accepted", "in_progress", "done")  # S: 2
    await plan.move("A2", "accepted", "in_progress")  # XS: 1
    await plan.change("A2", {"progress": 50, "due_on": "2020-02-29"})
    await plan.change("A3", {"due_on": "2098-01-01"})  # M: 3, proposed: nothing is due
    await plan.add(effort="XL")
    await plan.move("own-1", "accepted")
    await plan.change("own-1", {"due_on": "2099-01-01"})  # XL: 5
    some = (await plan.read())["progress"]
    await plan.move("A3", "rejected")
    less = (await plan.read())["progress"]
    path = f"/v1/organisations/{plan.assessment['organisation_id']}/summary"
    summary = (await acting.get(path)).json()["assessment"]

    assert start == {"kept": 3, "done": 0, "done_share": 0.0, "share": 0.0, "late": 0,
        "next_due_on": None}  # fmt: skip
    assert some == {"kept": 4, "done": 1, "done_share": 0.1818, "share": 0.2273, "late": 1,
        "next_due_on": "2099-01-01"}  # fmt: skip
    assert (less["kept"], less["done_share"], less["share"]) == (3, 0.25, 0.3125)
    assert summary["progress"] == less
    assert [one["title"] for one in summary["actions"]][-1] == "Former l’atelier"


async def test_a_roadmap_without_anything_kept_has_no_share(plan: Plan) -> None:
    for code in ("A1", "A2", "A3"):
        await plan.move(code, "rejected")
    progress = (await plan.read())["progress"]
    assert (progress["kept"], progress["done_share"], progress["share"]) == (0, None, None)


async def test_an_amended_diagnostic_has_no_actions_until_its_next_roadmap(
    plan: Plan, acting: Acting
) -> None:
    path = f"/v1/assessments/{plan.assessment['id']}"
    place = plan.place("A1")
    await acting.post(f"{path}/amend", {"reason": "Effectif à revoir"})
    change = await acting.send("PATCH", place, {"status": "accepted"}, '"1"')
    added = await acting.post(f"{plan.path}/actions", OWN)
    assert [(one.status_code, one.json()["code"]) for one in (change, added)] == [
        (404, "roadmap-unknown")
    ] * 2
    assert (await acting.get(place)).status_code == 404


async def test_a_voided_diagnostic_is_not_acted_on(plan: Plan, acting: Acting) -> None:
    path = f"/v1/assessments/{plan.assessment['id']}"
    voided = await acting.post(f"{path}/enter-in-error", {"reason": "Essai"})
    assert voided.status_code == 200, voided.text
    refused = await plan.change("A1", {"status": "accepted"})
    assert (refused.status_code, refused.json()["code"]) == (409, "assessment-closed")


async def test_an_erased_person_owns_nothing_and_cannot_be_made_an_owner(
    plan: Plan, acting: Acting, sql: asyncpg.Connection
) -> None:
    other = await acting.assessment(
        organisation_id=plan.assessment["organisation_id"], milestone="T1"
    )
    who = await invited(acting, other, name="Ondine Vraiment")
    given = await plan.change("A1", {"owner_id": who["id"], "note": "Vu avec Ondine Vraiment."})
    assert given.json()["owner_id"] == who["id"]
    tag = f'"{given.json()["version"]}"'

    erased = await acting.send("DELETE", f"/v1/respondents/{who['id']}", None, '"1"')
    assert erased.status_code == 204, erased.text
    stale = await plan.change("A1", {"status": "accepted"}, tag)
    found = await plan.action("A1")
    again = await plan.change("A1", {"owner_id": who["id"]})

    assert (found["owner_id"], found["note"], stale.status_code) == (None, None, 412)
    assert faults(again) == {"/owner_id": "owner-unknown"}


async def test_a_facilitator_reads_the_actions_of_the_own_cohort_and_changes_none(
    acting: Acting, stranger: Acting, grid: str, as_client: AsClient, service: httpx.AsyncClient
) -> None:
    cohort = await stranger.cohort()
    company = await acting.organisation()
    seat = f"/v1/cohorts/{cohort['id']}/enrolments"
    assert (await acting.post(seat, {"organisation_id": company["id"]})).status_code == 201
    plan = await planned(acting, grid, organisation_id=company["id"], cohort_id=cohort["id"])
    read = await stranger.get(plan.place("A1"))
    changed = await plan.change("A1", {"status": "accepted"}, '"1"', by=stranger)
    assert (read.status_code, read.json()["code"], changed.status_code) == (200, "A1", 404)


async def test_deeds_are_in_the_audit_trail_and_in_the_export(plan: Plan, acting: Acting) -> None:
    await plan.move("A1", "accepted", "in_progress", "on_hold")
    await plan.change("A1", {"note": "Après les congés."})
    await plan.add()
    found = next(one for one in plan.made["actions"] if one["code"] == "A1")
    events = (await acting.get(f"/v1/audit-events?entity_id={found['id']}")).json()["items"]
    path = f"/v1/organisations/{plan.assessment['organisation_id']}/export.json"
    rows = (await acting.get(path)).json()["parts"]["roadmap_action"]

    assert [one["action"] for one in reversed(events)] == ["accept", "start", "pause", "change"]
    mine = next(one for one in rows if one["id"] == found["id"])
    told = [mine[one] for one in ("status", "reason", "note", "version")]
    assert told == ["on_hold", "Budget", "Après les congés.", 5]
    assert {one["title"] for one in rows} == {None, "Former l’atelier"}


async def test_the_report_stays_what_was_recommended(plan: Plan, acting: Acting) -> None:
    path = f"/v1/assessments/{plan.assessment['id']}/report.json"
    before = await acting.get(path)
    await plan.change("A3", {"position": 1})
    await plan.add()
    assert (await acting.get(path)).json() == before.json()
