"""A school's front-end finds "formation IA secrétaire", narrows it, and follows the feed."""

from typing import Any

import httpx

from tests.e2e.machine import Machine
from tests.e2e.test_imports import IMPORTS, read
from tests.e2e.test_kill import until
from tests.training.offering import lheo
from tests.training.searching import formation_id, key, offer

NEAR = {"title": "L’IA au secrétariat", "start": "20310301", "end": "20310302", "rome": "M1607"}


def send(client: httpx.Client, *offers: str) -> None:
    kind = {"content-type": "application/xml"}
    answer = client.post(
        f"{IMPORTS}/lheo", content=lheo(*offers), headers=kind, params={"extract": "true"}
    )
    assert answer.status_code == 202, answer.text
    until(lambda: bool(read(client, answer.headers["location"])["finished_at"]))


def search(visitor: httpx.Client, **asked: Any) -> Any:
    return visitor.get("/v1/training/search", params=asked).raise_for_status().json()


def follow(client: httpx.Client, after: str | None) -> tuple[list[dict[str, Any]], str]:
    """Take all changes after a cursor; give the cursor to go on from."""
    found: list[dict[str, Any]] = []
    while True:
        asked = {"after": after} if after else {}
        page = client.get("/v1/training/changes", params=asked).raise_for_status().json()
        found, after = found + page["items"], page["next"]
        if not page["more"]:
            return found, str(after)


def test_a_school_finds_what_it_looks_for_and_loses_no_change(machine: Machine) -> None:
    far = {**NEAR, "commune": "80021", "title": "L’IA au secrétariat, à Amiens"}
    late = {**NEAR, "start": "20320301", "end": "20320302", "title": "L’IA au secrétariat en 2032"}
    with machine.client() as client, httpx.Client(base_url=machine.door) as visitor:
        _, cursor = follow(client, None)
        send(client, offer("near", **NEAR), offer("far", **far), offer("late", **late))

        found = search(visitor, q="formation IA secrétaire", kind="offer")
        assert {key(hit) for hit in found["items"]} >= {"near", "far", "late"}
        narrowed = search(
            visitor,
            q="formation IA secrétaire",
            latitude=50.6292,
            longitude=3.0573,
            starts_from="2031-01-01",
            starts_to="2031-12-31",
        )
        (hit,) = narrowed["items"]
        assert (key(hit), hit["offer"]["formation"]["id"]) == ("near", formation_id("near"))
        path = f"/v1/training/formations/{hit['offer']['formation']['id']}"
        assert visitor.get(path).raise_for_status().json()["title"] == NEAR["title"]

        changes, cursor = follow(client, cursor)
        assert {
            one["entity_id"]: one["kind"] for one in changes if one["entity"] == "formation"
        } == {formation_id(number): "created" for number in ("near", "far", "late")}
        send(client, offer("near", **{**NEAR, "title": "L’IA au bureau"}))
        changes, _ = follow(client, cursor)
        assert [(one["entity_id"], one["kind"]) for one in changes] == [
            (formation_id("near"), "updated")
        ]
        assert search(visitor, q="bureau", kind="offer")["items"][0]["title"] == "L’IA au bureau"
