"""Cells: the exposure of one unit by one method, in JSON and CSV."""

import csv
import io
from collections.abc import Iterable

from observatory.exposure import method
from observatory.exposure.texts import percent
from observatory.formulas.percentiles import Band, whole
from observatory.formulas.structure import FEWEST, wilson
from observatory.indices import book, texts, units
from observatory.indices.catalogue import GRID, READING_KEY, Method
from observatory.indices.schemas import Cell, ClassRead, PlaceRange, ShareRange, Versioned
from observatory.indices.units import Kind, Unit
from observatory.references.facts import Facts
from platformkit.i18n import language

GRID_READ = Versioned(id=GRID[0], version=GRID[1])
READING_KEY_READ = Versioned(id=READING_KEY[0], version=READING_KEY[1])

_COLUMNS = (
    "kind",
    "code",
    "label",
    "basis",
    "method",
    "method_version",
    "class",
    "class_label",
    "place",
    "place_low",
    "place_high",
    "exposed_share",
    "unreliable",
    "native",
    "coverage",
    "grid",
    "reading_key",
    "reading",
    "release",
)


def class_read(found: Band) -> ClassRead:
    """Wire form of a class."""
    return ClassRead(code=found, label=texts.BANDS[found]())


def version_read(wanted: Method) -> Versioned:
    """Wire form of a method's name."""
    return Versioned(id=wanted.id, version=wanted.version)


def interval_read(interval: method.Range) -> PlaceRange:
    """Wire form of an interval, on whole places."""
    return PlaceRange(low=whole(interval.low), high=whole(interval.high))


def exposed_interval(unit: Unit, found: book.Measure) -> ShareRange | None:
    """Wilson interval of the share in the upper classes; one job has none."""
    if unit.counts == "job":
        return None
    low, high = wilson(found.exposed, observed(unit, found))
    return ShareRange(low=round(low, 4), high=round(high, 4))


def observed(unit: Unit, found: book.Measure) -> float:
    """Count the workers or hires behind a share: the part of them that a survey saw."""
    return unit.sampling * found.exposure.covered


def is_unreliable(unit: Unit, found: book.Measure) -> bool:
    """Tell whether too few were observed for a share to mean much."""
    return unit.counts != "job" and observed(unit, found) < FEWEST


def unknown(wanted: Method) -> list[str]:
    """Parts of the uncertainty of a method that its producer does not publish."""
    return [] if wanted.dispersed else ["scores"]


def reading(unit: Unit, found: book.Measure) -> str:
    """Sentence that reads a cell."""
    counts = texts.COUNTS[unit.counts]
    return texts.READ_CELL(
        method=found.method.name(),
        label=unit.basis_label,
        klass=texts.BANDS[found.band](),
        place=whole(found.exposure.mean),
        counts=counts(exposed=percent(found.exposed)) if unit.counts != "job" else counts(),
        coverage=percent(found.exposure.coverage),
    )


def cell(unit: Unit, found: book.Measure) -> Cell:
    """Wire form of a cell."""
    return Cell(
        kind=unit.kind,
        code=unit.code,
        label=unit.label,
        basis=unit.basis,
        basis_label=unit.basis_label,
        method=version_read(found.method),
        klass=class_read(found.band),
        place=whole(found.exposure.mean),
        interval=interval_read(found.exposure.interval),
        unknown=unknown(found.method),
        exposed_share=round(found.exposed, 4),
        exposed_interval=exposed_interval(unit, found),
        unreliable=is_unreliable(unit, found),
        native=round(found.native, 3),
        scale=found.method.scale(),
        coverage=round(found.exposure.coverage, 4),
        grid=GRID_READ,
        reading_key=READING_KEY_READ,
        reading=reading(unit, found),
    )


def every(facts: Facts, kind: Kind, wanted: str | None) -> list[tuple[Unit, book.Measure]]:
    """Give all cells of a kind, or those of one method, by code and method."""

    def build() -> list[tuple[Unit, book.Measure]]:
        return [
            (unit, found)
            for unit in units.every(facts, kind)
            for found in book.measures(facts, unit)
        ]

    cells = facts.derive(("cells", kind, language()), build)
    return [each for each in cells if wanted in (None, each[1].method.id)]


def as_csv(facts: Facts, kind: Kind, wanted: str | None) -> bytes:
    """Cells as CSV, one line each, with the sentence that reads it; whole kinds are remembered."""
    if wanted is not None:
        return _written(facts, every(facts, kind, wanted))
    return facts.derive(
        ("cells csv", kind, language()), lambda: _written(facts, every(facts, kind, None))
    )


def _written(facts: Facts, cells: Iterable[tuple[Unit, book.Measure]]) -> bytes:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    table.writerow(_COLUMNS)
    for unit, found in cells:
        each = cell(unit, found)
        table.writerow(
            (
                each.kind,
                each.code,
                each.label,
                each.basis,
                each.method.id,
                each.method.version,
                each.klass.code,
                each.klass.label,
                each.place,
                each.interval.low,
                each.interval.high,
                each.exposed_share,
                "yes" if each.unreliable else "no",
                each.native,
                each.coverage,
                "/".join(GRID),
                "/".join(READING_KEY),
                each.reading,
                facts.release,
            )
        )
    return out.getvalue().encode()
