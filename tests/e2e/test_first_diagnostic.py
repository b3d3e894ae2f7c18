"""A grid from a spreadsheet to a report among peers, through the real door, as people would."""

import io
import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import openpyxl
import pytest
from pypdf import PdfReader

from deploy.sample import siren
from tests.diagnostic.acting import plain_value
from tests.e2e.machine import Machine

D = "/v1/diagnostic"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def author(machine: Machine) -> Iterator[httpx.Client]:
    """Act as the programme's own client, which writes grids and accompanies companies."""
    with machine.client() as client:
        yield client


@pytest.fixture(scope="module")
def colleague(machine: Machine) -> Iterator[httpx.Client]:
    """Act as the client that may publish what another has written."""
    with machine.client(who="demo-colleague") as client:
        yield client


@pytest.fixture(scope="module")
def grid(author: httpx.Client, colleague: httpx.Client) -> dict[str, Any]:
    """Write a grid in a workbook, be told what is wrong with it, correct it, have it published."""
    code = f"REGION-{secrets.token_hex(4).upper()}"
    download = author.get(f"{D}/questionnaires/MIA/versions/1.0.0/content.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(download.content))
    assert book["Grille"]["A2"].value == "Code *"
    book["Grille"]["B2"].value = code
    questions = book["Questions"]
    columns = [cell.value for cell in questions[1]]
    dimension = questions.cell(3, columns.index("Dimension") + 1)
    weight = questions.cell(4, columns.index("Poids") + 1)
    sound = dimension.value
    dimension.value, weight.value = "INCONNUE", "beaucoup"
    assert author.get(f"{D}/questionnaires/template.xlsx").headers["content-type"] == WORKBOOK

    imports = f"{D}/questionnaires/imports/xlsx"
    refused = author.post(imports, content=saved(book), headers={"content-type": WORKBOOK})
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    told = [(one["place"], one["pointer"]) for one in refused.json()["errors"]]
    assert told == [(f"Questions!{weight.coordinate}", "/questions/2/weight")]
    wrong = author.post(imports, content=b"{}", headers={"content-type": "a/b"})
    assert (wrong.status_code, wrong.json()["code"]) == (415, "file-type-refused")

    weight.value = "2,5"
    drafted = author.post(imports, content=saved(book), headers={"content-type": WORKBOOK})
    assert drafted.status_code == 201, drafted.text
    lint = drafted.json()["lint"]
    places = {one["place"] for one in lint["findings"] if one["severity"] == "error"}
    assert not lint["publishable"]
    assert f"Questions!{dimension.coordinate}" in places

    dimension.value = sound
    again = author.post(imports, content=saved(book), headers={"content-type": WORKBOOK})
    assert again.json()["lint"]["errors"] == 0, again.text
    assert again.json()["losses"][0]["place"] == f"Questions!{weight.coordinate}"
    version = again.headers["location"]
    assert version == f"{D}/questionnaires/{code}/versions/1.0.0"
    assert author.post(f"{version}/request-review").status_code == 200
    assert author.post(f"{version}/publish").status_code == 403
    published = colleague.post(f"{version}/publish")
    assert published.status_code == 200, published.text
    for name in ("content.json", "content.xlsx", "fhir.json", "surveyjs.json", "xlsform.xlsx"):
        given = colleague.get(f"{version}/{name}")
        assert (given.status_code, len(given.content) > 5000) == (200, True), name
    found: dict[str, Any] = author.get(f"{D}/questionnaires/{code}").json()["content"]
    return found


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def started(client: httpx.Client, grid: dict[str, Any], name: str) -> str:
    company = client.post(
        f"{D}/organisations",
        json={
            "siren": siren(secrets.SystemRandom()),
            "name": name,
            "naf_code": "25.62B",
            "headcount": 42,
            "postcode": "59000",
            "region_code": "32",
            "benchmark_consent": True,
        },
    )
    assert company.status_code == 201, company.text
    begun = client.post(
        f"{D}/assessments",
        json={
            "organisation_id": company.json()["id"],
            "questionnaire": grid["code"],
            "milestone": "ad_hoc",
        },
    )
    assert begun.status_code == 201, begun.text
    return f"{D}/assessments/{begun.json()['id']}"


def answer_missing(
    client: httpx.Client, assessment: str, grid: dict[str, Any], *, best: bool = False
) -> None:
    """Answer what is shown and missing, until nothing is."""
    questions = {one["code"]: one for one in grid["questions"]}
    while missing := client.get(assessment).json()["progress"]["missing"]:
        for code in missing:
            answer(client, assessment, code, plain_value(questions[code], best=best))


def answer(client: httpx.Client, assessment: str, code: str, value: object) -> None:
    saved = client.put(
        f"{assessment}/answers/{code}",
        json={"state": "answered", "value": value},
        headers={"if-match": '"0"'},
    )
    assert saved.status_code == 200, saved.text


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_company_goes_from_its_first_answer_to_its_place_among_peers(
    machine: Machine, author: httpx.Client, grid: dict[str, Any]
) -> None:
    desk = author
    assessment = started(desk, grid, "Ateliers de la Lys")
    questions = {one["code"]: one for one in grid["questions"]}
    first = desk.get(assessment).json()["progress"]["missing"][:8]
    for code in first:
        answer(desk, assessment, code, plain_value(questions[code]))

    with machine.client() as phone:  # the other device: another token, nothing of the first
        state = phone.get(assessment).json()
        given = [one["code"] for one in state["questions"] if one["state"] == "answered"]
        assert given == first
        score = phone.get(f"{assessment}/score").json()
        low, high = score["interval"]
        assert (score["status"], score["score"], score["level"]) == ("provisional", None, None)
        assert low < high
        early = phone.post(f"{assessment}/submit")
        assert early.status_code == 422
        assert len(early.json()["errors"]) == len(state["progress"]["missing"])
        answer_missing(phone, assessment, grid)
        assert phone.post(f"{assessment}/submit").status_code == 200

    score = desk.get(f"{assessment}/score").json()
    assert low <= score["score"] <= high
    parts = score["explanation"]["questions"]
    report = desk.get(f"{assessment}/report.pdf", headers={"accept-language": "fr"})
    assert report.status_code == 200, report.text
    shown = text_of(report.content)
    assert "Ateliers de la Lys" in shown
    assert "Trop peu d’entreprises comparables" in shown
    for one in parts:
        assert " ".join(one["label"].split()) in shown, one["code"]

    for number in range(5):
        other = started(desk, grid, f"Pair {number}")
        answer_missing(desk, other, grid, best=number % 2 == 0)
        assert desk.post(f"{other}/submit").status_code == 200
    assert desk.post(f"{D}/benchmarks/rebuild").status_code == 200
    standing = desk.get(f"{assessment}/benchmark").json()
    assert (standing["status"], standing["n"]) == ("shown", 5)
    assert standing["overall"]["score"] == score["score"]
    assert standing["overall"]["q1"] <= standing["overall"]["median"] <= standing["overall"]["q3"]
