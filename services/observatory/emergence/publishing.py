"""Publishes how the alerts fared, quarter by quarter, as an indicator with releases (B7)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.emergence import queries, texts
from observatory.emergence.reading import quarter_text
from observatory.emergence.sources import family_of
from observatory.releases import own
from observatory.releases.schemas import ReleaseDraft
from observatory.shipped.emergence import BACKTEST, METHOD
from observatory.structures.catalogue import Catalogue
from observatory.structures.schemas import Names
from platformkit.db import driver

_DRAFT: Final = ReleaseDraft(
    dataflow=BACKTEST,
    notes=Names(
        fr="Calculé des effectifs chargés depuis la livraison précédente.",
        en="Computed from the counts that were loaded since the release before.",
    ),
    method=METHOD,
    formula=Names(fr=texts.BACKTESTED.fr, en=texts.BACKTESTED.en),
    source="Vigie, alertes et effectifs de toutes les sources",
)


class _Totals(NamedTuple):
    """What adds up over sources."""

    alerts: int
    decided: int
    lasting: int
    emerged: int
    recalled: int
    led: int
    waited: int


async def publish(session: AsyncSession, structures: Catalogue) -> bool:
    """Release the backtest of all sources as it is now; False where nothing has changed."""
    raw = await driver(session)
    rows = list(figures(await raw.fetch(queries.BACKTESTED)))
    if not rows:
        return False
    done = await own.release(session, structures, _DRAFT, own.written(rows))
    return done is own.Outcome.PUBLISHED


def figures(told: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Pool the sources of each family, kind and version of the thresholds, quarter by quarter.

    `told` is in the order of quarters. A source that says nothing of a quarter has in it what it
    said last: alerts do not end with it. A ratio of which nothing is known yet is missing, not 0.
    """
    known: dict[tuple[str, str, str], dict[str, _Totals]] = {}
    for quarter, rows in groupby(told, key=lambda row: row["quarter"]):
        touched = set()
        for row in rows:
            group = (family_of(row["source"]).upper(), row["kind"].upper(), row["rule"])
            totals = _Totals(*(int(row[name]) for name in _Totals._fields))
            known.setdefault(group, {})[row["source"]] = totals
            touched.add(group)
        for group in sorted(touched):
            pooled = _Totals(*map(sum, zip(*known[group].values(), strict=True)))
            family, kind, rule = group
            key = {"FREQ": "Q", "COUNTED": family, "EMERGING": kind}
            code = "V" + rule.replace(".", "_")
            yield from _figures({**key, "RULE": code}, quarter_text(quarter), pooled)


def _figures(key: dict[str, str], period: str, of: _Totals) -> Iterator[dict[str, Any]]:
    for measure, above, below in (
        ("PRECISION", of.lasting, of.decided),
        ("RECALL", of.recalled, of.emerged),
        ("LEAD", of.waited, of.led),
    ):
        yield {
            **key,
            "MEASURE": measure,
            "TIME_PERIOD": period,
            "OBS_VALUE": round(above / below, 4) if below else None,
            "OBS_STATUS": "A" if below else "M",
            "NUMERATOR": above if below else None,
            "DENOMINATOR": below or None,
        }
    yield {
        **key,
        "MEASURE": "ALERTS",
        "TIME_PERIOD": period,
        "OBS_VALUE": of.alerts,
        "OBS_STATUS": "A",
    }
