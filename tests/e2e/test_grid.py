"""A grid through the door: one demo client writes it, the other publishes it."""

import io
import json
from pathlib import Path

import openpyxl

from tests.e2e.machine import Machine

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MINI = Path(__file__).parents[1] / "diagnostic" / "data" / "mini-ia.json"


def test_demo_writes_a_grid_and_its_colleague_publishes_it(machine: Machine) -> None:
    content = json.loads(MINI.read_text(encoding="utf-8")) | {"code": "E2E"}
    grids = "/v1/diagnostic/questionnaires"
    with machine.client() as author, machine.client("demo-colleague") as colleague:
        assert colleague.post(f"{grids}/E2E/versions", json=content).status_code == 403
        made = author.post(f"{grids}/E2E/versions", json=content)
        assert made.status_code == 201, made.text
        version = f"{grids}/E2E/versions/1.0.0"
        content["title"]["fr"] = "Grille d’essai"
        tag = {"if-match": made.headers["etag"]}
        assert author.put(version, json=content, headers=tag).status_code == 200
        assert author.post(f"{version}/request-review").status_code == 200
        assert author.post(f"{version}/publish").status_code == 403
        assert colleague.post(f"{version}/publish").status_code == 200
        assert author.get(f"{grids}/E2E").json()["content"]["title"]["fr"] == "Grille d’essai"
        assert author.delete(version, headers=tag).status_code == 409


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_a_grid_written_in_a_spreadsheet_is_corrected_and_published(machine: Machine) -> None:
    grids = "/v1/diagnostic/questionnaires"
    workbook = {"content-type": WORKBOOK}
    with machine.client() as author, machine.client("demo-colleague") as colleague:
        assert author.get(f"{grids}/template.xlsx").headers["content-type"] == WORKBOOK
        shipped = author.get(f"{grids}/MIA/versions/1.0.0/content.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(shipped.content))
        book["Grille"]["B2"], book["Questions"]["H2"] = "CLASSEUR", "beaucoup"
        refused = author.post(f"{grids}/imports/xlsx", content=saved(book), headers=workbook)
        assert refused.status_code == 422
        [fault] = refused.json()["errors"]
        assert (fault["place"], fault["pointer"]) == ("Questions!H2", "/questions/0/weight")
        book["Questions"]["H2"] = "2,5"
        made = author.post(f"{grids}/imports/xlsx", content=saved(book), headers=workbook)
        assert (made.status_code, made.json()["lint"]["errors"]) == (201, 0), made.text
        assert made.json()["losses"][0]["place"] == "Questions!H2"
        version = made.headers["location"]
        assert author.post(f"{version}/request-review").status_code == 200
        assert colleague.post(f"{version}/publish").status_code == 200
        for name in ("content.json", "content.xlsx", "fhir.json", "surveyjs.json", "xlsform.xlsx"):
            found = colleague.get(f"{version}/{name}")
            assert (found.status_code, len(found.content) > 5000) == (200, True)
        wrong = author.post(f"{grids}/imports/xlsx", content=b"{}", headers={"content-type": "a/b"})
        assert (wrong.status_code, wrong.json()["code"]) == (415, "file-type-refused")
