"""Grids through files over HTTP: exported for readers, imported as drafts, refused whole."""

import copy
import functools
import hashlib
import io
import json
import re
import secrets
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import asyncpg
import httpx
import openpyxl
import pytest

from diagnostic.exchanges import spreadsheet
from diagnostic.exchanges.schemas import FileFormat
from diagnostic.exchanges.service import FORMATS, WORKBOOK
from diagnostic.questionnaires.grid import GridContent
from tests.conftest import AsClient
from tests.diagnostic.acting import Acting
from tests.diagnostic.mini_ia import raw

TYPES = {
    "json": "application/json",
    "xlsx": WORKBOOK,
    "fhir": "application/fhir+json",
    "surveyjs": "application/json",
    "xlsform": WORKBOOK,
}
NAMES = {
    "json": "content.json",
    "xlsx": "content.xlsx",
    "fhir": "fhir.json",
    "surveyjs": "surveyjs.json",
    "xlsform": "xlsform.xlsx",
}
IMPORTS = "/v1/questionnaires/imports"


def fresh(**fields: Any) -> dict[str, Any]:
    """Make a sound grid under a code that nobody has."""
    return {**raw(), "code": f"X{secrets.token_hex(5).upper()}", **fields}


def workbook(grid: dict[str, Any], change: Callable[[Any], None] | None = None) -> bytes:
    """Write a grid as our workbook, then spoil it as a person with Excel would."""
    body = spreadsheet.write(GridContent.model_validate(grid))
    if change is None:
        return body
    book = openpyxl.load_workbook(io.BytesIO(body))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


async def send(
    acting: Acting, file_format: str, body: bytes, path: str = "", **headers: str
) -> httpx.Response:
    given = {**acting.headers, "content-type": TYPES[file_format], **headers}
    return await acting.http.post(f"{IMPORTS}/{file_format}{path}", content=body, headers=given)


def said(response: httpx.Response) -> dict[str, tuple[str, str | None]]:
    """Give code and place of each fault by its pointer, or by its place where it has none."""
    return {
        one["pointer"] or one.get("place", ""): (one["code"], one.get("place"))
        for one in response.json()["errors"]
    }


async def test_json_is_canonical_and_its_digest_is_the_content_hash(acting: Acting) -> None:
    stored = (await acting.get("/v1/questionnaires/MIA")).json()
    answer = await acting.get(f"/v1/questionnaires/MIA/versions/{stored['version']}/content.json")
    assert hashlib.sha256(answer.content).hexdigest() == stored["content_hash"]


