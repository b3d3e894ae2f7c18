"""Addresses of partners never lead inside (OWASP API7, S-M7)."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from platformkit import outside
from platformkit.outside import OutsideUnreachable, is_public, may_be_read

REFUSED = (
    "http://a.example/jwks",
    "ftp://a.example/jwks",
    "file:///etc/passwd",
    "gopher://a.example",
    "//a.example/jwks",
    "a.example/jwks",
    "",
    "https://",
    "https:///jwks",
    "https://localhost/jwks",
    "https://postgres/jwks",
    "https://127.0.0.1/jwks",
    "https://127.1/jwks",
    "https://2130706433/jwks",
    "https://0x7f000001/jwks",
    "https://0x7f.1/jwks",
    "https://0177.0.0.1/jwks",
    "https://017700000001/jwks",
    "https://0/jwks",
    "https://169.254.169.254/latest",
    "https://[::1]/jwks",
    "https://[::ffff:127.0.0.1]/jwks",
    "https://[fe80::1%25eth0]/jwks",
    "https://a.example:8443/jwks",
    "https://a.example:22/",
    "https://a.example:443443/",
    "https://a.example:x/",
    "https://user@a.example/jwks",
    "https://user:pass@a.example/jwks",
    "https://a.example@127.0.0.1/jwks",
    "https://127.0.0.1#@a.example/",
    "https://a.example#fragment",
    "https://a.example\\@127.0.0.1/",
    "https://a.example/jw ks",
    "https://a.example/\r\nhost: b",
    "https://a.example/\x00",
    "https://é.example/jwks",
    "https://a。example/jwks",
    "https://a.example./jwks",
    "https://.example/jwks",
    "https://-a.example/jwks",
    "https://a..example/jwks",
    "https://A.EXAMPLE\t/jwks",
    f"https://{'a' * 64}.example/jwks",
    f"https://{'a.' * 130}example/jwks",
)


@pytest.mark.parametrize("url", REFUSED)
async def test_an_address_of_another_form_is_not_even_resolved(url: str) -> None:
    async def resolve(host: str) -> Sequence[str]:
        raise AssertionError

    assert not may_be_read(url)
    with pytest.raises(OutsideUnreachable):
        await outside.read(url, resolve=resolve)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/jwks",
        "https://a.example:443/jwks?x=1",
        "https://xn--ole-9la.example/.well-known/jwks.json",
        "https://a-b.c.example",
    ],
)
def test_a_plain_https_address_is_followed(url: str) -> None:
    assert may_be_read(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1",
        "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%eth0", "x", "",
        "::127.0.0.1", "::a00:1", "::ffff:0:10.0.0.1", "fec0::1", "5f00::1", "3fff::1",
    ],
)  # fmt: skip
async def test_a_name_that_leads_inside_is_not_followed(address: str) -> None:
    assert not is_public(address)

    async def resolve(host: str) -> Sequence[str]:
        return ["8.8.8.8", address]

    with pytest.raises(OutsideUnreachable, match="inside"):
        await outside.read("https://rebinding.example/jwks", resolve=resolve)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_public_addresses_are_followed(address: str) -> None:
    assert is_public(address)


async def test_a_name_that_nobody_has_is_unreachable() -> None:
    async def none(host: str) -> Sequence[str]:
        return []

    async def unknown(host: str) -> Sequence[str]:
        raise OSError

    for resolve in (none, unknown):
        with pytest.raises(OutsideUnreachable):
            await outside.read("https://nobody.example/jwks", resolve=resolve)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a certificate for `partner.example`, which signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "partner.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("partner.example")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path_factory.mktemp("tls") / "partner.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


ADDRESS = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nconnection: close\r\n"


@asynccontextmanager
async def partner(certificate: Path, answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Listen with TLS; give the port and what was received."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        received.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer)
        await writer.drain()
        writer.close()

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server = await asyncio.start_server(serve, ADDRESS, 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1], received
    finally:
        server.close()


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK + b"content-length: 2\r\n\r\n{}", b"{}"),
        (OK + b"content-length: 65536\r\n\r\n" + b"x" * 65536, b"x" * 65536),
        (OK + b"\r\n" + b"x" * 65537, None),
        (OK + b"content-length: 9\r\n\r\n{}", None),
        (b"HTTP/1.1 302 Found\r\nlocation: https://127.0.0.1/\r\ncontent-length: 0\r\n\r\n", None),
        (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", None),
        (b"not HTTP\r\n\r\n", None),
        (b"", None),
    ],
)
async def test_the_answer_is_read_from_the_address_judged_and_bounded(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, body: bytes | None
) -> None:
    trusts = ssl.create_default_context(cafile=certificate)

    async def resolve(host: str) -> Sequence[str]:
        assert host == "partner.example"
        return [ADDRESS]

    async with partner(certificate, answer) as (port, received):
        monkeypatch.setattr(outside, "_HTTPS", port)
        url = f"https://partner.example:{port}/jwks"
        read = partial(outside.read, url, resolve=resolve, allowed=lambda _: True)
        if body is None:
            with pytest.raises(OutsideUnreachable):
                await read(tls=trusts)
        else:
            assert await read(tls=trusts) == body
            assert received[0].startswith(b"GET /jwks HTTP/1.1\r\nHost: partner.example")
            with pytest.raises(OutsideUnreachable):
                await read(tls=True)
