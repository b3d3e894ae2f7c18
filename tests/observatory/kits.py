"""A pilot that publishes its kit, a region with an empty platform, and kits made by hand."""

import hashlib
import json
import re
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from observatory.kits import archive, manifest, packaging, signing
from observatory.kits.schemas import KitStructures
from observatory.kits.signing import SigningKey
from tests import harness
from tests.harness import Database, anonymous, as_client
from tests.observatory.publishing import Publisher, name, structures
from tests.observatory.test_grids import grid
from tests.observatory.test_reading_keys import key
from tests.observatory.test_sheets import sheet

FLOW: Final = "DF_KIT"
PILOT, REGION, MAKER = "HDF", "ARA", "PIL"
KEY = SigningKey.derived("the pilot's secret")
STRANGER = SigningKey.derived("a stranger's secret")
NOTES = {"fr": "Première version.", "en": "First version."}
PARAMETERS = {
    "region": "84",
    "base_url": "https://ara.example.org/v1/observatory",
    "cog_vintage": "2026",
}
FILES = {"LICENCE": b"open\n", "methods/m/1.0.0/golden.csv": b"vector,input,expected\n"}


def document(files: Mapping[str, bytes] = FILES, /, **changed: Any) -> dict[str, Any]:
    """Make the manifest of a kit by hand."""
    told = {
        "document": "vigie-kit-manifest/1",
        "agency": MAKER,
        "name": {"fr": "Pilote", "en": "Pilot"},
        "version": "1.0.0",
        "notes": NOTES,
        "methods": {"m": "1.0.0"},
        "artefacts": {},
        "files": [
            {
                "path": path,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "crc32": zlib.crc32(content),
            }
            for path, content in sorted(files.items())
        ],
        "yanked": [],
        "critical": [],
        "key_id": KEY.public.id,
    }
    return told | changed


def zipped(
    told: Any, files: Mapping[str, bytes] = FILES, key: SigningKey = KEY, raw: bytes | None = None
) -> bytes:
    """Sign a manifest and pack it with the files, whatever both are."""
    written = signing.canonical(told) if raw is None else raw
    own = [(archive.MANIFEST, written), (archive.SIGNATURE, key.sign(written))]
    return b"".join(archive.pieces([*own, *sorted(files.items())]))


VECTORS = (
    'vector,input,expected\na,"{""mean"":""0.60"",""sd"":""0.10""}","{""class"":""gradient_4""}"\n'
)


def made(
    version: str,
    structures: Mapping[str, Any],
    vectors: str = VECTORS,
    agency: str = MAKER,
    **changed: Any,
) -> bytes:
    """Make a kit of a maker's, with structures that refer to each other by whole references."""
    whole = re.sub(r'"(\w+\(1\.0\.0\))"', rf'"{agency}:\1"', json.dumps(dict(structures)))
    read = KitStructures.model_validate({**json.loads(whole), "agency": agency})
    files = {
        manifest.STRUCTURES: signing.canonical(read.model_dump(mode="json")),
        manifest.golden("ilo-classes", "1.0.0"): vectors.encode(),
    }
    told = {
        "agency": agency,
        "version": version,
        "methods": {"ilo-classes": "1.0.0"},
        "artefacts": packaging.artefacts(read),
    }
    return zipped(document(files, **told, **changed), files)


@dataclass(frozen=True)
class Node:
    """An installation, and who operates its kits."""

    client: httpx.AsyncClient
    headers: Mapping[str, str]

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers={**self.headers, **headers})

    async def send(
        self, kit: bytes, version: str = "1.0.0", agency: str = PILOT, **headers: str
    ) -> httpx.Response:
        """Send a kit."""
        told = {**self.headers, "content-type": "application/zip", **headers}
        path = f"/v1/kit-installations/{agency}/{version}/archive"
        return await self.client.put(path, content=kit, headers=told)

    async def install(
        self,
        version: str = "1.0.0",
        agency: str = PILOT,
        tag: str | None = None,
        **changed: Any,
    ) -> httpx.Response:
        """Install a kit that was received, under the tag that it has now."""
        path = f"/v1/kit-installations/{agency}/{version}"
        current = tag or (await self.client.get(path)).headers["etag"]
        return await self.post(
            f"{path}/install", {**PARAMETERS, **changed}, **{"if-match": current}
        )

    async def publish(self, version: str, *flows: str, **changed: Any) -> httpx.Response:
        """Publish a kit of one's own."""
        told = {"fr": "Région pilote", "en": "Pilot region"}
        body = {"version": version, "notes": NOTES, "name": told, "dataflows": list(flows)}
        return await self.post("/v1/kits", body | changed)


@asynccontextmanager
async def node(database: Database, **settings: Any) -> AsyncIterator[Node]:
    """Run an installation."""
    app = harness.application(database, "observatory", **settings)
    async with harness.opened(app) as client:
        client.headers.update(anonymous("observatory"))
        yield Node(client, as_client("observatory"))


def codes_of(problem: httpx.Response) -> list[tuple[str | None, str]]:
    """Return place and code of each fault of a refusal."""
    return [(each.get("place"), each["code"]) for each in problem.json()["errors"]]


def crosswalk() -> dict[str, Any]:
    """Make a dataflow of the pilot's, with a crosswalk between its lists, and what reads it."""
    made = structures(FLOW)
    made["code_maps"] = [
        {
            "id": "CM_KIT",
            "name": name("areas by sector"),
            "source": f"CL_{FLOW}_SECTOR(1.0.0)",
            "target": f"CL_{FLOW}_AREA(1.0.0)",
            "mappings": [
                {"source": "A", "target": "D02", "weight": 0.25},
                {"source": "A", "target": "D59", "weight": 0.75},
                {"source": "J", "target": "75", "weight": 1},
            ],
        }
    ]
    final = {"version": "1.0.0"}
    made["reading_keys"] = [key(f"K_{FLOW}", FLOW, **final)]
    made["grids"] = [grid(f"G_{FLOW}", FLOW, **final)]
    made["sheets"] = [sheet(FLOW, **final)]
    return made


async def piloted(publisher: Publisher) -> Node:
    """Give the region that others copy a dataflow of its own."""
    assert (await publisher.publish(crosswalk())).is_success
    return Node(publisher.client, publisher.headers)


async def exported(pilot: Node, version: str) -> bytes:
    """Publish a version of the pilot's kit."""
    made = await pilot.publish(version, FLOW)
    assert made.status_code == 201, made.text
    return (await pilot.client.get(f"/v1/kits/{version}/archive")).content
