"""Thesis subjects over HTTP, step by step, each organisation its own (acceptance group J)."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
import pytest

from platformkit.app import do_chores
from tests import harness
from tests.harness import Database, anonymous, as_client
from tests.training.granting import Granting, days, faults, opened
from training.imports import retention
from training.settings import Settings

KEEPING = Settings.model_validate({"database_url": "", "secret_key": "", "trusted_issuers": {}})
CHAIN = ("laboratory", "unit", "doctoral_school", "institution", "region")


@pytest.fixture(scope="module")
async def granting(training: httpx.AsyncClient) -> Granting:
    """Open one campaign for the tests that do not change it."""
    return await opened(training)


async def seeing(granting: Granting, thesis: dict[str, Any]) -> list[str]:
    """Say who sees a subject, in the same way alone and in the list."""
    found = []
    for role in (*CHAIN, "other", "stranger"):
        alone = await granting.send(role, "GET", f"/v1/theses/{thesis['id']}")
        past = await granting.send(role, "GET", f"/v1/theses/{thesis['id']}/history")
        path = f"/v1/theses?campaign_id={granting.campaign['id']}&limit=200&count=true"
        listed = (await granting.send(role, "GET", path)).json()
        is_listed = thesis["id"] in [one["id"] for one in listed["items"]]
        assert listed["total"] == len(listed["items"])
        assert (alone.status_code, past.status_code) in {(200, 200), (404, 404)}
        assert is_listed == (alone.status_code == 200)
        if is_listed:
            found.append(role)
    return found


async def test_j4_a_subject_passes_from_the_laboratory_to_the_region(granting: Granting) -> None:
    thesis = await granting.propose()
    assert (thesis["status"], thesis["roles"], thesis["actions"]) == (
        "draft",
        ["laboratory"],
        ["submit", "withdraw"],
    )
    seen = [await seeing(granting, thesis)]
    for role, action, more in (
        ("laboratory", "submit", {}),
        ("unit", "endorse", {}),
        ("doctoral_school", "endorse", {}),
        ("institution", "rank", {"rank": 1}),
    ):
        answer = await granting.move(role, thesis, action, **more)
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"{thesis["version"]}"'
        seen.append(await seeing(granting, thesis))
    assert seen == [list(CHAIN[: place + 1]) for place in range(5)]
    assert (thesis["status"], thesis["waits_for"], thesis["rank"]) == ("at_region", "region", 1)
    path = f"/v1/theses/{thesis['id']}/history"
    past = (await granting.send("unit", "GET", path)).json()["items"]
    assert [(one["role"], one["action"], one["was"], one["status"]) for one in past] == [
        ("laboratory", "propose", None, "draft"),
        ("laboratory", "submit", "draft", "at_unit"),
        ("unit", "endorse", "at_unit", "at_doctoral_school"),
        ("doctoral_school", "endorse", "at_doctoral_school", "at_institution"),
        ("institution", "rank", "at_institution", "at_region"),
    ]
    names = {one["role"]: one["actor"] for one in past}
    assert names == {**dict.fromkeys(CHAIN[:4]), "unit": f"unit-{granting.mark}-client"}


async def test_j4_a_step_of_another_is_refused_and_one_that_is_not_there_tells_which_are(
    granting: Granting,
) -> None:
    thesis = await granting.propose()
    for role, action, status, code in (
        ("unit", "endorse", 404, "thesis-unknown"),
        ("laboratory", "endorse", 409, "thesis-step-refused"),
    ):
        answer = await granting.move(role, thesis, action)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "submit, withdraw" in answer.json()["detail"]
    assert (await granting.move("laboratory", thesis, "submit")).status_code == 200
    answer = await granting.move("laboratory", thesis, "endorse")
    assert (answer.status_code, answer.json()["code"]) == (403, "thesis-step-not-yours")
    answer = await granting.move("unit", thesis, "submit")
    assert (answer.status_code, answer.json()["code"]) == (409, "thesis-step-refused")


async def test_what_is_sent_back_is_a_draft_again_that_nobody_else_sees(
    granting: Granting,
) -> None:
    thesis = await granting.propose()
    await granting.move("laboratory", thesis, "submit")
    await granting.move("unit", thesis, "endorse")
    answer = await granting.move("doctoral_school", thesis, "send_back")
    assert faults(answer) == {"/reason": "reason-missing"}
    answer = await granting.move("doctoral_school", thesis, "send_back", reason="Précisez.")
    assert answer.status_code == 200, answer.text
    assert await seeing(granting, thesis) == ["laboratory"]
    body = granting.subject(title="Autre titre")
    del body["campaign_id"]
    path = f"/v1/theses/{thesis['id']}"
    changed = await granting.send("laboratory", "PUT", path, body, thesis["version"])
    assert (changed.status_code, changed.json()["title"]) == (200, "Autre titre")
    past = (await granting.send("laboratory", "GET", f"{path}/history?count=true")).json()
    assert past["total"] == 5
    assert past["items"][3]["reason"] == "Précisez."


async def test_declining_and_withdrawing_end_a_subject_and_have_a_reason(
    granting: Granting,
) -> None:
    thesis = await granting.propose()
    await granting.move("laboratory", thesis, "submit")
    assert faults(await granting.move("unit", thesis, "decline")) == {"/reason": "reason-missing"}
    answer = await granting.move("unit", thesis, "decline", reason="Hors de nos axes.")
    assert (answer.status_code, answer.json()["status"]) == (200, "declined")
    assert await seeing(granting, thesis) == ["laboratory", "unit"]
    for role, action in (("unit", "endorse"), ("laboratory", "withdraw")):
        answer = await granting.move(role, thesis, action, reason="Trop tard.")
        assert (answer.status_code, answer.json()["code"]) == (409, "thesis-step-refused")
    other = await granting.ranked(91)
    assert faults(await granting.move("laboratory", other, "withdraw")) == {
        "/reason": "reason-missing"
    }
    answer = await granting.move("laboratory", other, "withdraw", reason="Financé autrement.")
    assert (answer.json()["status"], answer.json()["rank"]) == ("withdrawn", None)
    again = await granting.ranked(91)
    assert again["rank"] == 91, "a rank that is left may be given again"


async def test_j2_shares_over_the_whole_and_over_half_are_told_together(
    granting: Granting,
) -> None:
    over = [{"name": "A", "percent": "30"}, {"name": "a", "percent": "19.99"}]
    body = granting.subject(regional_percent="50.02", cofinanciers=over)
    answer = await granting.send("laboratory", "POST", "/v1/theses", body)
    assert faults(answer) == {
        "/regional_percent": "regional-share-too-large",
        "/cofinanciers": "financing-over-whole",
        "/cofinanciers/1/name": "cofinancier-twice",
    }
    over[1] = {"name": "B", "percent": "20"}
    found = await granting.propose(cofinanciers=over, regional_percent="49.99", cost="100000.01")
    assert found["financing"] == {
        "cost": "100000.01",
        "regional_percent": "49.99",
        "regional_amount": "49990.00",
        "cofinanciers": [
            {"name": "A", "percent": "30.00", "amount": "30000.00"},
            {"name": "B", "percent": "20.00", "amount": "20000.00"},
        ],
        "uncovered_percent": "0.01",
    }


@pytest.mark.parametrize(
    ("commune", "code"),
    [("75056", "laboratory-outside"), ("59999", "commune-unknown"), ("99001", "commune-unknown")],
)
async def test_j3_a_laboratory_outside_hauts_de_france_is_refused(
    granting: Granting, commune: str, code: str
) -> None:
    body = granting.subject(laboratory={"name": "Ailleurs", "commune": commune})
    answer = await granting.send("laboratory", "POST", "/v1/theses", body)
    assert faults(answer) == {"/laboratory/commune": code}


async def test_a_subject_names_organisations_of_the_campaign_and_no_person(
    granting: Granting,
) -> None:
    body = granting.subject(unit="ED1", doctoral_school="X", institution="U1")
    answer = await granting.send("laboratory", "POST", "/v1/theses", body)
    assert faults(answer) == {
        "/unit": "organisation-unknown",
        "/doctoral_school": "organisation-unknown",
    }
    body = granting.subject(candidate={"name": "Ada"}, supervisor="Grace")
    answer = await granting.send("laboratory", "POST", "/v1/theses", body)
    assert faults(answer) == {"/candidate": "extra-forbidden", "/supervisor": "extra-forbidden"}
    answer = await granting.send("region", "POST", "/v1/theses", granting.subject())
    assert faults(answer) == {"/campaign_id": "campaign-own"}
    hostile = granting.subject(cost="NaN", regional_percent="1e-3", title="\u200b\x07")
    answer = await granting.send("laboratory", "POST", "/v1/theses", hostile)
    assert set(faults(answer)) == {"/cost", "/regional_percent"}


async def test_j1_nothing_is_submitted_before_after_or_without_an_open_campaign(
    training: httpx.AsyncClient,
) -> None:
    granting = Granting(training)
    await granting.draft()
    answer = await granting.send("laboratory", "POST", "/v1/theses", granting.subject())
    assert (answer.status_code, answer.json()["code"]) == (404, "thesis-campaign-unknown")
    await granting.turn("open")
    thesis = await granting.propose()
    body = {name: thing for name, thing in granting.subject().items() if name != "campaign_id"}
    path = f"/v1/theses/{thesis['id']}"

    async def refused() -> None:
        for answer in (
            await granting.send("laboratory", "POST", "/v1/theses", granting.subject()),
            await granting.send("laboratory", "PUT", path, body, thesis["version"]),
            await granting.move("laboratory", thesis, "submit"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (409, "thesis-campaign-closed")

    for moved in ({"opens": 1}, {"opens": -9, "laboratory": -1}):
        assert (await granting.rewrite(**days(**moved))).status_code == 200
        await refused()
    assert (await granting.rewrite()).status_code == 200
    assert (await granting.turn("close")).status_code == 200
    await refused()


async def test_a_step_is_taken_until_the_end_of_its_last_day(training: httpx.AsyncClient) -> None:
    granting = await opened(training)
    thesis = await granting.propose()
    await granting.move("laboratory", thesis, "submit")
    late = {"opens": -9, "laboratory": -5, "unit": -1}
    assert (await granting.rewrite(**days(**late))).status_code == 200
    answer = await granting.move("unit", thesis, "endorse")
    assert (answer.status_code, answer.json()["code"]) == (409, "thesis-step-too-late")
    assert (await granting.rewrite(**days(**late | {"unit": 0}))).status_code == 200
    assert (await granting.move("unit", thesis, "endorse")).status_code == 200


async def test_ranks_are_unique_for_each_institution_and_bounded(
    training: httpx.AsyncClient,
) -> None:
    granting = await opened(training, rules={"most_per_institution": 2})
    first = await granting.ranked(1)
    second = await granting.propose()
    for role in CHAIN[:3]:
        action = "submit" if role == "laboratory" else "endorse"
        assert (await granting.move(role, second, action)).status_code == 200
    assert faults(await granting.move("institution", second, "rank")) == {"/rank": "rank-missing"}
    answer = await granting.move("institution", second, "rank", rank=1)
    assert (answer.status_code, answer.json()["code"]) == (409, "thesis-rank-taken")
    assert (await granting.move("institution", second, "rank", rank=2)).status_code == 200
    third = await granting.propose()
    for role in CHAIN[:3]:
        action = "submit" if role == "laboratory" else "endorse"
        await granting.move(role, third, action)
    answer = await granting.move("institution", third, "rank", rank=3)
    assert (answer.status_code, answer.json()["code"]) == (409, "thesis-institution-full")
    assert (await granting.move("institution", first, "rank", rank=3)).status_code == 200
    assert (await granting.move("institution", second, "rank", rank=1)).status_code == 200
    assert (await granting.ranked(1, institution="U2"))["rank"] == 1, "another's rank 1"
    unused = await granting.move("laboratory", third, "withdraw", reason="Non.", rank=4)
    assert faults(unused) == {"/rank": "rank-unused"}


async def test_an_institution_racing_with_itself_gives_a_rank_once(
    training: httpx.AsyncClient,
) -> None:
    granting = await opened(training, rules={"most_per_institution": 3})
    theses = [await granting.propose() for _ in range(5)]
    for thesis in theses:
        for role in CHAIN[:3]:
            action = "submit" if role == "laboratory" else "endorse"
            await granting.move(role, thesis, action)
    answers = await asyncio.gather(
        *(granting.move("institution", one, "rank", rank=1) for one in theses)
    )
    assert Counter(one.status_code for one in answers) == {200: 1, 409: 4}
    left = [one for one in theses if one["rank"] is None]
    answers = await asyncio.gather(
        *(
            granting.move("institution", one, "rank", rank=place)
            for place, one in enumerate(left, start=2)
        )
    )
    assert Counter(one.status_code for one in answers) == {200: 2, 409: 2}


async def test_the_budget_is_never_over_committed_by_decisions_at_once(
    training: httpx.AsyncClient, database: Database
) -> None:
    granting = await opened(training)  # 150,000 €: two of 60,000 € and no more
    theses = [await granting.ranked(rank) for rank in range(1, 7)]
    await granting.turn("close")
    answers = await asyncio.gather(*(granting.decide(one, "select") for one in theses))
    assert Counter(one.status_code for one in answers) == {200: 2, 409: 4}
    codes = {one.json()["code"] for one in answers if one.status_code == 409}
    assert codes == {"thesis-budget-exceeded"}
    path = f"/v1/thesis-campaigns/{granting.campaign['id']}/content"
    assert (await granting.send("region", "GET", path)).json()["committed"] == "120000.00"
    connection = await asyncpg.connect(database.dsn("training"))
    spent = await connection.fetchval(
        "SELECT sum(regional_amount) FROM training.thesis WHERE status = 'selected'"
        " AND campaign_id = $1::uuid",
        granting.campaign["id"],
    )
    with pytest.raises(asyncpg.CheckViolationError):
        await connection.execute(
            "UPDATE training.thesis_campaign SET committed = budget + 1 WHERE id = $1::uuid",
            granting.campaign["id"],
        )
    await connection.close()
    assert spent == 120_000
    selected = [one for one in theses if one["status"] == "selected"]
    waiting = [one for one in theses if one["status"] == "at_region"]
    changes = [granting.decide(selected[0], "reserve")]
    changes += [granting.decide(one, "select") for one in waiting[:2]]
    answers = await asyncio.gather(*changes)
    assert answers[0].status_code == 200, "a decision may change before it is told"
    assert Counter(one.status_code for one in answers[1:]) in ({200: 1, 409: 1}, {409: 2})


async def test_two_who_decide_the_same_subject_at_once_decide_it_once(
    training: httpx.AsyncClient,
) -> None:
    granting = await opened(training)
    thesis = await granting.ranked(1)
    await granting.turn("close")
    path = f"/v1/theses/{thesis['id']}/decisions"
    answers = await asyncio.gather(
        *(
            granting.send("region", "POST", path, {"decision": one}, thesis["version"])
            for one in ("select", "reserve")
        )
    )
    assert sorted(one.status_code for one in answers) == [200, 412]


async def test_writes_want_a_caller_a_scope_a_tag_and_answer_a_key_once(
    granting: Granting,
) -> None:
    thesis = await granting.propose()
    path = f"/v1/theses/{thesis['id']}/transitions"
    body = {"action": "submit"}
    http, who = granting.http, granting.headers("laboratory")
    narrow = as_client("training", tenant=f"laboratory-{granting.mark}", scopes={"training:feed"})
    for headers, status in (
        (anonymous("training") | {"if-match": '"1"'}, 401),
        (narrow | {"if-match": '"1"'}, 403),
        (who, 428),
        (who | {"if-match": '"9"'}, 412),
        (granting.headers("stranger") | {"if-match": '"1"'}, 404),
    ):
        assert (await http.post(path, json=body, headers=headers)).status_code == status
    keyed = who | {"if-match": '"1"', "idempotency-key": granting.mark}
    first = await http.post(path, json=body, headers=keyed)
    again = await http.post(path, json=body, headers=keyed)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"
    deciding = f"/v1/theses/{thesis['id']}/decisions"
    body = {"decision": "select"}
    for headers, status in (
        (anonymous("training") | {"if-match": '"2"'}, 401),
        (narrow | {"if-match": '"2"'}, 403),
        (who, 428),
        (who | {"if-match": '"9"'}, 412),
        (who | {"if-match": '"2"'}, 409),
        (granting.headers("region") | {"if-match": '"2"'}, 404),
    ):
        answer = await http.post(deciding, json=body, headers=headers)
        assert answer.status_code == status, answer.text
    replacing = {name: thing for name, thing in granting.subject().items() if name != "campaign_id"}
    for role, tag, status in (
        ("laboratory", None, 428),
        ("laboratory", 9, 412),
        ("laboratory", 2, 409),
        ("unit", 2, 403),
        ("stranger", 2, 404),
    ):
        answer = await granting.send(role, "PUT", path.rpartition("/")[0], replacing, tag)
        assert answer.status_code == status, answer.text


async def test_who_waits_for_whom_is_a_list(granting: Granting) -> None:
    thesis = await granting.propose()
    await granting.move("laboratory", thesis, "submit")
    path = f"/v1/theses?campaign_id={granting.campaign['id']}&waiting=true&limit=200"
    for role, waits in (("unit", True), ("laboratory", False), ("doctoral_school", False)):
        items = (await granting.send(role, "GET", path)).json()["items"]
        assert (thesis["id"] in [one["id"] for one in items]) is waits
        assert all(role == one["waits_for"] for one in items)
    items = (await granting.send("unit", "GET", f"{path}&status=at_region")).json()["items"]
    assert items == []
    first = (await granting.send("laboratory", "GET", "/v1/theses?limit=1&count=true")).json()
    later = await granting.send("laboratory", "GET", f"/v1/theses?limit=200&after={first['next']}")
    assert len(later.json()["items"]) == first["total"] - 1


async def test_old_steps_are_forgotten_and_their_subject_stays(
    granting: Granting, database: Database
) -> None:
    old, young = [await granting.propose() for _ in range(2)]
    app = harness.application(database, "training", import_worker=False)
    admin = await asyncpg.connect(database.admin_dsn)
    left = {}
    for months in (59, 61):
        await admin.execute(
            "UPDATE training.thesis_event SET at = now() - make_interval(months => $2)"
            " WHERE thesis_id = $1::text::uuid",
            old["id"],
            months,
        )
        async with harness.opened(app):
            await do_chores(app, [retention.chore(KEEPING)], datetime.now(UTC))
        for thesis in (old, young):
            path = f"/v1/theses/{thesis['id']}"
            past = await granting.send("laboratory", "GET", f"{path}/history?count=true")
            left[months, thesis["id"]] = past.json()["total"]
            assert (await granting.send("laboratory", "GET", path)).status_code == 200
    await admin.close()
    assert list(left.values()) == [1, 1, 0, 1]
