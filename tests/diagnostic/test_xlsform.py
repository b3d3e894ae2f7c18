"""XLSForm: pyxform takes what we write; ours come back the same, others with their losses."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from lxml import etree
from pyxform.xls2xform import convert

from diagnostic.exchanges import xlsform, xlsform_reading
from diagnostic.exchanges.reading import Reading, Unreadable
from diagnostic.questionnaires.grid import GridContent, Label
from diagnostic.questionnaires.hashing import content_hash
from tests.diagnostic.grids import grid, unsaid
from tests.diagnostic.mini_ia import CONTENT

SHIPPED = Path("services/diagnostic/reference/grid-mia-1.0.0.json")
XFORM = {"x": "http://www.w3.org/2002/xforms"}


def read(**sheets: list[list[Any]]) -> Reading:
    """Read a form whose sheets are lists of rows."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return xlsform_reading.read(target.getvalue())


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(grid)
def test_a_grid_written_as_a_form_and_read_back_is_the_same_grid(content: GridContent) -> None:
    body = xlsform.write(content)
    found = xlsform_reading.read(body)
    assert found.remarks == []
    assert content_hash(GridContent.model_validate(found.raw)) == content_hash(content)
    assert convert(body, file_type=".xlsx", validate=False).xform


def test_blanks_around_a_title_are_kept_as_those_of_every_text() -> None:
    content = CONTENT.model_copy(update={"title": Label(fr=" Grille\u00a0", en="Grid ")})
    assert xlsform_reading.read(xlsform.write(content)).raw["title"] == {
        "fr": " Grille\u00a0",
        "en": "Grid ",
    }


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(grid)
def test_whatever_a_form_itself_does_not_hold_is_in_the_loss_report(content: GridContent) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsform.write(content)))
    del book["vigie"]
    target = io.BytesIO()
    book.save(target)
    found = xlsform_reading.read(target.getvalue())
    in_force = {"minimum", "maximum", "max_length", "exclusive", "anchors"}  # constraint, choices
    lost = xlsform.losses(content)
    matrices = {one.code for one in content.questions if one.type == "matrix"}
    if not matrices:  # a matrix alone becomes several questions, so that positions shift
        assert unsaid(content, found, lost, in_force) == set()
    types = {one.pointer for one in lost if one.pointer.endswith("/type")}
    assert len(types) == sum(one.type in {"matrix", "scale"} for one in content.questions)


@pytest.mark.parametrize("content", [CONTENT, None])
def test_pyxform_converts_our_forms_without_a_warning(content: GridContent | None) -> None:
    content = content or GridContent.model_validate_json(SHIPPED.read_text(encoding="utf-8"))
    found = convert(xlsform.write(content), file_type=".xlsx", validate=False)
    assert found.warnings == []
    form = etree.fromstring(found.xform.encode())
    languages = form.xpath("//x:translation/@lang", namespaces=XFORM)
    assert languages == ["Français (fr)", "English (en)"]
    binds = form.xpath("//x:bind[@relevant]/@nodeset", namespaces=XFORM)
    conditional = [one.code for one in content.questions if one.enable_when is not None]
    assert [one.rpartition("/")[2] for one in binds] == conditional


def test_pyxform_understands_conditions_and_exclusive_options_as_we_mean_them() -> None:
    found = convert(xlsform.write(CONTENT), file_type=".xlsx", validate=False)
    form = etree.fromstring(found.xform.encode())
    [relevant] = form.xpath("//x:bind/@relevant", namespaces=XFORM)
    path = "/MINI-IA/section_2/Q3" if "/MINI-IA/" in relevant else "/data/section_2/Q3"
    assert " ".join(relevant.split()) == f"( {path} != '' and not(selected( {path} , 'none')))"
    [rule] = form.xpath("//x:bind[contains(@nodeset, 'Q3')]/@constraint", namespaces=XFORM)
    assert rule == "(not(selected(., 'none')) or count-selected(.) = 1)"


