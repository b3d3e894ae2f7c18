"""Nobody can put into the cache what others should not be given, nor take out what is not theirs.

Web cache poisoning (headers that reach the service but not the key) and web cache deception (a
private answer at an address that looks public).
"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.gateway.doors import door
from tests.gateway.scripted import Received, Scripted, scripted
from tests.gateway.test_cache import FOR_EVER, PATH, Kept, lasting

PRIVATE = "/v1/diagnostic/things"
FROM_OUTSIDE = {"accept", "accept-encoding", "accept-language"}
OF_THE_DOOR = {"host", "authorization", "traceparent", "x-request-deadline"}


async def echo(request: Received, writer: asyncio.StreamWriter) -> None:
    """Answer with all that came, as a careless service would."""
    seen = sorted(pair for pair in request.headers if pair[0] not in OF_THE_DOOR)
    writer.write(lasting(body=f"{request.target} {seen} {request.body!r}".encode()))


@pytest.fixture(scope="module")
async def kept(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kept]:
    upstream: Scripted
    async with (
        scripted(echo) as upstream,
        door(
            tmp_path_factory.mktemp("poisoning"),
            {"training": upstream.url, "diagnostic": upstream.url},
        ) as gate,
    ):
        kept = Kept(gate, upstream)
        assert kept.cache.announcements.sure_until == FOR_EVER
        yield kept


async def test_a_service_is_told_nothing_that_the_key_does_not_have(kept: Kept) -> None:
    kept.answers(echo)
    evil = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-scheme": "http",
        "x-original-url": "/admin",
        "x-http-method-override": "POST",
        "x-host": "evil.example",
        "forwarded": "host=evil.example",
        "cookie": "session=1",
        "origin": "https://evil.example",
        "referer": "https://evil.example",
        "user-agent": "<script>",
        "content-type": "text/evil",
        "idempotency-key": "evil",
        "pragma": "evil",
    }
    first = await kept.gate.http.get(kept.address, headers=evil)
    (seen,) = kept.upstream.received
    assert {name for name, _ in seen.headers} == FROM_OUTSIDE - {"accept-language"} | OF_THE_DOOR
    second = await kept.get()
    assert second.headers["cache-status"].startswith("vigie; hit")
    assert first.text == second.text
    assert "evil" not in second.text


async def test_a_get_with_a_body_is_neither_kept_nor_answered_from_here(kept: Kept) -> None:
    kept.answers(echo)
    await kept.gate.http.request("GET", kept.address, content=b"evil")
    await kept.get()
    fat = await kept.gate.http.request("GET", kept.address, content=b"evil")
    assert "evil" in fat.text
    assert "evil" not in (await kept.get()).text
    assert kept.asked == 3


async def test_one_address_has_one_spelling_and_its_query_keeps_its_order(kept: Kept) -> None:
    kept.answers(echo)
    for path, asked in [
        (f"{PATH}/x?a=1&b=2", 1),
        ("/v1/training/ech%6f/%78?a=1&b=2", 1),
        (f"{PATH}/x?b=2&a=1", 2),
        (f"{PATH}/x?a=1&b=2&", 3),
        (f"{PATH}/X?a=1&b=2", 4),
        (f"{PATH}/x;x.css?a=1&b=2", 5),
    ]:
        answer = await kept.gate.raw(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
        assert answer.startswith(b"HTTP/1.1 200")
        assert kept.asked == asked, path


@pytest.mark.parametrize(
    "path",
    [
        "/v1/training/echo/..%2f..%2fdiagnostic/things/1",
        "/v1/training/echo/%2e%2e/%2e%2e/diagnostic/things/1",
        "/v1/training//echo",
        "/v1/training/echo/a%5cb",
        "/v1/training/echo/%00.css",
        "/v1/training/echo%0d%0aset-cookie:a=b",
    ],
)
async def test_a_path_with_two_readings_is_refused_and_leaves_nothing(
    kept: Kept, path: str
) -> None:
    kept.answers(echo)
    before = len(kept.cache.store)
    answer = await kept.gate.raw(f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400")
    assert (kept.asked, len(kept.cache.store)) == (0, before)


@pytest.mark.parametrize("ending", ["", ";x.css", ".css", "%3Fx.css", "%23x.css", "?x.css"])
async def test_a_private_answer_is_never_kept_however_its_address_looks(
    kept: Kept, ending: str
) -> None:
    """Even when the service says, by mistake, that it is for all."""
    kept.answers(echo)
    before = len(kept.cache.store)
    headers = kept.gate.bearer("diagnostic:read")
    owner = await kept.gate.http.get(f"{PRIVATE}/1{ending}", headers=headers)
    assert owner.status_code == 200
    assert "cache-status" not in owner.headers
    assert (await kept.gate.http.get(f"{PRIVATE}/1{ending}")).status_code == 401
    assert len(kept.cache.store) == before


async def test_a_kept_answer_is_no_way_round_a_bad_token(kept: Kept) -> None:
    kept.answers(echo)
    await kept.get()
    refused = await kept.get(authorization="Bearer forged")
    assert refused.status_code == 401
    named = await kept.get(**kept.gate.bearer("diagnostic:read"))
    assert named.headers["cache-status"].startswith("vigie; hit")
    assert kept.asked == 1


async def test_an_invented_query_cannot_push_everything_out_of_memory(kept: Kept) -> None:
    """Each address costs its own bytes; what is asked for again and again stays."""
    kept.answers(echo)
    await kept.get()
    popular = kept.address
    for number in range(50):
        await kept.gate.http.get(f"{PATH}?junk={number}")
        await kept.gate.http.get(popular)
    assert kept.asked == 51
