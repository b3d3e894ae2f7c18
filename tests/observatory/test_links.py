"""Short addresses: one per question, for ever, pinned or not, and never out of the observatory."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.harness import Database, as_client
from tests.observatory.publishing import Publisher, lines, table

OLD, NEW = [("R32", "A", "2020", 1.0)], [("R32", "A", "2020", 2.0), ("75", "A", "2020", 3.0)]


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    made = await publisher.flow()
    await publisher.release(made, table(OLD))
    await publisher.release(made, table(NEW))
    return made


async def shortened(
    publisher: Publisher, flow: str, form: str = "data.csv", **changed: Any
) -> httpx.Response:
    return await publisher.client.post(
        "/v1/links",
        json={"indicator": flow, "form": form, **changed},
        headers=publisher.headers,
    )


async def followed(publisher: Publisher, link: str) -> httpx.Response:
    answer = await publisher.client.get(f"/v1/s/{link}")
    assert answer.status_code == 302
    return await publisher.client.get(answer.headers["location"])


async def test_a_short_address_leads_to_its_question(publisher: Publisher, flow: str) -> None:
    asked = {"where": {"REF_AREA": "R32,75"}, "labels": "name", "lang": "en"}
    made = await shortened(publisher, flow, question=asked)
    assert made.status_code == 201, made.text
    link = made.json()
    assert len(link["id"]) == 16
    assert link["address"] == f"../s/{link['id']}"
    assert made.headers["location"] == f"/v1/links/{link['id']}"
    rows = lines(await followed(publisher, link["id"]))
    assert {row["REF_AREA"] for row in rows} == {"75 en", "R32 en"}
    read = await publisher.client.get(f"/v1/links/{link['id']}")
    assert read.json() == link
    chart = (await shortened(publisher, flow, "chart.svg", question={"lastN": 1})).json()
    drawn = await followed(publisher, chart["id"])
    assert drawn.headers["content-type"] == "image/svg+xml"


async def test_the_same_question_has_the_same_address_whoever_asks_it(
    publisher: Publisher, flow: str, database: Database
) -> None:
    asked: dict[str, Any] = {"where": {"SECTOR": "A", "REF_AREA": "75"}, "lastN": 2}
    other: dict[str, Any] = {
        "lastN": 2,
        "initial": False,
        "where": {"REF_AREA": "75", "SECTOR": "A"},
    }
    first = (await shortened(publisher, flow, question=asked)).json()
    headers = as_client("observatory", tenant="another", client="another")
    again = await publisher.client.post(
        "/v1/links",
        json={"indicator": flow, "form": "data.csv", "question": other},
        headers=headers,
    )
    assert again.json() == first
    ids = {first["id"]}
    different: list[dict[str, Any]] = [
        {"question": {**asked, "lastN": 1}},
        {"question": asked, "form": "data.json"},
        {"question": asked, "release": 1},
    ]
    for changed in different:
        made = await shortened(publisher, flow, **{"form": "data.csv", **changed})
        ids.add(made.json()["id"])
    assert len(ids) == 4
    connection = await asyncpg.connect(database.dsn("observatory"))
    for change in ("UPDATE observatory.link SET form = 'x'", "DELETE FROM observatory.link"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)
    await connection.close()


async def test_a_pinned_address_keeps_its_figures_and_another_follows(
    publisher: Publisher,
) -> None:
    made = await publisher.flow()
    await publisher.release(made, table(OLD))
    newest = (await shortened(publisher, made)).json()["id"]
    pinned = (await shortened(publisher, made, release=1)).json()["id"]
    before = await followed(publisher, pinned)
    assert before.content == (await followed(publisher, newest)).content
    await publisher.release(made, table(NEW))
    after = await followed(publisher, pinned)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert len(lines(await followed(publisher, newest))) == 2


async def test_no_address_is_pinned_to_what_nobody_may_see(publisher: Publisher) -> None:
    made = await publisher.flow()
    await publisher.release(made, table(OLD))
    loaded = publisher.known(await publisher.load(await publisher.draft(made), table(NEW)))
    publisher.known(await publisher.act(loaded, "publish", {"at": "2099-01-01T00:00:00Z"}))
    for ordinal in (2, 3):
        refused = await shortened(publisher, made, release=ordinal)
        assert (refused.status_code, refused.json()["code"]) == (404, "release-invisible")


FOREIGN = [
    ("https://evil.example/", {}),
    ("//evil.example", {}),
    ("../../evil", {}),
    ("T1\r\nlocation: https://evil.example", {}),
    (None, {"where": {"REF_AREA]&x=": "1"}}),
    (None, {"redirect": "https://evil.example"}),
]


@pytest.mark.parametrize(("indicator", "question"), FOREIGN)
async def test_an_address_that_leads_elsewhere_cannot_be_made(
    publisher: Publisher, flow: str, indicator: str | None, question: dict[str, Any]
) -> None:
    refused = await shortened(publisher, indicator or flow, question=question)
    assert refused.status_code in {404, 422}
    assert (await shortened(publisher, flow, "https://evil.example")).status_code == 422


async def test_what_is_asked_never_becomes_more_of_an_address(
    publisher: Publisher, flow: str
) -> None:
    evil = "75&asOf=2000-01-01#\r\nset-cookie: a=b //evil.example \u2028é"
    made = (await shortened(publisher, flow, question={"where": {"REF_AREA": evil}})).json()
    answer = await publisher.client.get(f"/v1/s/{made['id']}")
    location = httpx.URL(answer.headers["location"])
    assert (location.host, location.path) == ("", f"/v1/indicators/{flow}/data.csv")
    assert dict(location.params) == {"c[REF_AREA]": evil}
    assert "set-cookie" not in answer.headers
    assert lines(await followed(publisher, made["id"])) == []


@pytest.mark.parametrize(
    ("form", "question", "code"),
    [
        ("data.csv", {"startPeriod": "soon"}, "period-malformed"),
        ("data.csv", {"by": "REF_AREA"}, "not-of-this-form"),
        ("data.json", {"profile": "excel-fr"}, "not-of-this-form"),
        ("data.jsonstat", {"includeHistory": True}, "versions-in-a-cube"),
        ("chart.png", {"limit": 5}, "not-for-charts"),
        ("chart.png", {"by": "COLOUR"}, "component-unknown"),
        ("provenance", {"labels": "name"}, "not-for-one-figure"),
        ("data.csv", {"lastN": 1, "limit": 1}, "n-unpaged"),
    ],
)
async def test_a_question_that_its_address_would_refuse_has_no_short_one(
    publisher: Publisher, flow: str, form: str, question: dict[str, Any], code: str
) -> None:
    refused = await shortened(publisher, flow, form, question=question)
    assert refused.status_code == 422, refused.text
    assert code in {each["code"] for each in refused.json()["errors"]}


async def test_pinning_twice_is_refused(publisher: Publisher, flow: str) -> None:
    refused = await shortened(publisher, flow, release=1, question={"asOf": "2026-01-01"})
    assert refused.json()["errors"][0]["code"] == "pinned-twice"


async def test_making_an_address_is_guarded_and_following_is_not(
    publisher: Publisher, flow: str
) -> None:
    client = publisher.client
    body = {"indicator": flow, "form": "data.csv"}
    assert (await client.post("/v1/links", json=body)).status_code in {401, 403}
    reader = as_client("observatory", scopes={"observatory:feed"})
    assert (await client.post("/v1/links", json=body, headers=reader)).status_code == 403
    unknown = await shortened(publisher, "NONE")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "indicator-unknown")
    for path in ("/v1/s/nothing", "/v1/links/nothing"):
        missing = await client.get(path)
        assert (missing.status_code, missing.json()["code"]) == (404, "link-unknown")
    once = publisher.headers | {"idempotency-key": f"link-{flow}"}
    first = await client.post("/v1/links", json=body, headers=once)
    again = await client.post("/v1/links", json=body, headers=once)
    assert first.content == again.content
