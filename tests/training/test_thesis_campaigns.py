"""Campaigns of thesis grants over HTTP, and their results as open data."""

import json
from typing import Any

import asyncpg
import httpx
import pytest

from tests.harness import Database, anonymous, as_client
from tests.training.granting import Granting, days, faults, opened

NAMES = ("candidate", "supervisor", "actor", "client", "person", "tenant", "reason", "email")


async def told(database: Database, entity: str, of: str) -> list[dict[str, Any]]:
    """Read what the feed says of a thing."""
    connection = await asyncpg.connect(database.dsn("training"))
    rows = await connection.fetch(
        "SELECT kind, version, payload::text AS payload FROM training.change"
        " WHERE entity = $1 AND entity_id = $2 ORDER BY seq",
        entity,
        of,
    )
    await connection.close()
    return [dict(row) | {"payload": json.loads(row["payload"])} for row in rows]


async def test_a_draft_is_seen_by_nobody_else_and_an_open_campaign_by_everybody(
    training: httpx.AsyncClient, database: Database
) -> None:
    granting = Granting(training)
    await granting.draft()
    one = granting.campaign["id"]
    path, own = f"/v1/thesis-campaigns/{one}", f"/v1/thesis-campaigns/{one}/content"
    assert granting.campaign["status"] == "draft"
    assert (await training.get(path)).json()["code"] == "thesis-campaign-unknown"
    assert (await granting.send("stranger", "GET", own)).status_code == 404
    assert (await granting.send("region", "GET", own)).json() == granting.campaign
    assert await told(database, "thesis_campaign", one) == []
    public = "/v1/thesis-campaigns?limit=200&count=true"
    assert one not in [item["id"] for item in (await training.get(public)).json()["items"]]

    assert (await granting.turn("open")).status_code == 200
    read = (await training.get(path)).json()
    assert (read["status"], read["accepting"], read["budget"]) == ("open", True, "150000.00")
    assert read["rules"] == {
        "regional_percent_most": "50.00",
        "months": 36,
        "regions": ["32"],
        "most_per_institution": None,
    }
    assert [set(item) for item in read["organisations"]] == 4 * [{"code", "kind", "name"}]
    assert "committed" not in read
    listed = (await training.get(public)).json()
    assert one in [item["id"] for item in listed["items"]]
    assert listed["total"] == len(listed["items"])
    mine = (await granting.send("region", "GET", "/v1/thesis-campaigns/mine?count=true")).json()
    assert [(item["id"], mine["total"]) for item in mine["items"]] == [(one, 1)]

    assert (await granting.turn("close")).json()["accepting"] is False
    kinds = await told(database, "thesis_campaign", one)
    assert [(item["kind"], item["payload"]["status"]) for item in kinds] == [
        ("created", "open"),
        ("updated", "closed"),
    ]


async def test_every_fault_of_a_campaign_is_told_at_once(training: httpx.AsyncClient) -> None:
    granting = Granting(training)
    body = granting.content(
        **days(laboratory=-5, region=1),
        rules={"regions": ["32", "99"]},
        organisations=[
            {"code": "A", "kind": "unit", "name": "a", "tenant": f"region-{granting.mark}"},
            {"code": "A", "kind": "unit", "name": "b", "tenant": "x"},
        ],
    )
    answer = await granting.send("region", "POST", "/v1/thesis-campaigns", body)
    assert faults(answer) == {
        "/deadlines/laboratory": "deadline-before",
        "/deadlines/region": "deadline-before",
        "/rules/regions/1": "region-unknown",
        "/organisations/0/code": "organisation-twice",
        "/organisations/0/tenant": "organisation-deciding",
        "/organisations/1/code": "organisation-twice",
    }
    hostile = granting.content(budget="-1", year=True, title={"fr": "\u0007", "en": 7}, extra=1)
    answer = await granting.send("region", "POST", "/v1/thesis-campaigns", hostile)
    assert set(faults(answer)) == {"/budget", "/year", "/title/fr", "/title/en", "/extra"}


