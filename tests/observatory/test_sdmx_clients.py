"""Unmodified SDMX clients discover and describe our dataflows through the gateway (case C)."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sdmx
import sdmx.reader.xml.v30  # not possible any more once sdmx1 has read structure-specific data
from pysdmx.api.dc.rest import SdmxConnector
from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb.service import RestService
from pysdmx.api.qb.structure import StructureQuery, StructureType
from pysdmx.api.qb.util import ApiVersion
from pysdmx.errors import NotFound
from pysdmx.io import read_sdmx
from pysdmx.io.format import StructureFormat
from pysdmx.model import Codelist, DataStructureDefinition

FLOW = "DF_EXPOSURE_SECTOR"
STRUCTURE = "DSD_EXPOSURE_SECTOR"
DIMENSIONS = ["FREQ", "REF_AREA", "ACTIVITY", "INDEX", "MEASURE", "TIME_PERIOD"]

EMITTED = (
    Path(__file__).parents[3]
    / "shared/samples/observatory/clients/requests-emitted-by-unmodified-clients.log"
)
OURS = {
    "HDF21": "HDF",
    "HDF300": "HDF",
    "DF_AIEXP": FLOW,
    "DSD_AIEXP": STRUCTURE,
    "CL_NAF": "CL_ACTIVITY",
}
"""What the clients asked for when their requests were noted, and what we have of the kind."""

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # pysdmx says what is experimental


@pytest.fixture
def source(platform_url: str) -> Iterator[str]:
    """Add the platform to what sdmx1 knows; queries name its id as the agency."""
    sdmx.add_source({"id": "HDF", "name": "Vigie", "url": f"{platform_url}/sdmx/v1"})
    yield "HDF"
    del sdmx.source.sources["HDF"]


@pytest.fixture
def source_3(platform_url: str) -> Iterator[str]:
    """Add the platform as one of SDMX 3.0."""
    info = {"id": "HDF", "name": "Vigie", "url": f"{platform_url}/sdmx/v2", "versions": ["3.0.0"]}
    sdmx.add_source(info)
    yield "HDF"
    del sdmx.source.sources["HDF"]


async def test_c1_pysdmx_lists_the_dataflows(platform_url: str) -> None:
    connector = SdmxConnector(f"{platform_url}/sdmx/v2")
    flows = {flow.id: flow for flow in await asyncio.to_thread(connector.dataflows)}
    assert flows[FLOW].name == "Exposition des secteurs à l’IA"
    assert (flows[FLOW].agency, flows[FLOW].version) == ("HDF", "1.0.0")
    found = await asyncio.to_thread(connector.dataflows, "secteurs")
    assert FLOW in {flow.id for flow in found}


async def test_pysdmx_reads_our_registry(platform_url: str) -> None:
    registry = RegistryClient(f"{platform_url}/sdmx/v2")

    def asked() -> dict[str, Any]:
        return {
            "agencies": registry.get_agencies("SDMX"),
            "codes": registry.get_codes("HDF", "CL_INDEX", "1.0.0"),
            "concepts": registry.get_concepts("HDF", "CS_VIGIE", "+"),
            "flows": registry.get_dataflows("HDF", FLOW, "1.0+.0"),
            "structures": registry.get_data_structures("HDF", STRUCTURE, "+"),
            "details": registry.get_dataflow_details("HDF", FLOW, "1.0.0"),
            "crosswalk": registry.get_code_map("HDF", "CM_ROME4_ROME3", "1.0.0"),
        }

    found = await asyncio.to_thread(asked)
    assert "HDF" in [agency.id for agency in found["agencies"]]
    assert [code.id for code in found["codes"]] == ["ILO_2025"]
    assert "OBS_VALUE" in [concept.id for concept in found["concepts"]]
    assert [flow.id for flow in found["flows"]] == [FLOW]
    (structure,) = found["structures"]
    assert [each.id for each in structure.components.dimensions] == DIMENSIONS
    assert [each.id for each in structure.components.measures] == ["OBS_VALUE"]
    codes = structure.components["INDEX"].local_codes
    assert codes is not None
    assert [code.name for code in codes] == ["OIT 2025 (IA générative)"]
    assert len(found["details"].components) == len(structure.components)
    assert "ROME3" in found["crosswalk"].target
    with pytest.raises(NotFound):
        await asyncio.to_thread(registry.get_codes, "HDF", "CL_NOTHING", "+")


@pytest.mark.parametrize(
    ("accept", "version"),
    [
        (StructureFormat.SDMX_JSON_2_0_0, "v2"),
        (StructureFormat.SDMX_ML_3_0, "v2"),
        (StructureFormat.SDMX_ML_2_1, "v1"),
    ],
)
async def test_pysdmx_reads_structures_in_every_format(
    platform_url: str, accept: StructureFormat, version: str
) -> None:
    api = ApiVersion.V2_2_2 if version == "v2" else ApiVersion.V1_5_0
    service = RestService(f"{platform_url}/sdmx/{version}", api, structure_format=accept)
    query = StructureQuery(StructureType.DATA_STRUCTURE, "HDF", STRUCTURE, "1.0.0")
    content = await asyncio.to_thread(service.structure, query)
    message = await asyncio.to_thread(read_sdmx, content.decode())
    (found,) = message.get_data_structure_definitions()
    assert isinstance(found, DataStructureDefinition)
    assert [each.id for each in found.components.dimensions] == DIMENSIONS
    levels = {each.id: each.attachment_level for each in found.components.attributes}
    assert (levels["OBS_STATUS"], levels["UNIT_MEASURE"]) == ("O", "D")
    query = StructureQuery(StructureType.CODELIST, "HDF", "CL_TERRITORY", "1.0.0")
    content = await asyncio.to_thread(service.structure, query)
    (codes,) = (await asyncio.to_thread(read_sdmx, content.decode())).get_codelists()
    assert isinstance(codes, Codelist)
    assert codes["R32"] is not None


async def test_c3_sdmx1_discovers_a_dataflow_with_all_that_it_refers_to(source: str) -> None:
    client = sdmx.Client(source)
    flows = (await asyncio.to_thread(client.dataflow)).dataflow
    assert str(flows[FLOW].name.localizations["fr"]) == "Exposition des secteurs à l’IA"
    assert flows[FLOW].name.localizations["en"] == "Exposure of sectors to AI"
    message = await asyncio.to_thread(client.dataflow, FLOW)
    structure = message.structure[STRUCTURE]
    assert [each.id for each in structure.dimensions.components] == DIMENSIONS
    assert structure.attributes.get("OBS_STATUS").related_to is not None
    area = structure.dimensions.get("REF_AREA").local_representation.enumerated
    assert area is message.codelist["CL_TERRITORY"]
    assert area["R32"].name.localizations["fr"] == "Hauts-de-France"
    assert area["D59"].parent.id == "R32"
    assert message.concept_scheme["CS_VIGIE"]["FREQ"].name.localizations["en"] == "Frequency"
    again = await asyncio.to_thread(client.datastructure, STRUCTURE)
    assert again.structure[STRUCTURE].dimensions == structure.dimensions
    codelist = (await asyncio.to_thread(client.codelist, "CL_INDEX")).codelist["CL_INDEX"]
    assert list(codelist.items) == ["ILO_2025"]


async def test_c3_sdmx1_reads_sdmx_3_where_it_asks_for_xml(source_3: str) -> None:
    """It has no reader of SDMX-JSON structures, nor of attributes of a dataflow in a structure."""
    client = sdmx.Client(source_3)
    told = {"headers": {"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"}}
    flow = (await asyncio.to_thread(client.dataflow, FLOW, **told)).dataflow[FLOW]
    assert flow.name.localizations["en"] == "Exposure of sectors to AI"
    codes = (await asyncio.to_thread(client.codelist, "CL_TERRITORY", **told)).codelist
    assert codes["CL_TERRITORY"]["D59"].parent.id == "R32"


@pytest.mark.skipif(not EMITTED.exists(), reason="the samples are not part of the project")
async def test_every_structure_request_that_clients_were_seen_to_make_is_answered(
    platform_url: str,
) -> None:
    seen = 0
    async with httpx.AsyncClient(base_url=f"{platform_url}/sdmx") as client:
        for line in EMITTED.read_text().splitlines():
            asked, accept, *_ = line.removeprefix("GET ").split(" | ")
            if not re.match("/v2/structure/|/v1/(dataflow|datastructure|codelist)/", asked):
                continue
            for theirs, ours in OURS.items():
                asked = re.sub(rf"\b{theirs}\b", ours, asked)
            given = {"accept": accept.removeprefix("Accept: "), "accept-encoding": "gzip, deflate"}
            answer = await client.get(asked, headers=given)
            assert (asked, answer.status_code) == (asked, 200)
            seen += 1
    assert seen == 11


async def test_c12_sdmx1_takes_a_404_for_what_it_is(source: str) -> None:
    client = sdmx.Client(source)
    with pytest.raises(Exception, match="404"):
        await asyncio.to_thread(client.codelist, "CL_NOTHING")


async def test_k5_a_page_of_anybody_may_read_structures_and_refusals(platform_url: str) -> None:
    async with httpx.AsyncClient(base_url=f"{platform_url}/sdmx/v2/structure") as client:
        for path, status in (("dataflow", 200), ("codelist/HDF/NONE", 404), ("nothing", 400)):
            answer = await client.get(f"/{path}", headers={"origin": "https://page.example"})
            assert answer.status_code == status
            assert answer.headers["access-control-allow-origin"] == "*"


async def test_what_is_not_built_says_so(platform_url: str) -> None:
    async with httpx.AsyncClient(base_url=platform_url) as client:
        for path in ("metadata/metadataset/HDF/METHOD/1.0.0/", "metadata", "registration/id/X"):
            answer = await client.get(f"/sdmx/v2/{path}")
            assert (answer.status_code, answer.json()["code"]) == (501, "sdmx-resource-not-built")
