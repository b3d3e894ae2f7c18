"""One request, one trace: from the door to the SQL, in spans, logs and problems alike."""

import asyncio
import re
import subprocess
import sys
import time
from statistics import median
from uuid import uuid4

import asyncpg
import httpx
import pytest

from tests.e2e import partner
from tests.e2e.machine import ROOT, Machine
from tests.e2e.sink import SeenSpan, Sink

SERVER, CLIENT = 2, 3


def tree_of(spans: list[SeenSpan]) -> SeenSpan:
    """Give the only root; every other span has its parent among the spans."""
    known = {span.span_id for span in spans}
    assert [span for span in spans if span.parent_id and span.parent_id not in known] == []
    (root,) = (span for span in spans if not span.parent_id)
    return root


def test_a_write_is_one_trace_from_the_door_to_the_sql(machine: Machine, sink: Sink) -> None:
    with machine.client() as client:
        answer = client.get("/v1/diagnostic/organisations")
    assert answer.status_code == 200, answer.text
    spans = sink.trace(partner.trace_of(answer), services={"gateway", "diagnostic"})
    root = tree_of(spans)
    assert (root.service, root.kind) == ("gateway", SERVER)
    assert root.attributes["http.response.status_code"] == 200
    by_id = {span.span_id: span for span in spans}
    (server,) = (span for span in spans if (span.service, span.kind) == ("diagnostic", SERVER))
    assert by_id[server.parent_id].service == "gateway"
    queries = [span for span in spans if "postgresql" in span.attributes.values()]
    assert queries
    assert {span.service for span in queries} == {"diagnostic"}
    assert all(span.kind == CLIENT for span in queries)


def test_a_fan_out_is_one_trace_through_every_service(machine: Machine, sink: Sink) -> None:
    with machine.client() as client:
        organisation = partner.register(client)
        answer = client.get(f"/v1/overviews/organisations/{organisation['id']}")
    assert answer.status_code == 200, answer.text
    wanted = {"gateway", "diagnostic", "observatory"}
    spans = sink.trace(partner.trace_of(answer), services=wanted)
    assert wanted <= {span.service for span in spans}
    assert tree_of(spans).service == "gateway"


def test_span_names_hold_no_identifier_and_attributes_no_old_name(
    machine: Machine, sink: Sink
) -> None:
    with machine.client() as client:
        organisation = partner.register(client)
        answer = client.get(f"/v1/diagnostic/organisations/{organisation['id']}")
    spans = sink.trace(partner.trace_of(answer), services={"gateway", "diagnostic"})
    old = {"http.method", "http.url", "http.target", "http.status_code", "db.statement"}
    for span in spans:
        assert organisation["id"] not in span.name
        assert not old & set(span.attributes)
    servers = [span for span in spans if span.kind == SERVER]
    assert len(servers) == 2
    for span in servers:
        assert "{organisation_id}" in str(span.attributes["http.route"])


def test_no_secret_and_no_personal_data_is_exported(machine: Machine, sink: Sink) -> None:
    with machine.client() as client:
        organisation = partner.register(client)
        token = client.headers["authorization"].removeprefix("Bearer ")
        answer = client.get("/v1/diagnostic/organisations", params={"siren": organisation["siren"]})
    spans = sink.trace(partner.trace_of(answer), services={"gateway", "diagnostic"})
    assert spans
    told = " ".join(str(value) for span in sink.spans for value in span.attributes.values())
    logs = "".join(
        (machine.data / "logs" / f"{service}.log").read_text() for service in machine.ports
    )
    secret = (machine.data / "secrets" / "demo-client.secret").read_text()
    for canary in (organisation["siren"], organisation["name"], token, secret):
        assert canary not in told
        assert canary not in logs


