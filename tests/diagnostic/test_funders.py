"""Calls for projects over HTTP: written, published, changed, withdrawn; every version kept."""

import secrets
from typing import Any

import asyncpg
import httpx
import pytest

from tests import harness
from tests.diagnostic.acting import Acting, faults
from tests.harness import Database

PAST, FUTURE = "2026-01-05", "2098-12-31"


def call(**fields: object) -> dict[str, Any]:
    return {
        "code": f"AAP-{secrets.token_hex(4).upper()}",
        "title": {"fr": "Appel à projets IA", "en": "AI call for projects"},
        "operator": {"fr": "Région Hauts-de-France"},
        "nature": "grant",
        "is_call_for_projects": True,
        "recurrence": "one_off",
        "summary": {"fr": "Premiers projets d’IA."},
        "perimeter": {"scale": "region", "regions": ["32"]},
        "opens_on": PAST,
        "pre_deposit_on": "2098-06-30",
        "pre_deposit_time": "12:00",
        "closes_on": FUTURE,
        "rate_min": 0.3,
        "rate_max": 0.5,
        "cap_eur": 50_000,
        "rules": [
            {"code": "region", "label": {"fr": "Région"}, "condition": "region_code == '32'"},
            {
                "code": "size",
                "label": {"fr": "250 salariés au plus"},
                "condition": "headcount <= 250 || turnover_eur < 50000000",
            },
        ],
        "source": "Délibération",
        "source_url": "https://guide-aides.hautsdefrance.fr/aap",
        "vintage": "2026-11",
        **fields,
    }


