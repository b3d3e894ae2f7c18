"""Reading where a company stands among its peers."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

import orjson

from diagnostic.assessments import access, grids
from diagnostic.assessments.rendering import Row
from diagnostic.assessments.scoring import publish
from diagnostic.assessments.service import AssessmentUnknown
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.benchmarks import queries
from diagnostic.benchmarks.groups import Level, Peers, described
from diagnostic.benchmarks.quartiles import Neighbours, quartiles, rank, rounded_down
from diagnostic.benchmarks.schemas import (
    BenchmarkRead,
    BenchmarkStatus,
    DimensionStanding,
    GroupRead,
    StandingRead,
)
from platformkit.auth import Principal
from platformkit.i18n import Text, language, speak
from platformkit.reads import ReadPool

REASONS: dict[BenchmarkStatus, Text] = {
    "insufficient_peers": Text(
        "Trop peu d’entreprises comparables pour montrer des chiffres sans en révéler aucune.",
        "Too few comparable companies to show figures without revealing one of them.",
    ),
    "not_final": Text(
        "Le score n’est pas encore définitif : soumettez d’abord le diagnostic.",
        "The score is not final yet: submit the assessment first.",
    ),
    "not_comparable": Text(
        "Le score laisse de côté une dimension ou des réponses : il ne se compare pas à des scores"
        " complets.",
        "The score leaves out a dimension or answers: it does not compare with complete scores.",
    ),
}


async def read(
    reads: ReadPool,
    caller: Principal,
    assessment_id: uuid.UUID,
    peers: Peers,
    k: int,
    *,
    until: datetime | None = None,
    revision: int | None = None,
) -> BenchmarkRead:
    """Show where a diagnostic stands, or why that may not be shown, in one statement.

    With `until`, by the snapshot that was in force at that instant; with `revision`, by the score
    of that one, also while the next is being answered. In French where the grid lacks English.
    """
    reach = access.seen_by(caller)
    row = await reads.fetchrow(
        "benchmark", queries.STANDING, assessment_id, *reach, peers, k, until, revision
    )
    if row is None:
        raise AssessmentUnknown
    grid = await grids.of(reads, row["version_id"])
    speak(grid.spoken(language()))
    result = orjson.loads(row["result"]) if row["result"] is not None else None
    status = _status(result, is_found=row["snapshot_id"] is not None)
    head: dict[str, Any] = {
        "assessment_id": assessment_id,
        "language": language(),
        "peers": peers,
        "status": status,
    }
    if status != "shown" or result is None:
        return BenchmarkRead(
            **head,
            reason=REASONS[status](),
            group=None,
            snapshot_id=None,
            as_of=None,
            k=None,
            n=None,
            overall=None,
            dimensions=[],
        )
    removed = orjson.loads(row["removed"]) if row["removed"] is not None else None
    figures = _standings(row, grid, result, removed)
    overall = figures.pop("")
    return BenchmarkRead(
        **head,
        reason=None,
        group=_group(row),
        snapshot_id=row["snapshot_id"],
        as_of=row["as_of"],
        k=row["k"],
        n=rounded_down(row["n"] - (removed is not None)),
        overall=StandingRead(**overall),
        dimensions=[DimensionStanding(**one) for one in figures.values()],
    )


def _status(result: dict[str, Any] | None, *, is_found: bool) -> BenchmarkStatus:
    if result is None:
        return "not_final"
    if not result["complete"] or result["status"] != "final":
        return "not_comparable"
    return "shown" if is_found else "insufficient_peers"


def _group(row: Row) -> GroupRead:
    level: Level = row["level"]
    title = described(
        level,
        region=row["region_code"],
        size=row["size_band"],
        section=row["section"],
        programme=orjson.loads(row["programme"]) if row["programme"] else None,
        cohort=row["cohort"],
    )
    return GroupRead(level=level, title=title())


def _standings(
    row: Row, grid: PreparedGrid, own: dict[str, Any], removed: dict[str, Any] | None
) -> dict[str, dict[str, Any]]:
    """Compute each series without the company's own contribution, rounding once."""
    digits = grid.content.profile.precision
    series = {one["code"]: one for one in orjson.loads(row["series"])}
    scores = _by_code(own)
    left_out = _by_code(removed) if removed is not None else {}
    titles = {"": ""} | {one.code: one.title.text(language()) for one in grid.dimensions}
    found: dict[str, dict[str, Any]] = {}
    for code, title in titles.items():
        score, without, one = scores[code], left_out.get(code), series[code]
        around = kept_neighbours(one["around"])
        below, equal, n = one["reached"] - one["equal"], one["equal"], row["n"]
        values = quartiles(around, n, without)
        if without is not None:
            below, equal, n = below - (without < score), equal - (without == score), n - 1
        figures = (score, *values, rank(below, equal, n))
        names = ("score", "q1", "median", "q3", "rank")
        found[code] = dict(
            zip(names, (float(publish(figure, digits)) for figure in figures), strict=True)
        )
        if code:
            found[code] |= {"code": code, "title": title}
    return found


def _by_code(result: dict[str, Any]) -> dict[str, Fraction]:
    """Give the exact scores of a result, the global one under no code."""
    dimensions = {one["code"]: exact(one["exact"]) for one in result["dimensions"]}
    return {"": exact(result["exact"])} | dimensions


def exact(text: str) -> Fraction:
    """Read a fraction as it is written in scores, at a fifth of the cost of `Fraction(text)`."""
    numerator, _, denominator = text.partition("/")
    return Fraction(int(numerator), int(denominator or 1))


def kept_neighbours(around: Sequence[str]) -> list[Neighbours]:
    """Read the three scores around each quartile as a snapshot keeps them, one after the other."""
    scores = [exact(text) for text in around]
    return [(scores[at], scores[at + 1], scores[at + 2]) for at in range(0, len(scores), 3)]