def test_a_profile_is_neither_logged_nor_traced_nor_stored(machine: Machine, sink: Sink) -> None:
    """Acceptance case H13: whoever asks which training suits them leaves no trace of themselves."""
    point, unknown = 50.623457, "7654321"
    profile = {
        "job": "M1607",
        "targets": ["M1604"],
        "constraints": {"place": {"latitude": point, "longitude": 3.057301}},
    }
    with machine.client() as client:
        address = "/v1/training/recommendations"
        answer = client.post(address, json=profile, headers={"idempotency-key": str(uuid4())})
        assert answer.status_code == 200, answer.text
        skills = [{"skill": unknown, "level": 1}]
        refused = client.post(address, json={**profile, "held": skills})
        assert refused.status_code == 422, refused.text
    for each in (answer, refused):
        assert sink.trace(partner.trace_of(each), services={"gateway", "training"})
    told = " ".join(str(value) for span in sink.spans for value in span.attributes.values())
    logs = "".join(path.read_text() for path in machine.data.rglob("*.log"))
    stored = asyncio.run(_stored(machine.admin_dsn(), str(point), unknown))
    for canary in (str(point), unknown):
        assert canary not in told
        assert canary not in logs
    assert stored == []


async def _stored(dsn: str, *canaries: str) -> list[str]:
    """Name the tables in a row of which one of the texts stands."""
    connection = await asyncpg.connect(dsn)
    tables = await connection.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    assert len(tables) > 50
    found = [
        row["name"]
        for row in tables
        if await connection.fetchval(
            f"SELECT EXISTS (SELECT FROM {row['name']} t WHERE t::text LIKE ANY($1))",
            [f"%{one}%" for one in canaries],
        )
    ]
    await connection.close()
    return found


def test_problem_span_and_logs_carry_the_same_trace_id(machine: Machine, sink: Sink) -> None:
    with machine.client() as client:
        answer = client.get(f"/v1/diagnostic/organisations/{uuid4()}")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    trace = partner.trace_of(answer)
    assert answer.json()["trace_id"] == trace
    spans = sink.trace(trace, services={"gateway", "diagnostic"})
    assert {span.service for span in spans} == {"gateway", "diagnostic"}
    for service in ("gateway", "diagnostic"):
        lines = machine.traced(service, trace)
        known = {span.span_id for span in spans}
        assert {line["span_id"] for line in lines if "span_id" in line} <= known


def test_a_strangers_trace_is_not_continued(machine: Machine, sink: Sink) -> None:
    forged = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = httpx.get(
        f"{machine.door}/v1/diagnostic/organisations",
        headers={"traceparent": f"00-{forged}-00f067aa0ba902b7-00", "baggage": "tenant=other"},
        timeout=10,
    )
    assert answer.status_code == 401
    assert answer.json()["trace_id"] != forged
    assert partner.trace_of(answer) != forged
    assert sink.trace(partner.trace_of(answer), services={"gateway"})


def test_the_whole_main_job_is_one_trace(machine: Machine, sink: Sink) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "deploy.demo"],
        cwd=machine.home,
        env=machine.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (trace,) = re.findall(r"[0-9a-f]{32}", ran.stdout)
    everybody = {"demo", "gateway", "diagnostic", "training", "observatory"}
    spans = sink.trace(trace, services=everybody)
    assert {span.service for span in spans} == everybody
    root = tree_of(spans)
    assert (root.service, root.name) == ("demo", "the main job")
    doors = [span for span in spans if (span.service, span.kind) == ("gateway", SERVER)]
    assert len(doors) > 30  # every request of the journey, one answer each
    assert (machine.home / "reports").exists()


def test_with_the_collector_gone_nothing_slows_or_fails(machine: Machine, sink: Sink) -> None:
    sink.close()
    try:
        with machine.client() as client:
            took = []
            for _ in range(30):
                begun = time.monotonic()
                assert client.get("/v1/diagnostic/organisations").status_code == 200
                took.append(time.monotonic() - begun)
                time.sleep(0.04)  # let exports of spans and of metrics fail meanwhile
        assert median(took) < 1  # an export is waited for that long
    finally:
        sink.reopen()
    with machine.client() as client:
        answer = client.get("/v1/diagnostic/organisations")
    assert sink.trace(partner.trace_of(answer), services={"gateway", "diagnostic"})


@pytest.mark.parametrize("service", ["gateway", "diagnostic", "training", "observatory"])
def test_every_line_of_every_log_is_json_without_a_message_of_an_exception(
    machine: Machine, service: str
) -> None:
    for line in machine.log(service):
        assert {"at", "level", "service", "message"} <= set(line)
        assert line["service"] == service
