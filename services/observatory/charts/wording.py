"""What a chart says in words: its notes, its alternative text, and why a figure is absent."""

from collections.abc import Sequence
from typing import Final

from observatory.charts.spec import Mark
from observatory.observations.parts import SUPPRESSED, WITHDRAWN
from observatory.observations.vintages import Vintage
from observatory.structures.catalogue import Flow
from platformkit.i18n import Text, language
from platformkit.paris import day_in_paris

PERIOD: Final = Text("Période", "Period")
ABSENT: Final = Text("non disponible", "not available")
ABSENCES: Final = {
    SUPPRESSED: Text("secret statistique", "statistical confidentiality"),
    WITHDRAWN: Text("valeur retirée", "value withdrawn"),
}
"""Why there is no value, by OBS_STATUS."""

_INTERVAL: Final = Text(
    "Traits ou bandes : intervalle de confiance à 95 %.",
    "Rules or bands: 95% confidence interval.",
)
_HIDDEN: Final = Text("Valeurs absentes : {told}.", "Absent values: {told}.")
_SOURCE: Final = Text(
    "Source : {source} ; livraison n° {ordinal} du {day}, méthode {method} ; calculs et diffusion "
    "{agency}. Licence : {licence}.",
    "Source: {source}; release no. {ordinal} of {day}, method {method}; computed and published by "
    "{agency}. Licence: {licence}.",
)
_ALT: Final = {
    "bar": Text("Diagramme en barres : {title} ({unit}).", "Bar chart: {title} ({unit})."),
    "line": Text("Courbes : {title} ({unit}).", "Line chart: {title} ({unit})."),
}
_ENDS: Final = Text(
    "{count} valeurs, de {low} ({least}) à {high} ({most}).",
    "{count} values, from {low} ({least}) to {high} ({most}).",
)


def number(value: float, decimals: int) -> str:
    """Write a number as the language of the request does."""
    written = f"{value:,.{decimals}f}"
    if language() == "en":
        return written
    return written.replace(",", "\u202f").replace(".", ",")


def notes(flow: Flow, release: Vintage, marks: Sequence[Mark]) -> list[str]:
    """Say what is absent and why, what the intervals are, and where the figures are from."""
    found = []
    counts: dict[str, int] = {}
    for mark in marks:
        if mark.note is not None:
            counts[mark.note] = counts.get(mark.note, 0) + 1
    if counts:
        told = ", ".join(f"{why} ({count})" for why, count in sorted(counts.items()))
        found.append(_HIDDEN(told=told))
    if any(mark.low is not None for mark in marks):
        found.append(_INTERVAL())
    found.append(source(flow, release))
    return found


def source(flow: Flow, release: Vintage) -> str:
    """Write the line that names source, release, method, publisher and licence of figures."""
    day = day_in_paris(release.published_at)
    return _SOURCE(
        source=flow.artefact.content["source"].rstrip("."),
        ordinal=release.ordinal,
        day=day.isoformat() if language() == "en" else day.strftime("%d/%m/%Y"),
        method=release.method,
        agency=flow.artefact.agency,
        licence=flow.artefact.content["licence"].rstrip("."),
    )


def alternative(
    kind: str, title: str, unit: str, marks: Sequence[Mark], decimals: int, notes: Sequence[str]
) -> str:
    """Say in words what the picture shows, for who does not see it."""
    parts = [_ALT[kind](title=title, unit=unit)]
    valued = [(mark.value, _named(mark)) for mark in marks if mark.value is not None]
    if valued:
        low, high = min(valued), max(valued)
        parts.append(
            _ENDS(
                count=len(valued),
                low=number(low[0], decimals),
                least=low[1],
                high=number(high[0], decimals),
                most=high[1],
            )
        )
    return " ".join([*parts, *notes])


def _named(mark: Mark) -> str:
    return ", ".join(part for part in (mark.series, mark.label) if part)
