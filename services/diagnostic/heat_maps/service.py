"""Showing a cohort's restitution, from the snapshots that the comparison shows already.

Nothing is counted here that was not frozen there: who subtracts one from the other gains nothing.
"""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.scoring import level, publish
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.benchmarks.quartiles import quartiles, rounded_down
from diagnostic.benchmarks.service import kept_neighbours
from diagnostic.cohorts.service import CohortUnknown
from diagnostic.heat_maps import queries
from diagnostic.heat_maps.bands import bands, share
from diagnostic.heat_maps.schemas import BandRead, HeatMap, HeatMapLine, Jalon, LevelRead
from platformkit.auth import Principal
from platformkit.i18n import Text, language, speak
from platformkit.reads import ReadPool

SUPPRESSED = Text(
    "Trop peu de diagnostics pour montrer la cohorte sans révéler une entreprise. Les chiffres sont"
    " refaits chaque nuit, quand trois entreprises au moins ont changé.",
    "Too few diagnostics to show the cohort without revealing a company. Figures are made anew each"
    " night, when three companies at least have changed.",
)
OVERALL = Text("Score global", "Global score")


async def read(
    reads: ReadPool, caller: Principal, cohort_id: uuid.UUID, milestone: Jalon, k: int
) -> HeatMap:
    """Show the bands of a cohort, or why not; the same to its facilitator and to each company."""
    asked = (cohort_id, *access.seen_by(caller), milestone, k)
    row = await reads.fetchrow("cohort heat map", queries.HEAT_MAP, *asked)
    if row is None:
        raise CohortUnknown
    head: dict[str, Any] = {
        "cohort_id": cohort_id,
        "cohort": row["title"],
        "milestone": milestone,
    }
    if row["n"] is None:
        nothing = dict.fromkeys(("as_of", "k", "n", "overall"))
        return HeatMap(
            **head, **nothing, language=language(), status="suppressed", reason=SUPPRESSED(),
            levels=[], dimensions=[],
        )  # fmt: skip
    grid = await grids.of(reads, row["version_id"])
    speak(grid.spoken(language()))
    overall, *dimensions = _lines(row, grid)
    return HeatMap(
        **head,
        language=language(),
        status="shown",
        reason=None,
        as_of=row["as_of"],
        k=row["k"],
        n=rounded_down(row["n"]),
        levels=[
            LevelRead(code=one.code, title=one.title.text(language()))
            for one in grid.content.profile.levels
        ],
        overall=overall,
        dimensions=dimensions,
    )


def _lines(row: Mapping[str, Any], grid: PreparedGrid) -> list[HeatMapLine]:
    members, series = orjson.loads(row["members"]), orjson.loads(row["series"])
    titles = {"": OVERALL()} | {one.code: one.title.text(language()) for one in grid.dimensions}
    return [_line(code, title, members, series[code], row, grid) for code, title in titles.items()]


def _line(
    code: str,
    title: str,
    members: Sequence[Mapping[str, Any]],
    around: Sequence[str],
    row: Mapping[str, Any],
    grid: PreparedGrid,
) -> HeatMapLine:
    profile, n = grid.content.profile, row["n"]
    codes = [one.code for one in profile.levels]
    tallies = [Counter[str]() for _ in codes]
    for one in members:
        reached = one["dimensions"][code] if code else one["level"]
        tallies[codes.index(reached)][one["tenant"]] += 1
    _, median, _ = quartiles(kept_neighbours(around), n)
    return HeatMapLine(
        code=code,
        title=title,
        median=float(publish(median, profile.precision)),
        level=level(profile, median),
        bands=[
            BandRead(first=codes[one.first], last=codes[one.last], share=share(one.companies, n))
            for one in bands(tallies, row["k"])
        ],
    )
