"""Group I of the acceptance cases: what every route of the service has in common."""

import itertools
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests import harness
from tests.harness import Database, as_client

EVERYTHING = as_client("training", roles={"administrator"})
SOMETHING = "0b9d3f3e-2f2b-4c5e-9f57-0d8f2f5e7a11"
FRENCH, ENGLISH = "Paramètre inconnu", "Unknown parameter"


@pytest.fixture(scope="module")
async def service(database: Database) -> Any:
    app = harness.application(database, "training", import_worker=False)
    async with harness.opened(app) as client:
        yield app, client


def operations(app: FastAPI, *methods: str) -> Iterator[tuple[str, str, Any]]:
    """Yield method, an address that has the form of the path, and what the document says of it."""
    for path, told in app.openapi()["paths"].items():
        for method in methods:
            if method in told:
                yield method, re.sub(r"\{[a-z_]+\}", SOMETHING, path), told[method]


async def test_i1_an_unknown_parameter_is_told_by_every_route(
    service: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    app, client = service
    languages = itertools.cycle((("fr", FRENCH), ("en", ENGLISH)))  # I6, one and the other in turn
    for method, path, _ in operations(app, "get", "post", "put", "delete"):
        language, title = next(languages)
        headers = {**EVERYTHING, "accept-language": language, "idempotency-key": "i1"}
        answer = await client.request(method, f"{path}?surprise=1", headers=headers)
        told, where = answer.json(), f"{method} {path}"
        assert answer.headers["content-type"] == "application/problem+json", where
        assert {"type", "title", "status", "code", "errors"} <= told.keys(), where
        assert (told["status"], told["code"]) == (400, "unknown-parameter"), (where, told)
        assert told["errors"][0]["pointer"] == "/surprise", where
        assert told["errors"][0]["detail"], where
        assert told["title"] == title, where


async def test_i1_an_unknown_field_of_a_body_is_told_by_every_write(
    service: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    app, client = service
    asked = 0
    for method, path, told in operations(app, "post", "put", "patch"):
        body = told.get("requestBody", {}).get("content", {})
        if "application/json" not in body:
            continue
        headers = {**EVERYTHING, "idempotency-key": f"i1-{asked}", "if-match": '"1"'}
        answer = await client.request(method, path, json={"surprise": 1}, headers=headers)
        where = (method, path, answer.text)
        assert answer.status_code == 422, where
        assert "/surprise" in {one["pointer"] for one in answer.json()["errors"]}, where
        asked += 1
    assert asked > 3


async def test_i1_every_documented_refusal_is_a_problem(
    service: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    app, _ = service
    for method, path, told in operations(app, "get", "post", "put", "patch", "delete"):
        for status, answer in told["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"], (method, path)


async def test_i2_a_version_that_is_not_served_is_a_406_that_lists_those_that_are(
    service: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    app, client = service
    for method, path, _ in operations(app, "get", "post", "put", "delete"):
        accept = {"accept": "application/json; version=2"}
        answer = await client.request(method, path, headers={**EVERYTHING, **accept})
        assert (answer.status_code, answer.json()["code"]) == (406, "version-not-acceptable"), path
        assert answer.json()["detail"] == "Versions servies\u00a0: 1."