@pytest.mark.parametrize("file_format", TYPES)
async def test_a_grid_downloaded_and_imported_again_is_the_same_grid(
    acting: Acting, mini_ia: dict[str, Any], file_format: str
) -> None:
    path = f"/v1/questionnaires/MINI-IA/versions/1.0.0/{NAMES[file_format]}"
    first, second = await acting.get(path), await acting.get(path)
    assert (first.status_code, first.content) == (200, second.content)
    assert first.headers["content-type"] == TYPES[file_format]
    suffix = NAMES[file_format].removeprefix("content")
    name = f"MINI-IA-1.0.0.{suffix.removeprefix('.')}"
    assert first.headers["content-disposition"] == f'attachment; filename="{name}"'
    unchanged = await acting.get(path, **{"if-none-match": first.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    found = (await send(acting, file_format, first.content, "/check")).json()
    stored = (await acting.get("/v1/questionnaires/MINI-IA")).json()
    assert found["content_hash"] == stored["content_hash"]
    assert (found["losses"], found["lint"]["errors"]) == ([], 0)


async def test_every_format_has_a_tag_of_its_own(acting: Acting, mini_ia: dict[str, Any]) -> None:
    path = "/v1/questionnaires/MINI-IA/versions/1.0.0/"
    tags = {(await acting.get(path + name)).headers["etag"] for name in NAMES.values()}
    assert len(tags) == len(NAMES)


async def test_the_loss_report_says_what_a_format_does_not_hold(
    acting: Acting, mini_ia: dict[str, Any]
) -> None:
    path = "/v1/questionnaires/MINI-IA/versions/1.0.0/losses/"
    for file_format in ("json", "xlsx"):
        found = (await acting.get(path + file_format)).json()
        assert (found["complete"], found["losses"]) == (True, [])
    found = (await acting.get(path + "fhir")).json()
    assert (found["complete"], found["total"]) == (False, len(found["losses"]))
    french = {one["pointer"]: one for one in found["losses"]}["/questions/0/weight"]
    assert french["code"] == "kept-aside"
    assert "FHIR ne connaît pas le poids" in french["detail"]
    english = await acting.get(path + "fhir", **{"accept-language": "en"})
    assert "FHIR does not know the weight" in english.text
    assert (await acting.get(path + "pdf")).status_code == 422


@pytest.mark.parametrize("file_format", TYPES)
async def test_a_file_becomes_a_draft_that_its_author_reads_and_others_do_not(
    acting: Acting, stranger: Acting, file_format: str
) -> None:
    grid = fresh()
    body = FORMATS[FileFormat(file_format)].write(GridContent.model_validate(grid))
    key = secrets.token_hex(8)
    made = await send(acting, file_format, body, **{"idempotency-key": key})
    assert made.status_code == 201, made.text
    address = made.headers["location"]
    assert address == f"/v1/questionnaires/{grid['code']}/versions/1.0.0"
    draft = (await acting.get(address)).json()
    assert (draft["status"], draft["content_hash"]) == ("draft", made.json()["content_hash"])
    assert made.json()["lint"]["publishable"] is True
    assert (await stranger.get(address)).status_code == 404
    for name in (*NAMES.values(), "losses/xlsx"):
        assert (await acting.get(f"{address}/{name}")).status_code == 200
        assert (await stranger.get(f"{address}/{name}")).status_code == 404
    replayed = await send(acting, file_format, body, **{"idempotency-key": key})
    assert (replayed.status_code, replayed.json()) == (201, made.json())
    assert replayed.headers["idempotent-replayed"] == "true"
    other = await send(acting, file_format, body + b" ", **{"idempotency-key": key})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")


async def test_an_import_replaces_the_authors_own_draft_and_nothing_else(
    acting: Acting, stranger: Acting, mini_ia: dict[str, Any]
) -> None:
    grid = fresh()
    await send(acting, "json", json.dumps(grid).encode())
    longer = copy.deepcopy(grid)
    longer["title"]["fr"] = "Un autre titre"
    again = await send(acting, "json", json.dumps(longer).encode())
    assert again.status_code == 201
    stored = (await acting.get(again.headers["location"])).json()
    assert stored["content"]["title"]["fr"] == "Un autre titre"
    published = {**mini_ia, "title": {"fr": "Un autre titre"}}
    refused = await send(acting, "json", json.dumps(published).encode())
    assert refused.status_code == 409
    foreign = await send(stranger, "json", json.dumps(grid).encode())
    assert (foreign.status_code, foreign.json()["code"]) == (409, "questionnaire-elsewhere")


async def test_an_import_that_says_what_it_replaces_replaces_nothing_else(acting: Acting) -> None:
    grid = fresh()
    body = json.dumps(grid).encode()
    first = await send(acting, "json", body, **{"if-match": '"0"'})
    assert first.status_code == 201
    for stale in ('"0"', '"else"'):
        refused = await send(acting, "json", body, **{"if-match": stale})
        assert (refused.status_code, refused.headers["etag"]) == (412, first.headers["etag"])
    grid["title"]["fr"] = "Un autre titre"
    changed = json.dumps(grid).encode()
    again = await send(acting, "json", changed, **{"if-match": first.headers["etag"]})
    assert again.status_code == 201
    assert again.headers["etag"] != first.headers["etag"]


async def test_importing_needs_the_scope_of_authors(
    acting: Acting, onlooker: Acting, as_client: AsClient
) -> None:
    body = json.dumps(fresh()).encode()
    for path in ("", "/check"):
        assert (await send(onlooker, "json", body, path)).status_code == 403
        nobody = await acting.http.post(
            f"{IMPORTS}/json{path}", content=body, headers={"content-type": "application/json"}
        )
        assert nobody.status_code == 401
    assert (await onlooker.get("/v1/questionnaires/template.xlsx")).status_code == 403
    feeder = Acting(acting.http, as_client("diagnostic", scopes={"diagnostic:feed"}))
    for name in (*NAMES.values(), "losses/json"):
        path = f"/v1/questionnaires/MIA/versions/1.0.0/{name}"
        assert (await feeder.get(path)).status_code == 403
        assert (await onlooker.get(path)).status_code == 200
        assert (await onlooker.get(path.replace("1.0.0", "9.9.9"))).status_code == 404


async def test_a_check_stores_nothing(acting: Acting, sql: asyncpg.Connection) -> None:
    grid = fresh()
    answer = await send(acting, "xlsx", workbook(grid), "/check")
    assert (answer.status_code, answer.json()["code"]) == (200, grid["code"])
    count = "SELECT count(*) FROM diagnostic.questionnaire WHERE code = $1"
    assert await sql.fetchval(count, grid["code"]) == 0


async def test_the_template_is_a_workbook_to_fill_in(acting: Acting) -> None:
    answer = await acting.get("/v1/questionnaires/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:3] == ["Lisez-moi", "Grille", "Niveaux"]
    questions = book["Questions"]
    assert questions["A1"].value == "Code *"
    assert questions.freeze_panes == "B2"
    lists = {str(one.sqref): one.formula1 for one in questions.data_validations.dataValidation}
    assert lists["C2:C2001"].startswith('"choix unique,choix multiple')
    refused = await send(acting, "xlsx", answer.content)
    assert refused.status_code == 422
    assert said(refused)["/code"] == ("missing", "Grille!B2")


async def test_every_fault_of_a_workbook_is_told_by_its_cell(acting: Acting) -> None:
    def spoil(book: Any) -> None:
        questions, options = book["Questions"], book["Modalités"]
        questions["A2"] = "q 1"
        questions["C3"] = "choix étrange"
        questions["H4"] = "beaucoup"
        questions["H5"] = -1
        options["A2"] = "Q99"
        options["E4"] = "=1+1"
        book["Grille"]["B3"] = 1.5
        book["Niveaux"]["D2"] = "=NOW()"

    answer = await send(acting, "xlsx", workbook(fresh(), spoil))
    assert (answer.status_code, answer.json()["code"]) == (422, "file-unreadable")
    found = said(answer)
    assert found["/questions/0/code"] == ("string-pattern-mismatch", "Questions!A2")
    assert found["/questions/1/type"] == ("cell-choice", "Questions!C3")
    assert found["/questions/2/weight"] == ("cell-number", "Questions!H4")
    assert found["/questions/3/weight"] == ("greater-than-equal", "Questions!H5")
    assert found["Modalités!A2"] == ("question-unknown", "Modalités!A2")
    assert found["/version"] == ("string-pattern-mismatch", "Grille!B3")
    assert ("cell-formula", "Niveaux!D2") in found.values()
    assert all(one["detail"] for one in answer.json()["errors"])


async def test_the_lint_of_a_workbook_names_cells_too(acting: Acting) -> None:
    def spoil(book: Any) -> None:
        book["Questions"]["L3"] = "answers.Q1 == 'nothing'"
        book["Questions"]["B4"] = "ELSEWHERE"
        book["Modalités"]["D2"] = None

    answer = await send(acting, "xlsx", workbook(fresh(), spoil))
    assert answer.status_code == 201, answer.text
    found = {one["code"]: one["place"] for one in answer.json()["lint"]["findings"]}
    assert found["literal-unknown"] == "Questions!L3"
    assert found["dimension-unknown"] == "Questions!B4"
    assert found["untranslated"] == "Modalités!C2"
    assert answer.json()["lint"]["publishable"] is False


async def test_what_excel_makes_of_a_keystroke_is_understood_and_said(acting: Acting) -> None:
    def spoil(book: Any) -> None:
        questions = book["Questions"]
        questions["H2"] = "2,5"
        questions["A3"] = " Q2 "
        questions["I3"] = True
        questions["J3"] = "x"
        questions["K3"] = 0
        questions["D4"] = 2026
        questions["D5"] = "Une question "
        book["Modalités"]["A6"] = "Q2\u00a0"
        questions["A1"] = "code"
        questions["Z1"] = "Notes à moi"
        book.create_sheet("Brouillon")

    answer = await send(acting, "xlsx", workbook(fresh(), spoil), "/check")
    assert answer.status_code == 200, answer.text
    found = {one["place"]: one["code"] for one in answer.json()["losses"]}
    assert found == {
        "Questions!H2": "text-as-number",
        "Questions!A3": "cell-trimmed",
        "Questions!K3": "number-as-flag",
        "Questions!D4": "number-as-text",
        "Questions!D5": "text-padded",
        "Modalités!A6": "cell-trimmed",
        "Questions!Z1": "column-ignored",
        "Brouillon!A1": "sheet-ignored",
    }


async def test_a_version_that_excel_took_for_a_date_is_refused_with_advice(acting: Acting) -> None:
    def spoil(book: Any) -> None:
        book["Grille"]["B3"] = date(2026, 2, 1)

    answer = await send(acting, "xlsx", workbook(fresh(), spoil))
    assert said(answer)["/version"] == ("cell-date", "Grille!B3")
    assert "Texte" in answer.json()["errors"][0]["detail"]


async def test_english_names_of_sheets_and_columns_are_read(acting: Acting) -> None:
    def spoil(book: Any) -> None:
        book["Questions"]["C1"] = "TYPE *"
        book["Questions"]["D1"] = "Label (French)"
        book["Questions"]["C2"] = "single"
        book["Modalités"].title = "Options"
        book["Niveaux"].title = "levels"

    answer = await send(acting, "xlsx", workbook(fresh(), spoil), "/check")
    assert (answer.status_code, answer.json()["losses"]) == (200, []), answer.text


async def test_texts_that_look_like_formulas_stay_texts(acting: Acting) -> None:
    grid = fresh()
    dangerous = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "http://example.org"]
    for question, text in zip(grid["questions"], dangerous, strict=True):
        question["label"] = {"fr": text, "en": text}
    body = workbook(grid)
    sheet = openpyxl.load_workbook(io.BytesIO(body))["Questions"]
    assert [sheet[f"D{row}"].value for row in range(2, 8)] == dangerous
    assert {sheet[f"D{row}"].data_type for row in range(2, 8)} == {"s"}
    assert all(sheet[f"D{row}"].hyperlink is None for row in range(2, 8))
    answer = (await send(acting, "xlsx", body, "/check")).json()
    assert answer["lint"]["errors"] == 0


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def altered(name: str, change: Callable[[bytes], bytes] = lambda content: content) -> bytes:
    """Write our workbook with one member added or changed."""
    source = zipfile.ZipFile(io.BytesIO(workbook(fresh())))
    members = {one: source.read(one) for one in source.namelist()}
    members[name] = change(members.get(name, b"<x/>"))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, content in members.items():
            archive.writestr(one, content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet6.xml"
XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "file-empty"),
    "a text": (lambda: b"code;version\nMIA;1.0.0", "not-a-workbook"),
    "an old workbook": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000,
        "workbook-old",
    ),
    "an encrypted workbook": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "workbook-encrypted",
    ),
    "another archive": (lambda: zipped(a=b"b"), "not-a-workbook"),
    "a truncated archive": (lambda: workbook(fresh())[:-400], "not-a-workbook"),
    "a bomb": (
        lambda: altered("xl/media/x.xml", lambda _: b"0" * 40_000_000),
        "workbook-too-large",
    ),
    "many tags": (lambda: altered(SHEET, lambda _: b"<a>" * 600_000), "workbook-too-large"),
    "many members": (
        lambda: zipped(xl__workbook_dot_xml=b"<x/>", **{f"m{n}": b"" for n in range(300)}),
        "workbook-too-large",
    ),
    "an entity": (lambda: altered(SHEET, lambda content: XXE + content), "not-a-workbook"),
    "an entity in UTF-16": (
        lambda: altered(SHEET, lambda _: (XXE + b"<x>&e;</x>").decode().encode("utf-16")),
        "not-a-workbook",
    ),
    "an entity among the strings": (
        lambda: altered("xl/sharedStrings.xml", lambda content: XXE + content),
        "not-a-workbook",
    ),
    "a row beyond all rows": (
        lambda: altered(SHEET, lambda xml: xml.replace(b'<row r="7"', b'<row r="2000000000"')),
        "not-a-workbook",
    ),
    "broken XML": (lambda: altered(SHEET, lambda content: content[:-50]), "not-a-workbook"),
    "a path upwards": (lambda: altered("../../etc/passwd"), "not-a-workbook"),
    "macros": (lambda: altered("xl/vbaProject.bin"), "workbook-macros"),
    "links": (lambda: altered("xl/externalLinks/externalLink1.xml"), "workbook-links"),
    "another workbook": (lambda: zipped(xl__workbook_dot_xml=b"<x/>"), "not-a-workbook"),
}


