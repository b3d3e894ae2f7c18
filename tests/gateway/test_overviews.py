"""Overviews: parts in parallel, each with its source, and every gap said aloud."""

import asyncio
import json
from collections.abc import AsyncIterator
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
        "id": "a1",
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


SESSIONS = "kind=offer&sort=starts_on&facets=false&count=true&limit=10"
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
        assert answer.headers["cache-control"] == "private, no-store"
        assert "etag" not in answer.headers
        body = answer.json()
        assert list(body) == [
            "organisation",
            "funding",
            "calls",
            "roadmap",
            "benchmark",
            "sector",
            "territory",
            "certifications",
            "unavailable",
        ]
        assert body["unavailable"] == []
        assert body["organisation"]["data"] == SUMMARY
        assert body["sector"]["data"] == {"mean": 0.31}
        assert body["sector"]["source"] == "observatory"
        assert body["sector"]["href"] == "/v1/observatory/exposure/sectors/13.10Z"
        assert body["sector"]["as_of"].endswith("Z")
        assert {body[part]["basis"] for part in body if part != "unavailable"} == {"subject"}
        assert all_.asked("diagnostic") == [
            "/v1/assessments/a1/benchmark",
            "/v1/assessments/a1/roadmap",
            f"/v1/organisations/{ID}/funding",
            f"/v1/organisations/{ID}/funding?is_call_for_projects=true&window=open",
            f"/v1/organisations/{ID}/summary",
        ]
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
        gone = ("organisation", "funding", "calls", "roadmap", "benchmark", "sector")
        assert body["unavailable"] == [
            {"part": part, "reason": "unreachable", "status": None, "retry_after": 2}
            for part in gone
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
        body = (await all_.read(PATH, **{"x-request-deadline": "1500"})).json()
        assert body["unavailable"] == [
            {"part": "certifications", "reason": "timeout", "status": None, "retry_after": 2}
        ]
        assert "sector" in body
        (asked,) = all_.services["training"].received
        assert int(asked.header("x-request-deadline")[0]) < 1500
        held = False
        assert (await all_.read(PATH)).json()["unavailable"] == []


async def test_the_parts_are_read_at_the_same_time(tmp_path: Path) -> None:
    all_were_asked = asyncio.Barrier(5)

    async def together(_: Received, writer: asyncio.StreamWriter) -> None:
        await all_were_asked.wait()
        writer.write(ok(b"{}"))

    async with world(tmp_path, observatory=together, training=together, diagnostic=None) as all_:
        body = (await all_.read("/v1/overviews/jobs/M1607")).json()
        assert [gap["part"] for gap in body["unavailable"]] == ["calls"]


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
            {"part": "certifications", "reason": "busy", "status": 503, "retry_after": 7},
            {"part": "sector", "reason": "internal-error", "status": 500, "retry_after": 2},
            {"part": "territory", "reason": "internal-error", "status": 500, "retry_after": 2},
        ]


async def test_an_answer_that_is_not_json_or_too_large_is_a_gap(tmp_path: Path) -> None:
    huge = ok(b"[" + b"1," * 1_500_000 + b"1]")
    async with world(tmp_path, observatory=ok(b"<html>"), training=huge, diagnostic=None) as all_:
        answer = await all_.read("/v1/overviews/jobs/M1607")
        assert answer.status_code == 503
        assert answer.json()["detail"].count("invalid") == 5


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
        assert all_.asked("observatory") == [
            "/v1/exposure/jobs/M1607",
            "/v1/exposure/jobs/M1607/range",
            "/v1/jobs/M1607/mobilities",
        ]
        assert all_.asked("training") == [
            "/v1/certifications?rome=M1607&state=active&limit=10",
            "/v1/search?rome=M1607&kind=offer&sort=starts_on&facets=false&count=true&limit=10",
        ]


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


async def test_a_sector_asks_for_the_certifications_of_its_exposed_jobs(tmp_path: Path) -> None:
    exposure = json_answer({"top_jobs": [{"code": "M1805"}, {"code": 7}, {"code": "K1206"}]})
    calls = json_answer({"items": [{"code": "AAP-1"}]})
    async with world(tmp_path, observatory=exposure, training=ok(b"{}"), diagnostic=calls) as all_:
        sector = (await all_.read("/v1/overviews/sectors/62.01Z")).json()
        assert list(sector) == [
            "exposure", "range", "benchmark", "certifications", "calls", "unavailable"
        ]  # fmt: skip
        assert sector["calls"]["data"] == {"items": [{"code": "AAP-1"}]}
        assert sector["calls"]["basis"] == "region"
        assert all_.asked("diagnostic") == [
            "/v1/benchmarks/sectors/62.01Z",
            "/v1/opportunities?is_call_for_projects=true&window=open&limit=10",
        ]
        assert sector["certifications"]["basis"] == "subject"
        assert all_.asked("training") == [
            "/v1/search?kind=certification&rome=M1805&rome=K1206&facets=false&count=true&limit=10"
        ]


