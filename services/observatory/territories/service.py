"""The newest figures that each indicator has of one territory, as anybody may see them now."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from observatory.charts import wording as charts
from observatory.observations import queries as observations
from observatory.observations.parts import SUPPRESSED
from observatory.observations.selection import Comparison, Condition, Selection
from observatory.observations.service import wording
from observatory.observations.shown import NAMED
from observatory.observations.vintages import Vintages
from observatory.provenance.schemas import Component
from observatory.references import service as references
from observatory.references.facts import Territory
from observatory.structures.catalogue import (
    MEASURE,
    PLACES,
    TIME,
    Catalogue,
    Dimension,
    Flow,
    Indicator,
)
from observatory.structures.service import deprecated
from observatory.territories import queries
from observatory.territories.queries import Asked
from observatory.territories.schemas import (
    FigureRelease,
    Interval,
    NewestFigure,
    TerritoryIndicator,
    TerritoryIndicators,
)
from platformkit.i18n import language
from platformkit.pagination import PageRequest, paged
from platformkit.reads import ReadPool

MOST: Final = 10
"""Figures of one indicator that are told here: one that is finer is told by its address alone."""

_ATTRIBUTES: Final = frozenset({"OBS_STATUS", "CONF_STATUS", "CI_LOW", "CI_HIGH"})


def indicators(structures: Catalogue) -> list[Indicator]:
    """List our indicators whose figures are of territories, by id."""
    listed = structures.listed("indicator", structures.agency)
    found = [structures.indicator_of(each) for each in listed]
    return [each for each in found if _place(each.flow) is not None]


async def vintages(reads: ReadPool, of: Sequence[Indicator]) -> dict[int, Vintages]:
    """Return the releases of their flows that can be seen at this moment."""
    return await observations.vintages_of(reads, (each.flow for each in of))


async def read(
    pool: ReadPool,
    of: Sequence[Indicator],
    known: Mapping[int, Vintages],
    territory: Territory,
    paging: PageRequest,
) -> TerritoryIndicators:
    """Give a page of the indicators that have a figure there: two statements, however many."""
    asked = [_asked(each, known[each.flow.number], territory) for each in of]
    counted = await queries.counts(pool, asked)
    there = [pair for pair in zip(asked, counted, strict=True) if pair[1]]
    found = paged(paging, there, lambda pair: [pair[0].indicator.artefact.id], lambda pair: pair)
    few = [each for each, count in found.items if count <= MOST]
    rows = dict(zip(map(_id, few), await queries.rows(pool, few), strict=True))
    return TerritoryIndicators(
        items=[
            _item(each, count, rows.get(_id(each), []), territory) for each, count in found.items
        ],
        next=found.next,
        total=found.total,
        territory=references.territory_read(territory),
    )


def _id(asked: Asked) -> str:
    return asked.indicator.artefact.id


def _place(flow: Flow) -> Dimension | None:
    return next((each for each in map(flow.dimension, PLACES) if each is not None), None)


def _asked(indicator: Indicator, known: Vintages, territory: Territory) -> Asked:
    place = _place(indicator.flow)
    assert place is not None  # noqa: S101  # `indicators` lists no other
    selection = Selection(
        flow=indicator.flow,
        as_of=known.newest,
        conditions=(Condition(place.id, (Comparison("eq", territory.id),)),),
        last_n=1,
        attributes=_ATTRIBUTES,
        labels="split",
        reads=wording(indicator),
        tells_release=True,
    )
    return Asked(indicator, place, selection.restricted(indicator.key), known)


def _item(
    asked: Asked, count: int, rows: Sequence[dict[str, Any]], territory: Territory
) -> TerritoryIndicator:
    indicator, flow = asked.indicator.artefact, asked.indicator.flow
    figures = [_figure(asked, row) for row in rows]
    query = urlencode({f"c[{asked.place.id}]": territory.id, "lastN": 1})
    return TerritoryIndicator(
        id=indicator.id,
        name=indicator.name(),
        unit=indicator.content["unit"][language()],
        decimals=indicator.content["decimals"],
        dataflow=flow.id,
        licence=flow.artefact.content["licence"],
        deprecated=deprecated(indicator),
        count=count,
        figures=sorted(figures, key=lambda each: [part.code for part in each.key]),
        data=f"indicators/{indicator.id}/data.json?{query}",
    )


def _figure(asked: Asked, row: Mapping[str, Any]) -> NewestFigure:
    flow, fixed = asked.indicator.flow, asked.indicator.key
    known, release = asked.known, asked.known.get(row["RELEASE"])
    newest = known.get(known.newest)
    assert release is not None and newest is not None  # noqa: PT018, S101  # they brought the row
    free = [each for each in flow.dimensions if each.id not in fixed]
    address = {f"c[{each.id}]": row[each.id] for each in free}
    address |= {f"c[{TIME}]": row[TIME], "asOf": newest.published_at.isoformat()}
    low, high, status = row.get("CI_LOW"), row.get("CI_HIGH"), row.get("OBS_STATUS")
    is_told = row[MEASURE] is not None or "OBS_STATUS" in row
    return NewestFigure(
        key=[
            Component(
                id=each.id, name=each.name(), code=row[each.id], label=row[each.id + NAMED] or ""
            )
            for each in free
            if each.id not in PLACES
        ],
        period=row[TIME],
        value=row[MEASURE],
        interval=None if low is None or high is None else Interval(low=low, high=high),
        status=status,
        confidentiality=row.get("CONF_STATUS"),
        hidden=status == SUPPRESSED if is_told else None,
        release=FigureRelease(
            ordinal=release.ordinal,
            published_at=release.published_at.isoformat(),
            method=release.method,
        ),
        reading=row["READING"],
        source=charts.source(flow, release),
        figure=f"indicators/{asked.indicator.artefact.id}/provenance?{urlencode(address)}",
    )