async def test_rules_stay_once_opened_and_who_is_named_stays_too(
    training: httpx.AsyncClient,
) -> None:
    granting = await opened(training)
    answer = await granting.rewrite(rules={"regional_percent_most": "60"})
    assert (answer.status_code, answer.json()["code"]) == (409, "thesis-rules-fixed")
    await granting.propose()
    organisations = granting.content()["organisations"]
    answer = await granting.rewrite(organisations=organisations[1:])
    assert (answer.status_code, answer.json()["code"]) == (409, "thesis-organisation-in-use")
    assert "UMR1" in answer.json()["detail"]
    more = [*organisations[:3], {**organisations[0], "code": "UMR2"}]
    answer = await granting.rewrite(organisations=more, budget="200000")
    assert answer.status_code == 200, answer.text
    assert [one["code"] for one in answer.json()["organisations"]] == ["ED1", "U1", "UMR1", "UMR2"]
    assert answer.json()["budget"] == "200000.00"


async def test_a_campaign_opens_closes_and_tells_in_that_order(
    training: httpx.AsyncClient,
) -> None:
    granting = Granting(training)
    await granting.draft()
    for verb in ("close", "publish"):
        answer = await granting.turn(verb)
        assert (answer.status_code, answer.json()["code"]) == (
            409,
            "thesis-campaign-status-refused",
        )
    for verb in ("open", "close", "open", "close", "publish"):
        assert (await granting.turn(verb)).status_code == 200
    for verb in ("open", "close", "publish"):
        assert (await granting.turn(verb)).status_code == 409
    assert (await granting.rewrite()).status_code == 409


@pytest.mark.parametrize("verb", ["open", "publish", "content"])
async def test_writes_want_a_caller_a_scope_and_a_tag(
    training: httpx.AsyncClient, verb: str
) -> None:
    granting = Granting(training)
    await granting.draft()
    method = "PUT" if verb == "content" else "POST"
    path, body = f"/v1/thesis-campaigns/{granting.campaign['id']}/{verb}", granting.content()
    who, tag = granting.headers("region"), {"if-match": '"1"'}
    narrow = as_client("training", tenant=f"region-{granting.mark}", scopes={"training:theses"})
    for headers, status in (
        (anonymous("training") | tag, 401),
        (narrow | tag, 403),
        (who, 428),
        (who | {"if-match": '"2"'}, 412),
        (granting.headers("stranger") | tag, 404),
    ):
        answer = await training.request(method, path, json=body, headers=headers)
        assert answer.status_code == status, answer.text
    assert (await granting.send("region", "GET", path.replace(verb, "content"))).json()[
        "version"
    ] == 1


