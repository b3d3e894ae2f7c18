"""X1, X2, X5: a region comes up from the pilot's kit in an empty platform."""

import asyncio
import importlib.util
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from observatory.kits import certificates, signing
from observatory.kits.methods import methods
from observatory.kits.signing import PublicKey
from observatory.reference.loading import TASK
from observatory.shipped import loading as shipped
from platformkit.db import alone
from tests import harness
from tests.gateway.doors import served
from tests.harness import Database, anonymous, as_client
from tests.observatory import kits
from tests.observatory.kits import FLOW, NOTES, PARAMETERS, PILOT, REGION, Node, codes_of
from tests.observatory.publishing import Publisher, lines, name, table

PATH = f"/v1/kit-installations/{PILOT}/1.0.0"


@pytest.fixture(scope="module")
async def pilot(publisher: Publisher) -> Node:
    return await kits.piloted(publisher)


@pytest.fixture(scope="module")
async def kit(pilot: Node) -> bytes:
    return await kits.exported(pilot, "1.0.0")


@pytest.fixture(scope="module")
async def empty(database: Database) -> Database:
    return await harness.emptied(database, "region84")


@pytest.fixture(scope="module")
async def region(empty: Database, pilot: Node) -> AsyncIterator[Node]:
    """Run another region, whose platform is empty but for the pilot's key that it pins."""
    key = (await pilot.client.get("/v1/kit-key")).json()
    async with kits.node(empty, agency=REGION, kit_publishers={PILOT: [key["x"]]}) as node:
        yield node


@pytest.fixture(scope="module")
async def certified(region: Node, kit: bytes) -> dict[str, Any]:
    """Install the kit in the empty platform."""
    received = await region.send(kit)
    assert received.status_code == 201, received.text
    assert received.headers["location"] == PATH
    told = received.json()
    assert (told["state"], told["local"]) == ("dry_run", {})
    assert f"dataflow {PILOT}:{FLOW}(1.0.0)" in told["difference"]["created"]
    empty = (await region.client.get("/v1/dataflows")).json()["items"]
    assert empty == [], "a dry run installs nothing"
    installed = await region.install()
    assert installed.status_code == 200, installed.text
    found: dict[str, Any] = installed.json()
    return found


async def test_what_is_shipped_is_the_pilot_s_and_another_agency_s_platform_stays_empty(
    empty: Database,
) -> None:
    settings = harness.settings(empty, "observatory", agency=REGION)
    async with alone(settings, "observatory", TASK) as sessions:
        assert await shipped.ship(sessions, REGION) == []


async def test_x1_a_region_comes_up_from_the_kit_and_its_certificate_verifies(
    region: Node, certified: dict[str, Any], kit: bytes
) -> None:
    assert certified["state"] == "certified"
    assert certified["failed"] == []
    assert certified["local"] == {FLOW: "created"}
    report = (await region.client.get(f"{PATH}/report")).json()
    key = PublicKey.read((await region.client.get("/v1/kit-key")).json()["x"])
    found = certificates.verified(report, [key])
    assert (found.node, found.region, found.passed) == (REGION, "84", True)
    assert found.methods == {each.id: each.version for each in methods().values()}
    assert found.kit.sha256 == certified["sha256"]
    assert len(found.vectors) == sum(len(each.vectors) for each in methods().values())
    report["region"] = "32"
    with pytest.raises(signing.SignatureWrong):
        certificates.verified(report, [key])


async def test_the_region_publishes_its_own_data_under_its_own_agency(
    region: Node, certified: dict[str, Any]
) -> None:
    publisher = Publisher(region.client, region.headers)
    await publisher.release(FLOW, table([("D59", "J", "2026", 84.0), ("2A", "A", "2026", 1.0)]))
    rows = lines(await publisher.data(FLOW))
    assert sorted(row["OBS_VALUE"] for row in rows) == ["1", "84"]
    flow = (await region.client.get(f"/v1/dataflows/{FLOW}")).json()
    assert flow["urn"].endswith(f"={REGION}:{FLOW}(1.0.0)")
    codes = f"/v1/codelists/CL_{FLOW}_AREA/codes"
    assert (await region.client.get(codes)).status_code == 404
    theirs = (await region.client.get(codes, params={"agency": PILOT})).json()
    assert [each["id"] for each in theirs["items"]][:2] == ["R32", "D02"]
    sdmx = await region.client.get(f"/sdmx/v2/structure/dataflow/{REGION}/{FLOW}/+?references=all")
    ids = {each["agencyID"] for each in sdmx.json()["data"]["codelists"]}
    assert ids == {PILOT}
    listed = (await region.client.get("/v1/indicators")).json()["items"]
    assert [each["id"] for each in listed] == [FLOW]


