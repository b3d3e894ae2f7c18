"""The typed client, against the real application."""

import httpx
import pytest

from platformkit import auth
from platformkit.clients.base import PeerProblem, PeerUnavailable
from platformkit.clients.training import Certification, TrainingClient
from tests import harness
from tests.training.conftest import Enter

DIAGNOSTIC = auth.Principal("gateway", "demo", "demo", "medef-hdf")


@pytest.fixture
async def client(training: httpx.AsyncClient) -> TrainingClient:
    return TrainingClient(
        training, lambda: auth.mint(harness.GATEWAY_KEY, "gateway", "training", DIAGNOSTIC)
    )


async def test_numbers_are_read_in_whatever_state(client: TrainingClient) -> None:
    found = await client.certifications(["RS5000", "rncp 37674", "RNCP1"])
    assert {one.number: one.title.en for one in found} == {
        "RS5000": "Using blockchain in application development",
        "RNCP37674": "Web and mobile web developer",
    }
    assert await client.certifications([]) == []


async def test_a_roadmap_gets_its_active_certifications_in_one_request(
    client: TrainingClient, training: httpx.AsyncClient, enter: Enter
) -> None:
    requests: list[str] = []

    async def note(request: httpx.Request) -> None:
        requests.append(request.url.path)

    training.event_hooks["request"].append(note)
    wanted = await enter(editorial={"themes": ["cybersecurity"]})
    ended = await enter(editorial={"themes": ["cybersecurity"]}, registration_end="2020-06-01")
    found = await client.search(themes=["cybersecurity"], numbers=["RNCP37827", ended], limit=200)
    numbers = {one.number for one in found}
    assert {wanted, "RNCP37827"} <= numbers
    assert not {ended, "RS5568"} & numbers
    assert {one.state for one in found} == {"active"}
    assert requests == ["/v1/certifications"]
    assert len(await client.search(themes=["cybersecurity", "governance"], limit=2)) == 2


async def test_what_has_ended_leads_to_what_one_may_enrol_in_else_to_what_follows_it(
    client: TrainingClient, enter: Enter
) -> None:
    last = await enter()
    middle = await enter(registration_end="2022-01-01", successors=[last])
    first = await enter(registration_end="2021-01-01", successors=[middle])
    lost = await enter(registration_end="2021-01-01", successors=["RS88888"])
    assert (await client.continuity(first)).successors == (last,)
    assert (await client.continuity(lost)).successors == ("RS88888",)


async def test_a_search_may_be_narrowed_to_the_young(client: TrainingClient) -> None:
    found = await client.search(themes=["cybersecurity"], audience="young", limit=200)
    assert "RNCP37488" in {one.number for one in found}
    assert all("young" in one.editorial.audience for one in found)


async def test_a_job_gives_its_active_certifications(client: TrainingClient) -> None:
    found = await client.by_rome("M1805")
    assert "RNCP37873" in {one.number for one in found}
    assert "RNCP35419" not in {one.number for one in found}  # ended on 2026-03-17


async def test_a_refusal_is_a_problem_with_its_code(client: TrainingClient) -> None:
    with pytest.raises(PeerProblem) as refused:
        await client.certifications(["nonsense"])
    assert (refused.value.status, refused.value.code) == (422, "certification-number-invalid")


async def test_without_a_peer_the_service_is_unavailable() -> None:
    with pytest.raises(PeerUnavailable):
        await TrainingClient(None, str).search(themes=["data"])


def test_the_reader_tolerates_fields_that_it_does_not_know() -> None:
    body = {
        "number": "RS1",
        "directory": "RS",
        "title": {"fr": "Titre", "de": "Titel"},
        "level": None,
        "state": "active",
        "registration_end": None,
        "delivery_limit": None,
        "editorial": {"themes": ["a-theme-of-tomorrow"]},
        "source": {"kind": "official_feed", "url": "https://example.org/"},
        "new": 1,
    }
    assert Certification.model_validate(body).editorial.themes == ("a-theme-of-tomorrow",)