async def test_results_are_told_all_at_once_and_are_open_data_without_any_person(
    training: httpx.AsyncClient, database: Database
) -> None:
    granting = await opened(training)
    first, second, third = [await granting.ranked(rank) for rank in (1, 2, 3)]
    early = await granting.decide(first, "select")
    assert (early.status_code, early.json()["code"]) == (409, "thesis-review-not-open")
    await granting.turn("close")
    assert (await granting.decide(first, "select")).json()["status"] == "selected"
    refused = await granting.decide(second, "reject")
    assert faults(refused) == {"/reason": "reason-missing"}
    await granting.decide(second, "reserve")
    waiting = await granting.turn("publish")
    assert (waiting.status_code, waiting.json()["code"]) == (409, "theses-undecided")
    await granting.decide(third, "reject", reason="Hors des priorités.")

    async def seen(thesis: dict[str, Any]) -> tuple[str, int]:
        path = f"/v1/theses/{thesis['id']}"
        read = (await granting.send("laboratory", "GET", path)).json()
        past = (await granting.send("laboratory", "GET", f"{path}/history?count=true")).json()
        assert past["total"] == len(past["items"])
        return read["status"], past["total"]

    open_ = f"/v1/thesis-grants?campaign_id={granting.campaign['id']}&count=true"
    one = f"/v1/thesis-grants/{first['id']}"
    assert [await seen(thesis) for thesis in (first, second, third)] == 3 * [("at_region", 5)]
    by_status = f"/v1/theses?campaign_id={granting.campaign['id']}&status=selected&count=true"
    assert (await granting.send("laboratory", "GET", by_status)).json()["total"] == 0
    assert (await granting.send("region", "GET", by_status)).json()["total"] == 1
    assert (await training.get(open_)).json()["items"] == []
    assert (await training.get(one)).json()["code"] == "thesis-grant-unknown"

    assert (await granting.turn("publish")).json()["status"] == "published"
    assert [await seen(thesis) for thesis in (first, second, third)] == [
        ("selected", 6),
        ("reserve", 6),
        ("not_selected", 6),
    ]
    granted = (await training.get(open_)).json()
    assert ([item["id"] for item in granted["items"]], granted["total"]) == ([first["id"]], 1)
    read = (await training.get(one)).json()
    assert read == granted["items"][0]
    assert read["laboratory"] == {
        "name": "Équipe Frugal",
        "commune": "59009",
        "city": "Villeneuve-d'Ascq",
        "department": "59",
    }
    assert read["financing"]["regional_amount"] == "60000.00"
    assert not any(f'"{name}"' in json.dumps(read) for name in NAMES)
    ((kind, payload),) = [
        (item["kind"], item["payload"])
        for item in await told(database, "thesis_grant", first["id"])
    ]
    assert (kind, payload) == (
        "created",
        {name: thing for name, thing in read.items() if name not in {"id", "version"}},
    )
    assert (await granting.decide(first | {"version": read["version"]}, "reject", reason="Non."))\
        .json()["code"] == "thesis-step-refused"  # fmt: skip


async def test_the_reserve_takes_what_a_laboratory_gives_up(
    training: httpx.AsyncClient, database: Database
) -> None:
    granting = await opened(training, budget="60000")
    first, second = [await granting.ranked(rank) for rank in (1, 2)]
    await granting.turn("close")
    await granting.decide(first, "select")
    assert (await granting.decide(second, "select")).json()["code"] == "thesis-budget-exceeded"
    await granting.decide(second, "reserve")
    assert (await granting.rewrite(budget="59999.99")).json()["code"] == "thesis-budget-committed"
    await granting.turn("publish")
    full = await granting.decide(second, "select")
    assert full.json()["code"] == "thesis-budget-exceeded"
    first["version"] += 1  # told with the results
    given_up = await granting.move("laboratory", first, "withdraw", reason="Autre financement.")
    assert given_up.status_code == 200, given_up.text
    gone = await training.get(f"/v1/thesis-grants/{first['id']}")
    assert (gone.status_code, gone.json()["code"]) == (410, "thesis-grant-withdrawn")
    assert (await granting.decide(second, "select")).status_code == 200
    open_ = f"/v1/thesis-grants?campaign_id={granting.campaign['id']}&institution=U1"
    assert [one["id"] for one in (await training.get(open_)).json()["items"]] == [second["id"]]
    kinds = [[item["kind"] for item in await told(database, "thesis_grant", one["id"])]
             for one in (first, second)]  # fmt: skip
    assert kinds == [["created", "deleted"], ["created"]]


async def test_what_is_done_is_audited_in_codes(training: httpx.AsyncClient) -> None:
    granting = await opened(training)
    thesis = await granting.propose()
    await granting.move("laboratory", thesis, "withdraw", reason="Un motif confidentiel.")
    path = "/v1/audit-events?limit=200"
    done = {
        role: (await granting.send(role, "GET", path)).json()["items"]
        for role in ("region", "laboratory")
    }
    assert [(one["action"], one["detail"]) for one in reversed(done["region"])] == [
        ("write_thesis_campaign", "draft"),
        ("turn_thesis_campaign", "open"),
    ]
    assert [(one["action"], one["entity"], one["detail"]) for one in done["laboratory"]] == [
        ("move_thesis", "thesis", "withdraw"),
        ("move_thesis", "thesis", "propose"),
    ]
    assert "confidentiel" not in json.dumps(done)
