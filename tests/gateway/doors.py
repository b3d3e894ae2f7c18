"""A gateway on a real socket, before upstreams made for tests, without a database."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx
import uvicorn
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from gateway.main import Gateway, create_app
from gateway.server import Protocol
from gateway.settings import Settings
from gateway.tokens import access
from platformkit.auth import Principal
from platformkit.classes import RouteClass
from tests.harness import PLAIN

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
).decode()
UPSTREAM_KEY = "the key between the gateway and a service of the tests"


def operation(*scopes: str, kind: RouteClass = "read") -> dict[str, Any]:
    if scopes:
        security = [{"oauth2": list(scopes)}]
        return {"x-vigie-class": kind, "security": security, "responses": {}}
    return {"x-vigie-class": kind, "security": [], "x-public": True, "responses": {}}


def item(service: str, upstream: str, **operations: dict[str, Any]) -> dict[str, Any]:
    return {"x-vigie-service": service, "x-vigie-upstream": upstream, **operations}


DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "test", "version": "1"},
    "paths": {
        "/v1/training/echo/{name}": item("training", "/v1/echo/{name}", get=operation()),
        "/v1/training/echo": item(
            "training",
            "/v1/echo",
            get=operation(),
            put=operation(kind="write"),
            post=operation(kind="write"),
        ),
        "/v1/diagnostic/things": item(
            "diagnostic", "/v1/things", post=operation("diagnostic:write", kind="write")
        ),
        "/v1/diagnostic/things/{id}": item(
            "diagnostic",
            "/v1/things/{id}",
            get=operation("diagnostic:read"),
            delete=operation("diagnostic:write", "diagnostic:read", kind="write"),
        ),
        "/v1/api-keys": item(
            "gateway", "/v1/api-keys", get=operation("gateway:keys"), post=operation("gateway:keys")
        ),
        "/v1/api-keys/{key_id}": item(
            "gateway", "/v1/api-keys/{key_id}", delete=operation("gateway:keys")
        ),
        "/v1/door": item("gateway", "/v1/door", get=operation("gateway:operate")),
        "/v1/overviews/organisations/{organisation_id}": item(
            "gateway",
            "/v1/overviews/organisations/{organisation_id}",
            get=operation("overviews:read"),
        ),
        **{
            path: item("gateway", path, get=operation("overviews:read"))
            for path in (
                "/v1/overviews/jobs/{rome}",
                "/v1/overviews/sectors/{naf}",
                "/v1/overviews/territories/{code}",
                "/v1/overviews/certifications/{number}",
            )
        },
        "/v1/search": item("gateway", "/v1/search", get=operation()),
    },
}


@dataclass
class Opened:
    """A gateway that listens at `url`; `http` talks to it."""

    url: str
    http: httpx.AsyncClient
    app: Gateway
    settings: Settings

    def token(
        self, *scopes: str, tenant: str = "medef-hdf", seconds: int = 60, client: str = "demo"
    ) -> str:
        caller = Principal(
            self.settings.issuer, client, client, tenant, frozenset({"partner"}), frozenset(scopes)
        )
        return access.sign(
            self.app.own.state.keys,
            issuer=self.settings.issuer,
            audience=self.settings.audience,
            caller=caller,
            seconds=seconds,
        )[0]

    def bearer(self, *scopes: str, tenant: str = "medef-hdf") -> dict[str, str]:
        return {"authorization": f"Bearer {self.token(*scopes, tenant=tenant)}"}

    def signed_for(self, client: str, *scopes: str, tenant: str = "medef-hdf") -> dict[str, str]:
        """Make the headers of a client, whoever it is."""
        return {"authorization": f"Bearer {self.token(*scopes, tenant=tenant, client=client)}"}

    async def raw(self, data: bytes, seconds: float = 2.0) -> bytes:
        """Send bytes as they are; give all that comes back."""
        port = int(self.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        got = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(seconds):
                while piece := await reader.read(65536):
                    got += piece
                    if len(got) < 65536 and _is_whole(got):
                        break
        writer.close()
        return got


def _is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    lengths = [
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line[:15] == b"content-length:"
    ]
    return bool(found) and bool(lengths) and len(body) >= lengths[0]


@asynccontextmanager
async def served(app: Any, lifespan: Literal["auto", "off"] = "auto") -> AsyncIterator[str]:
    """Serve an ASGI application under uvicorn, as deploy/child.py does."""
    config = uvicorn.Config(
        app,
        http=Protocol,
        lifespan=lifespan,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
    )
    server = uvicorn.Server(config)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        task = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def settings_for(folder: Path, upstreams: Mapping[str, str], **overrides: Any) -> Settings:
    document = folder / "openapi.json"
    document.write_text(json.dumps(overrides.pop("document", DOCUMENT)))
    told: dict[str, Any] = {
        "database_url": "postgresql://nobody@127.0.0.1:9/none",
        "secret_key": "test",
        "log_level": None,
        "rate_factor": 1_000_000,
        "signing_key": PEM,
        "openapi_path": document,
        "feed_seconds": None,
        "delivers_webhooks": False,
        "peers": {name: {"url": url, "key": UPSTREAM_KEY} for name, url in upstreams.items()},
        **overrides,
    }
    return Settings(**told)


@asynccontextmanager
async def door(
    folder: Path, upstreams: Mapping[str, str], **overrides: Any
) -> AsyncIterator[Opened]:
    """Open a gateway before these upstreams."""
    settings = settings_for(folder, upstreams, **overrides)
    app = create_app(settings)
    async with (
        served(app) as url,
        httpx.AsyncClient(base_url=url, timeout=30, verify=PLAIN) as http,
    ):
        yield Opened(url, http, app, settings)
