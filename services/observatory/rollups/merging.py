"""Adds up the figures of areas, cell by cell, and writes the national release as it goes."""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from observatory.formulas.pooling import Errors, Outcome, Totals, outcome
from observatory.observations.parts import SUPPRESSED
from observatory.rollups import queries
from observatory.rollups.standing import Standing
from observatory.structures.catalogue import MEASURE, TIME, Flow

CONFIDENTIAL: Final = "C"
PARTIAL: Final = "P"
"""OBS_STATUS of a figure of which some areas are missing: provisional (CL_OBS_STATUS)."""

_BATCH: Final = 2_000
_SECONDS: Final = 3_600.0
_OBSERVED: Final = (
    *(MEASURE, "NUMERATOR", "DENOMINATOR", "SE", "CI_LOW", "CI_HIGH"),
    *("OBS_STATUS", "CONF_STATUS"),
)


def totals(row: Mapping[str, Any]) -> Totals:
    """Read the sums of a cell."""
    untold = row["is_untold"]
    return Totals(
        row["numerator"] or 0.0,
        row["denominator"] or 0.0,
        None if untold else row["squares"],
        None if untold else row["linear"],
    )


class Merge:
    """One pass over the figures of a roll-up; what it holds does not grow with them."""

    def __init__(
        self, flow: Flow, rollup: Mapping[str, Any], standing: Standing, counts: Counter[str]
    ) -> None:
        self._rollup, self._standing, self._counts = rollup, standing, counts
        self._errors: Errors = rollup["errors"]
        names = [each.id for each in flow.dimensions]
        self._place = names.index(rollup["dimension"])
        self._header = [*names, TIME, *_OBSERVED]

    async def lines(self, raw: Any) -> AsyncIterator[bytes]:  # noqa: ANN401  # asyncpg's connection
        """Yield the national file; counts what became of the cells."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self._header)
        counting = self._standing.counting
        cursor = await raw.cursor(
            queries.CELLS,
            self._rollup["id"],
            [each.area for each in counting],
            [each.weight for each in counting],
            timeout=_SECONDS,
        )
        while rows := await cursor.fetch(_BATCH, timeout=_SECONDS):
            for row in rows:
                observed = self._observed(row)
                if observed is not None:
                    codes = row["key"].split(".") if row["key"] else []
                    codes.insert(self._place, self._rollup["area"])
                    writer.writerow([*codes, row["period"], *observed])
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
        yield text.getvalue().encode()

    def _observed(self, row: Mapping[str, Any]) -> list[object] | None:
        """Return what is published of a cell, None where it is withheld."""
        coverage = self._standing.share(row["weight"])
        found = outcome(row["hidden"], coverage, self._rollup["least_coverage"])
        self._counts[found.value] += 1
        if found is Outcome.WITHHELD:
            return None
        if found is Outcome.HIDDEN:
            return [*[None] * 6, SUPPRESSED, CONFIDENTIAL]
        sums = totals(row)
        interval = sums.interval(self._errors)
        low, high = interval or (None, None)
        shown = (sums.value, sums.numerator, sums.denominator, sums.se(self._errors), low, high)
        return [*shown, "A" if coverage >= 1 else PARTIAL, "F"]