@functools.cache
def hostile(name: str) -> bytes:
    """Make it when it is sent: every worker of the suite loads this file, and one runs it."""
    return HOSTILE[name][0]()


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_workbook_is_refused_clearly(
    acting: Acting, sql: asyncpg.Connection, name: str
) -> None:
    code = HOSTILE[name][1]
    before = await sql.fetchval("SELECT count(*) FROM diagnostic.questionnaire_version")
    answer = await send(acting, "xlsx", hostile(name))
    assert (answer.status_code, answer.json()["code"]) == (422, "file-unreadable"), answer.text
    assert [one["code"] for one in answer.json()["errors"]] == [code]
    assert await sql.fetchval("SELECT count(*) FROM diagnostic.questionnaire_version") == before


async def test_rows_without_end_are_refused(acting: Acting) -> None:
    def spoil(book: Any) -> None:
        book["Modalités"]["A1048576"] = "Q1"

    answer = await send(acting, "xlsx", workbook(fresh(), spoil))
    assert [one["code"] for one in answer.json()["errors"]] == ["sheet-rows"]


async def test_a_sheet_that_understates_its_size_is_read_whole(acting: Acting) -> None:
    body = altered(
        SHEET, lambda xml: re.sub(rb'<dimension ref="[^"]+"/>', b'<dimension ref="A1"/>', xml)
    )
    answer = await send(acting, "xlsx", body, "/check")
    assert (answer.status_code, answer.json()["question_count"]) == (200, 6)


