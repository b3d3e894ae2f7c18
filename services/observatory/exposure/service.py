"""What all answers about exposure share: method, sources, classes, and the figures of a whole."""

from observatory.exposure import book, method, texts
from observatory.exposure.classes import Grade
from observatory.exposure.schemas import (
    Coverage,
    GradeRead,
    GradeShare,
    MethodRead,
    RangeRead,
    SourceRead,
    Uncertainty,
)
from observatory.references import service as references
from observatory.references.facts import Facts
from platformkit.errors import NotFound
from platformkit.i18n import Text

METHOD = "ilo-2025"


class ExposureUnmeasured(NotFound):
    """The code exists, but nothing that the method needs is known about it."""

    code = "exposure-unmeasured"
    detail = Text(
        "Aucune source ne permet de mesurer l’exposition de {given} ({label}).",
        "No source allows the exposure of {given} ({label}) to be measured.",
    )


def method_read(facts: Facts) -> MethodRead:
    """Describe the method in the language of the request."""
    return MethodRead(
        id=METHOD,
        version="1.0.0",
        name=texts.METHOD_NAME(),
        formula=texts.METHOD_FORMULA(),
        citation=facts.datasets["scores"].source["citation"],
        parameters={"confidence": method.CONFIDENCE, "census_sampling": book.SAMPLING},
        limits=[limit() for limit in texts.METHOD_LIMITS],
    )


def provenance(facts: Facts, tables: tuple[str, ...]) -> dict[str, object]:
    """Fields of an answer that say how and from what it was computed."""
    return {
        "method": method_read(facts),
        "sources": [
            SourceRead(table=table, **references.provenance(facts, table)) for table in tables
        ],
        "release": facts.release,
    }


def grade_read(grade: Grade | None) -> GradeRead | None:
    """Wire form of a class."""
    return None if grade is None else GradeRead(code=grade, label=texts.GRADES[grade]())


def interval_read(interval: method.Range) -> RangeRead:
    """Wire form of an interval, on four decimals."""
    return RangeRead(low=round(interval.low, 4), high=round(interval.high, 4))


def aggregate(exposure: method.Exposure, unit: str) -> dict[str, object]:
    """Fields of an answer about a whole; `unit` is what its weights count."""
    return {
        "mean": round(exposure.mean, 4),
        "uncertainty": Uncertainty(
            se=round(exposure.se, 5),
            interval=interval_read(exposure.interval),
            level=method.CONFIDENCE,
            **{part: round(share, 4) for part, share in exposure.variance.shares().items()},
        ),
        "exposed_share": round(exposure.exposed, 4),
        "grades": [
            GradeShare(code=grade, label=texts.GRADES[grade](), share=round(share, 4))
            for grade, share in exposure.grades.items()
        ],
        "unclassified_share": round(exposure.unclassified, 4),
        "coverage": Coverage(
            share=round(exposure.coverage, 4),
            covered=exposure.covered,
            total=exposure.weight,
            unit=unit,
        ),
    }
