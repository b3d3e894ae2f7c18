"""Regions and a country, each an observatory on an empty database of its own, on real sockets."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from observatory.kits.signing import SigningKey
from observatory.rollups.asking import Asker
from observatory.rollups.pulling import Puller
from tests import harness
from tests.gateway.doors import served
from tests.harness import Database, anonymous, as_client
from tests.observatory import federating
from tests.observatory.publishing import Publisher, codes, name

FLOW = "DF_SHARE"
AREAS = ("FR", "R32", "R84", "R94")
SECTORS = ("A", "C", "J", "M")
METHOD = "ilo-2025/1.0.0"
DECLARED = ("OBS_STATUS", "CONF_STATUS", "SE", "NUMERATOR", "DENOMINATOR", "METHOD_VERSION")
COLUMNS = ("REF_AREA", "SECTOR", "MEASURE", "TIME_PERIOD", "OBS_VALUE")
HIDDEN = {"OBS_STATUS": "Q", "CONF_STATUS": "C"}

Row = Mapping[str, Any]


def structures(**changed: Any) -> dict[str, Any]:
    """Make a dataflow of means and of counts, by area and sector, that rolls up."""
    lists = {"AREA": AREAS, "SECTOR": SECTORS, "MEASURE": ("MEAN", "COUNT")}
    structure = {
        "id": "DSD_SHARE",
        "name": name("structure"),
        "measure": name("share"),
        "dimensions": [
            {"id": dimension, "name": name(dimension), "codelist": f"CL_{codelist}(1.0.0)"}
            for dimension, codelist in zip(COLUMNS, lists, strict=False)
        ],
        "attributes": [
            {"id": each, "name": name(each), "level": "observation"} for each in DECLARED
        ],
        "ratios": {"MEASURE": ["MEAN"]},
        **changed,
    }
    return {
        "codelists": [
            {"id": f"CL_{each}", "name": name(each), "codes": codes(*known)}
            for each, known in lists.items()
        ],
        "data_structures": [structure],
        "dataflows": [
            {
                "id": FLOW,
                "name": name("shares"),
                "structure": "DSD_SHARE(1.0.0)",
                "licence": "Licence Ouverte 2.0",
                "source": "tests",
            }
        ],
        "indicators": [
            {
                "id": "SHARE",
                "name": name("share"),
                "dataflow": f"{FLOW}(1.0.0)",
                "key": {"MEASURE": "MEAN"},
                "unit": name("share"),
                "decimals": 4,
                "definition": name("share"),
            }
        ],
    }


def mean(area: str, sector: str, totals: tuple[float, float], se: float | None = None) -> Row:
    """Make the line of a mean with its totals."""
    numerator, denominator = totals
    return {
        **dict(zip(COLUMNS, (area, sector, "MEAN", "2025", numerator / denominator), strict=True)),
        "NUMERATOR": numerator,
        "DENOMINATOR": denominator,
        "SE": "" if se is None else se,
        "OBS_STATUS": "A",
        "CONF_STATUS": "F",
    }


def hidden(area: str, sector: str) -> Row:
    """Make the line of a mean that is suppressed."""
    return {**dict(zip(COLUMNS, (area, sector, "MEAN", "2025", ""), strict=True)), **HIDDEN}


def file(rows: Iterable[Row]) -> bytes:
    """Write lines as a file that can be loaded."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [*COLUMNS, *DECLARED[:-1]], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


class Door:
    """Lets anybody in who reads, as the gateway does."""

    def __init__(self, app: FastAPI) -> None:
        self._app, self.is_open, self.asked = app, True, list[str]()
        self._token = anonymous("observatory")["authorization"].encode()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            self.asked.append(f"{scope['path']}?{scope['query_string'].decode()}")
            if not self.is_open:
                await send({"type": "http.response.start", "status": 503, "headers": []})
                await send({"type": "http.response.body"})
                return
            names = [each for each in scope["headers"] if each[0] != b"authorization"]
            path = scope["path"].rstrip("/")  # which pysdmx ends with one
            headers = [*names, (b"authorization", self._token)]
            scope = scope | {"path": path, "raw_path": path.encode(), "headers": headers}
        await self._app(scope, receive, send)


@dataclass
class Platform:
    """An observatory with an agency of its own, and its client as the region's own."""

    agency: str
    database: Database
    app: FastAPI
    publisher: Publisher
    key: SigningKey
    url: str = ""
    door: Door | None = None

    def certificate(self, region: str, **changed: Any) -> dict[str, Any]:
        """Sign a conformance report as the kit does."""
        return federating.report(
            self.agency, self.key, **{"region": region, "base_url": self.url, **changed}
        )


