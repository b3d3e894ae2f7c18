"""Records the contract's examples: what a running platform really answers, to the demo and after.

    make run                       in one terminal
    python -m deploy.examples      in another: writes docs/api/examples.json

`deploy.openapi` puts them into the document; tests say when one no longer obeys its schema, or is
no longer what the platform answers.
"""

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx

from deploy import demo
from deploy.credentials import Vault, demo_secret
from deploy.demo_screen import Story
from deploy.local import Place, place
from gateway.proxy.table import Table, read
from platformkit import i18n
from platformkit.clients.base import connect
from platformkit.clients.diagnostic import DiagnosticClient
from platformkit.clients.observatory import ObservatoryClient

ROOT: Final = Path(__file__).resolve().parents[1]
CONTRACT: Final = ROOT / "docs" / "api" / "openapi.json"
TARGET: Final = CONTRACT.with_name("examples.json")
JSON: Final = "application/json"

LONGEST_LIST: Final = 2
"""Elements shown of a list; the rest is more of the same."""

LARGEST_BYTES: Final = 4_000
"""An example that is larger all the same explains nothing, and is left out."""

FIXED: Final[Mapping[str, str]] = {
    "/v1/diagnostic/questionnaires/{code}": "MIA",
    "/v1/observatory/codelists/{codelist_id}": "CL_TERRITORY",
    "/v1/observatory/dataflows/{dataflow_id}": "DF_EXPOSURE_TERRITORY",
    "/v1/observatory/exposure/{kind}": "jobs",
    "/v1/observatory/exposure/{kind}/{code}": "M1607",
    "/v1/observatory/exposure/jobs/{rome}": "M1607",
    "/v1/observatory/exposure/sectors/{naf}": "25.62B",
    "/v1/observatory/exposure/territories/{code}": "32",
    "/v1/observatory/indicators/{indicator_id}": "EXPOSURE_TERRITORY",
    "/v1/observatory/studies/{kind}": "jobs",
    "/v1/observatory/studies/{kind}/{code}": "M1607",
    "/v1/observatory/territories/{code}": "FR",
    "/v1/overviews/jobs/{rome}": "M1607",
    "/v1/overviews/sectors/{naf}": "25.62B",
    "/v1/overviews/territories/{code}": "59",
    "/v1/training/certifications/{number}": "RS7423",
    "/v1/training/exports/{format}": "lheo",
    "/v1/training/references/rome/{code}": "M1805",
    "/v1/training/references/{scheme}": "rome",
    "/v1/training/references/{scheme}/{version}": "latest",
    "{suffix}": "json",
}
"""What is read, by the template up to its parameter; else the first thing of the list above it."""

ASKED: Final[Mapping[str, str]] = {
    "q": "intelligence artificielle",
    "function": "mean",
    "kind": "jobs",
    "code": "M1607",
    "siret": "11004301500012",
    "limit": "2",
}
"""Query parameters: the required ones, and how much of a list."""

_PARAMETER: Final = re.compile(r"\{[^{}]+\}")

Example = dict[str, Any]


class Recorder:
    """Notes the first good answer to each operation."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document, self._table = document, Table(read(document))
        self.found: dict[str, Example] = {}

    async def note(self, response: httpx.Response) -> None:
        """Look at an answer that the client received."""
        await response.aread()
        request = response.request
        route = self._table.find(request.method, request.url.path)
        if route is None or not response.is_success:
            return
        operation = self._document["paths"][route.template][request.method.lower()]
        status, kind = str(response.status_code), response.headers.get("content-type", "")
        if kind.partition(";")[0] != JSON or JSON not in _content(operation, status):
            return
        answer = shortened(response.json())
        if len(json.dumps(answer, ensure_ascii=False).encode()) > LARGEST_BYTES:
            return
        noted: Example = {"status": status, "answer": answer}
        if request.headers.get("content-type") == JSON and request.content not in {b"", b"{}"}:
            noted["body"] = shortened(json.loads(request.content))
        self.found.setdefault(operation["operationId"], noted)


def _content(operation: Mapping[str, Any], status: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = operation["responses"].get(status, {}).get("content", {})
    return content


def shortened(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """Cut every list to its first elements."""
    if isinstance(value, list):
        return [shortened(item) for item in value[:LONGEST_LIST]]
    if isinstance(value, dict):
        return {name: shortened(member) for name, member in value.items()}
    return value


async def recorded(door: str, secret: str, document: Mapping[str, Any]) -> dict[str, Example]:
    """Play the demo at the door, then read whatever else can be read."""
    recorder = Recorder(document)
    async with connect(door) as http:
        bearer = await demo.token(http, secret)
        http.event_hooks = {"response": [recorder.note]}
        clients = demo.Door(
            DiagnosticClient(http, lambda: bearer, prefix="/v1/diagnostic", seconds=30),
            ObservatoryClient(http, lambda: bearer, prefix="/v1/observatory", seconds=30),
            demo.Overviews(http, lambda: bearer, prefix="/v1/overviews", seconds=30),
        )
        with tempfile.TemporaryDirectory() as folder:
            story = await demo.play(clients, lambda _: None, Path(folder))
        known = {**FIXED, **_made(story)}
        http.headers["authorization"] = f"Bearer {bearer}"
        for template, asked in _readable(document):
            path = await _filled(http, template, known)
            if path is not None:
                await http.get(path, params=asked)
    return dict(sorted(recorder.found.items()))


def _made(story: Story) -> dict[str, str]:
    company, assessment = str(story.company.id), str(story.score.assessment_id)
    return {
        "/v1/diagnostic/organisations/{organisation_id}": company,
        "/v1/overviews/organisations/{organisation_id}": company,
        "/v1/diagnostic/assessments/{assessment_id}": assessment,
    }


def _readable(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the paths that answer JSON, lists before their things, with what must be asked."""
    for template, item in sorted(document["paths"].items()):
        operation = item.get("get")
        if operation is None or not template.startswith("/v1/"):
            continue
        if JSON not in _content(operation, "200"):
            continue
        queries = [one for one in operation.get("parameters", []) if one["in"] == "query"]
        names = [one["name"] for one in queries if one.get("required") or one["name"] == "limit"]
        if all(name in ASKED for name in names):
            yield template, {name: ASKED[name] for name in names}


async def _filled(http: httpx.AsyncClient, template: str, known: dict[str, str]) -> str | None:
    """Put a value for each parameter; what no list shows cannot be read."""
    path = template
    for match in _PARAMETER.finditer(template):
        place = template[: match.end()]
        if match[0] in known:
            known.setdefault(place, known[match[0]])
        if place not in known:
            above = path[: path.index("{")].rstrip("/")
            found = await _first(http, above)
            if found is None:
                return None
            known[place] = found
        path = path.replace(match[0], known[place], 1)
    return path


async def _first(http: httpx.AsyncClient, above: str) -> str | None:
    answer = await http.get(above)
    items = answer.json().get("items") if answer.is_success else None
    if not items:
        return None
    for name in ("id", "code", "number", "name", "version"):
        if name in items[0]:
            return str(items[0][name])
    return None


def main(where: Place) -> None:
    """Write the file anew."""
    i18n.speak("fr")
    document = json.loads(CONTRACT.read_bytes())
    found = asyncio.run(recorded(where.door, demo_secret(Vault(where.data / "secrets")), document))
    TARGET.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    print(f"{TARGET.relative_to(ROOT)}: {len(found)} operations.")


if __name__ == "__main__":
    main(place())
