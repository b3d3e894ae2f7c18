"""Unmodified pysdmx, sdmx1 and pandas read our figures through the gateway, the very ones (C)."""

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pandas as pd
import pytest
import sdmx
from pysdmx.api.dc.pd import PandasConnector
from pysdmx.api.dc.query import SortBy
from pysdmx.api.dc.rest import SdmxConnector
from pysdmx.api.qb import ApiVersion, DataContext, DataQuery, RestService
from pysdmx.api.qb.schema import SchemaContext, SchemaQuery
from pysdmx.errors import NotFound
from pysdmx.io import get_datasets
from pysdmx.io.format import DataFormat

from tests.harness import Database
from tests.observatory.publishing import Publisher, table

FLOW = "DF_EXPOSURE_SECTOR"
REFERENCE = f"HDF:{FLOW}(1.0.0)"
DIMENSIONS = ["FREQ", "REF_AREA", "ACTIVITY", "INDEX", "MEASURE", "TIME_PERIOD"]
EMITTED = (
    Path(__file__).parents[3]
    / "shared/samples/observatory/clients/requests-emitted-by-unmodified-clients.log"
)
OURS = {"HDF21": "HDF", "HDF300": "HDF", "DF_AIEXP": FLOW, "A.FRE.J": "A.FE.01", "FRE": "FE"}
"""What the clients asked for when their requests were noted, and what we have of the kind."""

pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),  # pysdmx says what is experimental
    pytest.mark.filterwarnings("ignore:The inplace keyword"),  # of pandas 3, in pysdmx
]
Figures = dict[tuple[str, ...], float]


async def blocking(
    work: Callable[..., Any], *given: Any, **named: Any
) -> Any:  # what the client gives
    """Let a client that blocks work beside the server."""
    return await asyncio.to_thread(work, *given, **named)


def listed(connector: Any, filters: str) -> list[Any]:
    """Read rows to their end."""
    return list(connector.data(REFERENCE, filters))


@pytest.fixture(scope="module")
async def truth(database: Database, platform_url: str) -> Figures:
    """Figures of the flow as SQL has them."""
    admin = await asyncpg.connect(database.admin_dsn)
    rows = await admin.fetch(
        """SELECT s.d1, s.d2, s.d3, s.d4, s.d5, p.text, o.value
             FROM observatory.flow f JOIN observatory.series s ON s.flow = f.number
             JOIN observatory.obs o USING (series_id)
             JOIN observatory.period p ON p.number = o.period_id
            WHERE f.id = $1 AND o.flow = f.number AND o.rel_to IS NULL AND NOT o.deleted""",
        FLOW,
    )
    await admin.close()
    found: Figures = {tuple(row)[:-1]: row["value"] for row in rows}
    assert len(found) > 1_000
    return found


@pytest.fixture
def source(platform_url: str) -> Iterator[str]:
    """Add the platform to what sdmx1 knows; its queries name the id as the agency."""
    sdmx.add_source({"id": "HDF", "name": "Vigie", "url": f"{platform_url}/sdmx/v1"})
    yield "HDF"
    del sdmx.source.sources["HDF"]


def keyed(rows: Any, value: str = "OBS_VALUE") -> Figures:  # dicts, whoever made them
    return {tuple(row[each] for each in DIMENSIONS): float(row[value]) for row in rows}


async def test_c1_the_sdmx_connector_describes_a_flow_and_reads_what_sql_has(
    platform_url: str, truth: Figures
) -> None:
    connector = SdmxConnector(f"{platform_url}/sdmx/v2")
    flow = await blocking(lambda: connector.dataflow(REFERENCE))
    assert (flow.obs_count, flow.series_count) == (len(truth), len(truth))
    for place, dimension in enumerate(flow.components.dimensions):
        codes = {code.id for code in dimension.enumeration or ()}
        if dimension.id != "TIME_PERIOD":
            assert {key[place] for key in truth} <= codes
    assert keyed(await blocking(lambda: list(connector.data(REFERENCE)))) == truth
    part = await blocking(lambda: connector.dataflow(REFERENCE, "ACTIVITY = '62'"))
    assert part.obs_count == sum(key[2] == "62" for key in truth)
    asked = "ACTIVITY IN ('62', '01') AND MEASURE = 'MEAN' AND OBS_VALUE > 0.3"
    found = keyed(await blocking(lambda: list(connector.data(REFERENCE, asked))))
    assert found == {
        key: value
        for key, value in truth.items()
        if key[2] in {"62", "01"} and key[4] == "MEAN" and value > 0.3
    }
    assert len(found) == 1


