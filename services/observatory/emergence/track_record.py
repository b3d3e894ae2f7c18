"""Who sends counts, what they are silent of, and how the alerts on them fared."""

from collections.abc import Sequence
from statistics import median
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from observatory.emergence import texts
from observatory.emergence.models import Backtest, Total
from observatory.emergence.reading import quarter_text
from observatory.emergence.schemas import BacktestRead, SourceRead
from observatory.emergence.service import counted
from observatory.emergence.sources import Source, family_of
from platformkit.pagination import PageRequest


async def sources(session: AsyncSession, paging: PageRequest) -> tuple[Sequence[Any], int | None]:
    """Read one source more than the page holds, by name, and the whole count."""
    columns = (Total.source, Total.kind)
    query = select(
        *columns,
        func.min(Total.quarter).label("first"),
        func.max(Total.quarter).label("last"),
        func.array_agg(Total.quarter).filter(Total.count > 0).label("told"),
    ).group_by(*columns)
    total = await counted(session, query, paging)
    if paging.after is not None:
        query = query.where(tuple_(*columns) > tuple(paging.after))
    rows = await session.execute(query.order_by(*columns).limit(paging.limit + 1))
    return rows.all(), total


def source(row: Any) -> SourceRead:  # noqa: ANN401  # a row of `sources`
    """Show what a source has told of."""
    found, told = Source(row.source, row.kind), row.told or ()
    periods = range(row.first, row.last + 1, found.step)
    return SourceRead(
        source=found.name,
        kind=found.kind,
        counted=family_of(found.name),
        first=quarter_text(row.first),
        last=quarter_text(row.last),
        told=len(told),
        silent=[quarter_text(one) for one in periods if one not in told],
    )


async def backtests(
    session: AsyncSession, paging: PageRequest
) -> tuple[Sequence[Backtest], int | None]:
    """Read one line more than the page holds, the newest quarter first, and the whole count."""
    query = select(Backtest)
    total = await counted(session, query, paging)
    columns = (Backtest.quarter, Backtest.source, Backtest.kind, Backtest.rule)
    if paging.after is not None:
        query = query.where(tuple_(*columns) < tuple(paging.after))
    query = query.order_by(*(one.desc() for one in columns)).limit(paging.limit + 1)
    return (await session.scalars(query)).all(), total


def backtest(found: Backtest) -> BacktestRead:
    """Show how the alerts fared."""
    return BacktestRead(
        source=found.source,
        kind="skill" if found.kind == "skill" else "job",
        quarter=quarter_text(found.quarter),
        rule=found.rule,
        alerts=found.alerts,
        decided=found.decided,
        lasting=found.lasting,
        emerged=found.emerged,
        recalled=found.recalled,
        recall=round(found.recalled / found.emerged, 4) if found.emerged else None,
        precision=round(found.lasting / found.decided, 4) if found.decided else None,
        lead_quarters=float(median(found.leads)) if found.leads else None,
        reading=texts.BACKTEST(
            quarter=quarter_text(found.quarter),
            lasting=found.lasting,
            decided=found.decided,
            alerts=found.alerts,
        ),
    )
