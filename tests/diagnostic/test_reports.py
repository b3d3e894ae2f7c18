"""The report over HTTP: the same diagnostic, the same bytes, in both languages."""

import hashlib
import io
from fractions import Fraction
from typing import Any

import httpx
import pypdf
import pytest

from tests import harness
from tests.conftest import AsClient
from tests.diagnostic.acting import BASE, Acting

pytestmark = pytest.mark.usefixtures("mini_ia")


@pytest.fixture(scope="module")
async def delivered(whole: Acting, mia: dict[str, Any]) -> str:
    """Submit the shipped grid with its roadmap, for a company with an awkward name."""
    organisation = await whole.organisation(name="Œuvre & Fils #1 [test] $x$")
    started = await whole.assessment("MIA", organisation_id=organisation["id"])
    await whole.answer_visible(started["id"], mia)
    await whole.post(f"/v1/assessments/{started['id']}/submit")
    assert (await whole.post(f"/v1/assessments/{started['id']}/roadmap")).status_code == 201
    return f"/v1/assessments/{started['id']}"


async def test_the_same_diagnostic_gives_the_same_bytes(whole: Acting, delivered: str) -> None:
    first, second = [await whole.get(f"{delivered}/report.pdf") for _ in range(2)]

    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    assert first.headers["content-disposition"].startswith('attachment; filename="diagnostic-ia-fr')
    assert hashlib.sha256(first.content).digest() == hashlib.sha256(second.content).digest()
    unchanged = await whole.get(
        f"{delivered}/report.pdf", **{"if-none-match": first.headers["etag"]}
    )
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_the_report_says_what_the_score_and_the_roadmap_say(
    whole: Acting, delivered: str
) -> None:
    score = (await whole.get(f"{delivered}/score")).json()
    roadmap = (await whole.get(f"{delivered}/roadmap")).json()
    body = (await whole.get(f"{delivered}/report.json")).json()
    pdf = pypdf.PdfReader(io.BytesIO((await whole.get(f"{delivered}/report.pdf")).content))
    text = "\n".join(page.extract_text() for page in pdf.pages)

    assert (body["score"], body["level"]) == (score["score"], score["level"]["title"])
    assert body["result_hash"] == score["result_hash"]
    assert [one["title"] for one in body["actions"]] == [
        one["title"] for one in roadmap["actions"][:5]
    ]
    assert body["more_actions"] == [one["title"] for one in roadmap["actions"][5:]]
    assert body["score_after"] == roadmap["score"]["after_first"]
    assert body["unavailable"] == []
    cited = [one["number"] for action in body["actions"] for one in action["certifications"]]
    assert cited
    assert str(score["score"]).replace(".", ",") in text
    assert "Œuvre & Fils #1 [test] $x$" in text
    assert all(number in text for number in cited)


async def test_the_report_speaks_english_too(whole: Acting, delivered: str) -> None:
    french, english = [
        await whole.get(f"{delivered}/report.pdf", **{"accept-language": language})
        for language in ("fr", "en")
    ]
    assert french.headers["etag"] != english.headers["etag"]
    languages = [
        pypdf.PdfReader(io.BytesIO(one.content)).root_object["/Lang"] for one in (french, english)
    ]
    assert [str(one)[:2] for one in languages] == ["fr", "en"]


FORMATS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


