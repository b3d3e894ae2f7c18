"""Every cell of the authorisation matrix is tried: at the door, and again at the service."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from starlette.responses import Response

from deploy import authorisation
from deploy.openapi import TARGET
from gateway.api_keys.ring import Ring
from gateway.audit.denials import Denials
from gateway.cache.announcements import Announcements
from gateway.cache.service import Cache
from gateway.limits.service import Limits
from gateway.proxy.door import Door
from gateway.proxy.table import Table, read
from gateway.resilience.load import Load
from gateway.tokens import keys
from gateway.tokens.access import Verified, Verifier
from gateway.tokens.dpop import Proofs
from platformkit.auth import Principal
from tests import harness
from tests.gateway.doors import PEM, settings_for
from tests.harness import ALL_SCOPES, Database

DOCUMENT = json.loads(TARGET.read_bytes())
CELLS = list(authorisation.operations(DOCUMENT))
SCOPES = frozenset().union(*(needed for _, _, needed in CELLS))
REFUSED, NOBODY, PASSED = 403, 401, 502
"""Passed is 502 here: there is no service behind this door."""


def concrete(template: str) -> str:
    return re.sub(r"\{[^{}]+\}", "x", template)


class Callers(Verifier):
    """Believes a token that lists its scopes: what signatures prove is tested elsewhere."""

    def verify(self, token: bytes, digest: bytes | None = None) -> Verified:  # noqa: ARG002  # as its base
        scopes = frozenset(token.decode().split(","))
        caller = Principal("i", "matrix", "matrix", "t", scopes=scopes)
        return Verified(caller, expires=float("inf"))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    settings = settings_for(tmp_path_factory.mktemp("matrix"), {})
    return Door(
        settings=settings,
        table=Table(read(DOCUMENT)),
        verifier=Callers(keys.load(PEM, None), issuer="i", audience="a"),
        proofs=Proofs(issuer="https://i", wants_nonce=False),
        ring=Ring(settings),
        denials=Denials(),
        cache=Cache(Announcements([]), most=0, largest=0),
        limits=Limits(settings),
        upstreams={},
        load=Load(1),
        own=Response(status_code=PASSED),
    )


async def status(door: Door, method: str, path: str, scopes: frozenset[str] | None) -> int:
    headers = [(b"host", b"x")]
    if scopes is not None:
        headers.append((b"authorization", b"Bearer " + ",".join(sorted(scopes)).encode()))
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": headers,
    }
    got: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            got.append(message["status"])

    await door(scope, receive, send)
    return got[0]


def tries(needed: frozenset[str]) -> Iterator[tuple[frozenset[str] | None, int]]:
    """Give every caller worth trying, and what it must be answered."""
    yield None, PASSED if not needed else NOBODY
    yield SCOPES, PASSED
    yield frozenset(), PASSED if not needed else REFUSED
    for scope in SCOPES:
        yield frozenset({scope}), PASSED if needed <= {scope} else REFUSED
        yield SCOPES - {scope}, REFUSED if scope in needed else PASSED


async def test_every_cell_holds_at_the_door(door: Door) -> None:
    tried = 0
    for method, template, needed in CELLS:
        if not template.startswith(("/v1/", "/sdmx/")):
            assert not needed, f"{template} is answered before anybody is asked who they are"
            continue
        path = concrete(template)
        found = door.table.find(method, path)
        assert found is not None, path
        if found.template != template:
            assert found.scopes == needed, f"{path} is read as {found.template}, less closed"
        for scopes, expected in tries(needed):
            got = await status(door, method, path, scopes)
            assert got == expected, f"{method} {template} with {sorted(scopes or ())}"
            tried += 1
    assert tried > 30 * 200, "the document was read"
    assert len(SCOPES) == len(ALL_SCOPES)


async def test_what_is_not_in_the_matrix_is_not_there_for_anybody(door: Door) -> None:
    known = {(method, template) for method, template, _ in CELLS}
    for _, template, _ in CELLS:
        if not template.startswith(("/v1/", "/sdmx/")):
            continue
        path = concrete(template)
        for method in ("PUT", "POST", "DELETE", "PATCH"):
            found = door.table.find(method, path)
            if found is None:
                assert await status(door, method, path, SCOPES) == 405, f"{method} {path}"
            else:
                assert (method, found.template) in known


@pytest.mark.parametrize("service", ["diagnostic", "training", "observatory"])
async def test_a_service_refuses_too_whatever_the_door_has_let_through(
    database: Database, service: str
) -> None:
    async with harness.opened(harness.application(database, service)) as client:
        headers = {
            scope: harness.as_client(service, scopes=ALL_SCOPES - {scope}) for scope in ALL_SCOPES
        }
        tried = 0
        for template, item in DOCUMENT["paths"].items():
            if item.get("x-vigie-service") != service:
                continue
            for method, path, needed in authorisation.operations({"paths": {template: item}}):
                inner = concrete(item["x-vigie-upstream"])
                for scope in needed:
                    answer = await client.request(
                        method, inner, headers=headers[scope] | {"if-match": "*"}
                    )
                    assert answer.status_code == REFUSED, f"{method} {path} without {scope}"
                    tried += 1
        assert tried > 0