@asynccontextmanager
async def platform(database: Database, agency: str, **told: object) -> AsyncIterator[Platform]:
    """Open an observatory on a copy of the empty database."""
    copy = await harness.emptied(database, f"region_{agency.lower()}")
    app = harness.application(copy, "observatory", agency=agency, rollup_seconds=None, **told)
    async with harness.opened(app) as client:
        publisher = Publisher(client, as_client("observatory"))
        yield Platform(agency, copy, app, publisher, SigningKey.derived(agency))


@asynccontextmanager
async def region(database: Database, agency: str) -> AsyncIterator[Platform]:
    """Open one that publishes our dataflow, and serve it to anybody."""
    async with platform(database, agency) as opened:
        answer = await opened.publisher.publish(structures())
        assert answer.status_code == 200, answer.text
        opened.door = Door(opened.app)
        async with served(opened.door, lifespan="off") as url:
            opened.url = url
            yield opened


@dataclass
class Country:
    """The national node."""

    platform: Platform
    regions: Mapping[str, Platform]
    puller: Puller

    @property
    def client(self) -> httpx.AsyncClient:
        """Its client, which needs headers to write."""
        return self.platform.publisher.client

    async def put(self, path: str, body: Any, tag: str = '"0"', **headers: str) -> httpx.Response:
        told = {**as_client("observatory"), "if-match": tag, **headers}
        return await self.client.put(f"/v1{path}", json=body, headers=told)

    async def post(self, path: str, **headers: str) -> httpx.Response:
        told = {**as_client("observatory"), **headers}
        return await self.client.post(f"/v1{path}", headers=told)

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"/v1{path}", headers=anonymous("observatory"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def register(self, agency: str, region: str, **changed: Any) -> httpx.Response:
        node = self.regions[agency]
        body = {
            "name": name(agency),
            "region": region,
            "base_url": node.url,
            "public_key": node.key.public.x,
            **changed,
        }
        return await self.put(f"/nodes/{agency}", body)

    async def certify(self, agency: str, region: str, tag: str = '"1"', **told: Any) -> Any:
        body = self.regions[agency].certificate(region, **told)
        return await self.put(f"/nodes/{agency}/certificate", body, tag)

    async def publishes(self, agency: str, rows: Iterable[Row], **told: Any) -> None:
        """Have a region publish these lines instead of its earlier ones."""
        await self.regions[agency].publisher.release(FLOW, file(rows), method=METHOD, **told)

    async def defined(self, rollup: str, body: Mapping[str, Any]) -> None:
        """Define a roll-up."""
        answer = await self.put(f"/rollups/{rollup}", body)
        assert answer.status_code == 200, answer.text

    async def national(self, **asked: str) -> dict[str, dict[str, str]]:
        """Read what is published, by sector."""
        answer = await self.client.get(
            f"/sdmx/v2/data/dataflow/FR/{FLOW}/1.0.0",
            params=asked,
            headers={**anonymous("observatory"), "accept": "text/csv"},
        )
        return {row["SECTOR"]: row for row in csv.DictReader(io.StringIO(answer.text))}

    async def pull(self, rollup: str, *areas: str) -> dict[str, str]:
        """Read areas now; return the states of all."""
        for area in areas:
            await self.puller.pull(rollup, area)
        return {
            each["area"]: each["state"]
            for each in (await self.get(f"/rollups/{rollup}"))["sources"]
        }


def rollup(areas: Iterable[tuple[str, str | None, float]], **changed: Any) -> dict[str, Any]:
    """Define a roll-up of areas, by agency and weight."""
    return {
        "name": name("national"),
        "dataflow": FLOW,
        "source": FLOW,
        "area": "FR",
        "method": "ilo-2025",
        "method_version": "1.0",
        "errors": "independent",
        "least_coverage": 0.6,
        "parts": [
            {"area": area, "agency": agency, "weight": weight} for area, agency, weight in areas
        ],
        **changed,
    }


@asynccontextmanager
async def country(database: Database, *agencies: str) -> AsyncIterator[Country]:
    """Open regions and the national node that may ask them."""
    async with AsyncExitStack() as stack:
        regions = {
            agency: await stack.enter_async_context(region(database, agency)) for agency in agencies
        }
        national = await stack.enter_async_context(platform(database, "FR", nodes_local=True))
        answer = await national.publisher.publish(structures())
        assert answer.status_code == 200, answer.text
        state = national.app.state
        asker = await stack.enter_async_context(Asker(state.settings))
        puller = Puller(asker, state.reads, state.writes, state.structures, timedelta(0))
        yield Country(national, regions, puller)
