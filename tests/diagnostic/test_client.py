"""The typed client, playing a company's whole journey against the real application."""

from typing import Any
from uuid import UUID

import pytest

from platformkit import auth
from platformkit.clients.base import PeerProblem
from platformkit.clients.diagnostic import DiagnosticClient
from tests import harness
from tests.diagnostic.acting import Acting, company, plain_value, siren


@pytest.fixture
def client(whole: Acting) -> DiagnosticClient:
    caller = auth.Principal("gateway", "demo", "demo", "medef-hdf", scopes=harness.ALL_SCOPES)
    return DiagnosticClient(
        whole.http,
        lambda: auth.mint(harness.GATEWAY_KEY, "gateway", "diagnostic", caller),
        seconds=30,
    )


async def test_a_company_goes_from_its_siren_to_its_report(
    client: DiagnosticClient, whole: Acting, mia: dict[str, Any]
) -> None:
    me = await client.register(company(), key=siren())
    assert await client.by_siren(me.siren) == me
    cohort = await whole.cohort()
    days = [one.starts_on for one in await client.cohorts()]
    assert days == sorted(days)  # the next ones: other tests have opened many
    assert days
    cohort_id = UUID(cohort["id"])
    seat = await client.enrol(cohort_id, me.id, key=siren())
    assert (seat.status, seat.seat_no) == ("confirmed", 1)

    grid = (await client.questionnaire("MIA"))["content"]
    questions = {one["code"]: one for one in grid["questions"]}
    started = await client.start(me.id, "MIA", cohort_id=cohort_id, key=siren())
    while missing := (await client.assessment(started.id)).progress.missing:
        for code in missing:
            assert await client.answer(started.id, code, plain_value(questions[code])) == 1
    key = siren()
    score = await client.submit(started.id, key)
    assert await client.submit(started.id, key) == score == await client.score(started.id)
    assert score.complete
    assert {one.code for one in score.dimensions} == {one["code"] for one in grid["dimensions"]}
    assert sum(one.contribution for one in score.explanation.questions) == pytest.approx(
        score.score, abs=0.2
    )

    roadmap = await client.make_roadmap(started.id, key=siren())
    assert roadmap.unavailable == ()
    assert await client.roadmap(started.id) == roadmap
    assert any(one.certifications for one in roadmap.actions)
    assert any(one.funding for one in roadmap.actions)
    assert (await client.report(started.id)).startswith(b"%PDF-")
    assert (await client.report(started.id, "en")) != await client.report(started.id)
    summary = await client.summary(me.id)
    assert summary["assessment"]["score"] == score.score
    assert summary["seat"]["seat_no"] == 1


async def test_a_refusal_comes_with_its_code(client: DiagnosticClient) -> None:
    with pytest.raises(PeerProblem) as refusal:
        await client.register(company(siren="1"))
    assert (refusal.value.status, refusal.value.code) == (422, "invalid")
    assert await client.by_siren(siren()) is None


async def test_a_stale_answer_is_refused(client: DiagnosticClient) -> None:
    me = await client.register(company())
    started = await client.start(me.id, "MIA", milestone="ad_hoc")
    first = started.questions[0]
    assert await client.answer(started.id, "STR1", "o1") == 1
    with pytest.raises(PeerProblem) as refusal:
        await client.answer(started.id, "STR1", "o2", version=first.version)
    assert refusal.value.status == 412
    assert await client.answer(started.id, "STR1", "o2", version=1) == 2
