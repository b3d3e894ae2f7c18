"""Files: a route says how large a body it takes, and a long body is given its time."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from platformkit.middleware import LARGE_AT_ONCE
from tests import harness
from tests.kit.conftest import build

CALLER = harness.as_client("probe", scopes={"probe:write"})
HURRIED = {"default_deadline_ms": 500}


async def pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 50_000


@pytest.mark.parametrize(("size", "status"), [(10, 200), (3_000_000, 200), (3_000_001, 413)])
async def test_a_route_takes_as_much_as_it_declares(
    probe: httpx.AsyncClient, size: int, status: int
) -> None:
    answer = await probe.post("/v1/files/a", content=b" " * size)
    assert answer.status_code == status
    assert status != 200 or answer.json() == size


@pytest.mark.parametrize(("count", "status"), [(60, 200), (61, 413)])
async def test_a_streamed_body_is_counted_as_it_passes(
    probe: httpx.AsyncClient, count: int, status: int
) -> None:
    assert (await probe.post("/v1/files/a", content=pieces(count))).status_code == status


async def test_other_routes_and_methods_keep_the_common_limit(probe: httpx.AsyncClient) -> None:
    for method, path in (("POST", "/v1/things"), ("PUT", "/v1/files/a"), ("POST", "/v1/files/a/b")):
        answer = await probe.request(method, path, content=b" " * 1_000_001)
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large"), path


@pytest.mark.parametrize("declared", [True, False])
async def test_only_some_large_bodies_come_at_once(
    probe: httpx.AsyncClient, *, declared: bool
) -> None:
    """Those that are let in wait for the last piece of their file; small bodies always pass."""
    rest, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slow() -> AsyncIterator[bytes]:
        yield b" " * 1_500_000
        begun.release()
        await rest.wait()
        yield b" "

    headers = {"content-length": "1500001"} if declared else {}
    async with asyncio.TaskGroup() as group:
        sent = [
            group.create_task(probe.post("/v1/files/a", content=slow(), headers=headers))
            for _ in range(LARGE_AT_ONCE)
        ]
        for _ in sent:
            await begun.acquire()
        await asyncio.sleep(0)
        refused = await probe.post("/v1/files/a", content=b" " * 1_500_000)
        assert (refused.status_code, refused.json()["code"]) == (503, "too-many-files")
        assert refused.headers["retry-after"]
        streamed = await probe.post("/v1/files/a", content=pieces(40))
        assert (streamed.status_code, streamed.json()["code"]) == (503, "too-many-files")
        assert (await probe.post("/v1/files/a", content=b" ")).status_code == 200
        rest.set()
    assert [one.result().status_code for one in sent] == [200] * LARGE_AT_ONCE
    assert (await probe.post("/v1/files/a", content=b" " * 1_500_000)).status_code == 200


async def test_the_document_tells_the_limit_and_the_types(probe: httpx.AsyncClient) -> None:
    operation = (await probe.get("/openapi.json")).json()["paths"]["/v1/files/{name}"]["post"]
    assert operation["x-max-body-bytes"] == 3_000_000
    assert list(operation["requestBody"]["content"]) == ["text/plain"]
    assert "413" in operation["responses"]


async def test_a_long_body_is_given_its_time(probe_dsn: str) -> None:
    async with harness.opened(build(probe_dsn, **HURRIED)) as client:
        path = "/v1/files/a?slow=0.8"
        small = await client.post(path, content=b" ", headers=CALLER)
        large = await client.post(path, content=b" " * 900_000, headers=CALLER)
    assert (small.status_code, large.status_code) == (504, 200)


async def test_a_long_answer_is_given_its_time(probe_dsn: str) -> None:
    async with harness.opened(build(probe_dsn, **HURRIED)) as client:
        for told in ("true", "false"):
            asked = {"told": told}
            large = await client.get("/v1/files/900000", params=asked, headers=CALLER)
            assert len(large.content) == 900_000
            with pytest.raises(TimeoutError):  # cut, once it has begun
                await client.get("/v1/files/100", params=asked, headers=CALLER)