async def test_the_pilot_s_key_grid_and_sheet_read_the_region_s_own_figures(
    region: Node, certified: dict[str, Any]
) -> None:
    publisher = Publisher(region.client, region.headers)
    await publisher.release(FLOW, table([("D02", "A", "2027", 3.0), ("D02", "J", "2027", 1.5)]))
    keyed = {"key": f"{PILOT}:K_{FLOW}", "c[REF_AREA]": "D02", "c[TIME_PERIOD]": "2027"}
    assert {row["CLASS"] for row in lines(await publisher.data(FLOW, **keyed))} == {
        "high",
        "middle",
    }
    path = f"/v1/grids/{PILOT}/G_{FLOW}/1.0.0"
    assessed = (await region.client.get(f"{path}/assessments/D02")).json()
    assert assessed["measured"] == 2, assessed
    sheet = (await region.client.get(f"/v1/indicators/{FLOW}/sheet")).json()
    assert f"={PILOT}:{FLOW}(1.0.0)" in sheet["sheet"]
    draft = {"if-match": '"0"', **region.headers}
    content = (await region.client.get(path)).json()["content"]
    edited = await region.client.put(path, json=content, headers=draft)
    assert (edited.status_code, edited.json()["code"]) == (403, "artefact-foreign")


async def test_a_file_of_the_kit_with_an_unknown_code_is_refused_by_the_foreign_lists(
    region: Node, certified: dict[str, Any]
) -> None:
    publisher = Publisher(region.client, region.headers)
    draft = await publisher.draft(FLOW)
    answer = await publisher.load(draft, table([("R99", "A", "2026", 1.0)]))
    assert answer.status_code == 422


async def test_x5_what_the_pilot_maintains_cannot_be_changed_by_the_region(
    region: Node, certified: dict[str, Any], kit: bytes
) -> None:
    with zipfile.ZipFile(io.BytesIO(kit)) as opened:
        told = json.loads(opened.read("structures/structures.json"))
    edited = await region.post("/v1/structures", told)
    assert (edited.status_code, edited.json()["code"]) == (403, "artefact-foreign")
    reference = f"{PILOT}:CL_{FLOW}_AREA(1.0.0)"
    body = {"kind": "codelist", "reference": reference, "reason": name("mine is better")}
    left = await region.post("/v1/structures/deprecate", body)
    assert (left.status_code, left.json()["code"]) == (403, "artefact-foreign")


async def test_installing_again_changes_nothing(
    region: Node, certified: dict[str, Any], kit: bytes, empty: Database
) -> None:
    connection = await asyncpg.connect(empty.admin_dsn)
    count = "SELECT count(*) FROM observatory.change"
    before = await connection.fetchval(count)
    assert (await region.send(kit)).status_code == 200
    assert (await region.install()).json() == certified
    assert await connection.fetchval(count) == before
    await connection.close()


async def test_the_tests_of_the_kit_run_against_the_address_of_a_node(
    empty: Database, kit: bytes, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(kit)) as opened:
        opened.extractall(tmp_path)
    golden = tmp_path / "methods/ilo-classes/1.0.0/golden.csv"
    golden.write_text(golden.read_text().replace("gradient_4", "gradient_3", 1))
    app = harness.application(empty, "observatory", agency=REGION)

    async def door(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            told = anonymous("observatory")["authorization"].encode()
            scope["headers"] = [*scope["headers"], (b"authorization", told)]
        await app(scope, receive, send)

    spec = importlib.util.spec_from_file_location("t", tmp_path / "tests/test_conformance.py")
    assert spec is not None
    assert spec.loader is not None
    tests: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tests)
    asked = [each for each in tests.vectors() if each[0] == "ilo-classes"]
    assert len(asked) == len(methods()["ilo-classes"].vectors)
    async with served(door) as address:
        tests.BASE_URL = f"{address}/v1"
        with pytest.raises(AssertionError, match="gradient-4"):
            await asyncio.to_thread(tests.test_golden, *asked[0])
        for each in asked[1:]:
            await asyncio.to_thread(tests.test_golden, *each)


