"""The impact study: nothing in it is without its figure, and each is followed to its source."""

import hashlib
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from observatory.study import rules, texts
from observatory.study.html import html
from observatory.study.pdf import pdf
from observatory.study.schemas import Study
from tests.observatory import studying
from tests.observatory.studying import here, numbers, read, section, statements, text

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
STUDIES = ("territories/R32", "sectors/62", "sectors/G", "jobs/M1607")


@pytest.fixture(scope="module")
async def studies(observatory: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    return {path: await read(observatory, path) for path in STUDIES}


async def shown(client: httpx.AsyncClient, figure: dict[str, Any]) -> dict[str, Any]:
    """Request a figure by its address, and give what is there under the names of the study."""
    answer = await client.get(here(figure["data"]))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    if figure["kind"] == "sum":
        (group,) = body["groups"]
        return {"value": group["value"]}
    (row,) = body["observations"]
    names = {"low": "CI_LOW", "high": "CI_HIGH", "value": "OBS_VALUE", "status": "OBS_STATUS"}
    names |= {name: name.upper() for name in ("numerator", "denominator")}
    return {name: row[column] for name, column in names.items() if column in row}


@pytest.mark.parametrize("path", ["territories/R32", "sectors/62", "jobs/M1607"])
async def test_each_figure_of_a_study_is_what_its_address_gives(
    observatory: httpx.AsyncClient, studies: dict[str, dict[str, Any]], path: str
) -> None:
    study = studies[path]
    assert len(study["figures"]) > 10
    for figure in study["figures"]:
        found = await shown(observatory, figure)
        assert found.items() <= figure.items(), figure["data"]
    cited = {name for each in statements(study) for name in each["figures"]}
    assert cited == {each["id"] for each in study["figures"]}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", STUDIES)
async def test_a_text_says_no_number_that_is_not_of_its_figures(
    observatory: httpx.AsyncClient, path: str, language: str
) -> None:
    study = await read(observatory, path, language)
    assert study["language"] == language
    constant = {1.0, 4.0, 0.0, 95.0, 100.0}
    for statement in statements(study):
        allowed = list(studying.said(study, statement))
        for number in numbers(statement["text"], language):
            near = any(abs(number - each) <= 0.051 for each in allowed)
            whole = any(abs(number - each) <= 0.51 for each in allowed if abs(each) > 100)
            assert near or whole or number in constant, statement["text"]


async def test_a_statement_is_followed_to_release_formula_and_source_file(
    observatory: httpx.AsyncClient, studies: dict[str, dict[str, Any]]
) -> None:
    """Done means: a statement down to its figure, release, formula and source file."""
    study = studies["sectors/62"]
    releases = {each["id"]: each for each in study["releases"]}
    figures = {each["id"]: each for each in study["figures"]}
    statement = section(study, "people")["statements"][0]
    figure = figures[statement["figures"][0]]
    traced = (await observatory.get(here(figure["provenance"]))).json()
    assert traced["figure"]["value"] == figure["value"]
    release = releases[figure["release"]]
    assert release["ordinal"] == traced["release"]["ordinal"]
    assert release["formula"] == traced["method"]["formula"]
    told = (await observatory.get(here(release["address"]))).json()
    assert told["id"] == traced["release"]["id"]
    assert told["published_at"] == release["published_at"]
    files = {file["name"]: file["sha256"] for each in release["origins"] for file in each["files"]}
    assert files
    for sheet in {each["sheet"] for each in study["figures"]}:
        assert (await observatory.get(here(sheet))).status_code == 200, sheet
    for each in study["figures"]:
        assert each["release"] in releases
        if each["kind"] == "observation":
            assert (await observatory.get(here(each["provenance"]))).status_code == 200
        else:
            cells = (await observatory.get(here(each["cells"]))).json()["observations"]
            assert sum(cell["OBS_VALUE"] for cell in cells) == pytest.approx(each["value"])
    if DATA.exists():
        there = [each for each in (DATA / "ilo-genai-isco08-2025").iterdir() if each.name in files]
        assert there
        for each in there:
            assert files[each.name] == hashlib.sha256(each.read_bytes()).hexdigest()


async def test_the_people_of_a_study_add_up_to_the_aggregates(
    observatory: httpx.AsyncClient, studies: dict[str, dict[str, Any]]
) -> None:
    asked = "/v1/indicators/{}/aggregate.json?function=sum&{}"
    for path, indicator, chosen in (
        ("territories/R32", "EMPLOYMENT", "c[REF_AREA]=R32"),
        ("sectors/62", "HIRES", "c[ACTIVITY]=62"),
    ):
        people = [
            each
            for each in statements(studies[path])
            if each["template"] in {"exposed", "class-people"}
        ]
        figures = {each["id"]: each for each in studies[path]["figures"]}
        whole, *classes = [figures[each["figures"][0]] for each in people]
        parts = sum(each["numerator"] for each in classes)
        assert parts == pytest.approx(whole["numerator"], rel=1e-3), "gradients 1 to 4"
        coverage = next(
            figures[each["figures"][0]]
            for each in statements(studies[path])
            if each["template"] == "coverage"
        )
        group = (await observatory.get(asked.format(indicator, chosen))).json()["groups"][0]
        assert group["value"] == coverage["denominator"]
        assert coverage["numerator"] == pytest.approx(whole["denominator"], rel=1e-4)


async def test_a_strong_or_weak_point_is_the_published_rule_on_published_figures(
    observatory: httpx.AsyncClient, studies: dict[str, dict[str, Any]]
) -> None:
    study = studies["sectors/62"]
    figures = {each["id"]: each for each in study["figures"]}
    ranked = [each for each in statements(study) if each["template"] == "rank"]
    assert ranked
    for statement in ranked:
        own, rank = figures[statement["figures"][0]], statement["rank"]
        rows = (await observatory.get(here(rank["comparables"]))).json()["observations"]
        values = [each["OBS_VALUE"] for each in rows]
        assert (len(values), sum(each < own["value"] for each in values) + 1) == (
            rank["of"],
            rank["position"],
        )
        found = rules.standing(own["value"], own["low"] or own["value"], own["high"] or 1, values)
        assert (found.median, found.verdict) == (rank["median"], rank["verdict"])
    assert section(study, "weaknesses")["statements"], "one of the most exposed sectors"
    published = (await observatory.get(here(study["rules"]["address"]))).json()
    assert published["thresholds"]["outer_share"] == rules.OUTER
    known = {each["id"] for each in published["templates"]}
    assert {each["template"] for each in statements(study)} <= known == set(texts.TEMPLATES)
    assert section(study, "strengths")["absent"]["reason"] == texts.NOTHING.fr


async def test_the_region_has_its_weak_and_strong_families_with_their_people(
    observatory: httpx.AsyncClient, studies: dict[str, dict[str, Any]]
) -> None:
    index = (await observatory.get("/v1/studies")).json()
    region = (await observatory.get(here(index["region"]))).json()
    assert (region["code"], region["basis"]["exact"]) == ("R32", True)
    study = studies["territories/R32"]
    assert {each["template"] for each in section(study, "weaknesses")["statements"]} == {
        "family-exposed"
    }
    assert "family-spared" in {e["template"] for e in section(study, "strengths")["statements"]}
    assert "« Secrétariat »" in text(study)
    zone = await read(observatory, "territories/ZE3216")
    assert (zone["code"], zone["basis"]["code"], zone["basis"]["exact"]) == ("ZE3216", "R32", False)
    country = await read(observatory, "territories/FR")
    assert section(country, "problems")["absent"]["reason"], "no employment by job of a country"
    subclass = await read(observatory, "sectors/62.01Z")
    assert (subclass["basis"]["code"], text(subclass)) == ("62", text(studies["sectors/62"]))


async def test_a_job_leads_to_less_exposed_ones_that_recruit(
    observatory: httpx.AsyncClient,
    studies: dict[str, dict[str, Any]],
) -> None:
    study = studies["jobs/M1607"]
    figures = {each["id"]: each for each in study["figures"]}
    ways = section(study, "mobilities")["statements"]
    assert ways
    for each in ways:
        target, own, hires = (figures[name] for name in each["figures"])
        assert own["value"] - target["value"] >= rules.LESS
        assert (hires["kind"], hires["indicator"]) == ("sum", "HIRES")
        groups = (await observatory.get(here(each["rank"]["comparables"]))).json()["groups"]
        values = [group["value"] for group in groups]
        assert each["rank"]["median"] == median(values) <= hires["value"]
        assert (each["rank"]["of"], each["rank"]["verdict"]) == (len(values), None)
    assert len({each["figures"][2] for each in ways}) == len(ways), "one way to a job of ROME v3"


class Page(HTMLParser):
    """Notes what matters to who reads a page without seeing it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def of(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in tags]


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_the_page_says_the_same_and_can_be_read_by_everybody(
    observatory: httpx.AsyncClient, language: str
) -> None:
    study = await read(observatory, "sectors/62", language)
    answer = await observatory.get(f"/v1/studies/sectors/62.html?lang={language}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = Page(answer.text)
    assert page.of("html") == [{"lang": language}]
    assert len(page.of("h1")) == len(page.of("title")) == len(page.of("main")) == 1
    assert page.of("script", "img", "iframe", "form", "link") == []
    assert page.of("th")
    assert all(each["scope"] in {"col", "row"} for each in page.of("th"))
    assert len(page.of("table")) == len(page.of("caption"))
    ids = [each["id"] for _, each in page.tags if each.get("id")]
    assert len(ids) == len(set(ids))
    targets = [each["href"] or "" for each in page.of("a")]
    assert {each[1:] for each in targets if each.startswith("#")} <= set(ids)
    assert {each["data"] for each in study["figures"]} <= set(targets)
    told = " ".join("".join(page.said).split())
    for statement in statements(study):
        assert " ".join(statement["text"].split()) in told
    assert ("Skip to content" in told) == (language == "en")
    loose = re.findall(r" [:;»]|« ", "".join(page.said))
    assert loose == [], "a sign of French is bound to its word, and English has none"
    assert ("«" in told) == (language == "fr")


async def test_the_pdf_says_the_same_is_tagged_and_always_the_same_bytes(
    observatory: httpx.AsyncClient,
) -> None:
    study = await read(observatory, "jobs/M1607")
    answer = await observatory.get("/v1/studies/jobs/M1607.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content == pdf(Study.model_validate(study)), "made anew"
    document = PdfReader(io.BytesIO(answer.content))
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    words = "".join("".join(each.extract_text() for each in document.pages).split())
    for statement in statements(study):
        assert "".join(statement["text"].split()) in words, statement["text"]
    for figure in study["figures"]:
        assert "".join(figure["shown"].split()) in words


async def test_hostile_labels_are_shown_as_they_are(studies: dict[str, dict[str, Any]]) -> None:
    bad = '</style><script>alert(1)</script>#eval("1")\u202e\U0001f600'
    study = Study.model_validate(studies["jobs/M1607"] | {"title": bad})
    page = html(study).decode()
    assert "<script>" not in page
    assert "\u202e" not in page
    words = PdfReader(io.BytesIO(pdf(study))).pages[0].extract_text()
    assert '#eval("1")' in words


async def test_an_answer_that_is_still_right_is_not_sent_again(
    observatory: httpx.AsyncClient,
) -> None:
    tags = set()
    for form in ("json", "html", "pdf"):
        for language in ("fr", "en"):
            address = f"/v1/studies/jobs/M1607.{form}?lang={language}"
            first = await observatory.get(address)
            assert first.headers["cache-control"] == "public, no-cache"
            tags.add(first.headers["etag"])
            again = await observatory.get(address, headers={"if-none-match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
    assert len(tags) == 6


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/pdf, application/json;q=0.5", "application/pdf"),
        ("application/*;q=0.2, text/html;q=0.1", "application/json"),
    ],
)
async def test_the_client_is_given_what_it_likes_best(
    observatory: httpx.AsyncClient, accept: str, media: str
) -> None:
    answer = await observatory.get("/v1/studies/jobs/M1607", headers={"accept": accept})
    assert answer.headers["content-type"] == media
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("sectors/00", 404, "code-unknown"),
        ("sectors/62.01Z.html?lang=xx", 422, "invalid"),
        ("sectors/<script>", 422, "invalid"),
        ("jobs/Z9999", 422, "invalid"),
        ("jobs/A9999", 404, "code-unknown"),
        ("territories/R99", 404, "code-unknown"),
        ("planets/9", 422, "invalid"),
        ("jobs/M1607?asOf=yesterday", 422, "selection-invalid"),
        ("jobs/M1607?asOf=2000-01-01", 404, "study-unpublished"),
        ("jobs/M1607?colour=red", 400, "unknown-parameter"),
        (f"jobs/{'M' * 21}", 422, "invalid"),
    ],
)
async def test_what_cannot_be_studied_is_a_clear_problem(
    observatory: httpx.AsyncClient, path: str, status: int, code: str
) -> None:
    answer = await observatory.get(f"/v1/studies/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_format_that_nobody_makes_is_refused(observatory: httpx.AsyncClient) -> None:
    answer = await observatory.get("/v1/studies/jobs/M1607", headers={"accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "study-not-acceptable")
