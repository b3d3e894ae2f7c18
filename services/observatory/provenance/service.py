"""Finds the one figure that is meant, and tells where it comes from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from observatory.indices.catalogue import methods
from observatory.observations import statements
from observatory.observations.selection import Selection
from observatory.observations.service import Query, SelectionInvalid, wording
from observatory.observations.shown import NAMED
from observatory.observations.vintages import Vintages
from observatory.provenance.schemas import Component, Figure, MethodShown, Provenance
from observatory.releases import queries as releases
from observatory.releases.schemas import ReleaseRead
from observatory.structures.catalogue import MEASURE, TIME, Indicator
from platformkit.errors import Fault, NotFound, ProblemError
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool


class FigureUnknown(NotFound):
    """The selection has no figure, or had none at that instant."""

    code = "figure-unknown"
    title = Text("Chiffre inconnu", "Unknown figure")
    detail = Text("La sélection n’a aucune observation.", "The selection has no observation.")


class FigureAmbiguous(ProblemError):
    """Provenance is that of one figure."""

    status = 422
    code = "figure-ambiguous"
    title = Text("Plusieurs chiffres", "More than one figure")
    detail = Text(
        "La sélection a plusieurs observations : fixez {components} (c[…]=…).",
        "The selection has several observations: fix {components} (c[…]=…).",
    )


def refuse_tables(query: Query) -> None:
    """Raise SelectionInvalid for parameters that only a table takes."""
    faults = [
        Fault(
            f"/{name}",
            "not-for-one-figure",
            Text(f"{name} ne va pas avec un chiffre.", f"{name} does not go with one figure."),
            where="query",
        )
        for name in query.of_tables
        if name != "key"
    ]
    if faults:
        raise SelectionInvalid(faults)


async def trace(
    pool: ReadPool, indicator: Indicator, selection: Selection, known: Vintages
) -> Provenance:
    """Tell where a figure comes from; raises FigureUnknown or FigureAmbiguous."""
    reads = selection.reads or wording(indicator)
    one = replace(selection, labels="split", limit=2, reads=reads, tells_release=True)
    statement = statements.observations(one, known, language())
    rows = await pool.fetch("figure", statement.sql, *statement.arguments)
    if not rows:
        raise FigureUnknown
    if len(rows) > 1:
        raise FigureAmbiguous(components=", ".join(_varying(indicator, rows)))
    row = dict(rows[0])
    brought = await pool.fetchrow(
        "figure release", releases.OF_FLOW, selection.flow.number, row.pop("RELEASE")
    )
    assert brought is not None  # noqa: S101  # every version is of a release
    release = ReleaseRead.model_validate_json(brought["item"])
    return _told(indicator, selection, row, release)


_CLASS: Final = {"klass": "CLASS", "class_name": "CLASS_NAME", "certain": "CERTAIN"}
"""Columns of a reading key, where the figure is read with one."""


def _varying(indicator: Indicator, rows: Sequence[Any]) -> list[str]:
    names = [*(each.id for each in indicator.flow.dimensions), TIME]
    return [name for name in names if rows[0][name] != rows[1][name]]


def _told(
    indicator: Indicator, selection: Selection, row: dict[str, Any], release: ReleaseRead
) -> Provenance:
    content = indicator.artefact.content
    key = [
        Component(
            id=each.id,
            name=each.name(),
            code=row.pop(each.id),
            label=row.pop(each.id + NAMED) or "",
        )
        for each in indicator.flow.dimensions
    ]
    period, value = row.pop(TIME), row.pop(MEASURE)
    reading_key, reading = row.pop("READING_KEY"), row.pop("READING")
    klass = {name: row.pop(column, None) for name, column in _CLASS.items()}
    asked = {f"c[{each.id}]": each.code for each in key if each.id not in indicator.key}
    asked |= {f"c[{TIME}]": period, "includeHistory": "true"}
    return Provenance(
        indicator=indicator.artefact.id,
        name=indicator.artefact.name(),
        definition=content["definition"][language()],
        unit=content["unit"][language()],
        decimals=content["decimals"],
        dataflow=indicator.flow.id,
        licence=indicator.flow.artefact.content["licence"],
        figure=Figure(key=key, period=period, value=value, attributes=row),
        reading_key=reading_key,
        reading=reading,
        **klass,
        method=method(release, "../../"),
        release=release,
        known_in=selection.as_of,
        history=f"data.csv?{urlencode(asked)}",
    )


def method(release: ReleaseRead, root: str) -> MethodShown:
    """Tell how the figures of a release were made; `root` leads to `/v1/` from where it is read."""
    name, _, version = release.method.partition("/")
    found = methods().get(name)
    formula = release.formula
    return MethodShown(
        name=release.method,
        formula=None if formula is None else formula.en if language() == "en" else formula.fr,
        address=f"{root}exposure/methods/{name}/{version}"
        if found is not None and found.version == version
        else None,
    )
