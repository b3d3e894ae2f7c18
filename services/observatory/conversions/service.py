"""The rules of conversions: which table, of what, and nothing that its figures cannot bear."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from observatory.aggregates.service import NotAdditive, is_relative
from observatory.conversions import arithmetic, queries
from observatory.conversions.arithmetic import Cell, Links
from observatory.conversions.schemas import (
    ConversionRead,
    ConvertedData,
    FigureConverted,
    PartRead,
)
from observatory.observations import service as observations
from observatory.observations import statements
from observatory.observations.schemas import ReleaseShown
from observatory.observations.selection import Selection
from observatory.observations.service import Query, SelectionInvalid
from observatory.observations.vintages import Vintages
from observatory.structures.catalogue import (
    MEASURE,
    TIME,
    Artefact,
    Catalogue,
    Dimension,
    Flow,
    Indicator,
)
from platformkit.errors import Conflict, Fault, NotFound
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool

MOST: Final = 20_000
"""Published figures that one answer converts."""

_TOLD: Final = 20
_STATUS, _ABOVE, _BELOW = "OBS_STATUS", "NUMERATOR", "DENOMINATOR"


class ConversionUnknown(NotFound):
    """No published table leads from a classification of the figures to the one asked for."""

    code = "conversion-unknown"
    title = Text("Aucune table de passage", "No conversion table")
    detail = Text(
        "Aucune table publiée ne mène de {known} à {asked}.",
        "No published table leads from {known} to {asked}.",
    )


class ConversionIncomplete(Conflict):
    """Codes that have figures are not in the table: their figures would be lost."""

    code = "conversion-incomplete"
    title = Text("Table de passage incomplète", "Incomplete conversion table")
    detail = Text(
        "La table {table} ne dit pas où vont {codes}.",
        "The table {table} does not say where {codes} go.",
    )


@dataclass(frozen=True, slots=True)
class Table:
    """A code map, the dimension that it converts, and the list that it leads to."""

    map: Artefact
    dimension: Dimension
    target: Artefact


def table(structures: Catalogue, flow: Flow, target: str) -> Table:
    """Find the newest table from the list of a dimension to the list asked for.

    Raises ConversionUnknown.
    """
    asked = structures.resolve("codelist", target)
    for dimension in flow.dimensions:
        for each in structures.listed("code_map"):
            source = structures.resolve("codelist", each.content["source"])
            leads = structures.resolve("codelist", each.content["target"])
            if asked is not None and source == dimension.codelist and leads == asked:
                return Table(each, dimension, asked)
    known = ", ".join(each.codelist.reference for each in flow.dimensions)
    raise ConversionUnknown(known=known, asked=target if asked is None else asked.reference)


def refuse_what_cuts(query: Query, selection: Selection) -> None:
    """Raise SelectionInvalid for what would leave out parts unsaid, or is for tables."""
    cuts = {
        "initial": query.initial,
        "firstN": query.first_n is not None,
        "lastN": query.last_n is not None,
        "mrnev": query.mrnev is not None,
    }
    names = [*query.of_tables, *(name for name, is_given in cuts.items() if is_given)]
    kept = {*(each.id for each in selection.flow.dimensions), TIME}
    conditions = dict.fromkeys(each.component for each in selection.conditions)
    names += [f"c[{name}]" for name in conditions if name not in kept]
    faults = [
        Fault(
            f"/{name}",
            "not-for-conversions",
            Text(
                f"{name} ne va pas avec une conversion, qui veut toutes les parties.",
                f"{name} does not go with a conversion, which wants all parts.",
            ),
            where="query",
        )
        for name in names
    ]
    if faults:
        raise SelectionInvalid(faults)


async def converted(
    reads: ReadPool,
    data: ReadPool,
    indicator: Indicator,
    selection: Selection,
    known: Vintages,
    table: Table,
) -> ConvertedData:
    """Convert the figures of a selection.

    Raises ExtractionTooLarge, NotAdditive or ConversionIncomplete.
    """
    await observations.check_size(reads, selection, known, MOST)
    statement = statements.observations(selection, known, language())
    rows = await data.fetch("figures to convert", statement.sql, *statement.arguments)
    sources = list({row[table.dimension.id] for row in rows})
    links: dict[str, list[tuple[str, float]]] = {}
    for row in await reads.fetch("conversion", queries.LINKS, table.map.number, sources):
        links.setdefault(row["source"], []).append((row["target"], row["weight"]))
    figures = await asyncio.to_thread(_figures, indicator, table, rows, links)
    return _told(indicator, selection, known, table, figures)


def _figures(
    indicator: Indicator, table: Table, rows: Sequence[Any], links: Links
) -> list[FigureConverted]:
    own = table.dimension.id
    others = [each.id for each in indicator.flow.dimensions if each.id != own]

    def place(row: Mapping[str, Any]) -> tuple[str, ...]:
        return (*(row[name] for name in others), row[TIME])

    found = []
    for key, group in groupby(sorted(rows, key=place), place):
        cells = [
            Cell(
                row[own],
                row[MEASURE],
                row.get(_STATUS),
                row.get(_ABOVE),
                row.get(_BELOW),
            )
            for row in group
        ]
        if lost := arithmetic.unknown(cells, links):
            told = ", ".join(lost[:_TOLD]) + ("…" if len(lost) > _TOLD else "")
            raise ConversionIncomplete(table=table.map.reference, codes=told)
        codes = dict(zip(others, key, strict=False))
        is_ratio = _is_ratio(indicator, codes)
        found += [
            FigureConverted(
                key={
                    each.id: codes.get(each.id, converted.code)
                    for each in indicator.flow.dimensions
                },
                period=key[-1],
                value=converted.value,
                status=converted.status,
                estimated=converted.is_estimated,
                parts=[
                    PartRead(code=each.code, weight=each.weight, value=each.value)
                    for each in converted.parts
                ],
                missing=list(converted.missing),
            )
            for converted in arithmetic.convert(cells, links, is_ratio=is_ratio)
        ]
    return found


def _is_ratio(indicator: Indicator, codes: Mapping[str, str]) -> bool:
    """Tell whether figures are ratios with their terms; raises NotAdditive for those without."""
    ratios = indicator.flow.ratios
    if any(code in ratios.get(name, ()) for name, code in codes.items()):
        return True
    if is_relative(indicator):
        reason = Text(
            "L’unité de l’indicateur n’a pas de somme, et ses termes ne sont pas publiés.",
            "The unit of the indicator has no sum, and its terms are not published.",
        )
        raise NotAdditive(reason=reason())
    return False


def _told(
    indicator: Indicator,
    selection: Selection,
    known: Vintages,
    table: Table,
    figures: list[FigureConverted],
) -> ConvertedData:
    content = indicator.artefact.content
    release = known.get(selection.as_of)
    return ConvertedData(
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
        conversion=ConversionRead(
            table=table.map.urn,
            basis=table.map.content["basis"],
            dimension=table.dimension.id,
            source=table.dimension.codelist.reference,
            target=table.target.reference,
            estimated=sum(each.estimated for each in figures),
            hidden=sum(each.value is None for each in figures),
        ),
        observations=figures,
    )
