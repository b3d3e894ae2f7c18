"""Overviews: parts in parallel, each with its source, and every gap said aloud."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.gateway.doors import Opened, door
from tests.gateway.scripted import Answer, Received, Scripted, ok, scripted

ID = str(uuid4())
SUMMARY: dict[str, Any] = {
    "organisation": {
        "id": ID,
        "name": "Filature du Nord",
        "naf_code": "13.10Z",
        "postcode": "59100",
        "region_code": "32",
    },
    "assessment": {
        "score": 41.5,
        "actions": [
            {"code": "a", "certifications": ["RS7423", "RNCP37827"]},
            {"code": "b", "certifications": ["RS7423"]},
            {"code": "c", "certifications": []},
        ],
    },
}


def json_answer(value: object, status: bytes = b"200 OK") -> bytes:
    answer = ok(json.dumps(value).encode(), b"content-type: application/json")
    return answer.replace(b"200 OK", status, 1)


def problem(status: bytes, code: str) -> bytes:
    return json_answer({"code": code, "title": "x"}, status)


async def paused(_: Received, __: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


class World:
    """The three services, each with its answer, and the gateway before them."""

    def __init__(self, gate: Opened, services: dict[str, Scripted]) -> None:
        self.gate = gate
        self.services = services

    async def read(self, path: str, *scopes: str, **headers: str) -> httpx.Response:
        wanted = scopes or ("overviews:read", "diagnostic:read")
        told = self.gate.bearer(*wanted, tenant="cci-hdf") | headers
        return await self.gate.http.get(path, headers=told)

    def asked(self, service: str) -> list[str]:
        return sorted(seen.target for seen in self.services[service].received)


@asynccontextmanager
async def world(folder: Path, **answers: Answer | None) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        services = {
            name: await stack.enter_async_context(scripted(answer))
            for name, answer in answers.items()
            if answer is not None
        }
        urls = dict.fromkeys(answers, "http://127.0.0.1:9")
        urls |= {name: service.url for name, service in services.items()}
        gate = await stack.enter_async_context(door(folder, urls))
        yield World(gate, services)


PATH = f"/v1/overviews/organisations/{ID}"


async def test_a_company_with_everything_around_it(tmp_path: Path) -> None:
    summary, exposure, catalogue = (
        json_answer(SUMMARY),
        json_answer({"mean": 0.31}),
        json_answer({"items": [1]}),
    )
    async with world(
        tmp_path, diagnostic=summary, observatory=exposure, training=catalogue
    ) as all_:
        answer = await all_.read(PATH, **{"accept-language": "en"})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        body = answer.json()
        assert list(body) == [
            "organisation",
            "territory",
            "certifications",
            "sector",
            "unavailable",
        ]
        assert body["unavailable"] == []
        assert body["organisation"]["data"] == SUMMARY
        assert body["sector"]["data"] == {"mean": 0.31}
        assert body["sector"]["source"] == "observatory"
        assert body["sector"]["href"] == "/v1/observatory/exposure/sectors/13.10Z"
        assert body["sector"]["as_of"].endswith("Z")
        assert {body[part]["basis"] for part in body if part != "unavailable"} == {"subject"}
        assert all_.asked("diagnostic") == [f"/v1/organisations/{ID}/summary"]
        assert all_.asked("observatory") == [
            "/v1/exposure/sectors/13.10Z",
            "/v1/exposure/territories/D59",
        ]
        assert all_.asked("training") == ["/v1/certifications?numbers=RS7423%2CRNCP37827"]
        seen = [request for service in all_.services.values() for request in service.received]
        traces = {request.header("traceparent")[0].split("-")[1] for request in seen}
        assert traces == {answer.headers["traceresponse"].split("-")[1]}
        assert {request.header("accept-language")[0] for request in seen} == {"en"}
        assert all(0 < int(request.header("x-request-deadline")[0]) <= 2000 for request in seen)


async def test_a_company_of_another_tenant_is_unknown(tmp_path: Path) -> None:
    refused = problem(b"404 Not Found", "organisation-unknown")
    async with world(
        tmp_path, diagnostic=refused, observatory=ok(b"{}"), training=ok(b"{}")
    ) as all_:
        answer = await all_.read(PATH)
        assert (answer.status_code, answer.json()["code"]) == (404, "overview-subject-unknown")
        assert all_.asked("observatory") == []


async def test_without_the_diagnostic_the_region_is_still_shown(tmp_path: Path) -> None:
    async with world(tmp_path, diagnostic=None, observatory=ok(b"{}"), training=ok(b"{}")) as all_:
        answer = await all_.read(PATH)
        assert answer.status_code == 200
        body = answer.json()
        assert body["unavailable"] == [
            {"part": "organisation", "reason": "unreachable", "retry_after": 2}
        ]
        assert body["territory"]["basis"] == body["certifications"]["basis"] == "region"
        assert all_.asked("observatory") == ["/v1/exposure/territories/R32"]
        assert all_.asked("training") == [
            "/v1/certifications?theme=ai_literacy&state=active&limit=10"
        ]


async def test_a_paused_service_costs_its_part_and_no_more_than_the_deadline(
    tmp_path: Path,
) -> None:
    """Acceptance G1; then it resumes, and the overview is whole again without a restart."""
    held = True

    async def sometimes(request: Received, writer: asyncio.StreamWriter) -> None:
        if held:
            await paused(request, writer)
        writer.write(ok(b"{}"))

    async with world(
        tmp_path, diagnostic=json_answer(SUMMARY), observatory=ok(b"{}"), training=sometimes
    ) as all_:
        started = time.perf_counter()
        body = (await all_.read(PATH, **{"x-request-deadline": "600"})).json()
        assert time.perf_counter() - started < 0.75
        assert body["unavailable"] == [
            {"part": "certifications", "reason": "timeout", "retry_after": 2}
        ]
        assert "sector" in body
        held = False
        assert (await all_.read(PATH)).json()["unavailable"] == []


async def test_the_parts_are_read_at_the_same_time(tmp_path: Path) -> None:
    def after(seconds: float) -> Callable[[Received, asyncio.StreamWriter], Any]:
        async def wait(_: Received, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(seconds)
            writer.write(ok(b"{}"))

        return wait

    async with world(
        tmp_path, observatory=after(0.4), training=after(0.4), diagnostic=None
    ) as all_:
        started = time.perf_counter()
        assert (await all_.read("/v1/overviews/jobs/M1607")).status_code == 200
        assert time.perf_counter() - started < 0.7


async def test_nothing_at_all_is_a_503_that_says_why(tmp_path: Path) -> None:
    async with world(tmp_path, diagnostic=None, observatory=None, training=None) as all_:
        answer = await all_.read(PATH)
        assert answer.status_code == 503
        assert answer.json()["code"] == "overview-unavailable"
        assert "territory: unreachable" in answer.json()["detail"]
        assert int(answer.headers["retry-after"]) > 0


async def test_what_a_service_refuses_is_a_gap_with_its_reason(tmp_path: Path) -> None:
    broken = problem(b"500 Internal Server Error", "internal-error")
    busy = problem(b"503 Service Unavailable", "busy").replace(
        b"content-type", b"retry-after: 7\r\ncontent-type", 1
    )
    async with world(
        tmp_path, diagnostic=json_answer(SUMMARY), observatory=broken, training=busy
    ) as all_:
        body = (await all_.read(PATH)).json()
        assert sorted(body["unavailable"], key=lambda gap: str(gap["part"])) == [
            {"part": "certifications", "reason": "busy", "retry_after": 7},
            {"part": "sector", "reason": "internal-error", "retry_after": 2},
            {"part": "territory", "reason": "internal-error", "retry_after": 2},
        ]


async def test_an_answer_that_is_not_json_or_too_large_is_a_gap(tmp_path: Path) -> None:
    huge = ok(b"[" + b"1," * 1_500_000 + b"1]")
    async with world(tmp_path, observatory=ok(b"<html>"), training=huge, diagnostic=None) as all_:
        answer = await all_.read("/v1/overviews/jobs/M1607")
        assert answer.status_code == 503
        assert answer.json()["detail"].count("invalid") == 2


async def test_a_job_with_its_exposure_and_its_certifications(tmp_path: Path) -> None:
    async with world(
        tmp_path,
        observatory=json_answer({"mean": 0.5}),
        training=json_answer({"items": []}),
        diagnostic=None,
    ) as all_:
        body = (await all_.read("/v1/overviews/jobs/M1607")).json()
        assert body["exposure"]["data"] == {"mean": 0.5}
        assert body["certifications"]["data"] == {"items": []}
        assert all_.asked("observatory") == ["/v1/exposure/jobs/M1607"]
        assert all_.asked("training") == ["/v1/certifications?rome=M1607&state=active&limit=10"]


async def test_a_job_that_the_observatory_does_not_know_is_unknown(tmp_path: Path) -> None:
    unknown = problem(b"404 Not Found", "code-unknown")
    async with world(tmp_path, observatory=unknown, training=ok(b"{}"), diagnostic=None) as all_:
        assert (await all_.read("/v1/overviews/jobs/A1111")).status_code == 404


async def test_what_is_no_code_is_refused_before_anyone_is_asked(tmp_path: Path) -> None:
    async with world(tmp_path, observatory=ok(b"{}"), training=ok(b"{}"), diagnostic=None) as all_:
        bad_job = await all_.read("/v1/overviews/jobs/1607")
        bad_id = await all_.read("/v1/overviews/organisations/7")
        unknown = await all_.read("/v1/overviews/jobs/M1607?a=b")
        assert [bad_job.status_code, bad_id.status_code, unknown.status_code] == [422, 422, 400]
        assert bad_job.json()["errors"][0]["in"] == "path"
        assert all_.asked("observatory") == []


async def test_an_overview_wants_its_scope(tmp_path: Path) -> None:
    async with world(tmp_path, observatory=ok(b"{}"), training=ok(b"{}"), diagnostic=None) as all_:
        answer = await all_.read("/v1/overviews/jobs/M1607", "diagnostic:read")
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
        anonymous = await all_.gate.http.get("/v1/overviews/jobs/M1607")
        assert anonymous.status_code == 401


async def test_a_sector_and_a_territory_have_overviews_too(tmp_path: Path) -> None:
    async with world(
        tmp_path, observatory=ok(b"{}"), training=ok(b"{}"), diagnostic=ok(b"{}")
    ) as all_:
        sector = (await all_.read("/v1/overviews/sectors/62.01Z")).json()
        territory = (await all_.read("/v1/overviews/territories/59")).json()
        assert list(sector) == ["exposure", "certifications", "unavailable"]
        assert list(territory) == ["exposure", "cohorts", "unavailable"]
        assert all_.asked("observatory") == [
            "/v1/exposure/sectors/62.01Z",
            "/v1/exposure/territories/59",
        ]
        assert all_.asked("diagnostic") == ["/v1/cohorts?limit=10"]


@pytest.mark.parametrize(
    ("summary", "territory"),
    [
        ({"organisation": {"region_code": "11", "postcode": "75011"}}, "R11"),
        ({"organisation": {}, "assessment": {"actions": [{}, {"certifications": [7]}]}}, "R32"),
        ([], "R32"),
    ],
)
async def test_a_summary_that_says_little_costs_only_what_it_does_not_say(
    tmp_path: Path, summary: object, territory: str
) -> None:
    async with world(
        tmp_path, diagnostic=json_answer(summary), observatory=ok(b"{}"), training=ok(b"{}")
    ) as all_:
        body = (await all_.read(PATH)).json()
        assert "sector" not in body
        assert body["certifications"]["basis"] == "region"
        assert all_.asked("observatory") == [f"/v1/exposure/territories/{territory}"]


async def test_a_service_that_is_not_configured_is_a_gap(tmp_path: Path) -> None:
    async with world(tmp_path, observatory=ok(b"{}")) as all_:
        body = (await all_.read("/v1/overviews/jobs/M1607")).json()
        assert body["unavailable"] == [
            {"part": "certifications", "reason": "not-configured", "retry_after": None}
        ]
