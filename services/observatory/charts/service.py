"""The rules of charts: what is drawn against what, how much is too much, and the specification.

Figures are read by the same statements as every other format (`observations.statements`): what
is hidden there is hidden here.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from observatory.charts import wording
from observatory.charts.spec import PALETTE, Mark, Picture, vega_lite
from observatory.observations import statements
from observatory.observations.periods import parse
from observatory.observations.selection import Selection
from observatory.observations.service import Query, SelectionInvalid
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import MEASURE, TIME, Flow, Indicator
from platformkit.errors import Fault, NotFound, ProblemError
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

MOST_MARKS: Final = 2_000
MOST_BARS: Final = 80
MOST_SERIES: Final = len(PALETTE)
DRAWN_BY: Final = "1"
"""Part of the entity tags; another number when the same figures are drawn otherwise."""

Row = Mapping[str, Any]


class ChartTooCrowded(ProblemError):
    """Nobody could read a chart of so many marks."""

    status = 422
    code = "chart-too-crowded"
    title = Text("Graphique trop chargé", "Chart too crowded")
    detail = Text(
        "Le graphique aurait plus de {most} {what} : restreignez les dimensions"
        " (c[…]=…) ou les périodes (startPeriod, lastN).",
        "The chart would have more than {most} {what}: restrict dimensions (c[…]=…) or periods"
        " (startPeriod, lastN).",
    )


class ChartAmbiguous(ProblemError):
    """A chart shows one component along its axis, and one more as series."""

    status = 422
    code = "chart-ambiguous"
    title = Text("Graphique ambigu", "Ambiguous chart")
    detail = Text(
        "Plus de deux composantes varient : {components}. Fixez-en jusqu’à deux (c[…]=…).",
        "More than two components vary: {components}. Fix all but two of them (c[…]=…).",
    )


class ChartEmpty(NotFound):
    """The selection has no figure to draw."""

    code = "chart-empty"
    title = Text("Rien à dessiner", "Nothing to draw")
    detail = Text("La sélection n’a aucune observation.", "The selection has no observation.")


_BARS = Text("barres", "bars")
_SERIES = Text("séries", "series")
_MARKS = Text("points", "points")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a chart is asked to be."""

    by: str | None
    width: int


def refuse_what_is_no_chart(query: Query, flow: Flow, by: str | None) -> None:
    """Raise SelectionInvalid for parameters of tables, and for an axis that the flow has not."""
    faults = [
        Fault(
            f"/{name}",
            "not-for-charts",
            Text(f"{name} ne va pas avec un graphique.", f"{name} does not go with a chart."),
            where="query",
        )
        for name in query.of_tables
    ]
    if by is not None and by != TIME and flow.dimension(by) is None:
        known = ", ".join([*(each.id for each in flow.dimensions), TIME])
        sentence = Text(f"Composantes : {known}.", f"Components: {known}.")
        faults.append(Fault("/by", "component-unknown", sentence, where="query"))
    if faults:
        raise SelectionInvalid(faults)


async def specification(
    pool: ReadPool, indicator: Indicator, selection: Selection, known: Vintages, asked: Asked
) -> dict[str, Any]:
    """Make the specification of a chart, with its figures.

    Raises ChartEmpty, ChartTooCrowded, ChartAmbiguous.
    """
    bounded = replace(selection, labels="both", limit=MOST_MARKS + 1)
    statement = statements.observations(bounded, known, language())
    rows = await pool.fetch("chart", statement.sql, *statement.arguments)
    if not rows:
        raise ChartEmpty
    if len(rows) > MOST_MARKS:
        raise ChartTooCrowded(most=MOST_MARKS, what=_MARKS())
    along, split = _components(indicator, rows, asked.by)
    marks = _marks(indicator, rows, along, split)
    if len({mark.series for mark in marks}) > MOST_SERIES:
        raise ChartTooCrowded(most=MOST_SERIES, what=_SERIES())
    if along != TIME and len(marks) > MOST_BARS:
        raise ChartTooCrowded(most=MOST_BARS, what=_BARS())
    return vega_lite(_picture(indicator, known, selection, rows, marks, along, split, asked.width))


def _codes(rows: Sequence[Row], component: str) -> list[str]:
    return list(dict.fromkeys(row[component] for row in rows))


def _components(
    indicator: Indicator, rows: Sequence[Row], by: str | None
) -> tuple[str, str | None]:
    """Choose what goes along the axis and what makes series: time first, else the most codes."""
    counts = {each.id: len(_codes(rows, each.id)) for each in indicator.flow.dimensions}
    counts[TIME] = len(_codes(rows, TIME))
    varying = [name for name, count in counts.items() if count > 1]
    if by is None:
        free = [name for name in counts if name not in indicator.key]
        by = TIME if TIME in varying else max(varying or free, key=lambda name: counts[name])
    others = [name for name in varying if name != by]
    if len(others) > 1:
        raise ChartAmbiguous(components=", ".join([by, *others]))
    return by, others[0] if others else None


def _shown(row: Row, component: str, twice: set[str]) -> str:
    """Name a code; two codes of one name are told apart."""
    code, _, name = str(row[component]).partition(": ")
    return f"{name} ({code})" if name in twice else name or code


def _marks(indicator: Indicator, rows: Sequence[Row], along: str, split: str | None) -> list[Mark]:
    twice: set[str] = set()
    for component in (along, split):
        if component not in (None, TIME):
            names = Counter(text.partition(": ")[2] for text in _codes(rows, str(component)))
            twice |= {name for name, count in names.items() if count > 1}
    found = []
    for row in rows:
        status = row.get("OBS_STATUS")
        value = row[MEASURE]
        period = parse(row[TIME])
        absent = wording.ABSENCES.get(status or "", wording.ABSENT)
        found.append(
            Mark(
                label=_shown(row, along, twice),
                series="" if split is None else _shown(row, split, twice),
                day="" if period is None else period.first.isoformat(),
                value=value,
                low=row.get("CI_LOW"),
                high=row.get("CI_HIGH"),
                note=absent() if value is None else None,
            )
        )
    if along != TIME and split is None:
        found.sort(key=lambda mark: (mark.value is None, -(mark.value or 0), mark.label))
    return found


def _picture(
    indicator: Indicator,
    known: Vintages,
    selection: Selection,
    rows: Sequence[Row],
    marks: Sequence[Mark],
    along: str,
    split: str | None,
    width: int,
) -> Picture:
    flow, content = indicator.flow, indicator.artefact.content
    release = known.get(selection.as_of)
    assert release is not None  # noqa: S101  # there are rows
    names = {each.id: each.name() for each in flow.dimensions}
    fixed = [
        f"{names[each]} : {_shown(rows[0], each, set())}"
        for each in names
        if each not in (along, split) and each not in indicator.key
    ]
    if TIME not in (along, split):
        fixed.append(rows[0][TIME])
    unit = content["unit"][language()]
    title = indicator.artefact.name()
    kind = "line" if along == TIME else "bar"
    notes = wording.notes(flow, release, marks)
    frequencies = {found.frequency for row in rows if (found := parse(row[TIME])) is not None}
    return Picture(
        kind="line" if along == TIME else "bar",
        title=title,
        subtitle=[" · ".join([unit, *fixed])],
        notes=notes,
        description=wording.alternative(
            kind, title, " · ".join([unit, *fixed]), marks, content["decimals"], notes
        ),
        value_title=unit,
        series_title=None if split is None else names.get(split, wording.PERIOD()),
        marks=marks,
        decimals=content["decimals"],
        language=language(),
        width=width,
        day_format="%Y" if frequencies == {"A"} else "%m/%Y",
    )
