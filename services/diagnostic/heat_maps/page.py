"""The heat map as one self-contained page: a table that is its own picture, colours and words."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any, Final

from diagnostic.heat_maps.schemas import HeatMap, HeatMapLine
from diagnostic.reports.figures import long_date, number
from platformkit.i18n import Text
from platformkit.pages import Layout
from platformkit.paris import day_in_paris

_LAYOUT: Final = Layout(resources.files("diagnostic.heat_maps") / "templates", "heat_map")
policy: Final = _LAYOUT.policy
WORDS = {
    "title": Text("Restitution de la cohorte", "Feedback to the cohort"),
    "caption": Text(
        "Part des entreprises par niveau, en pas de 5 %. Les niveaux voisins sont réunis jusqu’à"
        " compter {k} entreprises au moins : une case peut en couvrir plusieurs.",
        "Share of the companies by level, in steps of 5%. Neighbouring levels are joined until"
        " they count {k} companies at least: a cell may cover several.",
    ),
    "dimension": Text("Dimension", "Dimension"),
    "median": Text("Médiane sur 100", "Median out of 100"),
    "facts": Text(
        "{n} entreprises au moins, au {day}. Jalon {milestone}.",
        "At least {n} companies, on {day}. Milestone {milestone}.",
    ),
    "share": Text("{share} %", "{share}%"),
    "span": Text("{share} %, de « {first} » à « {last} »", "{share}%, from “{first}” to “{last}”"),
}


def page(found: HeatMap) -> bytes:
    """Write the page in the language of the map; texts are escaped by the template."""
    words = {name: text() for name, text in WORDS.items() if name not in _FILLED}
    lines = [] if found.overall is None else [*found.dimensions, found.overall]
    facts = caption = None
    if found.as_of is not None:
        day = long_date(day_in_paris(found.as_of), found.language)
        facts = WORDS["facts"](n=found.n, day=day, milestone=found.milestone)
        caption = WORDS["caption"](k=found.k)
    return _LAYOUT.render(
        t=words,
        map=found,
        facts=facts,
        caption=caption,
        lines=[(one, _median(one, found), list(_cells(one, found))) for one in lines],
    )


_FILLED = frozenset({"facts", "caption", "share", "span"})


def _median(line: HeatMapLine, found: HeatMap) -> str | None:
    return number(line.median, found.language)


def _cells(line: HeatMapLine, found: HeatMap) -> Iterator[dict[str, Any]]:
    """Give the cells of a line: how many levels each covers, how dark it is, and what it says."""
    codes = [one.code for one in found.levels]
    titles = {one.code: one.title for one in found.levels}
    for band in line.bands:
        width = codes.index(band.last) - codes.index(band.first) + 1
        facts = {"share": band.share, "first": titles[band.first], "last": titles[band.last]}
        yield {
            "width": width,
            "shade": (band.share + 9) // 10,
            "text": WORDS["share" if width == 1 else "span"](**facts),
        }
