"""Every refusal is a problem document in the language asked, and nothing of a bug leaks."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextvars import copy_context

import httpx
import pytest

from platformkit import db, deadlines, i18n
from tests import harness
from tests.kit.conftest import build


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/v1/things", b"{bad", 400, "malformed-json"),
        ("POST", "/v1/things", b"\xff\xfe", 400, "malformed-json"),
        ("POST", "/v1/things", b"[1]", 422, "invalid"),
        ("POST", "/v1/things", b"", 422, "invalid"),
        ("POST", "/v1/things", b'{"name": "a\\u0000"}', 422, "invalid"),
        ("GET", "/v1/things?limit=0&after=x&typo=1", None, 400, "unknown-parameter"),
        ("GET", "/v1/things?limit=201", None, 422, "invalid"),
        ("GET", "/v1/things?after=forged", None, 400, "cursor-refused"),
        ("GET", "/v1/things?prefix=%00", None, 422, "invalid"),
        ("PUT", "/v1/things/%00", b"{}", 422, "invalid"),
        ("GET", "/v1/nowhere", None, 404, "route-unknown"),
        ("DELETE", "/v1/things", None, 405, "method-not-allowed"),
        ("PUT", "/v1/things/x", b"{}", 422, "invalid"),
    ],
)
async def test_what_cannot_be_served_is_a_problem(
    probe: httpx.AsyncClient, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    answer = await probe.request(
        method, path, content=body, headers={"content-type": "application/json", "if-match": "*"}
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "fr"
    problem = answer.json()
    assert problem["code"] == code
    assert problem["type"] == f"urn:problem-type:vigie:{code}"
    assert problem["status"] == status
    assert len(problem["trace_id"]) == 32


async def test_all_faults_are_named_at_once_in_both_languages(probe: httpx.AsyncClient) -> None:
    french = await probe.post("/v1/things", json={"parent": "x", "color": 1})
    english = await probe.post(
        "/v1/things",
        json={"parent": "x", "color": 1},
        headers={"accept-language": "en-GB, fr;q=.5"},
    )
    assert [(fault["pointer"], fault["code"]) for fault in french.json()["errors"]] == [
        ("/name", "missing"),
        ("/parent", "int-parsing"),
        ("/color", "extra-forbidden"),
    ]
    assert french.json()["errors"][0]["detail"] == "Ce champ est requis."
    assert english.json()["errors"][0]["detail"] == "This field is required."
    assert english.json()["title"] == "Invalid data"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Reste : 1 ; relisez !", "Reste\u00a0: 1\u202f; relisez\u202f!"),
        ("Prêt ?", "Prêt\u202f?"),
        ("(« oui » : non)", "(«\u00a0oui\u00a0»\u00a0: non)"),
        ("Écrivez « has(x) ? 1 : 0 ».", "Écrivez «\u00a0has(x) ? 1 : 0\u00a0»."),
        (
            "À 10:30, de https://a.fr:80/?b=1 ; a != b",
            "À 10:30, de https://a.fr:80/?b=1\u202f; a != b",
        ),
    ],
)
def test_french_is_typeset_and_what_is_quoted_stays(written: str, shown: str) -> None:
    def said(language: i18n.Language) -> str:
        i18n.speak(language)
        return i18n.typeset(written)

    assert copy_context().run(said, "fr") == shown
    assert copy_context().run(said, "en") == written


async def test_a_problem_in_french_does_not_break_before_its_colons(
    probe: httpx.AsyncClient,
) -> None:
    late = await probe.get("/v1/slow", headers={"x-request-deadline": "50"})
    assert "a pu aboutir\u00a0: relisez" in late.json()["detail"]


async def test_the_pointer_of_an_unstorable_text_is_exact(probe: httpx.AsyncClient) -> None:
    answer = await probe.post("/v1/things", json={"name": "nul \x00"})
    assert answer.json()["errors"][0]["pointer"] == "/name"


@pytest.mark.parametrize("depth", [33, 500, *range(950, 965), 5_000, 100_000])
async def test_no_depth_of_nesting_is_a_bug(probe: httpx.AsyncClient, depth: int) -> None:
    content = b'{"name": ' + b"[" * depth + b"]" * depth + b"}"
    answer = await probe.post(
        "/v1/things", content=content, headers={"content-type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_only_json_is_read(probe: httpx.AsyncClient) -> None:
    answer = await probe.post(
        "/v1/things", content=b"name=x", headers={"content-type": "text/plain"}
    )
    assert answer.status_code == 415


async def test_405_names_every_method(probe: httpx.AsyncClient) -> None:
    answer = await probe.delete("/v1/things")
    assert answer.headers["allow"] == "GET, HEAD, POST"


async def test_head_is_get_without_its_body(probe: httpx.AsyncClient) -> None:
    got, head = await probe.get("/v1/things"), await probe.head("/v1/things")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]
    nothing = await probe.head("/v1/nowhere")
    assert (nothing.status_code, nothing.content) == (404, b"")


async def test_a_bug_leaks_nothing(
    probe: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await probe.post("/v1/things", json={"name": "bug"})
    assert answer.status_code == 500
    assert "person" not in answer.text
    assert "person" not in caplog.records[-1].getMessage()


async def test_a_declared_and_a_streamed_body_over_the_limit_are_refused(
    probe: httpx.AsyncClient,
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 50_000

    headers = {"content-type": "application/json"}
    declared = await probe.post("/v1/things", content=b" " * 1_000_001, headers=headers)
    streamed = await probe.post("/v1/things", content=pieces(), headers=headers)
    assert (declared.status_code, streamed.status_code) == (413, 413)
    assert streamed.json()["code"] == "body-too-large"


async def test_work_ends_when_the_callers_time_is_spent(probe: httpx.AsyncClient) -> None:
    async with asyncio.timeout(5):
        answer = await probe.get("/v1/slow", headers={"x-request-deadline": "50"})
    assert answer.status_code == 504
    assert answer.json()["code"] == "deadline-exceeded"


async def test_a_deadline_ends_with_its_request(probe: httpx.AsyncClient) -> None:
    await probe.get("/v1/things", headers={"x-request-deadline": "2000"})
    assert deadlines.remaining(7.0) == 7.0


async def test_a_database_that_does_not_answer_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one whose machine is lost: nobody refuses the connection."""
    monkeypatch.setattr(db, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        away = build(f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none")
        async with harness.opened(away) as http:
            headers = harness.as_client("probe", scopes={"probe:write", "probe:feed"})
            for read in ("/v1/things", "/v1/changes"):  # by the engine, by the read pool
                answer = await http.get(read, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")


async def test_health_needs_no_token_and_says_when_the_database_is_gone(probe_dsn: str) -> None:
    async with harness.opened(build(probe_dsn)) as http:
        assert (await http.get("/livez")).status_code == 200
        assert (await http.get("/readyz")).json() == {"status": "ready"}
        version = (await http.get("/version")).json()
        assert (version["service"], version["release"]) == ("probe", "dev")
    away = build("postgresql://nobody@/none?host=/nowhere")
    async with harness.opened(away) as http:
        assert (await http.get("/livez")).status_code == 200
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/version")).json() == version, "none is there to be told of"
        headers = harness.as_client("probe", scopes={"probe:write", "probe:feed"})
        for read in ("/v1/things", "/v1/changes"):  # by the engine, by the read pool
            answer = await http.get(read, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
            assert answer.headers["retry-after"] == "2"
        answer = await http.post("/v1/things", json={"name": "x"}, headers=headers)
        assert answer.status_code == 503
