"""What all reads share: tags, languages, caching, and bytes that obey the OpenAPI document."""

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # no types shipped

from platformkit import pagination, routes
from tests import harness
from tests.conftest import OpenApp
from tests.harness import Database

READS = [
    "/v1/exposure/jobs?limit=3",
    "/v1/exposure/jobs/M1607",
    "/v1/exposure/jobs/E1105",
    "/v1/exposure/sectors?limit=3",
    "/v1/exposure/sectors/62.01Z",
    "/v1/exposure/territories/32",
    "/v1/exposure/territories/80",
    "/v1/exposure/territories/32/families?limit=3",
    "/v1/exposure/methods",
    "/v1/exposure/methods/eloundou-beta/1.0.0",
    "/v1/exposure/methods/ilo-2025/latest/replay?kind=sectors&code=62",
    "/v1/exposure/territories/32/specialisations?limit=3",
    "/v1/exposure/territories/32/change?from_method=ilo-2023",
    "/v1/exposure/territories/32/shift-share?limit=3",
    "/v1/exposure/releases?limit=3",
    "/v1/exposure/grids",
    "/v1/exposure/sector-routes",
    "/v1/exposure/reading-keys",
    "/v1/exposure/cells?kind=territories&limit=3",
    "/v1/exposure/jobs/M1607/range",
    "/v1/exposure/sectors/C/range",
    "/v1/exposure/territories/32/range",
    "/v1/jobs?limit=3",
    "/v1/jobs/M1607",
    "/v1/sectors?limit=3",
    "/v1/sectors/C",
    "/v1/territories?limit=3",
    "/v1/territories/FR",
    "/v1/datasets?count=true",
    "/v1/studies",
    "/v1/studies/rules",
]
OF_FIGURES = ["/v1/territories/32/indicators?limit=3", "/v1/territories/FR/indicators"]
"""What the end of an embargo changes: it is validated at each use."""


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    return harness.application(database, "observatory")


@pytest.mark.parametrize("path", READS)
async def test_a_read_is_tagged_cacheable_and_answers_304(
    observatory: httpx.AsyncClient, path: str
) -> None:
    first = await observatory.get(path)
    assert first.status_code == 200
    assert first.headers["cache-control"].startswith("public, max-age=")
    assert "accept-language" in first.headers["vary"].lower()
    tag = first.headers["etag"]
    again = await observatory.get(path, headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["cache-control"] == first.headers["cache-control"]
    changed = await observatory.get(path, headers={"if-none-match": '"other"'})
    assert changed.status_code == 200


@pytest.mark.parametrize("path", [*READS, *OF_FIGURES])
async def test_the_bytes_obey_the_declared_schema(
    observatory: httpx.AsyncClient, app: FastAPI, path: str
) -> None:
    body = (await observatory.get(path)).json()
    schema = declared(app, path.partition("?")[0])
    errors = [error.message for error in Draft202012Validator(schema).iter_errors(body)]
    assert errors == []
    assert list(Draft202012Validator(schema).iter_errors({})), "a schema that accepts anything"


def declared(app: FastAPI, path: str) -> dict[str, Any]:
    """Return the schema of the 200 answer of a path, with what it refers to."""
    document = app.openapi()
    for template, operations in document["paths"].items():
        if re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", template), path):
            content = operations["get"]["responses"]["200"]["content"]
            schema: dict[str, Any] = content["application/json"]["schema"]
            return {**schema, "components": document["components"]}
    raise LookupError(path)


def test_every_read_is_open_data_and_says_so(app: FastAPI) -> None:
    for route in routes.routes(app):
        if route.methods == {"GET"}:
            closed = route.path_format in {
                "/v1/changes",
                "/v1/disclosure/runs",
                "/v1/federation-deeds",
                "/v1/pending-releases",
                "/v1/programmes/{programme}/deeds",
                "/v1/programmes/{programme}/ledger",
            }
            assert routes.is_public(route) != closed, route.path_format


@pytest.mark.parametrize(
    "path", ["/v1/exposure/territories/32", "/v1/sectors/C", "/v1/exposure/methods", "/v1/datasets"]
)
async def test_each_language_has_its_own_tag(observatory: httpx.AsyncClient, path: str) -> None:
    answers = {}
    for language in ("fr", "en"):
        answer = await observatory.get(path, headers={"accept-language": language})
        assert answer.headers["content-language"] == language
        answers[language] = answer
    assert answers["fr"].headers["etag"] != answers["en"].headers["etag"]
    assert answers["fr"].json() != answers["en"].json()


async def test_problems_speak_the_language_asked(observatory: httpx.AsyncClient) -> None:
    french = await observatory.get("/v1/exposure/territories/99")
    english = await observatory.get(
        "/v1/exposure/territories/99", headers={"accept-language": "en"}
    )
    assert "n’existe pas" in french.json()["detail"]
    assert "does not exist" in english.json()["detail"]
    assert french.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/exposure/jobs", "/v1/jobs", "/v1/territories"])
async def test_a_cursor_of_another_list_is_refused(
    observatory: httpx.AsyncClient, path: str
) -> None:
    other = (await observatory.get("/v1/sectors?limit=1")).json()["next"]
    response = await observatory.get(path, params={"after": other})
    assert (response.status_code, response.json()["code"]) == (400, "cursor-refused")


async def test_only_the_door_may_ask(open_app: OpenApp) -> None:
    async with open_app("observatory") as client:
        response = await client.get("/v1/exposure/jobs/M1607")
    assert response.status_code == 401


async def test_a_cursor_of_another_release_is_refused(observatory: httpx.AsyncClient) -> None:
    cursor = pagination.sign("test cursor key/v1/jobs", [3])
    response = await observatory.get("/v1/jobs", params={"after": cursor})
    assert (response.status_code, response.json()["code"]) == (400, "cursor-refused")
