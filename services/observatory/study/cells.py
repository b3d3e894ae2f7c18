"""Reads cells of dataflows as anybody may see them, as they were known at an instant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from observatory.aggregates import grouping
from observatory.aggregates.grouping import Aggregation
from observatory.observations import queries, statements
from observatory.observations.parts import SUPPRESSED
from observatory.observations.selection import Comparison, Condition, Selection
from observatory.observations.vintages import Vintage, Vintages
from observatory.structures.catalogue import MEASURE, TIME, Catalogue, Flow
from platformkit.reads import ReadPool

MOST: Final = 5_000
"""Cells of one reading: twice what the largest of a study has with the shipped figures."""

_SHOWN: Final = frozenset({"OBS_STATUS", "CI_LOW", "CI_HIGH", "NUMERATOR", "DENOMINATOR"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is shown: no value where it is hidden, withdrawn or missing."""

    flow: Flow
    key: Mapping[str, str]
    period: str
    value: float | None
    status: str | None
    low: float | None
    high: float | None
    numerator: float | None
    denominator: float | None
    ordinal: int
    """Of the release that brought it."""

    @property
    def is_hidden(self) -> bool:
        """Tell whether disclosure control hides it."""
        return self.status == SUPPRESSED

    @property
    def interval(self) -> tuple[float, float]:
        """Its interval; the value alone where none is published."""
        value = self.value or 0.0
        return (
            value if self.low is None else self.low,
            value if self.high is None else self.high,
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures of a dataflow added up, for one code."""

    flow: Flow
    by: str
    code: str
    chosen: Mapping[str, tuple[str, ...]]
    """What else restricts the cells that are added."""
    value: float
    period: str
    ordinal: int


@dataclass(frozen=True)
class Reader:
    """The releases that are read: each dataflow as of one of them, or not at all yet."""

    pool: ReadPool
    flows: Mapping[str, Flow]
    known: Mapping[str, Vintages]
    as_of: Mapping[str, int]
    token: str
    """Says what the figures are: another token, perhaps other figures."""

    def release(self, flow: str) -> Vintage | None:
        """Return the release that a dataflow is read as of."""
        return self.known[flow].get(self.as_of[flow]) if flow in self.known else None

    async def cells(self, flow: str, **codes: Iterable[str]) -> list[Cell]:
        """Read the cells of the newest period with these codes, in the order of their keys."""
        selection = self._selection(flow, codes)
        if selection is None:
            return []
        known = self.known[flow]
        statement = statements.observations(selection, known, "fr")
        rows = await self.pool.fetch("study cells", statement.sql, *statement.arguments)
        names = [each.id for each in selection.flow.dimensions]
        return [
            Cell(
                flow=selection.flow,
                key={name: row[name] for name in names},
                period=row[TIME],
                value=row[MEASURE],
                status=row.get("OBS_STATUS"),
                low=row.get("CI_LOW"),
                high=row.get("CI_HIGH"),
                numerator=row.get("NUMERATOR"),
                denominator=row.get("DENOMINATOR"),
                ordinal=row["RELEASE"],
            )
            for row in map(dict, rows)
        ]

    async def sums(self, flow: str, by: str, **codes: Iterable[str]) -> dict[str, Sum]:
        """Add up the cells of the newest period by code; a sum that lacks a hidden one is none."""
        chosen = {name: tuple(each) for name, each in codes.items()}
        selection = self._selection(flow, chosen)
        if selection is None:
            return {}
        known, ordinal = self.known[flow], self.as_of[flow]
        statement = grouping.of_rows(selection, known, Aggregation("sum", (by,)))
        rows = await self.pool.fetch("study sums", statement.sql, *statement.arguments)
        release = known.get(ordinal)
        assert release is not None  # noqa: S101  # else there is no selection
        return {
            code: Sum(
                selection.flow,
                by,
                code,
                chosen,
                grouping.told(value),
                release.last_period or "",
                ordinal,
            )
            for code, value, _, _, hidden in (tuple(row) for row in rows)
            if value is not None and not hidden
        }

    def _selection(self, flow: str, codes: Mapping[str, Iterable[str]]) -> Selection | None:
        release = self.release(flow)
        if release is None or release.last_period is None:
            return None
        period = Condition(TIME, (Comparison("eq", release.last_period),))
        conditions = tuple(
            Condition(name, tuple(Comparison("eq", code) for code in each))
            for name, each in codes.items()
        )
        return Selection(
            flow=self.flows[flow],
            as_of=self.as_of[flow],
            conditions=(period, *conditions),
            limit=MOST,
            attributes=_SHOWN,
            tells_release=True,
        )


async def reader(
    reads: ReadPool,
    pool: ReadPool,
    structures: Catalogue,
    names: Iterable[str],
    instant: datetime | None,
) -> Reader:
    """Look which release of each dataflow is meant; one that we do not have is not read."""
    flows = {name: flow for name in names if (flow := structures.flow(name)) is not None}
    known = {name: await queries.vintages(reads, flow) for name, flow in flows.items()}
    as_of = {
        name: each.newest if instant is None else each.at(instant) for name, each in known.items()
    }
    token = " ".join(each.token(as_of[name]) for name, each in known.items())
    return Reader(pool, flows, known, as_of, f"{structures.revision} {token}")
