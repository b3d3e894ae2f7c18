"""Publishes structures and releases as a region would, over HTTP."""

import csv
import io
import itertools
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

import httpx

AREAS = ("R32", "D02", "D59", "2A", "75", "FR")
SECTORS = ("A", "C", "J")
_numbers = itertools.count(1)


def name(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}


def codes(*ids: str) -> list[dict[str, Any]]:
    return [{"id": code, "name": {"fr": f"{code} fr", "en": f"{code} en"}} for code in ids]


def structures(flow: str, **changed: Any) -> dict[str, Any]:
    """Make a dataflow of two dimensions, with its lists and an indicator of the same id."""
    made = {
        "codelists": [
            {"id": f"CL_{flow}_AREA", "name": name("areas"), "codes": codes(*AREAS)},
            {"id": f"CL_{flow}_SECTOR", "name": name("sectors"), "codes": codes(*SECTORS)},
        ],
        "data_structures": [
            {
                "id": f"DSD_{flow}",
                "name": name("structure"),
                "measure": name("jobs"),
                "dimensions": [
                    {
                        "id": "REF_AREA",
                        "name": {"fr": "Territoire", "en": "Area"},
                        "codelist": f"CL_{flow}_AREA(1.0.0)",
                    },
                    {
                        "id": "SECTOR",
                        "name": {"fr": "Secteur", "en": "Sector"},
                        "codelist": f"CL_{flow}_SECTOR(1.0.0)",
                    },
                ],
                "attributes": [
                    {"id": "OBS_STATUS", "name": name("status"), "level": "observation"},
                    {"id": "METHOD_VERSION", "name": name("method"), "level": "observation"},
                    {
                        "id": "UNIT_MEASURE",
                        "name": name("unit"),
                        "level": "dataflow",
                        "values": {"": "JOBS"},
                    },
                ],
            }
        ],
        "dataflows": [
            {
                "id": flow,
                "name": {"fr": f"Flux {flow}", "en": f"Flow {flow}"},
                "structure": f"DSD_{flow}(1.0.0)",
                "licence": "Licence Ouverte 2.0",
                "source": "tests",
            }
        ],
        "indicators": [
            {
                "id": flow,
                "name": {"fr": "Emplois", "en": "Jobs"},
                "dataflow": f"{flow}(1.0.0)",
                "unit": {"fr": "emplois", "en": "jobs"},
                "decimals": 0,
                "definition": name("jobs"),
            }
        ],
    }
    return made | changed


def table(rows: Iterable[tuple[Any, ...]], *more: str) -> bytes:
    """Write rows as a CSV that can be loaded."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["REF_AREA", "SECTOR", "TIME_PERIOD", "OBS_VALUE", *more])
    writer.writerows(rows)
    return text.getvalue().encode()


def lines(answer: httpx.Response) -> list[dict[str, str]]:
    """Read the rows of a CSV answer."""
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


class Publisher:
    """A client with the scope to publish, and a dataflow of its own for each use."""

    def __init__(self, client: httpx.AsyncClient, headers: Mapping[str, str]) -> None:
        self.client, self.headers = client, dict(headers)

    async def flow(self, **changed: Any) -> str:
        """Publish a new dataflow and return its id."""
        flow = f"T{next(_numbers)}"
        answer = await self.publish(structures(flow, **changed))
        assert answer.status_code == 200, answer.text
        return flow

    async def publish(self, body: Mapping[str, Any]) -> httpx.Response:
        return await self.client.post("/v1/structures", json=body, headers=self.headers)

    async def draft(self, flow: str, **changed: Any) -> dict[str, Any]:
        body = {
            "dataflow": flow,
            "notes": name("notes"),
            "method": "count/1.0.0",
            "source": "tests",
            **changed,
        }
        answer = await self.client.post("/v1/releases", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        return self.known(answer)

    def known(self, answer: httpx.Response) -> dict[str, Any]:
        """Return a release with its tag."""
        assert answer.is_success, answer.text
        return {**answer.json(), "etag": answer.headers["etag"]}

    async def load(
        self,
        release: Mapping[str, Any],
        data: bytes | AsyncIterator[bytes],
        mode: str = "complete",
    ) -> httpx.Response:
        return await self.client.put(
            f"/v1/releases/{release['id']}/data",
            params={"mode": mode},
            content=data,
            headers={**self.headers, "content-type": "text/csv", "if-match": release["etag"]},
        )

    async def act(
        self, release: Mapping[str, Any], deed: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        return await self.client.post(
            f"/v1/releases/{release['id']}/{deed}",
            json=body or {},
            headers={**self.headers, "if-match": release["etag"]},
        )

    async def release(
        self, flow: str, data: bytes, mode: str = "complete", **changed: Any
    ) -> dict[str, Any]:
        """Draft, load and publish; return the published release."""
        loaded = self.known(await self.load(await self.draft(flow, **changed), data, mode))
        return self.known(await self.act(loaded, "publish"))

    async def data(self, flow: str, suffix: str = "csv", **parameters: Any) -> httpx.Response:
        """Read an indicator as anybody may."""
        return await self.client.get(f"/v1/indicators/{flow}/data.{suffix}", params=parameters)
