"""The authoring workbook: nothing is lost through it, and what is wrong is said by its cell."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from diagnostic.exchanges import spreadsheet, spreadsheet_reading
from diagnostic.exchanges.reading import Reading
from diagnostic.questionnaires.grid import GridContent, content_hash
from tests.diagnostic.grids import grid

SHIPPED = Path("services/diagnostic/reference/grid-mia-1.0.0.json")


def again(content: GridContent) -> Reading:
    return spreadsheet_reading.read(spreadsheet.write(content))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
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
