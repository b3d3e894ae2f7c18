"""The typed client, against the real application."""

import httpx
import pytest

from platformkit import auth
from platformkit.clients.base import PeerProblem
from platformkit.clients.observatory import ObservatoryClient
from tests import harness

DIAGNOSTIC = auth.Principal("gateway", "demo", "demo", "medef-hdf")


@pytest.fixture
def client(observatory: httpx.AsyncClient) -> ObservatoryClient:
    return ObservatoryClient(
        observatory, lambda: auth.mint(harness.GATEWAY_KEY, "gateway", "observatory", DIAGNOSTIC)
    )


async def test_jobs_are_read_in_one_request(
    client: ObservatoryClient, observatory: httpx.AsyncClient
) -> None:
    paths: list[str] = []

    async def note(request: httpx.Request) -> None:
        paths.append(request.url.path)

    observatory.event_hooks["request"].append(note)
    found = await client.job_exposures(["M1607", "K1701", "E1105"])
    observatory.event_hooks["request"].remove(note)
    assert {job.code: job.grade and job.grade.code for job in found.items} == {
        "E1105": None,
        "M1607": "gradient_3",
    }
    assert found.unknown == ("K1701",)
    assert paths == ["/v1/exposure/jobs"]
    assert (await client.job_exposures([])).items == ()


async def test_a_job_is_read_with_its_ranges(client: ObservatoryClient) -> None:
    job = await client.job_exposure("M1805")
    assert job.mean == 0.55
    assert job.ranges.score.low < job.mean < job.ranges.score.high
    assert job.method.id == "ilo-2025"


async def test_a_sector_is_read(client: ObservatoryClient) -> None:
    sector = await client.sector_exposure("6201Z")
    assert (sector.code, sector.basis.code, sector.basis.exact) == ("62.01Z", "62", False)
    assert sector.rank.of == 85
    assert len(sector.grades) == 6
    assert sector.top_jobs[0].code == "M1805"
    assert sector.top_jobs[0].grade is not None


async def test_a_territory_is_read(client: ObservatoryClient) -> None:
    territory = await client.territory_exposure("32")
    assert (territory.id, round(territory.mean, 3)) == ("R32", 0.303)
    assert territory.comparison.difference < 0
    assert territory.top_families[0].code == "L2Z"
    assert territory.uncertainty.interval.low < territory.mean


@pytest.mark.parametrize(
    ("code", "problem"), [("R99", "code-unknown"), ("Lille/../x", "route-unknown")]
)
async def test_an_unknown_code_is_a_problem_of_the_peer(
    client: ObservatoryClient, code: str, problem: str
) -> None:
    with pytest.raises(PeerProblem) as refusal:
        await client.territory_exposure(code)
    assert (refusal.value.status, refusal.value.code) == (404, problem)
