"""A hot read passes by FastAPI: it must answer what FastAPI's own route answers."""

from collections.abc import Mapping

import httpx
import pytest
from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from platformkit import auth, i18n
from platformkit.app import build_app
from platformkit.hot import HotRoutes
from tests import harness
from tests.harness import Database

PATHS: Mapping[str, tuple[str, ...]] = {
    "training": (
        "/v1/certifications/RNCP37827",
        "/v1/certifications/rs 7423",
        "/v1/certifications/RS9",
        "/v1/certifications/XYZ",
        "/v1/providers/13002612300013",
        "/v1/providers/XYZ",
        f"/v1/providers/13002612300013{27 * '.'}",
    ),
    "observatory": (
        "/v1/exposure/jobs/M1607",
        "/v1/exposure/jobs/Z9999",
        "/v1/exposure/jobs/nonsense",
        "/v1/exposure/sectors/25.62B",
        "/v1/exposure/sectors/C",
        "/v1/exposure/sectors/99999",
        "/v1/exposure/territories/32",
        "/v1/exposure/territories/59",
        "/v1/exposure/territories/mars",
    ),
}


class Unhurried:
    """Adds a query of nothing, so that the request takes FastAPI's way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["query_string"] = b"&"
        await self._app(scope, receive, send)


@pytest.mark.parametrize("service", PATHS)
async def test_both_ways_answer_the_same(database: Database, service: str) -> None:
    app = harness.application(database, service)
    assert HotRoutes in {getattr(layer, "cls", None) for layer in app.user_middleware}
    headers = harness.anonymous(service)
    async with (
        harness.opened(app) as hot,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(Unhurried(app)), base_url="http://service"
        ) as cold,
    ):
        for path in PATHS[service]:
            for language in ("fr", "en"):
                asked = {**headers, "accept-language": language}
                ours, theirs = (
                    await hot.get(path, headers=asked),
                    await cold.get(path, headers=asked),
                )
                if ours.headers != theirs.headers:  # in the last hour of a day, max-age counts down
                    ours = await hot.get(path, headers=asked)
                assert ours.status_code == theirs.status_code, path
                assert ours.headers == theirs.headers, path
                assert without_trace(ours) == without_trace(theirs), path
                if "etag" in ours.headers:
                    tag = {"if-none-match": ours.headers["etag"]}
                    assert (await hot.get(path, headers={**asked, **tag})).status_code == 304


def without_trace(answer: httpx.Response) -> object:
    if answer.is_success:
        return answer.content
    problem = answer.json()
    problem.pop("trace_id")
    return problem


async def test_a_closed_hot_read_asks_for_the_scopes_of_its_route(database: Database) -> None:
    async def secret(request: Request, _: str) -> Response:
        return Response(request.state.principal.tenant)

    async def list_secrets(name: str) -> str:
        return name

    router = APIRouter(dependencies=[auth.needs("diagnostic:read", "diagnostic:write")])
    router.get("/v1/secrets/{name}/text")(list_secrets)
    app = build_app(
        service="diagnostic",
        title=i18n.Text("Essai", "Trial"),
        settings=harness.settings(database, "diagnostic"),
        routers=[router],
        hot_reads={"/v1/secrets/{name}/text": secret},
    )
    path = "/v1/secrets/one/text"
    async with harness.opened(app) as client:
        for headers, expected in (
            (harness.as_client("diagnostic"), 200),
            (harness.as_client("diagnostic", scopes={"diagnostic:read"}), 403),
            (harness.anonymous("diagnostic"), 401),
            ({}, 401),
        ):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == expected, answer.text
        known = harness.as_client("diagnostic")
        assert (await client.get(path, headers=known)).text == "medef-hdf"
        assert (await client.get("/v1/secrets/a/b/text", headers=known)).status_code == 404


def test_a_hot_read_must_have_a_route(database: Database) -> None:
    async def leak(*_: object) -> Response:
        raise AssertionError

    with pytest.raises(ValueError, match="not a route"):
        build_app(
            service="training",
            title=i18n.Text("Essai", "Trial"),
            settings=harness.settings(database, "training"),
            routers=[],
            hot_reads={"/v1/nothing/{name}": leak},
        )
