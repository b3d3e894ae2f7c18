"""A route that will go says so on every answer, and in the document (RFC 9745, RFC 8594)."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from platformkit.app import build_app
from platformkit.auth import public
from platformkit.deprecations import deprecation
from platformkit.i18n import Text
from platformkit.pagination import Page, Paging, page
from tests import harness
from tests.harness import Database
from tests.kit.conftest import Settings

router = APIRouter(dependencies=[public()])
LEAVING = deprecation(
    date(2026, 12, 1),
    sunset=date(2027, 6, 1),
    successor="/v1/new",
    guide="https://vigie.example/guide",
)


@router.get("/v1/old/{name}", openapi_extra=LEAVING)
async def list_old(name: str, paging: Paging) -> Page[int]:
    """List numbers the former way."""
    return page(paging, [1, 2, 3], lambda row: [row], lambda row: row)


@router.get("/v1/new")
async def list_new(paging: Paging) -> Page[int]:
    """List numbers the new way."""
    return page(paging, [1, 2, 3], lambda row: [row], lambda row: row)


@pytest.fixture(scope="module")
def app(database: Database) -> FastAPI:
    settings = Settings(
        database_url=database.admin_dsn,
        secret_key="test",
        trusted_issuers={"gateway": harness.GATEWAY_KEY},
        log_level=None,
    )
    return build_app(
        service="probe", title=Text("Sonde", "Probe"), settings=settings, routers=[router]
    )


@pytest.fixture(scope="module")
async def old(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with harness.opened(app) as client:
        client.headers.update(harness.anonymous("probe"))
        yield client


@pytest.mark.parametrize(
    ("method", "query", "status"),
    [("GET", "limit=2", 200), ("HEAD", "", 200), ("GET", "typo=1", 400), ("GET", "limit=0", 422)],
)
async def test_all_its_answers_say_since_and_until_when_and_where_to_go(
    old: httpx.AsyncClient, method: str, query: str, status: int
) -> None:
    answer = await old.request(method, f"/v1/old/a?{query}")
    assert answer.status_code == status
    assert answer.headers["deprecation"] == "@1796083200"
    assert answer.headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
    links = answer.headers.get_list("link")
    assert '<https://vigie.example/guide>; rel="deprecation"; type="text/html"' in links
    assert '</v1/new>; rel="successor-version"' in links
    assert any('rel="next"' in link for link in links) == (query == "limit=2")


async def test_no_other_route_and_no_other_method_does(old: httpx.AsyncClient) -> None:
    for method, path in (("GET", "/v1/new"), ("POST", "/v1/old/a"), ("GET", "/v1/old/a/b")):
        assert "deprecation" not in (await old.request(method, path)).headers


def test_the_document_says_it(app: FastAPI) -> None:
    operation = app.openapi()["paths"]["/v1/old/{name}"]["get"]
    assert operation["deprecated"] is True
    assert operation["x-deprecation"]["sunset"] == "2027-06-01"
    assert "deprecated" not in app.openapi()["paths"]["/v1/new"]["get"]


def test_a_sunset_before_the_deprecation_is_refused() -> None:
    with pytest.raises(ValueError, match="sunset"):
        deprecation(date(2027, 1, 2), sunset=date(2027, 1, 1), guide="/docs")