async def test_c2_the_pandas_connector_gives_a_typed_frame(
    platform_url: str, truth: Figures
) -> None:
    connector = PandasConnector(f"{platform_url}/sdmx/v2")
    asked = "MEASURE = 'MEAN' AND TIME_PERIOD >= '2020'"
    frame = await blocking(lambda: connector.data(REFERENCE, asked))
    assert frame.index.names == ["SERIES_KEY", "TIME_PERIOD"]
    assert str(frame["OBS_VALUE"].dtype) == "Float64"
    assert {"01", "62"} <= set(frame["ACTIVITY"]), "codes are text"
    expected = {
        (".".join(key[:5]), key[5]): value for key, value in truth.items() if key[4] == "MEAN"
    }
    assert frame["OBS_VALUE"].to_dict() == expected
    named = await blocking(lambda: connector.data(REFERENCE, asked, labels="name"))
    assert "Exposition moyenne" in set(named["MEASURE"].astype(str)) or len(named) == len(frame)


async def test_c3_sdmx1_reads_by_keys_that_the_structure_checks(
    source: str, truth: Figures
) -> None:
    client = sdmx.Client(source)
    wanted = {key: value for key, value in truth.items() if key[2] in {"62", "01"}}
    key = {"ACTIVITY": ["62", "01"], "MEASURE": []}
    for accept in (
        "*/*",
        "application/vnd.sdmx.genericdata+xml;version=2.1",
        "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    ):
        told = {"params": {"startPeriod": "2019"}, "headers": {"Accept": accept}}
        message = await blocking(client.data, FLOW, key=key, **told)
        series = sdmx.to_pandas(message.data[0])
        assert series.index.names == DIMENSIONS
        assert series.to_dict() == wanted
        (first, *_) = message.data[0].obs
        assert first.attrib["OBS_STATUS"].value == "A"
        every = {**message.data[0].attrib, **first.attrib}  # it may give them to the first series
        assert every["UNIT_MEASURE"].value == "FRACTION"
    with pytest.raises(ValueError, match="COLOUR"):
        await blocking(lambda: client.data(FLOW, key={"COLOUR": "red"}))
    keys = await blocking(lambda: client.series_keys(FLOW))
    assert len(keys) == len({key[:5] for key in truth})


async def test_c3_sdmx1_reads_what_is_available(source: str, truth: Figures) -> None:
    client = sdmx.Client(source)
    message = await blocking(lambda: client.availableconstraint(FLOW, force=True))
    (constraint,) = message.constraint.values()
    (region,) = constraint.data_content_region
    told = {each.id: list(found.values) for each, found in region.member.items()}
    assert {each.value for each in told["ACTIVITY"]} == {key[2] for key in truth}
    (span,) = told["TIME_PERIOD"]
    assert (span.start.period.year, span.end.period.year) == (2021, 2021)


@pytest.fixture(scope="module")
async def vintages(publisher: Publisher) -> tuple[str, list[dict[str, Any]]]:
    """Publish two releases: one revises, adds and deletes a figure of the other."""
    flow = await publisher.flow()
    first = [("R32", "A", "2020", 1.0), ("R32", "A", "2021", 2.0), ("FR", "C", "2020", 3.0)]
    second = [("R32", "A", "2020", 1.5), ("FR", "C", "2020", 3.0), ("FR", "C", "2021", 4.0)]
    return flow, [await publisher.release(flow, table(rows)) for rows in (first, second)]


async def test_c4_the_rest_service_travels_in_time_and_reads_in_slices(
    platform_url: str, vintages: tuple[str, list[dict[str, Any]]]
) -> None:
    flow, (first, _) = vintages
    service = RestService(
        f"{platform_url}/sdmx/v2", ApiVersion.V2_2_2, data_format=DataFormat.SDMX_CSV_2_0_0
    )

    async def read(**asked: Any) -> list[tuple[str, ...]]:
        query = DataQuery(DataContext.DATAFLOW, "HDF", flow, "1.0.0", **asked)
        content = await blocking(lambda: service.data(query))
        frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
        columns = ["ACTION", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"]
        return [tuple(row) for row in frame[columns].itertuples(index=False)]

    then = datetime.fromisoformat(first["published_at"])
    # pysdmx sends whole seconds, which is before or after whatever happened in that second
    assert len(await read()) == 3
    order = [SortBy("OBS_VALUE", "desc"), SortBy("REF_AREA")]
    assert [row[3] for row in await read(sort=order)] == ["4", "3", "1.5"]
    assert [row[3] for row in await read(sort=order, offset=1, limit=1)] == ["3"]
    history = await read(include_history=True)
    assert ("D", "R32", "2021", "") in history
    assert {row[3] for row in history if row[2] == "2020" and row[1] == "R32"} == {"1", "1.5"}
    with pytest.raises(NotFound):
        await read(as_of=then.replace(year=2020))
    with pytest.raises(NotFound):
        await read(updated_after=then.replace(year=2090))
    schema = SchemaQuery(SchemaContext.DATAFLOW, "HDF", flow, "1.0.0")
    assert b"dataStructures" in await blocking(lambda: service.schema(schema))


@pytest.mark.parametrize(
    ("form", "version"),
    [
        (DataFormat.SDMX_CSV_1_0_0, "v2"),
        (DataFormat.SDMX_CSV_2_0_0, "v2"),
        (DataFormat.SDMX_ML_2_1_GEN, "v1"),
        (DataFormat.SDMX_ML_2_1_STR, "v1"),
    ],
)
async def test_pysdmx_reads_datasets_of_every_format_that_it_knows(
    platform_url: str, truth: Figures, form: DataFormat, version: str
) -> None:
    api = ApiVersion.V2_2_2 if version == "v2" else ApiVersion.V1_5_0
    service = RestService(f"{platform_url}/sdmx/{version}", api, data_format=form)
    query = DataQuery(DataContext.DATAFLOW, "HDF", FLOW, "1.0.0")
    content = await blocking(lambda: service.data(query))
    (dataset,) = await blocking(lambda: get_datasets(io.BytesIO(content)))
    assert "HDF:DF_EXPOSURE_SECTOR(1.0.0)" in str(dataset.structure)
    assert keyed(dataset.data.to_dict("records")) == truth


async def test_c6_pandas_reads_a_csv_by_its_address_and_codes_stay_text(
    platform_url: str, truth: Figures
) -> None:
    url = f"{platform_url}/sdmx/v2/data/dataflow/HDF/{FLOW}"
    told = {"Accept": "application/vnd.sdmx.data+csv;version=2.0.0"}
    frame = await blocking(lambda: pd.read_csv(url, dtype=str, storage_options=told))
    assert "01" in set(frame["ACTIVITY"])
    assert keyed(frame.to_dict("records")) == truth


async def test_c12_clients_say_that_there_is_nothing(platform_url: str, source: str) -> None:
    nothing = "ACTIVITY = 'NOWHERE'"
    for connector in (SdmxConnector, PandasConnector):
        asked = connector(f"{platform_url}/sdmx/v2")
        with pytest.raises(NotFound):
            await blocking(listed, asked, nothing)
        with pytest.raises(NotFound):
            await blocking(asked.dataflow, "HDF:DF_NOTHING(1.0.0)")
    client = sdmx.Client(source)
    with pytest.raises(Exception, match="404"):
        await blocking(lambda: client.data(FLOW, key="A.XX..."))


@pytest.mark.skipif(not EMITTED.exists(), reason="the samples are not part of the project")
async def test_every_data_request_that_clients_were_seen_to_make_is_answered(
    platform_url: str,
) -> None:
    seen = 0
    async with httpx.AsyncClient(base_url=f"{platform_url}/sdmx", follow_redirects=True) as client:
        for line in EMITTED.read_text().splitlines():
            asked, accept, *_ = line.removeprefix("GET ").split(" | ")
            if not re.match(r"/v[12]/(data|availability|availableconstraint|schema)\b", asked):
                continue
            for theirs, ours in OURS.items():
                asked = re.sub(rf"\b{theirs}\b", ours, asked)
            asked = asked.replace("ge:2020", "ge:2019")
            given = {"accept": accept.removeprefix("Accept: "), "accept-encoding": "gzip, deflate"}
            answer = await client.get(asked, headers=given)
            assert (asked, answer.status_code) in {(asked, 200), (asked, 204)}
            seen += 1
    assert seen == 16
