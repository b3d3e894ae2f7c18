"""Coverage as tables: one job, gap or territory a line, in codes, with its sentence."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from training.coverage.catalogue import FUNDED, LEVELS, MODES
from training.coverage.schemas import Gap, JobCoverage, JobRead, OfferCounts, TerritoryStatistics

_COUNTS: Final = (
    "offers", "inherited", "new", *(f"offers_{one}" for one in FUNDED),
    *(f"level_{one}" for one in (*reversed(LEVELS), "not_stated")),
    *(f"mode_{one}" for one in MODES),
    "sessions", "seats", "seats_stated", "hours", "hours_stated", "hours_mean",
)  # fmt: skip
_JOB: Final = (
    "code", "label", "kind", "basis", "class", "exposure", "employment", "certifications",
    "certifications_new",    *(f"certifications_{one}" for one in FUNDED),
)  # fmt: skip
JOBS: Final = (*_JOB, "covered", "leads", "maintains", *_COUNTS, "reading")
GAPS: Final = ("rank", *_JOB, "missing", "elsewhere", "reading")
TERRITORIES: Final = (
    "kind", "code", "label", *_COUNTS, "exposed_offers", "covered_jobs", "covered_employment",
    "covered_share", *(f"covered_share_{one}" for one in FUNDED), "reading",
)  # fmt: skip

Row = Mapping[str, Any]


def table(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Write rows as CSV (RFC 4180, UTF-8); text that a spreadsheet might compute is quoted so."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"'{value}" if isinstance(value, str) and value.lstrip()[:1] in {*"=+-@"} else value


def _counts(found: OfferCounts) -> Row:
    return {
        **{name: getattr(found, name) for name in _COUNTS if hasattr(found, name)},
        **{f"offers_{one}": size for one, size in found.audiences.items()},
        **{f"level_{one}": size for one, size in found.levels.items()},
        **{f"mode_{one}": size for one, size in found.modes.items()},
    }


def _job(found: JobRead) -> Row:
    exposed = found.exposure
    return {
        **{name: getattr(found, name) for name in ("code", "label", "kind", "basis", "employment")},
        "class": exposed and exposed.grade,
        "exposure": exposed and exposed.mean,
        "certifications": found.certifications.active,
        "certifications_new": found.certifications.new,
        **{f"certifications_{one}": size for one, size in found.certifications.audiences.items()},
    }


def job(found: JobCoverage) -> Row:
    """Return the line of a job."""
    return {
        **_job(found),
        "covered": found.covered,
        "leads": found.offers.leads,
        "maintains": found.offers.maintains,
        **_counts(found.offers),
        "reading": found.reading,
    }


def gap(found: Gap) -> Row:
    """Return the line of a gap."""
    own = {name: getattr(found, name) for name in ("rank", "missing", "elsewhere", "reading")}
    return {**_job(found), **own}


def territory(found: TerritoryStatistics) -> Row:
    """Return the line of a territory."""
    return {
        "kind": found.territory.kind,
        "code": found.territory.id,
        "label": found.territory.label,
        **_counts(found.offers),
        "exposed_offers": found.exposed_offers,
        "covered_jobs": found.covered.jobs,
        "covered_employment": found.covered.employment,
        "covered_share": found.covered.employment_share,
        **{f"covered_share_{one.audience}": one.employment_share for one in found.by_audience},
        "reading": found.reading,
    }
