"""The authoring workbook: nothing is lost through it, and what is wrong is said by its cell."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from diagnostic.exchanges import spreadsheet, spreadsheet_reading
from diagnostic.exchanges.layout import LAYOUTS
from diagnostic.exchanges.reading import Reading
from diagnostic.questionnaires import grid as model
from diagnostic.questionnaires.grid import Content, GridContent, Label
from diagnostic.questionnaires.hashing import content_hash
from tests.diagnostic.grids import grid

SHIPPED = Path("services/diagnostic/reference/grid-mia-1.0.0.json")


def again(content: GridContent) -> Reading:
    return spreadsheet_reading.read(spreadsheet.write(content))


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(grid)
def test_a_grid_written_to_a_workbook_and_read_back_is_the_same_grid(content: GridContent) -> None:
    assert spreadsheet.losses(content) == []
    found = again(content)
    assert [one for one in found.remarks if one.severity == "error"] == []
    assert content_hash(GridContent.model_validate(found.raw)) == content_hash(content)


def test_the_shipped_grid_passes_through_a_workbook_without_a_word() -> None:
    content = GridContent.model_validate(json.loads(SHIPPED.read_text(encoding="utf-8")))
    found = again(content)
    assert found.remarks == []
    assert GridContent.model_validate(found.raw) == content


def test_every_field_of_a_grid_has_a_column() -> None:
    columns = {step for layout in LAYOUTS for column in layout.columns for step in column.path}
    sheets = {"profile", "dimensions", "questions", "options", "rows", "bands", "anchors"}
    lists = {"levels", "thresholds"}  # of the sheets Niveaux and Textes de niveau
    kinds = [
        one
        for one in vars(model).values()
        if isinstance(one, type) and issubclass(one, Content) and one not in {Content, Label}
    ]
    assert len(kinds) > 15
    known = {name for kind in kinds for name in kind.model_fields}
    assert known - columns - sheets - lists == set()


def test_a_number_that_excel_would_round_is_written_as_a_text_and_read_exactly() -> None:
    raw = json.loads(SHIPPED.read_text(encoding="utf-8"))
    raw["dimensions"][0]["weight"] = 0.1 + 0.2
    found = again(GridContent.model_validate(raw))
    assert found.raw["dimensions"][0]["weight"] == 0.1 + 0.2
    assert found.remarks == []


def test_a_text_that_no_cell_holds_is_in_the_loss_report() -> None:
    raw = json.loads(SHIPPED.read_text(encoding="utf-8"))
    raw["title"]["en"] = "a\rb"
    raw["questions"][0]["help"] = {"fr": " "}
    content = GridContent.model_validate(raw)
    found = [(one.pointer, one.code) for one in spreadsheet.losses(content)]
    assert found == [("/title/en", "text_altered"), ("/questions/0/help/fr", "text_altered")]