async def test_x2_a_flipped_byte_is_refused_with_its_file_and_nothing_is_kept(
    region: Node, kit: bytes, empty: Database
) -> None:
    at = kit.index(b"Structures, metadata")
    wrong = bytearray(kit)
    wrong[at] ^= 1
    refused = await region.send(bytes(wrong), version="1.0.0")
    assert (refused.status_code, refused.json()["code"]) == (422, "kit-refused")
    assert codes_of(refused) == [("LICENCE", "file-altered")]
    cut = await region.send(kit[:-10])
    assert codes_of(cut) == [("", "archive-short")]
    other = await region.send(kit, version="1.0.1")
    assert codes_of(other) == [("MANIFEST.json", "kit-other")]


@pytest.mark.parametrize(
    ("kit_", "status", "code"),
    [
        (kits.zipped(kits.document()), 403, "kit-publisher-untrusted"),
        (b"PK", 422, "kit-refused"),
        (b"", 422, "kit-refused"),
    ],
)
async def test_x2_a_stranger_and_what_is_no_kit_are_refused(
    region: Node, kit_: bytes, status: int, code: str
) -> None:
    refused = await region.send(kit_)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_a_kit_is_a_zip_as_it_is(region: Node, kit: bytes) -> None:
    for header in ({"content-type": "text/plain"}, {"content-encoding": "gzip"}):
        refused = await region.send(kit, **header)
        assert (refused.status_code, refused.json()["code"]) == (415, "kit-media-type-unread")


async def test_who_may_not_is_refused(region: Node, pilot: Node, kit: bytes) -> None:
    reader = as_client("observatory", scopes={"observatory:publish"})
    body: dict[str, Any] = {"version": "9.0.0", "notes": NOTES, "name": NOTES}
    tag = {"if-match": '"1"'}
    zipped = {"content-type": "application/zip"}
    yanks = (await pilot.client.get("/v1/kit-yanks")).json()
    deeds: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", "/v1/kits", {"json": body}),
        ("POST", "/v1/kits/1.0.0/report", {"json": PARAMETERS}),
        ("POST", "/v1/kits/1.0.0/yank", {"json": {"reason": NOTES}, "headers": tag}),
        ("PUT", f"{PATH}/archive", {"content": kit, "headers": zipped}),
        ("POST", f"{PATH}/install", {"json": PARAMETERS, "headers": tag}),
        ("POST", "/v1/kit-yanks", {"json": yanks}),
    ]
    for method, path, told in deeds:
        headers = told.pop("headers", {})
        nobody = await region.client.request(method, path, headers=headers, **told)
        assert nobody.status_code == 401, path
        other = await region.client.request(method, path, headers={**headers, **reader}, **told)
        assert other.status_code == 403, path


async def test_installing_wants_the_tag_and_what_a_region_must_supply(
    region: Node, certified: dict[str, Any]
) -> None:
    assert (await region.post(f"{PATH}/install", PARAMETERS)).status_code == 428
    assert (await region.install(tag='"7"')).status_code == 412
    unknown = f"/v1/kit-installations/{PILOT}/7.7.7"
    for answer in (
        await region.client.get(unknown),
        await region.client.get(f"{unknown}/report"),
        await region.post(f"{unknown}/install", PARAMETERS, **{"if-match": '"1"'}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "kit-installation-unknown")
    wrong = await region.install(region="Auvergne", base_url="ftp://x", cog_vintage="1")
    assert wrong.status_code == 422
    assert {each["pointer"] for each in wrong.json()["errors"]} == {
        "/region",
        "/base_url",
        "/cog_vintage",
    }