async def test_a_sector_without_its_exposure_shows_what_is_open_to_all(tmp_path: Path) -> None:
    async with world(tmp_path, observatory=None, training=ok(b"{}"), diagnostic=None) as all_:
        sector = (await all_.read("/v1/overviews/sectors/62")).json()
        assert sector["certifications"]["basis"] == "region"
        assert all_.asked("training") == [
            "/v1/certifications?theme=ai_literacy&state=active&limit=10"
        ]


@pytest.mark.parametrize(
    ("code", "filter_", "basis"),
    [
        ("59", "department=59&", "subject"),
        ("D02", "department=02&", "subject"),
        ("200093201", "epci=200093201&", "subject"),
        ("EPCI200093201", "epci=200093201&", "subject"),
        ("ZE3216", "", "region"),
        ("R32", "", "region"),
    ],
)
async def test_a_territory_shows_what_is_offered_there(
    tmp_path: Path, code: str, filter_: str, basis: str
) -> None:
    async with world(
        tmp_path, observatory=ok(b"{}"), training=ok(b"{}"), diagnostic=ok(b"{}")
    ) as all_:
        territory = (await all_.read(f"/v1/overviews/territories/{code}")).json()
        assert list(territory) == [
            "exposure", "range", "offers", "cohorts", "indicators", "unavailable"
        ]  # fmt: skip
        assert territory["indicators"]["basis"] == "subject"
        assert all_.asked("observatory")[-1] == f"/v1/territories/{code}/indicators?limit=50"
        assert territory["offers"]["basis"] == basis
        assert all_.asked("training") == [
            f"/v1/search?{filter_}kind=offer&sort=starts_on&facets=false&count=true&limit=10"
        ]
        assert all_.asked("diagnostic") == ["/v1/cohorts?limit=10"]


@pytest.mark.parametrize(
    ("refusal", "gap"),
    [
        (None, {"reason": "timeout", "status": None, "retry_after": 2}),
        (
            problem(b"500 Internal Server Error", "internal-error"),
            {"reason": "internal-error", "status": 500, "retry_after": 2},
        ),
        (
            problem(b"503 Service Unavailable", "reference-missing"),
            {"reason": "reference-missing", "status": 503, "retry_after": 2},
        ),
    ],
)
async def test_indicators_that_fail_or_are_late_cost_a_territory_that_part_alone(
    tmp_path: Path, refusal: bytes | None, gap: dict[str, Any]
) -> None:
    async def partly(request: Received, writer: asyncio.StreamWriter) -> None:
        if not request.target.startswith("/v1/territories/"):
            writer.write(json_answer({"mean": 0.3}))
        elif refusal is None:
            await paused(request, writer)
        else:
            writer.write(refusal)

    async with world(
        tmp_path, observatory=partly, training=ok(b"{}"), diagnostic=ok(b"{}")
    ) as all_:
        path = "/v1/overviews/territories/R32"
        told = {"x-request-deadline": "5000" if refusal else "1500"}
        body = (await all_.read(path, **told)).json()
        assert body["unavailable"] == [{"part": "indicators", **gap}]
        assert list(body) == ["exposure", "range", "offers", "cohorts", "unavailable"]
        required = await all_.read(f"{path}?require=indicators", **told)
        assert (required.status_code, required.json()["code"]) == (503, "overview-part-required")


async def test_a_certification_with_the_exposure_of_its_jobs(tmp_path: Path) -> None:
    read = json_answer({"rome": [{"code": "M1805", "label": "x"}, {"code": "M1810"}]})
    async with world(tmp_path, training=read, observatory=ok(b"{}"), diagnostic=None) as all_:
        body = (await all_.read("/v1/overviews/certifications/RNCP37873")).json()
        assert list(body) == ["certification", "continuity", "sessions", "jobs", "unavailable"]
        assert all_.asked("observatory") == ["/v1/exposure/jobs?codes=M1805%2CM1810"]
        assert all_.asked("training") == [
            "/v1/certifications/RNCP37873",
            "/v1/certifications/RNCP37873/continuity",
            f"/v1/search?certification=RNCP37873&{SESSIONS}",
        ]


async def test_a_certification_without_jobs_says_that_there_is_nothing_to_ask(
    tmp_path: Path,
) -> None:
    async with world(
        tmp_path, training=json_answer({"rome": []}), observatory=ok(b"{}"), diagnostic=None
    ) as all_:
        body = (await all_.read("/v1/overviews/certifications/RS6776")).json()
        assert body["unavailable"] == [
            {"part": "jobs", "reason": "not-applicable", "status": None, "retry_after": None}
        ]
        assert all_.asked("observatory") == []


async def test_what_exists_but_cannot_be_measured_is_a_gap_not_a_404(tmp_path: Path) -> None:
    unmeasured = problem(b"404 Not Found", "exposure-unmeasured")
    async with world(tmp_path, observatory=unmeasured, training=ok(b"{}"), diagnostic=None) as all_:
        answer = await all_.read("/v1/overviews/jobs/K1705")
        assert answer.status_code == 200
        assert answer.json()["unavailable"][0] == {
            "part": "exposure",
            "reason": "exposure-unmeasured",
            "status": 404,
            "retry_after": None,
        }