@pytest.mark.parametrize("ending", FORMATS)
async def test_x1_every_format_is_stable_named_and_in_its_language(
    whole: Acting, delivered: str, ending: str
) -> None:
    path = f"{delivered}/report.{ending}"
    first, second = [await whole.get(path) for _ in range(2)]
    assert (first.status_code, first.headers["content-type"]) == (200, FORMATS[ending])
    assert hashlib.sha256(first.content).digest() == hashlib.sha256(second.content).digest()
    assert first.headers["content-language"] == "fr"
    assert first.headers["cache-control"] == "private, no-cache"
    assert "Accept-Language" in first.headers["vary"]
    unchanged = await whole.get(path, **{"if-none-match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    english = await whole.get(path, **{"accept-language": "en"})
    assert english.headers["content-language"] == "en"
    assert english.headers["etag"] != first.headers["etag"]
    assert english.content != first.content
    if ending != "json":
        name = f"diagnostic-ia-fr-{delivered.rpartition('/')[2]}.{ending}"
        how = "inline" if ending == "html" else "attachment"
        assert first.headers["content-disposition"] == f'{how}; filename="{name}"'


async def test_the_page_may_load_nothing_but_its_own_style(whole: Acting, delivered: str) -> None:
    page = await whole.get(f"{delivered}/report.html")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("ending", FORMATS)
async def test_a_report_is_for_its_own_tenant_and_readers(
    acting: Acting, stranger: Acting, service: httpx.AsyncClient, as_client: AsClient, ending: str
) -> None:
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/report.{ending}"
    assert (await acting.get(path)).status_code == 200
    refused = await stranger.get(path)
    assert (refused.status_code, refused.json()["code"]) == (404, "assessment-unknown")
    assert (await service.get(path, headers=harness.anonymous("diagnostic"))).status_code == 401
    writer = as_client("diagnostic", scopes={"diagnostic:write"})
    assert (await service.get(path, headers=writer)).status_code == 403


async def test_the_facilitator_of_its_cohort_reads_the_report_while_it_stands(
    acting: Acting, service: httpx.AsyncClient, as_client: AsClient
) -> None:
    scopes = {"diagnostic:read", "diagnostic:write"}
    company = Acting(service, as_client("diagnostic", tenant="sme-reports", scopes=scopes))
    cohort = await acting.cohort()
    organisation_id = (await company.organisation())["id"]
    seats = f"/v1/cohorts/{cohort['id']}/enrolments"
    assert (await company.post(seats, {"organisation_id": organisation_id})).status_code == 201
    started = await company.submitted(BASE, organisation_id=organisation_id, cohort_id=cohort["id"])
    path = f"/v1/assessments/{started['id']}"
    assert (await acting.get(f"{path}/report.pdf")).status_code == 200
    assert (await acting.post(f"{path}/share-links", {})).status_code == 404
    assert (await acting.post(f"/v1/cohorts/{cohort['id']}/cancel")).status_code == 200
    assert (await acting.get(f"{path}/report.pdf")).status_code == 404


async def test_the_annex_tells_the_answers_that_were_scored(acting: Acting) -> None:
    started = await acting.submitted(BASE)
    body = (await acting.get(f"/v1/assessments/{started['id']}/report.json")).json()
    assert {one["code"]: one["answer"] for one in body["parts"]}["Q1"] == "Deux"
    assert sum(Fraction(one["contribution_exact"]) for one in body["parts"]) == Fraction(865, 12)
    assert (body["exact"], body["revision"], body["being_amended"]) == ("865/12", 1, False)


async def test_targets_and_confidence_come_into_the_report(acting: Acting) -> None:
    started = await acting.assessment()
    sure = {"state": "answered", "value": "o2", "confidence": 4}
    await acting.answer_all(started["id"], {**BASE, "Q1": sure})
    path = f"/v1/assessments/{started['id']}"
    assert (await acting.post(f"{path}/submit")).status_code == 200
    aims = {"dimensions": {"STR": {"score": 80}}}
    assert (await acting.send("PUT", f"{path}/targets", aims, '"0"')).status_code == 200
    body = (await acting.get(f"{path}/report.json")).json()
    assert (body["axes"][0]["target"], body["axes"][0]["gap"]) == (80, 5)
    assert [one["confidence"] for one in body["parts"]][:2] == [4, None]


async def test_there_is_no_report_before_the_submission(acting: Acting) -> None:
    started = await acting.assessment()
    for ending in FORMATS:
        response = await acting.get(f"/v1/assessments/{started['id']}/report.{ending}")
        assert (response.status_code, response.json()["code"]) == (409, "assessment-not-submitted")


async def test_a_report_without_roadmap_shows_the_score_alone(acting: Acting) -> None:
    started = await acting.submitted(BASE)
    body = (await acting.get(f"/v1/assessments/{started['id']}/report.json")).json()
    assert (body["score"], body["actions"], body["unavailable"]) == (72.1, [], [])


async def test_certifications_that_were_missing_are_asked_for_again(
    acting: Acting, whole: Acting, mia: dict[str, Any]
) -> None:
    started = await acting.assessment("MIA")
    await acting.answer_visible(started["id"], mia)
    path = f"/v1/assessments/{started['id']}"
    await acting.post(f"{path}/submit")
    await acting.post(f"{path}/roadmap")  # training is down

    without = (await acting.get(f"{path}/report.json")).json()
    later = (await whole.get(f"{path}/report.json")).json()

    assert without["unavailable"] == ["certifications"]
    assert not any(one["certifications"] for one in without["actions"])
    assert later["unavailable"] == []
    assert any(one["certifications"] for one in later["actions"])


async def test_a_name_that_no_font_can_draw_does_not_cost_the_report(acting: Acting) -> None:
    organisation = await acting.organisation(name="Nova 🚀 漢字")
    started = await acting.submitted(BASE, organisation_id=organisation["id"])
    path = f"/v1/assessments/{started['id']}"
    answer = await acting.get(f"{path}/report.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pdf = pypdf.PdfReader(io.BytesIO(answer.content))
    assert "Nova □ □□" in pdf.pages[0].extract_text()
    assert (await acting.get(f"{path}/report.json")).json()["organisation"] == "Nova 🚀 漢字"
