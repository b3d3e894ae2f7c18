"""Which areas count now, and why the others do not. Pure but for the wire format."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

import orjson

from observatory.kits.schemas import ConformanceReport
from observatory.nodes import certification
from observatory.nodes import queries as nodes
from observatory.rollups import queries
from observatory.rollups.schemas import SourceState, UsedSource


@dataclass(frozen=True, slots=True)
class Standing:
    """The areas of a roll-up as they are at one instant."""

    sources: Sequence[UsedSource]

    @property
    def counting(self) -> list[UsedSource]:
        """Those whose figures are added up."""
        return [each for each in self.sources if each.state == "current"]

    @property
    def missing(self) -> list[str]:
        """Areas whose figures are not."""
        return [each.area for each in self.sources if each.state != "current"]

    @property
    def reading(self) -> list[str]:
        """Areas that will count as soon as they are read."""
        return [each.area for each in self.sources if each.state == "reading"]

    def share(self, weight: float) -> float:
        """Return what part of all weights this is; 1 is 1 in spite of rounding."""
        return min(1.0, weight / fsum(each.weight for each in self.sources))

    @property
    def coverage(self) -> float:
        """Share of the weights that counts."""
        return self.share(fsum(each.weight for each in self.counting))


async def standings(raw: Any, rollups: Sequence[Mapping[str, Any]]) -> list[Standing]:  # noqa: ANN401  # asyncpg's, in one snapshot
    """Read how the areas of roll-ups stand: two statements for all of them."""
    known = {row["agency"]: row for row in await raw.fetch(nodes.ALL)}
    reports = {agency: certification.holding(node) for agency, node in known.items()}
    now = await raw.fetchval("SELECT now()")
    rows = await raw.fetch(queries.SOURCES, [each["id"] for each in rollups])
    sources = {(row["rollup"], row["area"]): row for row in rows}
    found = []
    for rollup in rollups:
        parts = []
        for part in orjson.loads(rollup["parts"]):
            source, agency = sources.get((rollup["id"], part["area"])), part["agency"]
            node = known.get(agency) if agency else None
            report = reports.get(agency) if agency else None
            parts.append(_used(rollup, part, source, node, report, now))
        found.append(Standing(parts))
    return found


def _used(
    rollup: Mapping[str, Any],
    part: Mapping[str, Any],
    source: Mapping[str, Any] | None,
    node: Mapping[str, Any] | None,
    report: ConformanceReport | None,
    now: dt.datetime,
) -> UsedSource:
    state = _state(rollup, source, node, report, now)
    if part["agency"] is None:
        state = "no-node"
    return UsedSource(
        **part,
        state=state,
        failure=source["failure"] if source else None,
        current_at=source["current_at"] if source else None,
        vintage=source["since"] if source else None,
        certificate=node["sha256"] if node and report else None,
        kit=f"{report.kit.agency}/{report.kit.version}" if report else None,
    )


def _state(
    rollup: Mapping[str, Any],
    source: Mapping[str, Any] | None,
    node: Mapping[str, Any] | None,
    report: ConformanceReport | None,
    now: dt.datetime,
) -> SourceState:
    """Judge the node first, then its figures."""
    if node is None or not node["is_active"]:
        return "unregistered"
    if report is None:
        return "uncertified"
    if not certification.covers(report, rollup["method"], rollup["method_version"]):
        return "method-differs"
    if source is None:
        return "unread"
    return _of_figures(source, now - dt.timedelta(hours=rollup["silent_after_hours"]))


def _of_figures(source: Mapping[str, Any], least: dt.datetime) -> SourceState:
    """Figures half read are none; those last confirmed before `least` are too old.

    Who has not told all by then is silent too: others do not wait for it for ever.
    """
    if source["is_refused"]:
        return "refused"
    half = source["as_of"] is not None and source["place"] > 0
    current_at = source["current_at"]
    if current_at is not None and current_at < least:
        return "silent"
    if half or current_at is None:
        if source["failure"]:
            return "silent"
        return "reading" if half else "unread"
    return "current"
