"""Which units are assessed, and the assessments as a table."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from observatory.grids import assessing
from observatory.grids.schemas import Assessment, Assessments
from observatory.observations import parsing
from observatory.observations.excel import inert
from observatory.observations.service import SelectionInvalid
from observatory.structures import library
from observatory.structures.catalogue import Artefact, Catalogue, Code
from platformkit.errors import Fault, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest, page
from platformkit.reads import ReadPool

_COLUMNS: Final = (
    *("GRID", "CODE", "LABEL", "LEVEL", "DIMENSION", "DIMENSION_LEVEL", "CRITERION", "INDICATOR"),
    *("TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "RELEASE", "READING_KEY", "CLASS", "CERTAIN"),
    *("CRITERION_LEVEL", "READING"),
)


class UnitUnknown(NotFound):
    """The list of the grid has no such code."""

    code = "unit-unknown"
    title = Text("Code inconnu", "Unknown code")
    detail = Text("{list} n’a pas de code {code}.", "{list} has no code {code}.")


def instant(text: str | None) -> datetime | None:
    """Read the instant that figures are to be known at, or raise SelectionInvalid."""
    faults: list[Fault] = []
    found = parsing.instant(text, "asOf", faults)
    if faults:
        raise SelectionInvalid(faults)
    return found


async def units(reads: ReadPool, structures: Catalogue, grid: Artefact) -> dict[str, Code]:
    """Return what can be assessed, by code."""
    listed = structures.resolve("codelist", grid.content["codelist"], grid.agency)
    assert listed is not None  # noqa: S101  # judged when published
    return dict(await library.codes(reads, structures, listed))


async def one(
    pool: ReadPool, structures: Catalogue, grid: Artefact, code: str, as_of: datetime | None
) -> Assessment:
    """Assess one unit, or raise UnitUnknown."""
    unit = (await units(pool, structures, grid)).get(code)
    if unit is None:
        raise UnitUnknown(list=grid.content["codelist"], code=code)
    (found,) = await assessing.assess(pool, structures, grid, [unit], as_of)
    return found


async def part(
    pool: ReadPool,
    structures: Catalogue,
    grid: Artefact,
    bounds: tuple[str, int],
    as_of: datetime | None,
) -> list[Assessment]:
    """Assess the units after a code, so many of them; `bounds` are the two."""
    after, most = bounds
    known = await units(pool, structures, grid)
    wanted = [known[code] for code in sorted(known) if code > after][:most]
    if not wanted:
        return []
    return await assessing.assess(pool, structures, grid, wanted, as_of)


async def several(
    pool: ReadPool,
    structures: Catalogue,
    grid: Artefact,
    paging: PageRequest,
    as_of: datetime | None,
) -> Assessments:
    """Assess a page of units, by code."""
    (after,) = paging.after or ("",)
    bounds = str(after), paging.limit + 1
    found = await part(pool, structures, grid, bounds, as_of)
    total = len(await units(pool, structures, grid)) if paging.count else None
    made = page(paging, found, key=lambda one: [one.code], render=lambda one: one, total=total)
    return Assessments(**dict(made))


def as_csv(found: Iterable[Assessment]) -> bytes:
    """Write assessments as a table, one line per criterion, its sentence in the last column.

    Labels and sentences may be another region's: none of them is a formula.
    """
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    table.writerow(_COLUMNS)
    for each in found:
        level = each.level and each.level.id
        for axis in each.dimensions:
            for cell in axis.cells:
                certain = {True: "yes", False: "no", None: ""}[cell.certain]
                table.writerow(
                    (
                        *(each.grid, each.code, inert(each.label), level),
                        *(axis.id, axis.level and axis.level.id, cell.criterion, cell.indicator),
                        *(cell.period, cell.value, cell.status, cell.release, cell.reading_key),
                        *(cell.klass, certain, cell.level and cell.level.id),
                        inert(cell.reading or ""),
                    )
                )
    return out.getvalue().encode()
