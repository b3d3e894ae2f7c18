"""Where webhooks may be delivered, and what a receiver can do to us (OWASP API7, S-M7)."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.settings import Settings
from gateway.webhooks import sending, signing
from gateway.webhooks.sending import Attempt, Sender, Target, may_be_target
from platformkit import outside
from tests.gateway.doors import settings_for
from tests.gateway.hooks import verified
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted
from tests.kit.test_outside import ADDRESS, REFUSED, certificate, partner

__all__ = ["certificate"]

BODY = b'{"type":"ping"}'
SECRET = signing.make()
NOT_FOLLOWED = "webhook address not followed"


@pytest.fixture
def strict(tmp_path: Path) -> Settings:
    return settings_for(tmp_path, {})


@pytest.fixture
def local(tmp_path: Path) -> Settings:
    return settings_for(tmp_path, {}, webhooks_local=True)


async def send(settings: Settings, url: str, **told: object) -> Attempt:
    async with Sender(settings, **told) as sender:  # type: ignore[arg-type]  # as each test has it
        return await sender.send(Target(url, [SECRET]), "evt_1", BODY)


@pytest.mark.parametrize("url", REFUSED)
async def test_an_address_of_another_form_is_no_target(
    strict: Settings, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    async def resolve(host: str) -> Sequence[str]:
        raise AssertionError

    if ":8443" in url:
        url = url.replace(":8443", ":9200")
    assert not may_be_target(url, strict)
    attempt = await send(strict, url, resolve=resolve)
    assert (attempt.status, attempt.failure) == (None, "unreachable")
    assert caplog.messages == [NOT_FOLLOWED]


def test_only_the_ports_of_the_installation_are_targets(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, {}, webhook_ports=[443, 9443])
    for port, is_one in ((443, True), (9443, True), (8443, False), (22, False), (0, False)):
        assert may_be_target(f"https://a.example:{port}/", settings) is is_one
    assert may_be_target("https://a.example/", settings)


def test_this_machine_is_a_target_in_development_only(strict: Settings, local: Settings) -> None:
    for url in ("http://localhost:9000/x", "http://127.0.0.1:9000/"):
        assert may_be_target(url, local)
        assert not may_be_target(url, strict)
    for url in ("http://10.0.0.1/", "http://a.example/", "http://u@localhost/", "http://[::1]/"):
        assert not may_be_target(url, local)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1"]
)
async def test_a_name_that_leads_inside_gets_nothing(
    strict: Settings, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    """And whoever subscribed is told no more than where nobody is."""

    async def resolve(host: str) -> Sequence[str]:
        return ["8.8.8.8", address]

    attempt = await send(strict, "https://a.example/", resolve=resolve)
    assert (attempt.status, attempt.failure) == (None, "unreachable")
    assert caplog.messages == [NOT_FOLLOWED]


async def test_a_name_that_changes_its_address_is_judged_at_each_connection(
    strict: Settings, certificate: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """DNS rebinding: the address that was judged is the one that is connected to."""
    answers, looked = [[ADDRESS], ["10.0.0.7"]], []

    async def resolve(host: str) -> Sequence[str]:
        looked.append(host)
        return answers.pop(0)

    trusts = ssl.create_default_context(cafile=certificate)
    async with partner(certificate, ok(b"") + b"") as (port, received):
        settings = strict.model_copy(update={"webhook_ports": frozenset({port})})
        told = {"resolve": resolve, "allowed": ADDRESS.__eq__, "tls": trusts}
        async with Sender(settings, **told) as sender:  # type: ignore[arg-type]  # each its kind
            target = Target(f"https://partner.example:{port}/hook", [SECRET])
            first = await sender.send(target, "evt_1", BODY)
            second = await sender.send(target, "evt_1", BODY)
    assert (first.status, first.failure) == (200, None)
    assert (second.status, second.failure) == (None, "unreachable")
    assert caplog.messages == [NOT_FOLLOWED]
    assert looked == ["partner.example"] * 2
    assert len(received) == 1
    assert received[0].startswith(b"POST /hook HTTP/1.1\r\nHost: partner.example")


async def test_a_certificate_of_somebody_else_gets_nothing(
    strict: Settings, certificate: Path
) -> None:
    async def resolve(host: str) -> Sequence[str]:
        return [ADDRESS]

    async with partner(certificate, ok()) as (port, received):
        settings = strict.model_copy(update={"webhook_ports": frozenset({port})})
        url = f"https://partner.example:{port}/"
        attempt = await send(settings, url, resolve=resolve, allowed=ADDRESS.__eq__)
    assert (attempt.status, attempt.failure, received) == (None, "tls", [])


HELLO = b"HTTP/1.1 %b\r\ncontent-length: 5\r\n%b\r\nhello"


@pytest.mark.parametrize(
    ("answer", "status", "failure", "said"),
    [
        (HELLO % (b"200 OK", b""), 200, None, None),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, None, None),
        (HELLO % (b"302 Found", b"location: http://127.0.0.1:1/\r\n"), 302, None, "hello"),
        (HELLO % (b"400 Bad Request", b""), 400, None, "hello"),
        (HELLO % (b"500 Oh", b"content-encoding: gzip\r\n"), 500, None, "hello"),
        (b"HTTP/1.1 500 Oh\r\n\r\n" + "é\x00\x1b[31m\n".encode() + b"\xff", 500, None, "é  [31m �"),
        (b"HTTP/1.1 500 Oh\r\n\r\n" + b"x" * 3_000_000, 500, None, "x" * 200),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nx", 200, None, None),
        (b"no HTTP at all\r\n\r\n", None, "invalid-answer", None),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000 + b"\r\n\r\n", None, "invalid-answer", None),
        (b"", None, "unreachable", None),
    ],
)
async def test_an_answer_is_judged_by_its_status_and_read_no_further_than_needed(
    local: Settings, answer: bytes, status: int | None, failure: str | None, said: str | None
) -> None:
    async def once(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        writer.close()

    async with scripted(once) as receiver:
        attempt = await send(local, receiver.url)
    assert (attempt.status, attempt.failure) == (status, failure)
    assert attempt.answer == said
    (received,) = receiver.received
    assert verified(SECRET, received) == {"type": "ping"}
    assert received.header("content-type") == ["application/json"]
    assert not received.header("cookie")


async def test_a_receiver_that_never_answers_is_waited_for_so_long_and_no_longer(
    local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()

    async def never(_: Received, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    monkeypatch.setattr(sending, "SECONDS", 0.1)
    async with scripted(never) as receiver:
        attempt = await send(local, receiver.url)
        over.set()
    assert (attempt.status, attempt.failure) == (None, "timeout")
    assert attempt.milliseconds >= 100


async def test_an_accepted_event_is_accepted_though_its_answer_never_ends(
    local: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()

    async def drips(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nx")
        await over.wait()
        writer.close()

    monkeypatch.setattr(sending, "_TAIL_SECONDS", 0.1)
    async with scripted(drips) as receiver:
        attempt = await send(local, receiver.url)
        over.set()
    assert (attempt.status, attempt.failure) == (200, None)


async def test_nobody_there_is_unreachable(local: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        attempt = await send(local, f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert (attempt.status, attempt.failure) == (None, "unreachable")


@pytest.mark.parametrize(
    ("status", "told", "asked"),
    [
        (b"429 Too Many Requests", b"120", 120),
        (b"503 Service Unavailable", b"9999999999", 86_400),
        (b"503 Service Unavailable", b"soon", None),
        (b"503 Service Unavailable", b"Fri, 31 Dec 9999 23:59:59 GMT", 86_400),
        (b"503 Service Unavailable", b"Thu, 01 Jan 1970 00:00:00 GMT", 0),
        (b"200 OK", b"120", None),
    ],
)
async def test_a_receiver_says_when_to_come_again(
    local: Settings, status: bytes, told: bytes, asked: int | None
) -> None:
    answer: Answer = HELLO % (status, b"retry-after: %b\r\n" % told)
    async with scripted(answer) as receiver:
        attempt = await send(local, receiver.url)
    assert attempt.retry_after == (None if asked is None else timedelta(seconds=asked))


@pytest.fixture
async def receiver() -> AsyncIterator[Scripted]:
    async with scripted(ok()) as receiver:
        yield receiver


async def test_connections_are_kept_between_events(local: Settings, receiver: Scripted) -> None:
    async with Sender(local) as sender:
        for number in range(5):
            target = Target(receiver.url, [SECRET])
            assert (await sender.send(target, f"evt_{number}", BODY)).is_accepted
    assert (len(receiver.received), receiver.connections) == (5, 1)


async def test_two_secrets_sign_and_each_verifies_alone(
    local: Settings, receiver: Scripted
) -> None:
    former = signing.make()
    async with Sender(local) as sender:
        await sender.send(Target(receiver.url, [SECRET, former]), "evt_1", BODY)
    (received,) = receiver.received
    for secret in (SECRET, former):
        assert verified(secret, received) == {"type": "ping"}
    with pytest.raises(Exception, match="No matching signature"):
        verified(signing.make(), received)
    stamp = int(received.header("webhook-timestamp")[0])
    assert abs(datetime.now(UTC).timestamp() - stamp) < 300


def test_outside_keeps_judging_what_it_reads() -> None:
    assert not outside.may_be_read("https://a.example:0/")
    assert not outside.may_be_read("https://a.example:8443/")