SURVEY = [
    [
        "type",
        "name",
        "label::English (en)",
        "label::Français (fr)",
        "relevant",
        "required",
        "calculation",
    ],
    ["begin group", "usage", "Use", "Usages", "", "", ""],
    ["note", "hello", "Hello", "Bonjour", "", "", ""],
    ["select_one yesno", "uses_ai", "Do you?", "Utilisez-vous ?", "", "yes", ""],
    ["select_multiple tools or_other", "tools", "Which?", "", "${uses_ai} = 'y e s'", "", ""],
    ["begin_group", "inner", "", "", "${uses_ai} != ''", "", ""],
    ["integer", "count", "How many?", "Combien ?", "count-selected(${tools}) > 1", "", ""],
    ["decimal", "share", "Share", "Part", "${count} >= 2", "", ""],
    ["end_group", "", "", "", "", "", ""],
    ["end group", "", "", "", "", "", ""],
    ["calculate", "total", "", "", "", "", "1 + 1"],
    ["date", "since", "Since", "Depuis", "", "", ""],
]
CHOICES: list[list[Any]] = [
    ["list_name", "name", "label::English (en)"],
    ["yesno", "y e s", "Yes"],
    ["yesno", 0, "No"],
    ["tools", "chat", "Chat"],
    ["tools", "code", "Code"],
]


def test_a_form_of_somebody_else_becomes_a_grid_and_every_loss_is_said() -> None:
    found = read(
        survey=SURVEY, choices=CHOICES, settings=[["form_id", "style"], ["ai-use", "pages"]]
    )
    content = GridContent.model_validate(found.raw)
    assert (content.code, content.version) == ("AI_USE", "0.1.0")
    assert [(one.code, one.title.fr) for one in content.dimensions] == [("USAGE", "Usages")]
    assert [(one.code, one.type, one.dimension) for one in content.questions] == [
        ("USES_AI", "single", "USAGE"),
        ("TOOLS", "multiple", "USAGE"),
        ("COUNT", "number", "USAGE"),
        ("SHARE", "number", "USAGE"),
        ("SINCE", "date", None),
    ]
    raw = {one["code"]: one for one in found.raw["questions"]}
    assert raw["USES_AI"]["label"] == {"fr": "Utilisez-vous ?", "en": "Do you?"}
    assert [one["code"] for one in raw["USES_AI"]["options"]] == ["y_e_s", "0"]
    assert raw["TOOLS"]["enable_when"] == "answers.USES_AI == 'y_e_s'"
    assert "enable_when" not in raw["COUNT"]
    assert raw["SHARE"]["enable_when"] == "has(answers.USES_AI) && answers.COUNT >= 2"
    said = {(one.code, one.place) for one in found.remarks}
    assert {
        ("not_kept", ""),
        ("type_unknown", "survey!A3"),
        ("code_changed", "survey!A4"),
        ("not_kept", "survey!A5"),
        ("condition_lost", "survey!A7"),
        ("type_unknown", "survey!A11"),
        ("profile_made", None),
    } <= said


def test_a_condition_changed_in_the_workbook_is_the_one_that_counts() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsform.write(CONTENT)))
    survey = book["survey"]
    [cell] = [
        cell for row in survey.iter_rows() for cell in row if "selected(${Q3}" in str(cell.value)
    ]
    cell.value = "selected(${Q3}, 'a')"
    target = io.BytesIO()
    book.save(target)
    found = xlsform_reading.read(target.getvalue())
    assert found.raw["questions"][3]["enable_when"] == "'a' in answers.Q3"
    assert [one.code for one in found.remarks] == ["condition_edited"]


def test_a_workbook_without_a_survey_or_with_formulas_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        read(other=[["type"]])
    assert refused.value.remarks[0].code == "not_a_form"
    with pytest.raises(Unreadable) as formulas:
        read(survey=[["type", "name"], ["text", "=1+1"]])
    assert [(one.code, one.place) for one in formulas.value.remarks] == [("cell_type", "survey!B2")]


def test_what_was_put_aside_may_be_broken_and_is_then_refused() -> None:
    with pytest.raises(Unreadable):
        read(survey=[["type", "name"], ["text", "a"]], vigie=[[json.dumps({})[:1]]])