async def test_a_missing_sheet_or_column_is_named_with_all_others(acting: Acting) -> None:
    def spoil(book: Any) -> None:
        del book["Dimensions"]
        book["Questions"]["A1"] = "Clef"

    answer = await send(acting, "xlsx", workbook(fresh(), spoil))
    assert [one["code"] for one in answer.json()["errors"]] == ["sheet-missing", "column-missing"]


@pytest.mark.parametrize("file_format", ["fhir", "surveyjs"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[" * 100_000, b'{"pages": [{"vigie": 1}]}'])
async def test_what_is_no_form_of_that_kind_is_refused_clearly(
    acting: Acting, file_format: str, body: bytes
) -> None:
    answer = await send(acting, file_format, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "file-unreadable"), answer.text


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_workbook_is_refused_as_a_form_too(acting: Acting, name: str) -> None:
    answer = await send(acting, "xlsform", hostile(name))
    assert (answer.status_code, answer.json()["code"]) == (422, "file-unreadable"), answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not-json"),
        (b"[]", "not-an-object"),
        (b'{"code": "A", "code": "B"}', "json-repeated"),
        (b'{"code": NaN}', "not-json"),
        (b"\xff\xfe{}", "not-json"),
        (b"[" * 100_000 + b"]" * 100_000, "not-json"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "too-deep"),
        (b'{"code": "\\u0000"}', "text-not-storable"),
        (b'{"code": "\\ud800"}', "text-not-storable"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not-json"),
    ],
)
async def test_an_odd_json_file_is_refused_clearly(acting: Acting, body: bytes, code: str) -> None:
    answer = await send(acting, "json", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "file-unreadable"), answer.text
    assert code in {one["code"] for one in answer.json()["errors"]}


async def test_a_file_of_another_kind_or_size_is_refused(acting: Acting) -> None:
    for kind, given in (("xlsx", "application/json"), ("json", WORKBOOK), ("json", "")):
        answer = await send(acting, kind, b"{}", **{"content-type": given})
        assert (answer.status_code, answer.json()["code"]) == (415, "file-type-refused")
        assert TYPES[kind] in answer.json()["detail"]
    large = await send(acting, "json", b" " * 1_000_001)
    assert (large.status_code, large.json()["code"]) == (413, "body-too-large")
    assert (await acting.http.post(f"{IMPORTS}/pdf", headers=acting.headers)).status_code == 422
