"""Every open answer says for how long it is right, and has a tag to ask again with."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from platformkit import routes
from tests import harness
from tests.harness import Database

STREAMED = {"download_export"}
"""Too long to be kept, and of this moment."""


@pytest.fixture(scope="module", params=["diagnostic", "training", "observatory"])
async def open_service(
    request: pytest.FixtureRequest, database: Database
) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    app = harness.application(database, request.param)
    async with harness.opened(app) as client:
        client.headers.update(harness.anonymous(request.param))
        yield app, client


async def test_open_answers_say_how_long_they_are_right(
    open_service: tuple[FastAPI, httpx.AsyncClient],
) -> None:
    app, client = open_service
    asked = 0
    for route in routes.routes(app):
        path = str(route.path_format)
        if not routes.is_public(route) or "{" in path:
            continue
        answer = await client.get(path)
        if answer.status_code != 200 or route.name in STREAMED:
            continue
        asked += 1
        where = f"{route.name}: {answer.headers.get('cache-control')}"
        assert answer.headers["cache-control"].startswith("public, "), where
        again = {"if-none-match": answer.headers["etag"]}
        kept = await client.get(path, headers=again)
        assert kept.status_code == 304, where
        assert kept.headers["cache-control"] == answer.headers["cache-control"]
    assert asked