async def written(acting: Acting, **fields: object) -> tuple[dict[str, Any], str]:
    """Write a draft; gives it with its address."""
    body = call(**fields)
    answer = await acting.post("/v1/opportunities", body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    return body, f"/v1/opportunities/{body['code']}"


async def published(acting: Acting, **fields: object) -> tuple[dict[str, Any], str]:
    body, path = await written(acting, **fields)
    answer = await acting.post(f"{path}/publish", None, **{"if-match": '"1"'})
    assert answer.status_code == 200, answer.text
    return body, path


async def public(acting: Acting, path: str) -> httpx.Response:
    return await Acting(acting.http, harness.anonymous("diagnostic")).get(path)


async def told(sql: asyncpg.Connection, code: str) -> list[tuple[str, int]]:
    rows = await sql.fetch(
        "SELECT kind, version FROM diagnostic.change WHERE entity = 'opportunity'"
        " AND entity_id = $1 ORDER BY seq",
        code,
    )
    return [(row["kind"], row["version"]) for row in rows]


async def test_a_draft_is_its_funders_alone_until_it_is_published(
    acting: Acting, stranger: Acting, sql: asyncpg.Connection
) -> None:
    body, path = await written(acting)
    read = await acting.get(f"{path}/content")
    assert (read.json()["status"], read.headers["etag"]) == ("draft", '"1"')
    assert {name: read.json()["content"][name] for name in body} == body | {
        "title": body["title"],
        "operator": {"fr": "Région Hauts-de-France", "en": None},
        "summary": {"fr": "Premiers projets d’IA.", "en": None},
        "rules": [
            {**one, "label": {"fr": one["label"]["fr"], "en": None}, "any_of": []}
            for one in body["rules"]
        ],
    }
    for caller in (acting, stranger):
        assert (await public(caller, path)).status_code == 404
    for way in ("", "/versions"):
        assert (await public(acting, path + way)).json()["code"] == "opportunity-unknown"
    assert (await stranger.get(f"{path}/content")).status_code == 404
    assert await told(sql, body["code"]) == []

    answer = await acting.post(f"{path}/publish", None, **{"if-match": '"1"'})
    assert (answer.json()["status"], answer.headers["etag"]) == ("published", '"2"')
    found = (await public(acting, path)).json()
    assert (found["version"], found["window"], found["is_call_for_projects"]) == (2, "open", True)
    assert (found["opens_at"], found["pre_deposit_ends_at"], found["closes_at"]) == (
        "2026-01-04T23:00:00Z",
        "2098-06-30T10:00:00Z",
        "2098-12-31T23:00:00Z",
    )
    assert found["rules"][0]["condition"] == "region_code == '32'"
    assert await told(sql, body["code"]) == [("created", 2)]


async def test_every_public_version_stays_readable_and_the_same_again_is_none(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    body, path = await published(acting)
    for tag, cap in (('"2"', 60_000), ('"3"', 60_000), ('"3"', 70_000)):
        answer = await acting.send("PUT", f"{path}/content", body | {"cap_eur": cap}, tag)
        assert answer.status_code == 200, answer.text
    listed = (await public(acting, f"{path}/versions?count=true")).json()
    assert ([one["version"] for one in listed["items"]], listed["total"]) == ([2, 3, 4], 3)
    first = (await public(acting, f"{path}/versions?limit=1")).json()
    rest = (await public(acting, f"{path}/versions?limit=5&after={first['next']}")).json()
    assert [one["version"] for one in first["items"] + rest["items"]] == [2, 3, 4]
    caps = [
        (await public(acting, f"{path}/versions/{number}")).json()["opportunity"]["cap_eur"]
        for number in (2, 3, 4)
    ]
    assert caps == [50_000, 60_000, 70_000]
    assert (await public(acting, path)).json()["version"] == 4
    for number in (1, 5):  # 1 was a draft
        missing = await public(acting, f"{path}/versions/{number}")
        assert (missing.status_code, missing.json()["code"]) == (404, "opportunity-version-unknown")
    assert await told(sql, body["code"]) == [("created", 2), ("updated", 3), ("updated", 4)]


async def test_the_service_itself_cannot_alter_a_version(
    acting: Acting, database: Database
) -> None:
    await published(acting)
    connection = await asyncpg.connect(database.dsn("diagnostic"))
    for attempt in (
        "UPDATE diagnostic.opportunity_version SET version = 9",
        "DELETE FROM diagnostic.opportunity_version",
        "DELETE FROM diagnostic.opportunity",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(attempt)
    await connection.close()


async def test_what_is_withdrawn_is_gone_and_says_so(
    acting: Acting, sql: asyncpg.Connection
) -> None:
    body, path = await published(acting)
    assert (await acting.post(f"{path}/withdraw", None, **{"if-match": '"2"'})).status_code == 200
    gone = await public(acting, path)
    assert (gone.status_code, gone.json()["code"]) == (410, "opportunity-withdrawn")
    listed = (await public(acting, "/v1/opportunities?limit=200")).json()["items"]
    assert body["code"] not in [one["code"] for one in listed]
    assert (await public(acting, f"{path}/versions/2")).status_code == 200
    company = (await acting.organisation())["id"]
    judged = (await acting.get(f"/v1/organisations/{company}/funding")).json()["items"]
    assert body["code"] not in [one["opportunity"]["code"] for one in judged]

    again = await acting.post(f"{path}/withdraw", None, **{"if-match": '"3"'})
    assert (again.status_code, again.json()["code"]) == (409, "opportunity-status-refused")
    assert (await acting.post(f"{path}/publish", None, **{"if-match": '"3"'})).status_code == 200
    assert (await public(acting, path)).json()["version"] == 4
    twice = await acting.post(f"{path}/publish", None, **{"if-match": '"4"'})
    assert twice.json()["code"] == "opportunity-status-refused"
    assert await told(sql, body["code"]) == [("created", 2), ("deleted", 3), ("created", 4)]


@pytest.mark.parametrize("way", ["content", "publish", "withdraw"])
async def test_a_change_says_which_version_it_changes_and_is_its_funders_alone(
    acting: Acting, stranger: Acting, onlooker: Acting, way: str
) -> None:
    body, path = await published(acting)
    method, sent = ("PUT", body) if way == "content" else ("POST", None)

    async def status(caller: Acting, tag: str | None) -> int:
        return (await caller.send(method, f"{path}/{way}", sent, tag)).status_code

    assert await status(acting, None) == 428
    assert await status(acting, '"1"') == 412
    assert await status(stranger, '"2"') == 404
    assert await status(onlooker, '"2"') == 403
    nobody = Acting(acting.http, {})
    assert await status(nobody, '"2"') == 401
    assert (await acting.get(f"{path}/content")).headers["etag"] == '"2"'


async def test_writing_wants_the_scope_and_a_code_that_is_free(
    acting: Acting, stranger: Acting, onlooker: Acting
) -> None:
    body, path = await written(acting)
    assert (await onlooker.post("/v1/opportunities", call())).status_code == 403
    assert (await Acting(acting.http, {}).post("/v1/opportunities", call())).status_code == 401
    taken = await stranger.post("/v1/opportunities", body)
    assert (taken.status_code, taken.json()["code"]) == (409, "opportunity-exists")
    other = await acting.send("PUT", f"{path}/content", call(), '"1"')
    assert (other.status_code, faults(other)) == (422, {"/code": "code-mismatch"})
    mine = (await acting.get("/v1/opportunities/mine?limit=200")).json()["items"]
    assert body["code"] in [one["code"] for one in mine]
    theirs = (await stranger.get("/v1/opportunities/mine?limit=200")).json()["items"]
    assert body["code"] not in [one["code"] for one in theirs]
    shipped = await acting.get("/v1/opportunities/HDF-BTR3/content")
    assert shipped.status_code == 404  # nobody's but the house's


async def test_the_same_key_writes_one_aid(acting: Acting) -> None:
    body, key = call(), {"idempotency-key": secrets.token_hex(8)}
    first = await acting.post("/v1/opportunities", body, **key)
    again = await acting.post("/v1/opportunities", body, **key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {
                "rules": [
                    {"code": "a", "label": {"fr": "x"}, "condition": "shoe < 4 && region_code < 2"},
                    {"code": "a", "label": {"fr": "x"}, "condition": "(" * 300},
                ],
                "closes_on": "2099-03-29",
                "closes_time": "02:30",
                "pre_deposit_on": "2025-01-01",
                "rate_min": 0.9,
            },
            {
                "/rules/0/code": "rule-code-repeated",
                "/rules/1/code": "rule-code-repeated",
                "/rules/0/condition": "fact-unordered",  # and fact-unknown before it
                "/rules/1/condition": "condition-too-deep",
                "/closes_time": "hour-skipped",
                "/pre_deposit_on": "dates-disordered",
                "/rate_max": "rates-disordered",
            },
        ),
        (
            {
                "code": "aap",
                "closes_on": "9999-12-31",
                "closes_time": 17,
                "opens_time": "25:00",
                "rate_min": 1.5,
                "source_url": "ftp://x",
                "perimeter": {"scale": "moon"},
                "rules": [
                    {"code": "a", "label": {"fr": "x"}},
                    {
                        "code": "b",
                        "label": {"fr": "x"},
                        "any_of": [{"fact": "region_code", "op": "eq", "value": "59"}],
                    },
                ],
            },
            {
                "/code": "string-pattern-mismatch",
                "/closes_on": "less-than-equal",
                "/closes_time": "hour-malformed",
                "/opens_time": "time-parsing",
                "/rate_min": "less-than-equal",
                "/source_url": "string-pattern-mismatch",
                "/perimeter/scale": "literal-error",
                "/rules/0": "rule-in-two-forms",
                "/rules/1/any_of/0": "value-misfit",  # R8: a department
            },
        ),
        ({"rules": [{"code": "a", "label": {"fr": "x"}, "condition": "x" * 2001}]},
         {"/rules/0/condition": "string-too-long"}),
        ({"source_url": None}, {"/source_url": "string-type"}),
        (
            {
                "rules": [
                    {
                        "code": "a",
                        "label": {"fr": "x"},
                        "any_of": [{"fact": "turnover_eur", "op": "lt", "value": 10**30}],
                    }
                ]
            },
            {"/rules/0/any_of/0": "value-misfit"},
        ),
    ],
)  # fmt: skip
async def test_every_fault_is_told_at_once_and_nothing_is_stored(
    acting: Acting, fields: dict[str, Any], expected: dict[str, str]
) -> None:
    body = call(**fields)
    answer = await acting.post("/v1/opportunities", body)
    assert (answer.status_code, faults(answer)) == (422, expected), answer.text
    assert (await acting.get(f"/v1/opportunities/{body['code']}/content")).status_code == 404
