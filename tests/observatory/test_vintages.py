"""Figures as they were known: asOf, includeHistory, updatedAfter, on one release ordinal."""

import csv
import io
import random
from typing import Any

import pytest

from tests.observatory.publishing import AREAS, SECTORS, Publisher, table

Cell = tuple[str, str, str]


def archived(cells: dict[Cell, float], order: dict[tuple[str, str], int]) -> bytes:
    """Write the file of a release as an archive would have it, without asking the service."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    told = ["OBS_STATUS", "METHOD_VERSION", "UNIT_MEASURE"]
    writer.writerow(["REF_AREA", "SECTOR", "TIME_PERIOD", "OBS_VALUE", *told])
    for cell in sorted(cells, key=lambda cell: (order[cell[:2]], cell[2])):
        value = repr(cells[cell]).removesuffix(".0")
        writer.writerow([*cell, value, "A", "count/1.0.0", "JOBS"])
    return text.getvalue().encode()


class Story:
    """Five releases of one flow, with the file of each."""

    def __init__(self, flow: str) -> None:
        self.flow = flow
        self.releases: list[dict[str, Any]] = []
        self.files: list[bytes] = []
        self.cells: list[dict[Cell, float]] = []


@pytest.fixture(scope="module")
async def story(publisher: Publisher) -> Story:
    """Publish R1 to R5: insertions, revisions, deletions, and a cell that comes back."""
    chance = random.Random(5)  # noqa: S311  # a reproducible story
    told = Story(await publisher.flow())
    grid = [(a, s, str(y)) for a in AREAS for s in SECTORS for y in range(2019, 2023)]
    cells = {cell: round(chance.random() * 1000, 2) for cell in grid[::2]}
    order: dict[tuple[str, str], int] = {}
    for number in range(5):
        if number:
            for cell in chance.sample(sorted(cells), 6):
                cells[cell] = round(chance.random() * 1000, 2)
            for cell in chance.sample(sorted(cells), 4):
                del cells[cell]
            for cell in chance.sample(grid, 8):
                cells.setdefault(cell, round(chance.random() * 1000, 2))
        for key in sorted({cell[:2] for cell in cells}):
            order.setdefault(key, len(order))
        rows = [(*cell, value) for cell, value in cells.items()]
        chance.shuffle(rows)
        told.releases.append(await publisher.release(told.flow, table(rows)))
        told.files.append(archived(cells, order))
        told.cells.append(dict(cells))
    return told


async def test_t1_as_of_a_release_is_its_archived_file_byte_for_byte(
    publisher: Publisher, story: Story
) -> None:
    for release, file in zip(story.releases, story.files, strict=True):
        answer = await publisher.data(story.flow, asOf=release["published_at"])
        assert answer.content == file
    assert (await publisher.data(story.flow)).content == story.files[-1]
