"""SDMX data messages: every format and layout the same figures, and nothing of what is hidden."""

import itertools
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.observatory import sdmx_reading as reading
from tests.observatory.publishing import AREAS, SECTORS, Publisher, name, structures, table
from tests.observatory.sdmx_reading import CSV, CSV_1, GENERIC, JSON, SPECIFIC, cells, datasets, rows

FORMATS = {"json": JSON, "csv": CSV, "csv-1": CSV_1, "generic": GENERIC, "specific": SPECIFIC}
LAYOUTS = (None, "TIME_PERIOD", "AllDimensions", "SECTOR", "REF_AREA")
_numbers = itertools.count(1)
Cell = tuple[str, str, str]


def described(flow: str) -> dict[str, Any]:
    """Make a flow that has attributes at every level, a number and codes among them."""
    made = structures(flow)
    made["data_structures"][0]["attributes"] += [
        {"id": "CI_LOW", "name": name("low"), "level": "observation"},
        {
            "id": "MAP_YEAR",
            "name": name("year of the map"),
            "level": "dimension",
            "dimension": "REF_AREA",
            "values": {"R32": "2016", "FR": "1958 & after"},
        },
    ]
    return made


class Shelf:
    """A flow with two releases, what they hold, and how to ask for it."""

    def __init__(self, publisher: Publisher) -> None:
        self.publisher = publisher
        self.flow = f"SD{next(_numbers)}"
        self.releases: list[dict[str, Any]] = []
        self.figures: list[dict[Cell, float]] = []

    async def publish(self, figures: Mapping[Cell, float]) -> None:
        lines = [(*cell, value, "A", value / 3) for cell, value in figures.items()]
        data = table(lines, "OBS_STATUS", "CI_LOW")
        self.releases.append(await self.publisher.release(self.flow, data))
        self.figures.append(dict(figures))

    async def get(self, path: str = "", accept: str = JSON, **query: Any) -> httpx.Response:
        return await self.publisher.client.get(
            f"/sdmx/v2/data/dataflow/HDF/{self.flow}/1.0.0{path}",
            params=query,
            headers={"accept": accept},
        )

    async def get_v1(self, path: str = "", accept: str = GENERIC, **query: Any) -> httpx.Response:
        return await self.publisher.client.get(
            f"/sdmx/v1/data/HDF,{self.flow},1.0.0{path}", params=query, headers={"accept": accept}
        )


def filled(cell: Cell) -> dict[str, str]:
    """Attributes that every figure of the flow has."""
    years = {"R32": "2016", "FR": "1958 & after"}
    known = {"OBS_STATUS": "A", "METHOD_VERSION": "count/1.0.0", "UNIT_MEASURE": "JOBS"}
    return known | ({"MAP_YEAR": years[cell[0]]} if cell[0] in years else {})


@pytest.fixture(scope="module")
async def shelf(publisher: Publisher) -> Shelf:
    """Two releases of 6 areas × 3 sectors × 4 years: the second revises, deletes and adds."""
    made = Shelf(publisher)
    answer = await publisher.publish(described(made.flow))
    assert answer.status_code == 200, answer.text
    grid = [(a, s, str(y)) for a in AREAS for s in SECTORS for y in range(2019, 2023)]
    first = {cell: number + 0.1 for number, cell in enumerate(grid[:-3])}
    await made.publish(first)
    second = {cell: value for cell, value in first.items() if cell != ("R32", "A", "2019")}
    second |= {("R32", "A", "2020"): 1000.5, grid[-1]: 7.0}
    await made.publish(second)
    return made


@pytest.mark.parametrize("at", LAYOUTS)
@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_and_layout_gives_the_same_figures(
    shelf: Shelf, form: str, at: str | None
) -> None:
    query = {} if at is None else {"dimensionAtObservation": at}
    answer = await shelf.get(accept=FORMATS[form], **query)
    found = cells(rows(answer))
    assert {key: float(row["OBS_VALUE"]) for key, row in found.items()} == shelf.figures[-1]
    for key, row in found.items():
        low = shelf.figures[-1][key] / 3  # type: ignore[index]
        assert float(row["CI_LOW"]) == pytest.approx(low, rel=1e-6)
        assert len(row["CI_LOW"]) < 10  # as it is stored, not as a longer float shows it
        told = {each: row[each] for each in row.keys() - {"OBS_VALUE", "CI_LOW"}}
        assert told == filled(key)  # type: ignore[arg-type]
