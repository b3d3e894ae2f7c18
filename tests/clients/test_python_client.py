"""What the Python client does by itself: tokens, attempts, pages, feeds, problems."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from vigie_client import (
    AsyncVigie,
    ClientCredentials,
    Key,
    TokenRefused,
    Vigie,
    VigieProblem,
    exchange,
    types,
)

Answer = Callable[[httpx.Request], httpx.Response]
DOOR = "https://vigie.example"


class Script:
    """Answers as told, and keeps what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.asked: list[httpx.Request] = []
        self.bearers: list[str] = []
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path != "/oauth2/token":
            self.bearers.append(request.headers.get("authorization", ""))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def opened(script: Script, auth: httpx.Auth | None = None) -> Vigie:
    return Vigie(DOOR, auth, transport=httpx.MockTransport(script))


def ok(body: Any) -> httpx.Response:
    return httpx.Response(200, json=body)


def token(number: int, seconds: int = 900) -> httpx.Response:
    return ok({"access_token": f"t{number}", "token_type": "Bearer", "expires_in": seconds})


def problem(status: int, **headers: str) -> httpx.Response:
    body = {
        "type": "urn:x",
        "title": "Non",
        "status": status,
        "code": "no",
        "trace_id": "ab",
        "errors": [{"in": "body", "pointer": "/name", "code": "missing", "detail": "Requis."}],
    }
    told = {"content-type": "application/problem+json", **headers}
    return httpx.Response(status, json=body, headers=told)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note the pauses instead of making them."""
    pauses: list[float] = []

    async def slept(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("vigie_client.blocking.sleep", pauses.append)
    monkeypatch.setattr("vigie_client.asynchronous.sleep", slept)
    return pauses


def test_a_token_is_asked_for_once_and_replaced_when_it_ends_or_was_revoked() -> None:
    script = Script(token(1), ok({}), ok({}), problem(401), token(2, 10), ok({}), token(3), ok({}))
    with opened(script, ClientCredentials("me", "s€cret", "a:read")) as vigie:
        for _ in range(4):
            vigie.get("/v1/a", dict)
    assert script.bearers == ["Bearer t1"] * 3 + ["Bearer t2", "Bearer t3"]
    assert script.asked[0].content == b"grant_type=client_credentials&scope=a%3Aread"
    assert script.asked[0].headers["authorization"].startswith("Basic ")


def test_a_client_that_is_refused_says_so_and_secrets_do_not_show() -> None:
    refusal = httpx.Response(401, json={"error": "invalid_client", "error_description": "unknown"})
    auth = ClientCredentials("me", "secret")
    with opened(Script(refusal), auth) as vigie, pytest.raises(TokenRefused, match="unknown"):
        vigie.get("/v1/a", dict)
    assert "secret" not in repr(auth)
    assert "vig_sk" not in repr(Key("vig_sk_x"))


def test_a_key_is_presented_and_paths_and_queries_are_escaped() -> None:
    script = Script(ok({"a": 1}))
    with opened(script, Key("vig_sk_x")) as vigie:
        query: dict[str, exchange.Query] = {"q": "é&", "rome": ["A1", "B2"], "on": None}
        assert vigie.get("/v1/{a}/b", dict, at={"a": "x/é?"}, query=query) == {"a": 1}
    assert script.asked[0].headers["x-api-key"] == "vig_sk_x"
    assert script.asked[0].url.raw_path == b"/v1/x%2F%C3%A9%3F/b?q=%C3%A9%26&rome=A1&rome=B2"


def test_what_passes_by_itself_is_sent_again_under_the_same_key(impatient: list[float]) -> None:
    script = Script(problem(503, **{"retry-after": "2"}), httpx.ConnectError("away"), ok({"id": 1}))
    with opened(script) as vigie:
        assert vigie.post("/v1/a", {"name": "x"}, dict) == {"id": 1}
    assert len({one.headers["idempotency-key"] for one in script.asked}) == 1
    assert impatient[0] == 2
    assert 0 <= impatient[1] <= 0.8


@pytest.mark.parametrize(
    ("answers", "how", "asked"),
    [
        ([problem(503)] * 9, {}, exchange.ATTEMPTS),
        ([problem(503)], {"once": True}, 1),
        ([problem(422)], {}, 1),
        ([problem(429, **{"retry-after": "3600"})], {}, 1),
    ],
)
def test_other_refusals_are_problems_at_once(
    answers: list[httpx.Response], how: dict[str, Any], asked: int
) -> None:
    script = Script(*answers)
    with opened(script) as vigie, pytest.raises(VigieProblem) as refused:
        vigie.post("/v1/a", {}, dict, **how)
    assert len(script.asked) == asked
    assert (refused.value.code, refused.value.trace_id) == ("no", "ab")
    assert (refused.value.faults[0].where, refused.value.faults[0].pointer) == ("body", "/name")
    assert "/name: Requis." in str(refused.value)


def test_a_refusal_that_is_no_problem_document_is_one_all_the_same() -> None:
    script = Script(httpx.Response(404, text="?"))
    with opened(script) as vigie, pytest.raises(VigieProblem, match="404") as refused:
        vigie.get("/v1/a", dict)
    assert refused.value.code == ""
    script = Script(*[httpx.ReadError("cut")] * exchange.ATTEMPTS)
    with opened(script) as vigie, pytest.raises(httpx.ReadError):
        vigie.get("/v1/a", dict)


def test_a_change_names_what_it_saw_and_bytes_go_as_they_are() -> None:
    script = Script(httpx.Response(204), ok({}))
    with opened(script) as vigie:
        assert vigie.write("PUT", "/v1/a", {"b": 1}, dict, if_match='"3"') == {}
        vigie.write("PUT", "/v1/a", b"<a/>", dict, content_type="application/xml")
    assert script.asked[0].headers["if-match"] == '"3"'
    assert "idempotency-key" not in script.asked[0].headers
    assert (script.asked[1].content, script.asked[1].headers["content-type"]) == (
        b"<a/>",
        "application/xml",
    )


def pages() -> list[httpx.Response]:
    return [ok({"items": [1, 2], "next": "c"}), ok({"items": [3], "next": None})]


def changes() -> list[httpx.Response]:
    return [
        ok({"items": [{"kind": "created"}], "next": "c1", "more": True}),
        ok({"items": [], "next": "c2", "more": False}),
        ok({"items": [{"kind": "deleted"}], "next": "c3", "more": False}),
    ]


FOLLOWED = [
    "/v1/training/changes?limit=5",
    *[f"/v1/training/changes?limit=5&after=c{n}" for n in (1, 2)],
]


def test_lists_and_feeds_are_walked() -> None:
    script = Script(*pages(), *changes())
    with opened(script) as vigie:
        assert list(vigie.items("/v1/a", int, query={"limit": 2})) == [1, 2, 3]
        feed = vigie.feed("training", limit=5)
        assert [one["kind"] for one in feed] == ["created"]
        assert feed.cursor == "c2"
        assert [one["kind"] for one in feed] == ["deleted"]
    assert [one.url.raw_path.decode() for one in script.asked[1:2]] == ["/v1/a?limit=2&after=c"]
    assert [one.url.raw_path.decode() for one in script.asked[2:]] == FOLLOWED


async def test_all_of_it_with_await(impatient: list[float]) -> None:
    script = Script(*pages(), *changes(), problem(503), ok({"id": "1"}), problem(404))
    async with AsyncVigie(DOOR, transport=httpx.MockTransport(script)) as vigie:
        assert [one async for one in vigie.items("/v1/a", int)] == [1, 2, 3]
        feed = vigie.feed("training", limit=5)
        assert [one["kind"] async for one in feed] == ["created"]
        assert [one["kind"] async for one in feed] == ["deleted"]
        assert [one.url.raw_path.decode() for one in script.asked[2:]] == FOLLOWED
        assert (await vigie.post("/v1/a", {}, types.DiagnosticOrganisationRead))["id"] == "1"
        with pytest.raises(VigieProblem):
            await vigie.get("/v1/a", dict)
    assert len(impatient) == 1


async def test_a_broken_connection_with_await() -> None:
    script = Script(*[httpx.ConnectError("away")] * exchange.ATTEMPTS)
    async with AsyncVigie(DOOR, transport=httpx.MockTransport(script)) as vigie:
        with pytest.raises(httpx.ConnectError):
            await vigie.get("/v1/a", dict)
