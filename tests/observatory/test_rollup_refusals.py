"""What does not roll up: averages of averages, figures of another method, uncertified nodes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests import harness
from tests.harness import Database, as_client
from tests.observatory.regions import FLOW, Country, country, file, mean, rollup, structures

PARTS = (("R32", "HDF", 1.0), ("R84", None, 1.0))


@pytest.fixture(scope="module")
async def nation(database: Database) -> AsyncIterator[Country]:
    async with country(database, "HDF") as opened:
        assert (await opened.register("HDF", "32")).status_code == 200
        assert (await opened.certify("HDF", "32")).status_code == 200
        await opened.publishes("HDF", [mean("R32", "A", (1, 4))])
        yield opened


async def test_a_dataflow_without_totals_is_an_average_of_averages(nation: Country) -> None:
    for name, without in (("RATIOS", {"ratios": {}}), ("TOTALS", {"attributes": []})):
        structure = f"DSD_{name}"
        made = structures(id=structure, **without)
        flow = {**made["dataflows"][0], "id": f"F_{structure}", "structure": f"{structure}(1.0.0)"}
        body = {**made, "dataflows": [flow], "indicators": []}
        assert (await nation.platform.publisher.publish(body)).status_code == 200
        refused = await nation.put("/rollups/MEANS", rollup(PARTS, dataflow=flow["id"]))
        assert (refused.status_code, refused.json()["code"]) == (422, "average-of-averages")
        assert flow["id"] in refused.json()["detail"]
    assert (await nation.get("/rollups?count=true"))["total"] == 0


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"dataflow": "NONE"}, [("/dataflow", "dataflow-unknown")]),
        ({"dimension": "NONE"}, [("/dimension", "dimension-unknown")]),
        (
            {"area": "XX", "parts": [{"area": a, "weight": 1} for a in ("R32", "R32", "YY")]},
            [
                ("/area", "code-unknown"),
                ("/parts/1/area", "area-twice"),
                ("/parts/2/area", "code-unknown"),
            ],
        ),
        (
            {"parts": [{"area": "FR", "agency": "HDF", "weight": 1}]},
            [("/parts/0/area", "area-twice")],
        ),
    ],
)
async def test_all_faults_of_a_definition_are_told_at_once(
    nation: Country, changed: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    body = rollup(PARTS, **changed)
    for part in body["parts"]:
        part.setdefault("agency", None)
    refused = await nation.put("/rollups/WRONG", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "rollup-invalid")
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == faults


async def test_malformed_definitions_are_refused(nation: Country) -> None:
    wrong = rollup(PARTS, method_version="1.0.0", least_coverage=0, errors="none", parts=[])
    told = (await nation.put("/rollups/WRONG", wrong)).json()["errors"]
    assert {each["pointer"] for each in told} == {
        "/method_version",
        "/least_coverage",
        "/errors",
        "/parts",
    }


async def test_only_who_may_defines_and_runs_a_rollup(nation: Country) -> None:
    await nation.defined("MINE", rollup(PARTS, least_coverage=0.4))
    put, body = nation.put, rollup(PARTS)
    other = as_client("observatory", tenant="cci-hdf")
    poor = as_client("observatory", scopes=harness.ALL_SCOPES - {"observatory:federate"})
    for headers, status in (({"authorization": ""}, 401), (poor, 403), (other, 404)):
        assert (await put("/rollups/MINE", body, '"1"', **headers)).status_code == status
        for deed in ("pulls", "runs"):
            answer = await nation.post(f"/rollups/MINE/{deed}", **headers)
            assert answer.status_code == status, deed
    assert (await put("/rollups/MINE", body, '"7"')).status_code == 412
    untagged = await nation.client.put(
        "/v1/rollups/MINE", json=body, headers=as_client("observatory")
    )
    assert untagged.status_code == 428
    for path in ("", "/cells", "/runs"):
        answer = await nation.client.get(
            f"/v1/rollups/NONE{path}", headers=as_client("observatory")
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "rollup-unknown")


async def test_a_run_that_is_asked_twice_by_one_key_is_made_once(nation: Country) -> None:
    await nation.defined("ONCE", rollup(PARTS, least_coverage=0.4))
    await nation.publishes("HDF", [mean("R32", "A", (3, 4)), mean("R32", "C", (1, 3), 0.2)])
    assert (await nation.pull("ONCE", "R32"))["R32"] == "current"
    key = {"idempotency-key": "one-run-of-the-tests"}
    first = await nation.post("/rollups/ONCE/runs", **key)
    again = await nation.post("/rollups/ONCE/runs", **key)
    assert (first.status_code, first.content) == (201, again.content)
    assert (await nation.get("/rollups/ONCE/runs?count=true"))["total"] == 1
    asked = await nation.post("/rollups/ONCE/pulls")
    assert (asked.status_code, asked.json()) == (202, {"areas": ["R32"]})
    (cell, other) = (await nation.get("/rollups/ONCE/cells"))["items"]
    assert (cell["value"], cell["se"], cell["coverage"]) == (0.75, None, 0.5)
    assert other["ci_low"] < other["value"] < other["ci_high"]


async def test_another_source_forgets_what_was_read_of_the_one_before(nation: Country) -> None:
    await nation.defined("MOVED", rollup(PARTS, least_coverage=0.4))
    await nation.pull("MOVED", "R32")
    assert (await nation.get("/rollups/MOVED/cells?count=true"))["total"] > 0
    same = rollup(PARTS, least_coverage=0.3)
    assert (await nation.put("/rollups/MOVED", same, '"1"')).json()["coverage"] == 0.5
    other = rollup(PARTS, method_version="1.1")
    changed = await nation.put("/rollups/MOVED", other, '"2"')
    assert changed.headers["etag"] == '"3"'
    assert [each["state"] for each in changed.json()["sources"]] == ["method-differs", "no-node"]
    assert (await nation.get("/rollups/MOVED/cells?count=true"))["total"] == 0
    refused = await nation.post("/rollups/MOVED/runs")
    assert (refused.status_code, refused.json()["code"]) == (409, "rollup-uncovered")


async def test_figures_of_another_method_refuse_the_region_until_it_mends_them(
    nation: Country,
) -> None:
    await nation.defined("METHOD", rollup(PARTS, least_coverage=0.4))
    assert (await nation.pull("METHOD", "R32"))["R32"] == "current"
    region = nation.regions["HDF"].publisher
    data = [mean("R32", "A", (2, 5))]
    await region.release(FLOW, file(data), method="ilo-2025/1.1.0")
    assert (await nation.pull("METHOD", "R32"))["R32"] == "refused"
    read = await nation.get("/rollups/METHOD")
    assert read["sources"][0]["failure"] == "method-differs"
    assert read["missing"] == ["R32", "R84"]
    await nation.publishes("HDF", data)
    assert (await nation.pull("METHOD", "R32"))["R32"] == "current"
    assert (await nation.get("/rollups/METHOD"))["sources"][0]["failure"] is None


async def test_a_node_counts_only_as_long_as_its_certificate_holds(nation: Country) -> None:
    await nation.defined("CERTIFIED", rollup(PARTS, least_coverage=0.4))
    assert (await nation.pull("CERTIFIED", "R32"))["R32"] == "current"
    node = await nation.get("/nodes/HDF")
    body = {name: node[name] for name in ("region", "base_url")}
    body |= {"name": {"fr": "HDF", "en": "HDF"}, "public_key": "A" * 43}
    tag = f'"{node["version"]}"'
    changed = await nation.put("/nodes/HDF", body, tag)
    assert changed.json()["standing"] == "uncertified"
    states = await nation.pull("CERTIFIED", "R32")
    assert states["R32"] == "uncertified"
    refused = await nation.post("/rollups/CERTIFIED/runs")
    assert (refused.status_code, refused.json()["code"]) == (409, "rollup-uncovered")
    tag = f'"{changed.json()["version"]}"'
    back = await nation.put("/nodes/HDF", body | {"public_key": node["public_key"]}, tag)
    assert back.json()["standing"] == "certified"
    assert (await nation.pull("CERTIFIED", "R32"))["R32"] == "current"
