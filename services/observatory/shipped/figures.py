"""The figures of the shipped dataflows, as rows of a file that is loaded like any other."""

from collections.abc import Callable, Iterator
from typing import Final

from observatory.exposure import book, method
from observatory.exposure.classes import Grade
from observatory.indices.catalogue import FROZEN_VERSION
from observatory.references.facts import Facts
from observatory.releases import own
from observatory.shipped import details, places
from observatory.shipped.lists import GRADE_CODES, INDEX, UNCLASSIFIED
from observatory.shipped.ratios import Row, ratio

CENSUS: Final = "2017"
HIRED: Final = "2021"
"""Last year of the files of hires, whose own period is not stated."""

SCORED: Final = "2025"

_CLASSES: Final = tuple(Grade)


def _exposure(found: method.Exposure, key: Row) -> Iterator[Row]:
    """Give mean and shares of a whole, each with numerator and denominator."""
    interval = found.interval
    shares = {
        "EXPOSED_SHARE": found.exposed,
        **{GRADE_CODES[grade]: share for grade, share in found.grades.items()},
        UNCLASSIFIED: found.unclassified,
    }
    yield {
        **ratio(key, "MEAN", found.mean, found.covered),
        "SE": round(found.se, 5),
        "CI_LOW": round(interval.low, 4),
        "CI_HIGH": round(interval.high, 4),
    }
    for name, share in shares.items():
        yield ratio(key, name, share, found.covered)
    yield ratio(key, "COVERAGE", found.coverage, found.weight)


def territories(facts: Facts) -> Iterator[Row]:
    """Exposure of the regions, and of the country with and without them."""
    for each in facts.territories.values():
        found = book.territory(facts, each)
        if found is not None:
            key = {"FREQ": "A", "REF_AREA": each.id, "INDEX": INDEX, "TIME_PERIOD": CENSUS}
            yield from _exposure(found, key)


def sectors(facts: Facts) -> Iterator[Row]:
    """Exposure of the sections and divisions with known hires, in all of France."""
    for level in ("section", "division"):
        for code in sorted(book.ranking(facts, level)):
            found = book.sector(facts, code)
            assert found is not None  # noqa: S101  # the ranking holds measured sectors only
            key = {"FREQ": "A", "REF_AREA": "FE", "ACTIVITY": code}
            yield from _exposure(found, {**key, "INDEX": INDEX, "TIME_PERIOD": HIRED})


def jobs(facts: Facts) -> Iterator[Row]:
    """Exposure of ROME 4.0 jobs through the crosswalk; imputed ones are flagged I."""
    scored = book.jobs(facts)
    for each in facts.jobs.values():
        found = scored.get(each.basis)
        if found is None:
            continue
        key = {"FREQ": "A", "OCCUPATION": each.code, "INDEX": INDEX, "TIME_PERIOD": SCORED}
        key["OBS_STATUS"] = "I" if found.imputed else "A"
        interval = method.around(found.mean, method.Z * found.se)
        yield {
            **key,
            "MEASURE": "MEAN",
            "OBS_VALUE": round(found.mean, 4),
            "SE": round(found.se, 5),
            "CI_LOW": round(interval.low, 4),
            "CI_HIGH": round(interval.high, 4),
        }
        yield {**key, "MEASURE": "SD", "OBS_VALUE": round(found.sd, 4)}
        yield {**key, "MEASURE": "TASKS", "OBS_VALUE": found.tasks}
        if found.grade is not None:
            yield {**key, "MEASURE": "CLASS", "OBS_VALUE": _CLASSES.index(found.grade)}


def scores(facts: Facts) -> Iterator[Row]:
    """Scores as the ILO published them."""
    for each in facts.occupations.values():
        if each.score is not None:
            mean, sd, tasks, published = each.score
            figures = {
                "MEAN": mean,
                "SD": sd,
                "TASKS": tasks,
                "CLASS": _CLASSES.index(Grade(published)),
            }
            for name, value in figures.items():
                key = {"FREQ": "A", "OCCUPATION": each.code, "TIME_PERIOD": SCORED}
                yield {**key, "MEASURE": name, "OBS_VALUE": value}


def employment(facts: Facts) -> Iterator[Row]:
    """Persons employed by region and family."""
    regions = {each.code: each.id for each in facts.territories.values() if each.kind == "region"}
    for region, families in facts.employment.items():
        for family, count in families.items():
            key = {"FREQ": "A", "REF_AREA": regions[region], "FAMILY": family}
            yield {**key, "TIME_PERIOD": CENSUS, "OBS_VALUE": count}


def hires(facts: Facts) -> Iterator[Row]:
    """Hires by division and job."""
    for division, counts in facts.hires.items():
        for job, count in counts.items():
            key = {"FREQ": "A", "ACTIVITY": division, "OCCUPATION": job}
            yield {**key, "TIME_PERIOD": HIRED, "OBS_VALUE": count}


ROWS: Final[dict[str, tuple[str, Callable[[Facts], Iterator[Row]]]]] = {
    "DF_EXPOSURE_TERRITORY": ("ilo-2025/1.0.0", territories),
    "DF_EXPOSURE_PLACE": (
        f"common scale/{FROZEN_VERSION}",
        lambda facts: places.territories(facts, CENSUS),
    ),
    "DF_EXPOSURE_SECTOR": ("ilo-2025/1.0.0", sectors),
    "DF_EXPOSURE_JOB": ("ilo-2025/1.0.0", jobs),
    "DF_ILO_SCORES": ("published", scores),
    "DF_EMPLOYMENT": ("published", employment),
    "DF_HIRES": ("published", hires),
    "DF_EXPOSURE_FAMILY": ("ilo-2025/1.0.0", lambda facts: details.families(facts, CENSUS)),
    "DF_EMPLOYMENT_JOB": ("ilo-2025/1.0.0", lambda facts: details.employment(facts, CENSUS)),
    "DF_PLACE_SECTOR": (
        f"common scale/{FROZEN_VERSION}",
        lambda facts: details.sector_places(facts, HIRED),
    ),
    "DF_PLACE_JOB": (
        f"common scale/{FROZEN_VERSION}",
        lambda facts: details.job_places(facts, SCORED),
    ),
}
"""Method and rows of each shipped dataflow."""


def file(facts: Facts, dataflow: str) -> bytes:
    """Write the rows of a dataflow as a CSV; the same facts give the same bytes."""
    return own.written(list(ROWS[dataflow][1](facts)))
