"""The door's cache before a made-up service: what it keeps, shows, validates and shares."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted
from tests.gateway.waiting import until

PATH = "/v1/training/echo"
FOR_EVER = float("inf")


class Kept:
    """A gateway that hears every change, and the service behind it."""

    def __init__(self, gate: Opened, upstream: Scripted) -> None:
        self.gate, self.upstream = gate, upstream
        self.cache = gate.app.own.state.cache
        self.cache.announcements.sure_until = FOR_EVER
        self._turn = 0
        self.address = PATH

    def answers(self, *answers: Answer) -> None:
        """Let the service give these, at an address that nothing is kept of."""
        self._turn += 1
        self.address = f"{PATH}?q={self._turn}"
        self.upstream.received.clear()
        self.upstream.answers[:] = answers

    async def get(self, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.gate.http.get(self.address, headers=named)

    @property
    def asked(self) -> int:
        return len(self.upstream.received)


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kept]:
    folder: Path = tmp_path_factory.mktemp("cache")
    told = {"cache_bytes": 200_000, "cached_answer_bytes": 20_000}
    async with (
        scripted(ok()) as upstream,
        door(folder, {"training": upstream.url, "diagnostic": upstream.url}, **told) as gate,
    ):
        yield Kept(gate, upstream)


@pytest.fixture
def kept(opened: Kept) -> Kept:
    opened.upstream.received.clear()
    return opened


def waiting(kept: Kept) -> int:
    return sum(len(one._waiting) for one in kept.cache.flights._now.values())


def lasting(
    *headers: bytes, body: bytes = b"hello", control: bytes = b"public, max-age=60"
) -> bytes:
    return ok(body, b"cache-control: " + control, b'etag: "1"', *headers)


def unchanged(control: bytes = b"public, max-age=60") -> bytes:
    head = b'HTTP/1.1 304 Not Modified\r\netag: "1"\r\nx-new: 1\r\ncache-control: '
    return head + control + b"\r\n\r\n"


UNCHANGED = unchanged()
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 4\r\n\r\nbusy"


@pytest.mark.parametrize("control", [b"public, max-age=60", b"public, no-cache"])
async def test_who_asks_by_date_alone_is_answered_by_the_service(
    kept: Kept, control: bytes
) -> None:
    """A figure may be hidden later than its release, whose date stays."""
    date = "Thu, 26 Nov 2026 08:00:00 GMT"
    dated = f"last-modified: {date}".encode()
    hidden = ok(b"less", b"cache-control: " + control, b'etag: "2"', dated)
    kept.answers(lasting(dated, control=control), hidden)
    await kept.get()
    answer = await kept.get(if_modified_since=date)
    assert (answer.status_code, answer.content) == (200, b"less")
    assert answer.headers["cache-status"] == "vigie; fwd=bypass"
    assert kept.upstream.received[-1].header("if-modified-since") == [date]


async def test_a_public_answer_is_asked_for_once_and_tells_its_age(kept: Kept) -> None:
    kept.answers(lasting(b"age: 7"))
    first, second = await kept.get(), await kept.get()
    assert (first.text, second.text, kept.asked) == ("hello", "hello", 1)
    assert first.headers["cache-status"] == "vigie; fwd=uri-miss; fwd-status=200; stored"
    assert second.headers["cache-status"].startswith("vigie; hit; ttl=5")
    assert second.headers["age"] == "7"
    assert second.headers["access-control-allow-origin"] == "*"
    assert second.headers["traceresponse"] != first.headers["traceresponse"]


@pytest.mark.parametrize(
    "control",
    [
        b"max-age=60",
        b"public",
        b"public, max-age=60, no-store",
        b"public, max-age=60, private",
        b'public, max-age=60, private="x"',
        b"private, max-age=60",
        b'public, max-age=60, ext="',
    ],
)
async def test_what_is_not_said_to_be_for_all_is_not_kept(kept: Kept, control: bytes) -> None:
    kept.answers(ok(b"x", b"cache-control: " + control))
    await kept.get()
    assert (await kept.get()).headers["cache-status"].startswith("vigie; fwd=")
    assert kept.asked == 2


async def test_what_is_no_longer_fresh_is_validated_and_renewed(kept: Kept) -> None:
    kept.answers(lasting(b"age: 61"), UNCHANGED)
    await kept.get()
    renewed = await kept.get()
    assert kept.upstream.received[1].header("if-none-match") == ['"1"']
    assert (renewed.status_code, renewed.text) == (200, "hello")
    assert renewed.headers["cache-status"] == "vigie; fwd=stale; fwd-status=304; stored"
    assert renewed.headers["x-new"] == "1"
    assert (await kept.get()).headers["age"] == "0"
    assert kept.asked == 2


async def test_no_cache_is_validated_at_every_use(kept: Kept) -> None:
    kept.answers(
        lasting(control=b"public, no-cache"), UNCHANGED.replace(b"max-age=60", b"no-cache")
    )
    for _ in range(3):
        assert (await kept.get()).text == "hello"
    assert [one.header("if-none-match") for one in kept.upstream.received] == [[], ['"1"'], ['"1"']]


async def test_a_client_that_has_it_is_answered_304_from_here(kept: Kept) -> None:
    kept.answers(lasting(b"content-type: text/plain"))
    await kept.get()
    for tags in ('"1"', 'W/"1"', '"0", "1"', "*"):
        answer = await kept.get(if_none_match=tags)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == '"1"'
        assert "content-type" not in answer.headers
        assert "age" in answer.headers
    assert (await kept.get(if_none_match='"2"')).status_code == 200
    assert kept.asked == 1


async def test_a_hundred_who_ask_at_once_are_one_request(kept: Kept) -> None:
    """G3."""
    gate = asyncio.Event()

    async def late(request: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(lasting())

    kept.answers(late)
    asking = [asyncio.create_task(kept.get()) for _ in range(100)]
    flights = kept.cache.flights
    await until(lambda: kept.asked == 1 and waiting(kept) == 99)
    gate.set()
    answers = await asyncio.gather(*asking)
    assert {answer.text for answer in answers} == {"hello"}
    assert kept.asked == 1
    assert sum("collapsed" in answer.headers["cache-status"] for answer in answers) == 99
    assert not flights


async def test_private_reads_are_never_shared(kept: Kept) -> None:
    """G3, the other half."""
    kept.answers(lasting())
    tenants = [kept.gate.bearer("diagnostic:read", tenant=f"t{number}") for number in range(100)]
    answers = await asyncio.gather(
        *(kept.gate.http.get("/v1/diagnostic/things/1", headers=one) for one in tenants)
    )
    assert kept.asked == 100
    assert not [one for one in answers if "cache-status" in one.headers]


async def test_what_broke_is_covered_by_the_last_good_answer(kept: Kept) -> None:
    control = b"public, max-age=60, stale-if-error=600"
    kept.answers(lasting(b"age: 100", control=control), BROKEN)
    await kept.get()
    answer = await kept.get()
    assert (answer.status_code, answer.text) == (200, "hello")
    assert answer.headers["age"] == "100"
    assert answer.headers["cache-status"] == (
        "vigie; fwd=stale; fwd-status=500; ttl=-40; detail=stale-if-error"
    )
    kept.cache.announcements.changed("training")
    assert (await kept.get()).status_code == 500


async def test_what_was_changed_is_validated_before_its_next_use(kept: Kept) -> None:
    kept.answers(lasting(), UNCHANGED)
    await kept.get()
    kept.cache.announcements.changed("diagnostic")
    await kept.get()
    assert kept.asked == 1
    kept.cache.announcements.changed("training")
    for _ in range(2):
        await kept.get()
    assert kept.asked == 2


async def test_a_stale_one_is_shown_while_it_is_validated(kept: Kept) -> None:
    control = b"public, max-age=60, stale-while-revalidate=600"
    kept.answers(lasting(b"age: 100", control=control), UNCHANGED)
    await kept.get()
    shown = await kept.get()
    assert shown.headers["cache-status"] == "vigie; hit; ttl=-40"
    await until(lambda: not kept.cache.flights)
    assert (await kept.get()).headers["cache-status"].startswith("vigie; hit; ttl=")
    assert kept.asked == 2


async def test_another_leads_when_the_one_who_asked_leaves(kept: Kept) -> None:
    begun, gate = asyncio.Event(), asyncio.Event()

    async def late(request: Received, writer: asyncio.StreamWriter) -> None:
        begun.set()
        await gate.wait()
        writer.write(lasting())

    kept.answers(late)
    port = int(kept.gate.url.rpartition(":")[2])
    _, leader = await asyncio.open_connection("127.0.0.1", port)
    leader.write(b"GET %b HTTP/1.1\r\nhost: x\r\naccept: */*\r\n\r\n" % kept.address.encode())
    await begun.wait()
    others = [asyncio.create_task(kept.get(accept="*/*", accept_encoding="")) for _ in range(5)]
    await until(lambda: waiting(kept) == 5)
    leader.transport.abort()
    await until(lambda: waiting(kept) == 4)
    gate.set()
    assert [(await one).text for one in others] == ["hello"] * 5
    await until(lambda: not kept.cache.flights)
    assert kept.asked == 2


async def test_nobody_waits_longer_than_they_said(kept: Kept) -> None:
    gate = asyncio.Event()

    async def late(request: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(lasting())

    kept.answers(late)
    leader = asyncio.create_task(kept.get())
    await until(lambda: kept.asked == 1)
    hurried = await kept.get(x_request_deadline="20")
    assert (hurried.status_code, hurried.json()["code"]) == (504, "deadline-exceeded")
    gate.set()
    assert (await leader).text == "hello"


async def test_the_haste_of_the_first_is_not_that_of_the_others(kept: Kept) -> None:
    begun = asyncio.Event()

    async def silent(request: Received, writer: asyncio.StreamWriter) -> None:
        begun.set()
        await asyncio.sleep(30)

    kept.answers(silent, lasting())
    leader = asyncio.create_task(kept.get(x_request_deadline="1000"))
    await begun.wait()
    patient = asyncio.create_task(kept.get())
    assert (await leader).status_code == 504
    assert (await patient).text == "hello"


async def test_what_has_to_be_validated_is_asked_again_for_those_who_came_later(
    kept: Kept,
) -> None:
    """A change between the first question and theirs must show: two requests, not a hundred."""
    gate = asyncio.Event()
    control = b"public, no-cache"

    async def late(request: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(lasting(control=control, body=b"before"))

    kept.answers(late, lasting(control=control, body=b"after").replace(b'"1"', b'"2"'))
    first = asyncio.create_task(kept.get())
    await until(lambda: kept.asked == 1)
    later = [asyncio.create_task(kept.get()) for _ in range(20)]
    await until(lambda: waiting(kept) == 20)
    gate.set()
    assert (await first).text == "before"
    assert {(await one).text for one in later} == {"after"}
    assert kept.asked == 2


async def test_an_answer_for_one_is_not_given_to_another_who_waits(kept: Kept) -> None:
    """A release that only its own organisation sees is `private` on an address that is public."""
    gate = asyncio.Event()

    async def own(request: Received, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(ok(b"secret", b"cache-control: private, no-cache"))

    missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\ncache-control: no-store\r\n\r\nno"
    kept.answers(own, missing)
    named = kept.gate.bearer("diagnostic:read")
    owner = asyncio.create_task(kept.get(**named))
    await until(lambda: kept.asked == 1)
    other = asyncio.create_task(kept.get())
    await until(lambda: waiting(kept) == 1)
    gate.set()
    assert (await owner).text == "secret"
    assert ((await other).status_code, (await other).text) == (404, "no")
    assert (await kept.get()).status_code == 404


async def test_a_large_answer_passes_and_holds_up_nobody(kept: Kept) -> None:
    body = b"x" * 30_000
    chunks = b"".join(b"%x\r\n%b\r\n" % (10_000, body[:10_000]) for _ in range(3)) + b"0\r\n\r\n"
    control = b"cache-control: public, max-age=60"
    streamed = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n" + control + b"\r\n\r\n"
    for answer in (lasting(body=body), streamed + chunks):
        kept.answers(answer)
        before = kept.cache.store.size
        for _ in range(2):
            assert (await kept.get()).content == body
        assert kept.asked == 2
        assert kept.cache.store.size < before + 1_000
        assert kept.cache._fetcher._room == 100_000


async def test_memory_is_bounded_and_the_oldest_goes_first(kept: Kept) -> None:
    store = kept.cache.store
    addresses = []
    for _ in range(30):
        kept.answers(lasting(body=b"y" * 15_000))
        await kept.get()
        addresses.append(kept.address)
        assert store.size <= 200_000
    assert store.get((PATH, addresses[0].partition("?")[2].encode())) is None
    assert store.get((PATH, addresses[-1].partition("?")[2].encode())) is not None
    held = list(store._resources.values())
    assert store.size == sum(each.size for each in held)


async def test_what_tells_variants_apart_takes_of_the_memory_too(kept: Kept) -> None:
    """Else long `Accept` headers would hold many times what the cache may have."""
    kept.answers(lasting(b"vary: Accept"))
    await kept.get(accept="text/csv")
    resource = kept.cache.store.get((PATH, kept.address.partition("?")[2].encode()))
    assert resource is not None
    before = resource.size
    await kept.get(accept="text/csv, " + "a" * 10_000)
    assert kept.asked == 2
    assert resource.size > before + 10_000


async def test_languages_and_encodings_are_kept_apart_by_their_meaning(kept: Kept) -> None:
    vary = b"vary: Accept-Language, accept-encoding"
    kept.answers(lasting(vary, body=b"fr"), lasting(vary, body=b"en"), lasting(vary, body=b"gz"))
    for language, encoding, text in [
        ("fr-FR,fr;q=0.9", "", "fr"),
        ("en-GB", "br", "en"),
        ("de, fr", "identity", "fr"),
        ("en;q=0.5", "", "en"),
        ("fr", "gzip, br", "gz"),
        ("fr", "deflate, gzip;q=0.5", "gz"),
    ]:
        answer = await kept.get(accept_language=language, accept_encoding=encoding)
        assert answer.text == text
    assert kept.asked == 3


async def test_what_varies_with_more_than_we_tell_apart_is_not_kept(kept: Kept) -> None:
    for vary in (b"*", b"Origin", b"Accept, Cookie"):
        kept.answers(lasting(b"vary: " + vary))
        await kept.get()
        await kept.get()
        assert kept.asked == 2


async def test_a_head_is_answered_from_a_kept_get_or_by_the_service(kept: Kept) -> None:
    kept.answers(ok(b"", b"x-head: 1"), lasting())
    asked = await kept.gate.http.head(kept.address)
    assert (asked.headers["x-head"], asked.headers["cache-status"]) == ("1", "vigie; fwd=method")
    await kept.get()
    answer = await kept.gate.http.head(kept.address)
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "5")
    assert answer.headers["cache-status"].startswith("vigie; hit")
    assert kept.asked == 2


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ({"range": "bytes=0-1"}, "bypass"),
        ({"if-range": '"1"'}, "bypass"),
        ({"if-match": '"1"'}, "bypass"),
        ({"prefer": "x"}, "bypass"),
        ({"accept": "application/json; version=2"}, "bypass"),
    ],
)
async def test_what_only_the_service_can_answer_goes_there(
    kept: Kept, header: dict[str, str], why: str
) -> None:
    kept.answers(lasting())
    await kept.get()
    answer = await kept.get(**header)
    assert answer.headers["cache-status"] == f"vigie; fwd={why}"
    assert kept.asked == 2


async def test_no_store_keeps_nothing_and_takes_what_is_there(kept: Kept) -> None:
    kept.answers(lasting())
    first = await kept.get(cache_control="no-store")
    assert first.headers["cache-status"] == "vigie; fwd=request"
    await kept.get()
    assert (
        (await kept.get(cache_control="no-store")).headers["cache-status"].startswith("vigie; hit")
    )
    assert kept.asked == 2


@pytest.mark.parametrize(
    ("control", "asked"),
    [
        ("no-cache", 2),
        ("max-age=0", 2),
        ("max-age=5", 2),
        ("max-age=20", 1),
        ("min-fresh=51", 2),
        ("min-fresh=40", 1),
        ("max-stale", 1),
        ("only-if-cached", 1),
        ("max-age=x", 2),
    ],
)
async def test_what_the_caller_wants_is_heeded(kept: Kept, control: str, asked: int) -> None:
    kept.answers(lasting(b"age: 10"), UNCHANGED)
    await kept.get()
    assert (await kept.get(cache_control=control)).text == "hello"
    assert kept.asked == asked


async def test_only_if_cached_never_asks(kept: Kept) -> None:
    kept.answers(lasting())
    answer = await kept.get(cache_control="only-if-cached")
    assert (answer.status_code, answer.json()["code"], kept.asked) == (504, "not-kept", 0)


async def test_a_client_that_holds_what_we_do_not_costs_the_service_a_304(kept: Kept) -> None:
    kept.answers(UNCHANGED, lasting(body=b"new"))
    first = await kept.get(if_none_match='"1"')
    assert first.status_code == 304
    assert (await kept.get(if_none_match='"0"')).text == "new"
    assert [one.header("if-none-match") for one in kept.upstream.received] == [['"1"'], ['"0"']]
    assert (await kept.get(if_none_match='"1"')).status_code == 304
    assert kept.asked == 2


async def test_what_is_gone_is_forgotten(kept: Kept) -> None:
    control = b"public, max-age=60, stale-if-error=600"
    gone = b"HTTP/1.1 410 Gone\r\ncontent-length: 4\r\ncache-control: no-store\r\n\r\ngone"
    kept.answers(lasting(b"age: 61", control=control), gone, BROKEN)
    await kept.get()
    assert (await kept.get()).status_code == 410
    assert (await kept.get()).status_code == 500


@pytest.mark.parametrize("control", [b"no-cache", b"max-age=60, must-revalidate", b"s-maxage=60"])
async def test_what_must_be_validated_is_not_shown_when_nobody_answers(
    kept: Kept, control: bytes
) -> None:
    """What an embargo or a protection may change at an instant is `no-cache`."""
    more = b"public, stale-if-error=600, stale-while-revalidate=600, " + control
    kept.answers(lasting(b"age: 61", control=more), BROKEN)
    await kept.get()
    assert (await kept.get()).status_code == 500


async def test_who_does_not_hear_of_changes_validates_everything(kept: Kept) -> None:
    kept.answers(lasting(control=b"public, max-age=60, stale-if-error=60"), UNCHANGED, BROKEN)
    await kept.get()
    kept.cache.announcements.sure_until = float("-inf")
    try:
        assert (await kept.get()).headers["cache-status"].startswith("vigie; fwd=stale")
        kept.upstream.answers[1:] = [BROKEN]
        assert (await kept.get()).text == "hello", "and shows it where nobody could change it"
    finally:
        kept.cache.announcements.sure_until = FOR_EVER
    assert kept.asked == 3


async def test_what_was_written_through_the_door_is_in_doubt_at_once(kept: Kept) -> None:
    """RFC 9111, section 4.4."""
    kept.answers(lasting(), ok(b"done"), UNCHANGED)
    await kept.get()
    await kept.gate.http.post(PATH, content=b"{}")
    await kept.get()
    assert kept.asked == 3
