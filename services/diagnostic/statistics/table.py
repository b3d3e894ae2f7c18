"""The published figures as a table: one figure a line, so that any tool reads it."""

import csv
import io
from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from diagnostic.statistics.schemas import GroupRead, MedianRead, StatisticsRead

HEAD = (
    "programme", "as_of", "subject", "questionnaire", "milestone", "level", "department",
    "size_band", "section", "measure", "code", "value", "unit",
)  # fmt: skip

Line = tuple[object, ...]


def csv_of(found: StatisticsRead) -> str:
    """Write every figure in codes, the same in both languages (RFC 4180, UTF-8)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for line in _lines(found):
        writer.writerow([found.programme, found.as_of, *line])
    return text.getvalue()


def _lines(found: StatisticsRead) -> Iterator[Line]:
    whole = ("programme", None, None, None)
    for name, value in found.cohorts:
        unit = "seats" if name.startswith("seats") else "cohorts"
        yield ("cohorts", None, None, *whole, name, None, value, unit)
    for group in found.groups:
        about = ("journey", None, None, *_place(group))
        yield (*about, "companies", None, group.companies, "companies")
        yield from _each(about, "step", group.steps, "companies")
        yield from _each(about, "actions", group.actions, "actions")
    for scores in found.scores:
        for one in scores.groups:
            about = ("score", scores.questionnaire, scores.milestone, *_place(one))
            yield (*about, "companies", None, one.companies, "companies")
            for level in one.levels:
                yield (*about, "level", level.code, level.companies, "companies")
            yield from _medians(about, one.median, one.dimensions)
    for movements in found.movements:
        for moved in movements.groups:
            about = ("movement", movements.questionnaire, "T1", *_place(moved))
            yield (*about, "companies", None, moved.companies, "companies")
            yield from _each(about, "move", moved.moves, "companies")
            yield from _medians(about, moved.median, moved.dimensions)


def _place(group: GroupRead) -> Line:
    return group.level, group.department, group.size_band, group.section


def _each(about: Line, measure: str, counts: BaseModel, unit: str) -> Iterator[Line]:
    for code, value in counts:
        yield (*about, measure, code, value, unit)


def _medians(about: Line, overall: int, dimensions: Iterable[MedianRead]) -> Iterator[Line]:
    yield (*about, "median", None, overall, "points")
    for one in dimensions:
        yield (*about, "median", one.code, one.median, "points")
