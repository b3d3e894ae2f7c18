"""X3: a pilot publishes its kit: what is in it, and the same bytes whenever it is made."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from observatory.kits import certificates
from observatory.kits.methods import methods
from observatory.kits.signing import PublicKey
from tests.observatory import kits
from tests.observatory.kits import FLOW, PILOT, Node
from tests.observatory.publishing import Publisher, table


@pytest.fixture(scope="module")
async def pilot(publisher: Publisher) -> Node:
    """Give the pilot data of its own, too."""
    pilot = await kits.piloted(publisher)
    await publisher.release(FLOW, table([("D02", "A", "2020", 1.0)]))
    return pilot


@pytest.fixture(scope="module")
async def kit(pilot: Node) -> bytes:
    return await kits.exported(pilot, "2.0.0")


async def test_x3_a_kit_that_is_published_again_unchanged_is_the_same_bytes(
    pilot: Node, kit: bytes
) -> None:
    again = await pilot.publish("2.0.0", FLOW)
    assert again.status_code == 200
    sha256 = again.json()["sha256"]
    other = await pilot.publish("2.0.0", FLOW, notes={"fr": "Autre.", "en": "Other."})
    assert (other.status_code, other.json()["code"]) == (409, "kit-forked")
    answer = await pilot.client.get("/v1/kits/2.0.0/archive")
    assert answer.content == kit
    assert answer.headers["content-disposition"] == f'attachment; filename="kit-{PILOT}-2.0.0.zip"'
    known = {"if-none-match": answer.headers["etag"]}
    assert (await pilot.client.get("/v1/kits/2.0.0/archive", headers=known)).status_code == 304
    with zipfile.ZipFile(io.BytesIO(kit)) as opened:
        assert hashlib.sha256(opened.read("MANIFEST.json")).hexdigest() == sha256


async def test_a_kit_holds_no_observation_of_the_pilot(kit: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(kit)) as opened:
        names = set(opened.namelist())
        keys = json.loads(opened.read("metadata/reading-keys.json"))
        grids, sheets = (
            json.loads(opened.read(f"metadata/{each}.json")) for each in ("grids", "sheets")
        )
        told = json.loads(opened.read("structures/structures.json"))
        sheet = json.loads(opened.read("metadata/indicators.json"))[FLOW]
        crosswalk = opened.read("crosswalks/CM_KIT-1.0.0.csv").decode().splitlines()
        assert b"2020" not in b"".join(
            opened.read(each) for each in names if each.startswith("structures/")
        )
    for expected in (
        "datapackage.json",
        "MANIFEST.sig",
        "structures/structures.sdmx.json",
        "structures/structures.sdmx.xml",
        "metadata/reading-keys.json",
        "metadata/grids.json",
        "methods/ilo-2025/1.0.0/formula.md",
        "methods/emergence/1.0.0/constants.json",
        "methods/exposure/1.0.0/citations.md",
        "methods/exposure/1.0.0/limits.md",
        "sdc/policy.json",
        "templates/sentences.json",
        "local/parameters.schema.json",
        "tests/test_conformance.py",
        "CHANGELOG.md",
        "LICENCE",
        "ro-crate-metadata.json",
    ):
        assert expected in names
    assert {f"K_{FLOW}(1.0.0)", "alert-precision(1.0.0)"} <= keys.keys()
    assert "mean-exposure(1.0.0)" not in keys, "it is of an indicator that the kit has not"
    assert (f"G_{FLOW}(1.0.0)" in grids, sheets.keys()) == (True, {f"{FLOW}(1.0.0)"})
    assert [f"{PILOT}:{FLOW}(1.0+)"] in [each["indicators"] for each in told["reading_keys"]]
    assert (
        told["data_structures"][0]["dimensions"][0]["codelist"] == f"{PILOT}:CL_DF_KIT_AREA(1.0.0)"
    )
    assert (sheet["licence"], sheet["unit"]["en"]) == ("Licence Ouverte 2.0", "jobs")
    assert crosswalk[:2] == ["source,target,weight,version", "A,D02,0.25,1.0.0"]


def test_the_package_is_a_data_package_that_frictionless_validates(
    kit: bytes, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(kit)) as opened:
        opened.extractall(tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_bytes())
    kept = [each for each in package["resources"] if each.get("type") == "table"]
    kept = [each for each in kept if not each["path"].startswith("methods/felten")]
    (tmp_path / "datapackage.json").write_text(json.dumps(package | {"resources": kept}))
    report = _frictionless(tmp_path)
    assert report["valid"], report
    assert {each["place"] for each in report["tasks"]} >= {"crosswalks/CM_KIT-1.0.0.csv"}
    crosswalk = tmp_path / "crosswalks/CM_KIT-1.0.0.csv"
    crosswalk.write_bytes(crosswalk.read_bytes().replace(b"D59", b"D60"))
    wrong = {error["type"] for task in _frictionless(tmp_path)["tasks"] for error in task["errors"]}
    assert {"foreign-key", "hash-count"} <= wrong


def _frictionless(folder: Path) -> dict[str, Any]:
    from frictionless import Package  # noqa: PLC0415  # takes a second to load, for this test only

    found: dict[str, Any] = Package(folder / "datapackage.json").validate().to_dict()
    return found


async def test_the_pilot_is_certified_by_its_own_kit(pilot: Node, kit: bytes) -> None:
    place = {"region": "32", "base_url": "https://hdf.example.org"}
    signed = await pilot.post("/v1/kits/2.0.0/report", place)
    assert signed.status_code == 200, signed.text
    key = PublicKey.read((await pilot.client.get("/v1/kit-key")).json()["x"])
    found = certificates.verified(signed.json(), [key])
    assert (found.node, found.region, found.passed) == (PILOT, "32", True)
    assert len(found.vectors) == sum(len(each.vectors) for each in methods().values())
    unknown = await pilot.post("/v1/kits/8.8.8/report", place)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "kit-unknown")
    wrong = await pilot.post("/v1/kits/2.0.0/report", {"region": "Nord", "base_url": "x"})
    assert {each["pointer"] for each in wrong.json()["errors"]} == {"/region", "/base_url"}


async def test_one_s_own_kit_is_not_installed(pilot: Node, kit: bytes) -> None:
    refused = await pilot.send(kit, "2.0.0")
    assert (refused.status_code, refused.json()["code"]) == (409, "kit-own")


async def test_a_method_answers_anybody_and_refuses_what_is_no_input(pilot: Node) -> None:
    path = "/v1/kit-methods/ilo-classes/1.0.0/result"
    found = await pilot.client.get(path, params={"input": '{"mean":"0.36","sd":"0.04"}'})
    assert found.json()["output"] == {"class": "not_exposed"}
    for given in ("", "[]", "{", '{"mean":"0.361","sd":"0"}', '{"mean":NaN,"sd":"0"}', "[" * 3_000):
        refused = await pilot.client.get(path, params={"input": given})
        assert (refused.status_code, refused.json()["code"]) == (422, "method-input-refused")
    for other in ("ilo-classes/9.0.0", "nothing/1.0.0"):
        answer = await pilot.client.get(f"/v1/kit-methods/{other}/result", params={"input": "{}"})
        assert (answer.status_code, answer.json()["code"]) == (404, "kit-method-unknown")


async def test_kits_are_listed_and_an_unknown_one_is_not_there(pilot: Node, kit: bytes) -> None:
    listed = (await pilot.client.get("/v1/kits")).json()
    read = await pilot.client.get("/v1/kits/2.0.0")
    assert read.json() in listed["items"]
    known = {"if-none-match": read.headers["etag"]}
    assert (await pilot.client.get("/v1/kits/2.0.0", headers=known)).status_code == 304
    for path in ("/v1/kits/8.8.8", "/v1/kits/8.8.8/archive"):
        assert (await pilot.client.get(path)).status_code == 404
    missing = await pilot.publish("8.8.8", "DF_NOWHERE")
    assert (missing.status_code, missing.json()["code"]) == (404, "dataflow-unknown")
