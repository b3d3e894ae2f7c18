"""What is published of a programme on one day, in codes and in both languages: a pure function."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from diagnostic.benchmarks.quartiles import rounded_down
from diagnostic.statistics import companies, figures
from diagnostic.statistics.figures import Facts

Shown = Mapping[str, Mapping[str, Facts]]
"""By subject and group, what the companies bring that are shown together."""

LEVELS = ("programme", "department", "size", "section")
"""The groups in the order in which they are listed."""


class Place(NamedTuple):
    """A group as people call it; a section is one of a size."""

    level: str
    department: str | None = None
    size_band: str | None = None
    section: str | None = None


WHOLE = Place("programme")


@dataclass(frozen=True, slots=True)
class Grid:
    """What dimensions and levels of a scoring are called."""

    questionnaire: str
    scoring_hash: str
    dimensions: list[dict[str, Any]]
    levels: list[dict[str, Any]]


def grid(row: Mapping[str, Any]) -> Grid:
    """Read a grid's names from its row."""
    return Grid(row["code"], row["scoring_hash"], _named(row["dimensions"]), _named(row["levels"]))


def _named(text: str) -> list[dict[str, Any]]:
    return [{"code": one["code"], "title": one["title"]} for one in orjson.loads(text)]


def told(shown: Shown, cohorts: Mapping[str, int], grids: Sequence[Grid]) -> dict[str, Any]:
    """Say everything that may be said; a group that may not be shown is absent, as an empty one."""
    journeys = shown.get(companies.JOURNEY, {})
    everybody = next((facts for cell, facts in journeys.items() if _place(cell) == WHOLE), [])
    ordered = sorted(grids, key=lambda one: (one.questionnaire, one.scoring_hash))
    return {
        "cohorts": {
            **{name: cohorts[name] for name in ("held", "running", "planned", "seats_offered")},
            "seats_taken": rounded_down(cohorts["seats_taken"]),
        },
        "groups": _groups(journeys, figures.journey),
        "quarters": figures.quarters(everybody),
        "scores": [one for each in ordered for one in _scores(shown, each)],
        "movements": [one for each in ordered for one in _movements(shown, each)],
    }


def _scores(shown: Shown, grid: Grid) -> Iterator[dict[str, Any]]:
    for milestone in companies.MILESTONES:
        groups = shown.get(companies.score(grid.scoring_hash, milestone), {})
        levels = [one["code"] for one in grid.levels]
        if found := _groups(groups, lambda facts: figures.scored(facts, levels)):  # noqa: B023  # called at once
            yield {"milestone": milestone, **_about(grid), "groups": found}


def _movements(shown: Shown, grid: Grid) -> Iterator[dict[str, Any]]:
    groups = shown.get(companies.movement(grid.scoring_hash), {})
    levels = [one["code"] for one in grid.levels]
    if found := _groups(groups, lambda facts: figures.moved(facts, levels)):
        yield {**_about(grid), "groups": found}


def _about(grid: Grid) -> dict[str, Any]:
    return {
        "questionnaire": grid.questionnaire,
        "scoring_hash": grid.scoring_hash,
        "levels": grid.levels,
        "dimensions": grid.dimensions,
    }


def _groups(
    groups: Mapping[str, Facts], count: Callable[[Facts], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Count each group once: the whole programme is the first of both ways to divide it."""
    found = {_place(cell): facts for cell, facts in groups.items()}
    return [{**place._asdict(), **count(found[place])} for place in sorted(found, key=_order)]


def _place(cell: str) -> Place:
    level, _, *names = cell.split(":")
    match level:
        case "department":
            return Place("department", department=names[0])
        case "band":
            return Place("size", size_band=names[0])
        case "section":
            return Place("section", size_band=names[0], section=names[1])
    return WHOLE


def _order(place: Place) -> tuple[int, str, str]:
    return (
        LEVELS.index(place.level),
        place.department or place.size_band or "",
        place.section or "",
    )
