"""The document and its page, served without anything from outside."""

import re

from gateway.docs.document import older
from tests.gateway.doors import DOCUMENT, Opened

ASSETS = (
    "docs/favicon-32x32.png",
    "docs/swagger-ui.css",
    "docs/swagger-ui-bundle.js",
    "docs/start.js",
)


async def test_the_document_is_served_whole_and_revalidated(gate: Opened) -> None:
    answer = await gate.http.get("/openapi.json")
    assert answer.json() == DOCUMENT
    tag = answer.headers["etag"]
    again = await gate.http.get("/openapi.json", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


async def test_the_page_and_all_its_files_come_from_the_gateway(gate: Opened) -> None:
    page = await gate.http.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "http" not in re.sub(
        r"[^;]*frame-ancestors[^;]*", "", page.headers["content-security-policy"]
    )
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert set(links) == {"openapi.json", *ASSETS}
    for link in ASSETS:
        asset = await gate.http.get(f"/{link}")
        assert asset.status_code == 200
        assert len(asset.content) > 100
        assert asset.headers["x-content-type-options"] == "nosniff"
    script = (await gate.http.get("/docs/start.js")).text
    (described,) = re.findall(r'url: "([^"]+)"', script)
    assert (await gate.http.get(f"/{described}")).json()["openapi"] == "3.0.3"


async def test_no_other_file_can_be_named(gate: Opened) -> None:
    for name in ("swagger-ui.js", "page.html", "routes.py", "%2e%2e%2fmain.py"):
        answer = await gate.http.get(f"/docs/{name}")
        assert answer.status_code in {400, 404}


async def test_nobody_is_led_to_where_the_host_header_says(gate: Opened) -> None:
    for path in ("/docs/", "/openapi.json/", "/oauth2/token/", "/livez/"):
        answer = await gate.http.get(path, headers={"host": "evil.example"})
        assert (answer.status_code, "location" in answer.headers) == (404, False)


async def test_the_root_says_where_to_start(gate: Opened) -> None:
    body = (await gate.http.get("/")).json()
    assert body["docs"] == "/docs"


async def test_health_is_the_gateways_own(gate: Opened) -> None:
    assert (await gate.http.get("/livez")).json() == {"status": "alive"}
    assert (await gate.http.get("/readyz")).status_code == 503, "its database is not there"
    assert (await gate.http.get("/version")).json()["service"] == "gateway"


async def test_a_service_s_own_paths_do_not_leak_through(gate: Opened) -> None:
    assert (
        await gate.http.get("/v1/changes", headers=gate.bearer("gateway:feed"))
    ).status_code == 404


def test_the_older_form_says_the_same_in_the_words_of_3_0() -> None:
    converted = older(
        {
            "openapi": "3.1.0",
            "a": {"type": ["string", "null"]},
            "b": {"anyOf": [{"type": "integer", "maximum": 3}, {"type": "null"}], "title": "B"},
            "c": {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]},
            "d": {"type": "number", "exclusiveMinimum": 0},
            "e": {"const": "x"},
        }
    )
    assert converted == {
        "openapi": "3.0.3",
        "a": {"type": "string", "nullable": True},
        "b": {"type": "integer", "maximum": 3, "nullable": True, "title": "B"},
        "c": {"anyOf": [{"$ref": "#/x"}], "nullable": True},
        "d": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        "e": {"enum": ["x"]},
    }
