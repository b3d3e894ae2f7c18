"""Quartiles of a sector's companies, as frozen snapshots show them: whole groups, nobody's rank.

A snapshot is safe for every reader (decision 17), so nothing is computed here that one does not
show already; a group that is hidden and one without companies look the same.
"""

import re
from typing import Any, Final

import orjson

from diagnostic.assessments import grids
from diagnostic.assessments.rendering import Row
from diagnostic.assessments.scoring import publish
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.benchmarks.groups import Level, described
from diagnostic.benchmarks.quartiles import quartiles, rounded_down
from diagnostic.benchmarks.schemas import (
    DimensionQuartiles,
    QuartilesRead,
    SectorBenchmark,
    SectorGroup,
)
from diagnostic.benchmarks.service import REASONS, kept_neighbours
from diagnostic.naf import SECTIONS
from platformkit.errors import NotFound
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

_GROUPS: Final = """
SELECT v.id AS version_id, b.milestone, b.cell, b.as_of, b.k, b.n, (
        SELECT json_agg(json_build_object('code', r.code, 'around', r.around) ORDER BY r.code)::text
        FROM diagnostic.benchmark_series r WHERE r.snapshot_id = b.id) AS series
FROM (
    SELECT DISTINCT ON (s.scoring_hash, s.milestone, s.cell) s.*
    FROM diagnostic.benchmark_snapshot s
    WHERE s.scoring_hash IN (
            SELECT x.scoring_hash FROM diagnostic.questionnaire_version x
            JOIN diagnostic.questionnaire q ON q.id = x.questionnaire_id WHERE q.code = $1)
        AND (s.cell = $2 OR s.cell LIKE $3)
    ORDER BY s.scoring_hash, s.milestone, s.cell, s.as_of DESC
) b
JOIN LATERAL (
    SELECT x.id FROM diagnostic.questionnaire_version x
    WHERE x.scoring_hash = b.scoring_hash ORDER BY x.id LIMIT 1) v ON true
WHERE b.n >= $4 AND b.k >= $4
ORDER BY b.cell DESC, b.milestone, b.as_of DESC
LIMIT 50
"""
"""The groups in force that are shown; $1: grid, $2: cell of the region, $3: those of the section
by size, as a pattern, $4: k. The sector's groups come first: `sector:` after `region:`."""

_NAF: Final = re.compile(r"[A-U]|[0-9]{2}(?:\.?[0-9]{2}[A-Z])?")


class SectorUnknown(NotFound):
    """No section of NAF rév. 2 has this code."""

    code = "sector-unknown"
    title = Text("Secteur inconnu", "Unknown sector")
    detail = Text(
        "La NAF rév. 2 n’a pas de section, division ou sous-classe {given}.",
        "NAF rev. 2 has no section, division or sub-class {given}.",
    )


def section_of(naf: str) -> str:
    """Give the section of a section, division or sub-class; raises SectorUnknown."""
    code = naf.upper()
    if code in SECTIONS:
        return code
    if _NAF.fullmatch(code):
        for section, one in SECTIONS.items():
            if one.first <= code[:2] <= one.last:
                return section
    raise SectorUnknown(given=naf)


async def read(
    reads: ReadPool, naf: str, region: str, questionnaire: str, k: int
) -> SectorBenchmark:
    """Show the companies of a section by size, and the region around them, or why not."""
    section = section_of(naf)
    rows = await reads.fetch(
        "sector benchmark",
        _GROUPS,
        questionnaire,
        f"region:{region}",
        f"sector:{region}:%:{section}",
        k,
    )
    groups = [_group(row, await grids.of(reads, row["version_id"])) for row in rows]
    is_shown = any(group.level == "sector" for group in groups)
    return SectorBenchmark(
        section=section,
        title=SECTIONS[section].title(),
        region_code=region,
        questionnaire=questionnaire,
        language=language(),
        status="shown" if is_shown else "insufficient_peers",
        reason=None if is_shown else REASONS["insufficient_peers"](),
        groups=groups,
    )


def _group(row: Row, grid: PreparedGrid) -> SectorGroup:
    level, region, size, section = _named(row["cell"])
    digits = grid.content.profile.precision
    series = {one["code"]: _quartiles(one["around"], row["n"], digits) for one in _series(row)}
    title = described(level, region=region, size=size, section=section, programme=None, cohort=None)
    return SectorGroup(
        level=level,
        size_band=size,
        title=title(),
        milestone=row["milestone"],
        as_of=row["as_of"],
        k=row["k"],
        n=rounded_down(row["n"]),
        overall=QuartilesRead(**series[""]),
        dimensions=[
            DimensionQuartiles(code=one.code, title=one.title.text(language()), **series[one.code])
            for one in grid.dimensions
            if one.code in series
        ],
    )


def _named(cell: str) -> tuple[Level, str, str | None, str | None]:
    _, region, *rest = cell.split(":")
    return ("sector", region, rest[0], rest[1]) if rest else ("region", region, None, None)


def _series(row: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(row["series"])
    return found


def _quartiles(around: list[str], n: int, digits: int) -> dict[str, float]:
    figures = quartiles(kept_neighbours(around), n)
    names = ("q1", "median", "q3")
    return dict(zip(names, (float(publish(one, digits)) for one in figures), strict=True))