async def test_a_caller_without_the_scope_of_a_part_learns_it_without_the_service_being_asked(
    tmp_path: Path,
) -> None:
    async with world(
        tmp_path, observatory=ok(b"{}"), training=ok(b"{}"), diagnostic=ok(b"{}")
    ) as all_:
        body = (await all_.read("/v1/overviews/territories/59", "overviews:read")).json()
        assert body["unavailable"] == [
            {"part": "cohorts", "reason": "scope-missing", "status": 403, "retry_after": None}
        ]
        assert all_.asked("diagnostic") == []


async def test_only_the_parts_that_fields_name_are_asked_for_and_cut(tmp_path: Path) -> None:
    exposure = json_answer({"mean": 0.5, "code": "M1607", "ranges": [{"low": 1, "high": 2}]})
    async with world(tmp_path, observatory=exposure, training=ok(b"{}"), diagnostic=None) as all_:
        answer = await all_.read(
            "/v1/overviews/jobs/M1607?fields=exposure.mean,exposure.ranges.low,exposure.absent"
        )
        body = answer.json()
        assert list(body) == ["exposure", "unavailable"]
        assert body["exposure"]["data"] == {"mean": 0.5, "ranges": [{"low": 1}]}
        assert body["exposure"]["source"] == "observatory"
        assert all_.asked("observatory") == ["/v1/exposure/jobs/M1607"]
        assert all_.asked("training") == []
        sector = (await all_.read("/v1/overviews/sectors/62?fields=certifications")).json()
        assert list(sector) == ["certifications", "unavailable"], "read through the exposure"
        wrong = await all_.read("/v1/overviews/jobs/M1607?fields=exposure,weather,exposure..x")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "field-unknown")
        assert "weather, exposure..x" in wrong.json()["detail"]


async def test_a_part_that_the_caller_requires_fails_the_whole(tmp_path: Path) -> None:
    busy = problem(b"503 Service Unavailable", "busy").replace(
        b"content-type", b"retry-after: 7\r\ncontent-type", 1
    )
    async with world(tmp_path, observatory=ok(b"{}"), training=busy, diagnostic=None) as all_:
        path = "/v1/overviews/jobs/M1607"
        assert (await all_.read(f"{path}?require=exposure")).status_code == 200
        answer = await all_.read(f"{path}?require=exposure,sessions")
        assert (answer.status_code, answer.json()["code"]) == (503, "overview-part-required")
        assert "sessions: busy" in answer.json()["detail"]
        assert answer.headers["retry-after"] == "7"
        unknown = await all_.read(f"{path}?require=sessions&fields=exposure")
        assert (unknown.status_code, unknown.json()["code"]) == (400, "part-unknown")


def open_data(value: object, seconds: int) -> bytes:
    answer = json_answer(value)
    return answer.replace(
        b"content-type", b"cache-control: public, max-age=%d\r\ncontent-type" % seconds, 1
    )


async def test_open_data_may_be_kept_as_long_as_its_shortest_part(tmp_path: Path) -> None:
    short, long = open_data({}, 60), open_data({"a": 1}, 300)
    async with world(tmp_path, observatory=long, training=short, diagnostic=long) as all_:
        path = "/v1/overviews/jobs/M1607"
        first = await all_.read(path)
        assert first.headers["cache-control"] == "public, max-age=60"
        assert first.headers["vary"] == "Accept-Language"
        assert first.headers["etag"].startswith('W/"')
        again = await all_.read(path, **{"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = await all_.read(
            f"{path}?fields=exposure", **{"if-none-match": first.headers["etag"]}
        )
        assert other.status_code == 200
        english = {"if-none-match": first.headers["etag"], "accept-language": "en"}
        assert (await all_.read(path, **english)).status_code == 200


async def test_an_answer_with_a_gap_or_a_private_part_is_not_kept(tmp_path: Path) -> None:
    data = open_data({}, 300)
    async with world(tmp_path, observatory=data, training=None, diagnostic=data) as all_:
        job = await all_.read("/v1/overviews/jobs/M1607")
        assert job.headers["cache-control"] == "public, no-cache"
        territory = await all_.read("/v1/overviews/territories/59?fields=exposure,cohorts")
        assert territory.headers["cache-control"] == "private, no-store"
        public = await all_.read("/v1/overviews/territories/59?fields=exposure")
        assert public.headers["cache-control"] == "public, max-age=300"


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
        assert {gap["reason"] for gap in body["unavailable"]} == {"not-applicable"}
        assert body["certifications"]["basis"] == "region"
        assert all_.asked("observatory") == [f"/v1/exposure/territories/{territory}"]


async def test_a_service_that_is_not_configured_is_a_gap(tmp_path: Path) -> None:
    async with world(tmp_path, observatory=ok(b"{}")) as all_:
        body = (await all_.read("/v1/overviews/jobs/M1607")).json()
        assert body["unavailable"] == [
            {"part": part, "reason": "not-configured", "status": None, "retry_after": None}
            for part in ("certifications", "sessions", "calls")
        ]
