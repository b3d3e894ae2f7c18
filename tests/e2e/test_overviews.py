"""Overviews and the one search, as the running platform answers them."""

from typing import Any

import httpx
import pytest

from tests.e2e import partner
from tests.e2e.machine import Machine


def read(client: httpx.Client, path: str, **params: Any) -> dict[str, Any]:
    answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("jobs/M1607", ["exposure", "range", "mobilities", "certifications", "sessions", "calls"]),
        ("sectors/62.01Z", ["exposure", "range", "benchmark", "certifications", "calls"]),
        ("territories/D59", ["exposure", "range", "offers", "cohorts", "indicators"]),
        ("certifications/RNCP37873", ["certification", "continuity", "sessions", "jobs"]),
    ],
)
def test_an_overview_is_whole(machine: Machine, path: str, parts: list[str]) -> None:
    with machine.client() as client:
        body = read(client, f"/v1/overviews/{path}")
        assert body.pop("unavailable") == []
        assert list(body) == parts
        for part in body.values():
            alone = read(client, part["href"])
            assert alone.keys() == part["data"].keys(), part["href"]
    first = body[parts[0]]["data"]
    if "exposure" in body:
        assert first["reading"].startswith("Lecture")


def test_a_sector_leads_to_the_certifications_of_its_exposed_jobs(machine: Machine) -> None:
    with machine.client() as client:
        body = read(client, "/v1/overviews/sectors/62", fields="certifications.items.title")
    assert body["certifications"]["data"]["items"], "developers have certifications of their own"
    assert "rome=M1805" in body["certifications"]["href"]


def test_a_code_that_nobody_has_is_404(machine: Machine) -> None:
    with machine.client() as client:
        for path in ("jobs/A9999", "sectors/98.99Z", "territories/ZZZ", "certifications/RS9"):
            answer = client.get(f"/v1/overviews/{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "overview-subject-unknown")


def test_a_company_with_its_diagnostic_has_every_part(machine: Machine) -> None:
    with machine.client() as client:
        assessment = partner.filled(client)
        written = client.get(f"/v1/diagnostic/assessments/{assessment}").raise_for_status()
        submitted = client.post(f"/v1/diagnostic/assessments/{assessment}/submit")
        assert submitted.status_code == 200, submitted.text
        made = client.post(f"/v1/diagnostic/assessments/{assessment}/roadmap")
        assert made.status_code in {200, 201}, made.text
        organisation = written.json()["organisation_id"]
        body = read(client, f"/v1/overviews/organisations/{organisation}")
        assert body["unavailable"] == []
        assert body["roadmap"]["data"]["actions"]
        assert body["benchmark"]["data"]["status"] == "insufficient_peers"
        assert body["funding"]["data"]["organisation_id"] == organisation
        assert body["calls"]["data"]["organisation_id"] == organisation
        assert body["sector"]["data"]["code"] == "25.62B"


JUDGED = [
    ("comptable", "jobs", "M1203"),
    ("developpeur web", "jobs", "M1855"),
    ("data scientiste", "jobs", "M1405"),
    ("M1607", "jobs", "M1607"),
    ("RNCP37873", "certifications", "RNCP37873"),
    ("rs 6776", "certifications", "RS6776"),
    ("intelligence artificielle générative", "certifications", None),
    ("programmation informatique", "sectors", "62"),
    ("Béthune", "territories", "ZE3205"),
    ("exposition territoire", "indicators", "EXPOSURE_TERRITORY"),
    ("cybersécurité", "opportunities", "BPI-DIAG-CYBER"),
]
"""A question, and what must be among the first five of the whole; judged before any tuning."""


def test_one_search_finds_what_people_look_for_in_any_service(machine: Machine) -> None:
    missed = []
    with httpx.Client(base_url=machine.door, timeout=20) as nobody:
        for asked, kind, code in JUDGED:
            body = read(nobody, "/v1/search", q=asked)
            assert body["unavailable"] == []
            first = [(hit["kind"], hit["code"]) for hit in body["items"][:5]]
            if not any(kind == its and code in (None, own) for its, own in first):
                missed.append((asked, first))
            counted = {one["kind"]: one["count"] for one in body["kinds"]}
            for its, count in counted.items():
                alone = read(nobody, "/v1/search", q=asked, kind=its, limit=50)
                assert alone["kinds"][0]["count"] == count
                assert len(alone["items"]) == min(50, count)
    assert missed == []


def test_the_hits_lead_somewhere(machine: Machine) -> None:
    with httpx.Client(base_url=machine.door, timeout=20) as nobody:
        body = read(nobody, "/v1/search", q="informatique", limit=50)
        seen = {hit["kind"]: hit["href"] for hit in body["items"]}
        assert len(seen) >= 3
        for href in seen.values():
            assert nobody.get(href).status_code == 200, href
        for kind in body["kinds"]:
            assert nobody.get(kind["href"]).status_code == 200, kind["href"]
