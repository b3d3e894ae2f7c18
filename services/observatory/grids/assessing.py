"""Assesses units by a grid: one statement per criterion, whatever the number of units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from observatory.grids.schemas import Assessment, AxisRead, Cell, LevelRead
from observatory.observations import queries, statements
from observatory.observations.selection import Comparison, Condition, Selection
from observatory.observations.service import wording
from observatory.observations.vintages import Vintages
from observatory.structures import classing
from observatory.structures.catalogue import MEASURE, TIME, Artefact, Catalogue, Code, Indicator
from observatory.structures.combining import combine
from observatory.structures.grid_schemas import Axis, Criterion, Grid
from observatory.structures.schemas import Names
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

_READ: Final = Text(
    "Lecture : « {label} » est au niveau « {level} » de la grille « {grid} » ({dimensions}) ;"
    " {measured} critères mesurés sur {criteria}.",
    "Reading: “{label}” is at level “{level}” of the grid “{grid}” ({dimensions}); {measured} of"
    " {criteria} criteria measured.",
)
_AXIS: Final = Text("{name} : {level}", "{name}: {level}")
_BETWEEN: Final = Text(" ; ", "; ")
_UNREAD: Final = Text(
    "Lecture : « {label} » n’a pas de niveau dans la grille « {grid} » : {measured} critères"
    " mesurés sur {criteria}.",
    "Reading: “{label}” has no level in the grid “{grid}”: {measured} of {criteria} criteria"
    " measured.",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A criterion with its indicator, its key, and the figures of each unit."""

    criterion: Criterion
    indicator: Indicator
    key: classing.Key
    rows: Mapping[str, Mapping[str, Any]]


async def assess(
    pool: ReadPool,
    structures: Catalogue,
    artefact: Artefact,
    units: Sequence[Code],
    as_of: datetime | None = None,
) -> list[Assessment]:
    """Assess units, in their order, as known now or at an instant.

    The newest figure of each is read; a grid of another agency reads our own figures.
    """
    grid = Grid.model_validate(artefact.content)
    known: dict[int, Vintages] = {}
    asked: dict[str, _Asked] = {}
    releases: dict[str, int] = {}
    for axis in grid.dimensions:
        for criterion in axis.criteria:
            indicator, key = _resolved(structures, artefact, criterion)
            flow = indicator.flow
            if flow.number not in known:
                known[flow.number] = await queries.vintages(pool, flow)
            vintages = known[flow.number]
            ordinal = vintages.newest if as_of is None else vintages.at(as_of)
            releases[flow.id] = ordinal
            rows = await _figures(pool, vintages, ordinal, (criterion, indicator, key), units)
            asked[criterion.id] = _Asked(criterion, indicator, key, rows)
    return [_assessed(artefact, grid, asked, each, releases, as_of) for each in units]


def _resolved(
    structures: Catalogue, artefact: Artefact, criterion: Criterion
) -> tuple[Indicator, classing.Key]:
    """Return our own indicator of that id where there is one, and the key."""
    bare = criterion.indicator.rpartition(":")[2]
    figure = structures.resolve("indicator", bare) or structures.resolve(
        "indicator", criterion.indicator, artefact.agency
    )
    key = structures.resolve("reading_key", criterion.reading_key, artefact.agency)
    assert figure is not None and key is not None  # noqa: PT018, S101  # judged when published
    return structures.indicator_of(figure), classing.key(key)


async def _figures(
    pool: ReadPool,
    known: Vintages,
    ordinal: int,
    what: tuple[Criterion, Indicator, classing.Key],
    units: Sequence[Code],
) -> dict[str, Mapping[str, Any]]:
    """Return the newest figure of each unit, by its code."""
    criterion, indicator, key = what
    codes = Condition(criterion.unit, tuple(Comparison("eq", each.id) for each in units))
    selection = Selection(
        flow=indicator.flow,
        as_of=ordinal,
        conditions=(codes,),
        last_n=1,
        reads=replace(wording(indicator), key=key),
        tells_release=True,
    ).restricted({**indicator.key, **criterion.key})
    statement = statements.observations(selection, known, language())
    rows = await pool.fetch("grid figures", statement.sql, *statement.arguments)
    return {row[criterion.unit]: dict(row) for row in rows}


def _assessed(
    artefact: Artefact,
    grid: Grid,
    asked: Mapping[str, _Asked],
    unit: Code,
    releases: Mapping[str, int],
    as_of: datetime | None,
) -> Assessment:
    axes = [_axis(grid, each, asked, unit, as_of) for each in grid.dimensions]
    cells = [cell for each in axes for cell in each.cells]
    measured = sum(cell.level is not None for cell in cells)
    levels = [each.level.place for each in axes if each.level is not None]
    enough = measured >= grid.least_measured * len(cells)
    place = combine(levels, grid.rule, grid.tie) if enough else None
    level = None if place is None else _level(grid, place)
    told = {"label": unit.name(), "grid": artefact.name()}
    told |= {"measured": str(measured), "criteria": str(len(cells))}
    if level is not None:
        named = (
            _AXIS(name=each.name, level=each.level.name) for each in axes if each.level is not None
        )
        told |= {"level": level.name, "dimensions": _BETWEEN().join(named)}
    return Assessment(
        grid=artefact.reference,
        subject=grid.subject,
        code=unit.id,
        label=unit.name(),
        level=level,
        measured=measured,
        criteria=len(cells),
        dimensions=axes,
        reading=_UNREAD(**told) if level is None else _READ(**told),
        releases=dict(releases),
    )


def _axis(
    grid: Grid, axis: Axis, asked: Mapping[str, _Asked], unit: Code, as_of: datetime | None
) -> AxisRead:
    cells = [_cell(grid, asked[each.id], unit, as_of) for each in axis.criteria]
    places = [each.level.place for each in cells if each.level is not None]
    place = combine(places, axis.rule, grid.tie)
    return AxisRead(
        id=axis.id,
        name=_said(axis.name),
        rule=axis.rule,
        level=None if place is None else _level(grid, place),
        cells=cells,
    )


def _cell(grid: Grid, asked: _Asked, unit: Code, as_of: datetime | None) -> Cell:
    criterion, row = asked.criterion, asked.rows.get(unit.id, {})
    klass = row.get("CLASS")
    places = [each.id for each in grid.levels]
    level = None if klass is None else _level(grid, places.index(criterion.levels[klass]))
    fixed = {criterion.unit: unit.id, **criterion.key}
    query = {f"c[{name}]": code for name, code in fixed.items()}
    if row:
        query[f"c[{TIME}]"] = row[TIME]
    if as_of is not None:
        query["asOf"] = as_of.isoformat()
    query["key"] = asked.key.reference
    certain = row.get("CERTAIN")
    return Cell(
        criterion=criterion.id,
        question=_said(criterion.question),
        indicator=asked.indicator.artefact.reference,
        reading_key=asked.key.reference,
        level=level,
        klass=klass,
        class_name=row.get("CLASS_NAME"),
        certain=None if certain is None else certain == "yes",
        period=row.get(TIME),
        value=row.get(MEASURE),
        status=row.get("OBS_STATUS"),
        release=row.get("RELEASE"),
        reading=row.get("READING"),
        figure=f"indicators/{asked.indicator.artefact.id}/provenance?{urlencode(query)}",
    )


def _level(grid: Grid, place: int) -> LevelRead:
    level = grid.levels[place]
    return LevelRead(id=level.id, place=place, name=_said(level.name))


def _said(names: Names) -> str:
    return names.en if language() == "en" else names.fr
