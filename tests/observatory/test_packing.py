"""Open data are packed for whoever takes it, each form under a tag of its own (M6)."""

import gzip
import zlib

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from observatory.packing import Packing
from tests.harness import as_client
from tests.observatory.publishing import AREAS, SECTORS, Publisher, table

PACKED, PLAIN = {"accept-encoding": "gzip"}, {"accept-encoding": "identity"}
SDMX = "/sdmx/v2/data/dataflow/HDF/{flow}"
JSON, CSV = "application/vnd.sdmx.data+json", "application/vnd.sdmx.data+csv"
XML = "application/vnd.sdmx.genericdata+xml"


@pytest.fixture(scope="module")
async def flow(publisher: Publisher) -> str:
    """Publish enough to be worth packing."""
    flow = await publisher.flow()
    cells = [(a, s, str(y), y / 7) for a in AREAS for s in SECTORS for y in range(1990, 2020)]
    await publisher.release(flow, table(cells))
    return flow


async def raw(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> httpx.Response:
    """Read an answer and its bytes as they came; httpx would unpack them."""
    async with client.stream("GET", path, headers=headers) as answer:
        answer.extensions["bytes"] = b"".join([piece async for piece in answer.aiter_raw()])
        return answer


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/v1/indicators/{flow}/data.csv", "*/*"),
        ("/v1/indicators/{flow}/data.json", "*/*"),
        ("/v1/indicators/{flow}/data.jsonstat", "*/*"),
        ("/v1/indicators/{flow}/chart.json?c[REF_AREA]=R32", "*/*"),
        (SDMX, JSON),
        (SDMX, CSV),
        (SDMX, XML),
        ("/sdmx/v2/availability/dataflow/HDF/{flow}?references=all", "*/*"),
    ],
)
async def test_m6_a_text_is_packed_for_who_takes_it_under_a_tag_of_its_own(
    publisher: Publisher, flow: str, path: str, accept: str
) -> None:
    client, path = publisher.client, path.format(flow=flow)
    plain = await raw(client, path, {**PLAIN, "accept": accept})
    packed = await raw(client, path, {**PACKED, "accept": accept})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    body = packed.extensions["bytes"]
    assert gzip.decompress(body) == plain.extensions["bytes"]
    assert len(body) < len(plain.extensions["bytes"]) / 2
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + '-gzip"'
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["vary"]
    held = {"if-none-match": packed.headers["etag"], "accept": accept}
    again = await client.get(path, headers={**held, **PACKED})
    assert (again.status_code, again.headers["etag"]) == (304, packed.headers["etag"])
    assert "Accept-Encoding" in again.headers["vary"]
    other = await client.get(path, headers={**held, **PLAIN})
    assert (other.status_code, other.headers["etag"]) == (200, plain.headers["etag"])
    head = await client.head(path, headers={**PACKED, "accept": accept})
    assert head.headers["etag"] == packed.headers["etag"]


@pytest.mark.parametrize("name", ["data.xlsx", "data.parquet", "data.arrow"])
async def test_what_is_packed_already_is_left_as_it_is(
    publisher: Publisher, flow: str, name: str
) -> None:
    path = f"/v1/indicators/{flow}/{name}"
    answer = await raw(publisher.client, path, PACKED)
    assert "content-encoding" not in answer.headers
    held = {**PACKED, "if-none-match": answer.headers["etag"]}
    again = await publisher.client.get(path, headers=held)
    assert (again.status_code, again.headers["etag"]) == (304, answer.headers["etag"])


async def test_a_structure_packs_itself_and_keeps_its_tag(publisher: Publisher, flow: str) -> None:
    path = f"/sdmx/v2/structure/dataflow/HDF/{flow}?references=all"
    answer = await raw(publisher.client, path, PACKED)
    assert b'"meta"' in gzip.decompress(answer.extensions["bytes"])
    held = {**PACKED, "if-none-match": answer.headers["etag"]}
    again = await publisher.client.get(path, headers=held)
    assert (again.status_code, again.headers["etag"]) == (304, answer.headers["etag"])


async def test_what_is_for_one_caller_is_not_packed(publisher: Publisher) -> None:
    """Its length would tell what is in it to whoever chose the rest (BREACH)."""
    for _ in range(4):
        other = await publisher.flow()
        await publisher.load(await publisher.draft(other), table([("R32", "A", "2020", 1.0)]))
    headers = {**as_client("observatory"), **PACKED}
    answer = await raw(publisher.client, "/v1/pending-releases", headers)
    assert len(answer.extensions["bytes"]) > 1_024
    assert "content-encoding" not in answer.headers


@given(st.lists(st.binary(max_size=40_000), min_size=1, max_size=6))
async def test_the_packed_bytes_do_not_depend_on_how_an_answer_is_cut(pieces: list[bytes]) -> None:
    """Or one tag would have several bytes."""

    async def packed(cut: list[bytes]) -> bytes:
        async def app(_: Scope, __: Receive, send: Send) -> None:
            headers = [(b"content-type", b"text/csv"), (b"cache-control", b"public")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            for piece in cut:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

        sent: list[Message] = []

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            raise AssertionError

        asked = {"type": "http", "method": "GET", "headers": [(b"accept-encoding", b"gzip")]}
        await Packing(app)(asked, receive, send)
        assert not sent[-1].get("more_body")
        return b"".join(message["body"] for message in sent[1:])

    whole = await packed([b"".join(pieces)])
    assert zlib.decompress(whole, wbits=31) == b"".join(pieces)
    assert await packed(pieces) == whole
