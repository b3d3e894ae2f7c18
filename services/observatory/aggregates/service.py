"""The rules of aggregates: what may be added up, what of, and who computes it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

import asyncpg

from observatory.aggregates import grouping
from observatory.aggregates.engine import Engine
from observatory.aggregates.grouping import MOST_GROUPS, Aggregation, Function
from observatory.aggregates.schemas import Aggregate, AggregateGroup
from observatory.bulk import service as bulk
from observatory.bulk.building import Builder
from observatory.observations import queries
from observatory.observations.schemas import ReleaseShown
from observatory.observations.selection import Selection
from observatory.observations.service import Query, SelectionInvalid
from observatory.observations.vintages import Vintages
from observatory.structures import library
from observatory.structures.catalogue import OBSERVED, TIME, Catalogue, Code, Flow, Indicator, text
from platformkit.errors import Fault, ProblemError
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

MOST_ROWS: Final = 200_000
"""Observations that PostgreSQL aggregates; DuckDB does more, on the file of the release."""

_RELATIVE: Final = re.compile(
    r"%|‰|per ?cent|pour[ -]?cent|pourcent|fraction|ratio|\btaux\b|\brate\b|\bindice\b|\bindex\b"
    r"|\bmoyenn?e?\b|\bmean\b|\bm[ée]dian|\bscore\b|\brang\b|\brank\b|\bclasse?\b|\bpoints?\b",
    re.IGNORECASE,
)
"""Words of a unit whose figures have no sum."""

_NOTE: Final = Text(
    "Les cellules masquées par le secret statistique et celles sans valeur ne sont dans aucun"
    " agrégat.",
    "Cells that disclosure control hides, and those without a value, are in no aggregate.",
)
_UNWEIGHTED: Final = Text(
    "La moyenne est celle des cellules, sans pondération.",
    "The mean is that of the cells, unweighted.",
)


class GroupsTooMany(ProblemError):
    """The aggregate has more groups than one answer gives."""

    status = 422
    code = "groups-too-many"
    title = Text("Trop de groupes", "Too many groups")
    detail = Text(
        "L’agrégat compterait plus de {most} groupes : regroupez par moins de composantes (by) ou"
        " restreignez la sélection.",
        "The aggregate would have more than {most} groups: group by fewer components (by) or"
        " restrict the selection.",
    )


class NotAdditive(ProblemError):
    """The figures have no sum, or it would count some of them twice."""

    status = 422
    code = "not-additive"
    title = Text("Figures non additives", "Figures that do not add up")
    detail = Text("{reason}", "{reason}")


class AggregateOutOfRange(ProblemError):
    """The result, or a sum on the way to it, is beyond the numbers of IEEE 754."""

    status = 422
    code = "aggregate-out-of-range"
    title = Text("Agrégat hors limites", "Aggregate out of range")
    detail = Text(
        "Le résultat dépasserait le plus grand nombre représentable (1,8e308).",
        "The result would be beyond the largest number there is (1.8e308).",
    )


def aggregation(query: Query, flow: Flow, function: Function, by: str | None) -> Aggregation:
    """Read what is asked, or raise SelectionInvalid for what an aggregate does not take."""
    names = [] if by is None else by.split(",")
    known = [*(each.id for each in flow.dimensions), TIME]
    faults = [
        _fault(name, "not-for-aggregates", Text(
            f"{name} ne va pas avec un agrégat.", f"{name} does not go with an aggregate."
        ))
        for name in [*query.of_tables, *(["initial"] if query.initial else [])]
    ]  # fmt: skip
    if not set(names) <= set(known):
        listed = ", ".join(known)
        sentence = Text(f"Composantes : {listed}.", f"Components: {listed}.")
        faults.append(_fault("by", "component-unknown", sentence))
    if len(names) != len(set(names)):
        sentence = Text("Une composante est nommée deux fois.", "A component is named twice.")
        faults.append(_fault("by", "component-twice", sentence))
    if faults:
        raise SelectionInvalid(faults)
    return Aggregation(function, tuple(names))


def refuse_what_is_untold(selection: Selection) -> None:
    """Raise SelectionInvalid for a condition on an attribute that the dataflow does not tell."""
    told = {each.id for each in selection.flow.attributes}
    faults = [
        _fault(f"c[{name}]", "attribute-untold", Text(
            f"Ce flux n’a pas l’attribut {name}.", f"This dataflow has no attribute {name}."
        ))
        for name in dict.fromkeys(each.component for each in selection.conditions)
        if name in OBSERVED and name not in told
    ]  # fmt: skip
    if faults:
        raise SelectionInvalid(faults)


def _fault(name: str, code: str, sentence: Text) -> Fault:
    return Fault(f"/{name}", code, sentence, where="query")


@dataclass(frozen=True, slots=True)
class Sources:
    """What aggregates are read from."""

    reads: ReadPool
    data: ReadPool
    structures: Catalogue
    builder: Builder
    engine: Engine


async def aggregate(
    sources: Sources,
    indicator: Indicator,
    selection: Selection,
    known: Vintages,
    asked: Aggregation,
) -> Aggregate:
    """Compute an aggregate; raises problems of its own and of the engine."""
    if asked.function == "sum":
        await _refuse_what_does_not_add_up(sources, indicator, selection, known, asked)
    rows = await _rows(sources, selection, known, asked)
    if len(rows) > MOST_GROUPS:
        raise GroupsTooMany(most=MOST_GROUPS)
    content: Any = indicator.artefact.content
    release = known.get(selection.as_of)
    note = _NOTE() + (f" {_UNWEIGHTED()}" if asked.function == "mean" else "")
    width = len(asked.by)
    return Aggregate(
        indicator=indicator.artefact.id,
        name=indicator.artefact.name(),
        unit=content["unit"][language()],
        decimals=content["decimals"],
        dataflow=selection.flow.id,
        release=ReleaseShown(
            ordinal=selection.as_of,
            published_at=None if release is None else release.published_at.isoformat(),
            method=release and release.method,
            source=release and release.source,
        ),
        licence=selection.flow.artefact.content["licence"],
        function=asked.function,
        by=list(asked.by),
        note=note,
        groups=[
            _group(dict(zip(asked.by, row, strict=False)), *row[width:])
            for row in sorted(rows, key=lambda row: row[:width])
        ],
    )


def _group(
    key: dict[str, str], value: float | None, cells: int, n: int, suppressed: int | None
) -> AggregateGroup:
    if value is not None and not isfinite(value):
        raise AggregateOutOfRange
    return AggregateGroup(
        key=key,
        value=None if value is None else grouping.told(value),
        n=n,
        missing=cells - n - (suppressed or 0),
        suppressed=suppressed,
    )


async def _rows(
    sources: Sources, selection: Selection, known: Vintages, asked: Aggregation
) -> list[tuple[Any, ...]]:
    """Return codes, value, cells, cells with a value and suppressed ones, of each group."""
    if await queries.estimate(sources.reads, selection, known) <= MOST_ROWS:
        statement = grouping.of_rows(selection, known, asked)
        try:
            found = await sources.data.fetch("aggregate", statement.sql, *statement.arguments)
        except asyncpg.NumericValueOutOfRangeError as failure:
            raise AggregateOutOfRange from failure
        return [tuple(row) for row in found]
    file = await bulk.file_of(
        sources.reads, sources.structures, sources.builder, selection.flow, selection.as_of
    )
    periods = await queries.periods(sources.reads, selection)
    sql, arguments = grouping.of_file(selection, asked, periods)
    return await sources.engine.rows(
        file.sha256,
        lambda: bulk.content(sources.reads, file, range(file.size)),
        sql,
        arguments,
    )


def is_relative(indicator: Indicator) -> bool:
    """Tell whether the unit of an indicator has no sum: a share, a rate, a score."""
    unit = text(indicator.artefact.content["unit"])
    return bool(_RELATIVE.search(unit.fr) or _RELATIVE.search(unit.en))


async def _refuse_what_does_not_add_up(
    sources: Sources,
    indicator: Indicator,
    selection: Selection,
    known: Vintages,
    asked: Aggregation,
) -> None:
    """Raise NotAdditive for ratios, relative units, and a whole that is added to its parts."""
    if is_relative(indicator):
        unit = text(indicator.artefact.content["unit"])
        reason = Text(
            f"L’unité de l’indicateur ({unit.fr}) n’a pas de somme : demandez function=mean.",
            f"The unit of the indicator ({unit.en}) has no sum: ask for function=mean.",
        )
        raise NotAdditive(reason=reason())
    there = await queries.availability(sources.reads, selection, known)
    for dimension in selection.flow.dimensions:
        present = there.codes[dimension.id]
        if ratios := selection.flow.ratios.get(dimension.id, frozenset()).intersection(present):
            reason = Text(
                f"{dimension.id}={min(ratios)} est un rapport, qui n’a pas de somme.",
                f"{dimension.id}={min(ratios)} is a ratio, which has no sum.",
            )
            raise NotAdditive(reason=reason())
        if dimension.id in asked.by:
            continue
        codes = await library.codes(sources.reads, sources.structures, dimension.codelist)
        if (found := _counted_twice(present, codes)) is not None:
            part, whole = found
            reason = Text(
                f"{dimension.id} compte {whole} et sa partie {part} : la somme les compterait deux"
                f" fois. Choisissez des codes (c[{dimension.id}]=…) ou ajoutez by={dimension.id}.",
                f"{dimension.id} has {whole} and its part {part}: the sum would count them twice."
                f" Choose codes (c[{dimension.id}]=…) or add by={dimension.id}.",
            )
            raise NotAdditive(reason=reason())


def _counted_twice(present: list[str], codes: Mapping[str, Code]) -> tuple[str, str] | None:
    """Find a code that is there beside one above it."""
    there = set(present)
    for code in present:
        above = codes[code].parent if code in codes else None
        while above is not None:
            if above in there:
                return code, above
            above = codes[above].parent if above in codes else None
    return None
