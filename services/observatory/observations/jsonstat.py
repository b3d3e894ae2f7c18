"""Figures as JSON-stat 2.0 (json-stat.org/full): a cube, dense or sparse, with labels and roles."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from math import prod
from typing import Any, Final

import orjson

from observatory.observations import describing, periods, queries
from observatory.observations.describing import Reading
from observatory.structures import library
from observatory.structures.catalogue import MEASURE, PLACES, TIME

MOST_ROWS: Final = 100_000
"""It is held whole while it is made."""

_STATUS: Final = "OBS_STATUS"


async def write(reading: Reading) -> AsyncIterator[bytes]:
    """Yield one document."""
    lines: list[list[str]] = []
    async for piece in queries.csv(reading.pool, reading.statement, header=False):
        lines += csv.reader(io.StringIO(piece.decode(), newline=""))
    yield orjson.dumps(await _document(reading, lines)) + b"\n"


async def _document(reading: Reading, lines: Sequence[Sequence[str]]) -> dict[str, Any]:
    flow = reading.selection.flow
    facts = {each.key: each.value for each in describing.facts(reading)}
    names = [*(each.id for each in flow.dimensions), TIME]
    categories = [
        await _category(reading, name, {line[place] for line in lines})
        for place, name in enumerate(names)
    ]
    titles = {each.id: each.title() for each in reading.columns}
    statuses = await describing.legend(reading, _STATUS)
    return {
        "version": "2.0",
        "class": "dataset",
        "label": facts["name"],
        "source": facts["source"],
        **({"updated": facts["published_at"]} if "published_at" in facts else {}),
        "id": names,
        "size": [len(each) for each in categories],
        "role": {
            "time": [TIME],
            "geo": [name for name in names if name in PLACES],
        },
        "dimension": {
            name: {
                "label": titles[name],
                "category": {"index": list(category), "label": category},
            }
            for name, category in zip(names, categories, strict=True)
        },
        **_cells(reading, lines, categories),
        "extension": {
            **facts,
            "status": {"label": {code: each.name() for code, each in statuses.items()}},
        },
    }


async def _category(reading: Reading, name: str, present: set[str]) -> dict[str, str]:
    """Return the codes that have data, in the order of their list, with their names."""
    dimension = reading.selection.flow.dimension(name)
    if dimension is None:
        return {each: each for each in sorted(present, key=_number)}
    codes = await library.codes(reading.pool, reading.structures, dimension.codelist)
    return {code: each.name() for code, each in codes.items() if code in present}


def _number(text: str) -> int:
    found = periods.parse(text)
    assert found is not None  # noqa: S101  # it was written by `parse`
    return found.number


def _cells(
    reading: Reading, lines: Sequence[Sequence[str]], categories: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Place values and statuses; `value` is a list where most cells have an observation."""
    places = [{code: n for n, code in enumerate(category)} for category in categories]
    sizes = [len(each) for each in categories]
    steps = [prod(sizes[place + 1 :]) for place in range(len(sizes))]
    of_value = reading.statement.columns.index(MEASURE)
    of_status = (
        reading.statement.columns.index(_STATUS) if _STATUS in reading.statement.columns else None
    )
    values: dict[int, float | None] = {}
    statuses: dict[str, str] = {}
    for line in lines:
        cell = sum(
            place[code] * step for place, code, step in zip(places, line, steps, strict=False)
        )
        values[cell] = float(line[of_value]) if line[of_value] else None
        if of_status is not None and line[of_status]:
            statuses[str(cell)] = line[of_status]
    size = prod(sizes)
    dense = len(lines) * 2 >= size
    return {
        "value": [values.get(n) for n in range(size)]
        if dense
        else {str(cell): value for cell, value in sorted(values.items())},
        **({"status": statuses} if statuses else {}),
    }
