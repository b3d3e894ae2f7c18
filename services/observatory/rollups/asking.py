"""Asks a node for its figures, by SDMX-REST 2.2.2; addresses that operators gave never lead inside.

First for one observation as SDMX-JSON, which tells the vintage (`prepared`) and has a tag; then for
pages of SDMX-CSV of that vintage, so that all pages of a round are of the same release.
"""

import asyncio
import re
import ssl
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import urlencode

import orjson
from pydantic import TypeAdapter, ValidationError
from yarl import URL

from observatory.rollups.figures import FiguresRefused
from observatory.settings import Settings
from platformkit import outside
from platformkit.wire import Instant

LINES: Final = 20_000
"""Of a page."""

_PAGE_BYTES: Final = 16 << 20
_PROBE_BYTES: Final = 1 << 20
_SECONDS: Final = 60.0
"""For a whole answer: a node that trickles is a silent one."""

_JSON: Final = "application/vnd.sdmx.data+json;version=2.0.0"
_CSV: Final = "application/vnd.sdmx.data+csv;version=2.0.0"
_OK, _NO_CONTENT, _NOT_MODIFIED, _NOT_FOUND = 200, 204, 304, 404
_INSTANT: Final = TypeAdapter(Instant)
_LONGEST: Final = 40
"""Of an instant, which is kept and sent back as it was told."""

_TAG: Final = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"')
"""RFC 9110 §8.8.3 without obs-text; another one is not kept, and the node read again each time."""


class NodeSilent(Exception):
    """The node gave no answer that can be used; `code` says why, `status` what it answered."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code, self.status = code, status


@dataclass(frozen=True, slots=True)
class Question:
    """Which figures of a node: of one area, of the codes that are ratios."""

    base_url: str
    agency: str
    dataflow: str
    major: int
    conditions: tuple[tuple[str, tuple[str, ...]], ...]

    def url(self, **parameters: str | int | None) -> str:
        """Write the address: the newest stable version of the MAJOR that is rolled up."""
        asked = {f"c[{name}]": ",".join(codes) for name, codes in self.conditions}
        asked |= {name: str(value) for name, value in parameters.items() if value is not None}
        path = f"/sdmx/v2/data/dataflow/{self.agency}/{self.dataflow}/{self.major}.0+.0"
        return f"{self.base_url}{path}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Vintage:
    """What a node publishes now."""

    as_of: str
    etag: str | None


def may_be_reached(settings: Settings, address: str) -> bool:
    """Tell whether a node may be at an address: a public one, or of a network that is allowed."""
    if settings.nodes_local and outside.is_public_or_here(address):
        return True
    near = ip_address(address)
    return outside.is_public(address) or any(near in each for each in settings.node_networks)


class Asker:
    """Holds the connections to nodes; every new one is judged afresh."""

    def __init__(
        self,
        settings: Settings,
        *,
        resolve: outside.Look = outside.resolve_name,
        tls: ssl.SSLContext | bool = True,
        lines: int = LINES,
    ) -> None:
        self._settings, self.lines = settings, lines
        self._http = outside.session(
            resolve=resolve, allowed=partial(may_be_reached, settings), tls=tls
        )

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._http.close()

    async def vintage(self, question: Question, etag: str | None) -> Vintage | None:
        """Ask what there is now; None where the tag still holds. Raises NodeSilent."""
        headers = {"accept": _JSON} | ({"if-none-match": etag} if etag else {})
        url = question.url(limit=1, attributes="none")
        status, body, told = await self._get(url, headers, _PROBE_BYTES)
        if status == _NOT_MODIFIED:
            return None
        if status in {_NO_CONTENT, _NOT_FOUND}:
            raise FiguresRefused("nothing-published")
        try:
            prepared = orjson.loads(body)["meta"]["prepared"]
            _INSTANT.validate_python(prepared)
        except (orjson.JSONDecodeError, LookupError, TypeError, ValidationError) as wrong:
            raise NodeSilent("invalid-answer", status) from wrong
        if len(prepared) > _LONGEST:
            raise NodeSilent("invalid-answer", status)
        return Vintage(prepared, told if told and _TAG.fullmatch(told) else None)

    async def page(self, question: Question, as_of: str, since: str | None, place: int) -> bytes:
        """Ask for the lines from `place` on, empty at the end. Raises NodeSilent."""
        url = question.url(asOf=as_of, updatedAfter=since, offset=place, limit=self.lines)
        status, body, _ = await self._get(url, {"accept": _CSV}, _PAGE_BYTES)
        return b"" if status in {_NO_CONTENT, _NOT_FOUND} else body

    async def _get(
        self, url: str, headers: dict[str, str], most: int
    ) -> tuple[int, bytes, str | None]:
        settings = self._settings
        status = 0
        try:
            if not outside.may_be_called(url, settings.node_ports, local=settings.nodes_local):
                raise outside.OutsideUnreachable("not an address that is followed")
            asked = URL(url, encoded=True)
            async with (
                asyncio.timeout(_SECONDS),
                self._http.get(asked, headers=_PLAIN | headers, allow_redirects=False) as answer,
            ):
                status = answer.status
                if status not in {_OK, _NO_CONTENT, _NOT_MODIFIED, _NOT_FOUND}:
                    raise NodeSilent(f"status-{status}", status)
                body = await outside.bounded(answer, most)
                if len(body) > most:
                    raise NodeSilent("too-large", status)
                return status, body, answer.headers.get("etag")
        except outside.FAILURES as failure:
            raise NodeSilent(outside.told(failure), status) from failure


_PLAIN: Final = {"user-agent": "Vigie-RollUp/1", "accept-encoding": "identity"}
