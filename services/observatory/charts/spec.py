"""The Vega-Lite specification of a chart. Pure: texts and numbers in, a document out.

Titles and labels are data to Vega-Lite, never expressions. Colours have a contrast of at least
4.5 to 1 on white (WCAG 2.2, 1.4.3), and no series is told by its colour alone.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from platformkit.i18n import Language

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
INK: Final = "#16283c"
MUTED: Final = "#4a5866"
PALETTE: Final = (
    "#1f5f99",
    "#b3440e",
    "#2a6f2f",
    "#7b3294",
    "#7a5c00",
    "#b01657",
    "#00695c",
    "#5d4037",
)
_FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first one comes with Vega's renderer: a picture has its texts on any machine."""

_LETTER: Final = 6.1
"""Mean width of a letter of the notes, in points."""

_LOCALES: Final[Mapping[Language, Mapping[str, Any]]] = {
    "fr": {"decimal": ",", "thousands": "\u202f", "grouping": [3], "currency": ["", "\u00a0€"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One figure: its bar or point; `note` says why there is none."""

    label: str
    series: str
    day: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a chart shows."""

    kind: Literal["bar", "line"]
    title: str
    subtitle: Sequence[str]
    notes: Sequence[str]
    description: str
    value_title: str
    series_title: str | None
    marks: Sequence[Mark]
    decimals: int
    language: Language
    width: int
    day_format: str = "%Y"


def vega_lite(picture: Picture) -> dict[str, Any]:
    """Write the specification, its data within it."""
    return {
        "$schema": SCHEMA,
        "description": picture.description,
        "background": "white",
        "padding": 12,
        "title": {
            "text": _wrapped([picture.title], picture.width, 8.2),
            "subtitle": _wrapped(picture.subtitle, picture.width, _LETTER),
            "anchor": "start",
            "frame": "group",
            "color": INK,
            "subtitleColor": MUTED,
            "fontSize": 15,
            "subtitleFontSize": 12,
            "offset": 12,
        },
        "spacing": 14,
        "vconcat": [
            _bars(picture) if picture.kind == "bar" else _lines(picture),
            _footer(picture),
        ],
        "config": {
            "font": _FONT,
            "locale": {"number": _LOCALES[picture.language]},
            "view": {"stroke": None},
            "axis": {
                "labelColor": INK,
                "titleColor": MUTED,
                "labelFontSize": 11,
                "labelLimit": 260,
            },
            "legend": {"labelColor": INK, "titleColor": MUTED, "orient": "top", "columns": 2},
        },
    }


def _wrapped(lines: Sequence[str], width: int, letter: float) -> list[str]:
    return [part for line in lines for part in textwrap.wrap(line, max(20, int(width / letter)))]


def _footer(picture: Picture) -> dict[str, Any]:
    lines = _wrapped(picture.notes, picture.width, _LETTER)
    return {
        "width": picture.width,
        "height": 14 * len(lines),
        "data": {"values": [{}]},
        "mark": {
            "type": "text",
            "text": lines,
            "align": "left",
            "baseline": "top",
            "fontSize": 11,
            "lineHeight": 14,
            "color": MUTED,
        },
        "encoding": {"x": {"value": 0}, "y": {"value": 0}},
    }


def _values(picture: Picture) -> list[dict[str, Any]]:
    names = ("label", "series", "day", "value", "low", "high", "note")
    rows = [{name: getattr(mark, name) for name in names} for mark in picture.marks]
    return [{name: it for name, it in row.items() if it is not None} for row in rows]


def _amount(picture: Picture, field: str = "value") -> dict[str, Any]:
    return {
        "field": field,
        "type": "quantitative",
        "title": picture.value_title,
        "axis": {"format": f",.{picture.decimals}f", "tickCount": 6, "gridColor": "#dfe5eb"},
    }


def _series(picture: Picture) -> dict[str, Any]:
    names = list(dict.fromkeys(mark.series for mark in picture.marks))
    return {
        "field": "series",
        "type": "nominal",
        "title": picture.series_title,
        "sort": names,
        "scale": {"domain": names, "range": list(PALETTE[: len(names)])},
    }


def _tooltip(picture: Picture) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [{"field": "label", "type": "nominal", "title": "·"}]
    if picture.series_title is not None:
        found.append({"field": "series", "type": "nominal", "title": picture.series_title})
    amount = {"type": "quantitative", "format": f",.{picture.decimals}f"}
    found.append({"field": "value", "title": picture.value_title, **amount})
    return found


def _bars(picture: Picture) -> dict[str, Any]:
    """Draw a bar for each label, and for each series within it; absent ones say why."""
    is_split = picture.series_title is not None
    place: dict[str, Any] = {
        "field": "label",
        "type": "nominal",
        "sort": list(dict.fromkeys(mark.label for mark in picture.marks)),
        "title": None,
    }
    shared: dict[str, Any] = {"y": place, "tooltip": _tooltip(picture)}
    if is_split:
        shared["yOffset"] = {"field": "series", "sort": _series(picture)["sort"]}
    colour = {"color": _series(picture)} if is_split else {}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "bar", "color": PALETTE[0]},
            "encoding": {"x": _amount(picture), **colour},
        },
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
            "encoding": {"x": _amount(picture, "low"), "x2": {"field": "high"}},
        },
        {
            "transform": [{"filter": "isValid(datum.note)"}],
            "mark": {"type": "text", "align": "left", "dx": 4, "fontStyle": "italic", "color": INK},
            "encoding": {"x": {"datum": 0}, "text": {"field": "note"}},
        },
    ]
    return {
        "width": picture.width,
        "height": {"step": 14 if is_split else 22},
        "data": {"values": _values(picture)},
        "encoding": shared,
        "layer": layers,
    }


def _lines(picture: Picture) -> dict[str, Any]:
    """Draw a line for each series, with its 95 % band; where a figure is absent it breaks."""
    height = round(picture.width * 0.5)
    series = {"color": _series(picture)} if picture.series_title is not None else {}
    shapes = {"shape": _shape(picture)} if picture.series_title is not None else {}
    when = {
        "field": "day",
        "type": "temporal",
        "scale": {"type": "utc"},
        "title": None,
        "axis": {"format": picture.day_format, "grid": False, "labelOverlap": True},
    }
    amount = _amount(picture) | {"scale": {"zero": False}}
    return {
        "width": picture.width,
        "height": height,
        "data": {"values": _values(picture)},
        "encoding": {"x": when, "tooltip": _tooltip(picture), **series},
        "layer": [
            {
                "transform": [{"filter": "isValid(datum.low)"}],
                "mark": {"type": "area", "opacity": 0.18, "color": PALETTE[0]},
                "encoding": {
                    "y": _amount(picture, "low") | {"scale": {"zero": False}},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "color": PALETTE[0], "strokeWidth": 2},
                "encoding": {"y": amount},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 45, "color": PALETTE[0]},
                "encoding": {"y": amount, **shapes},
            },
            {
                "transform": [{"filter": "isValid(datum.note)"}],
                "mark": {"type": "text", "text": "×", "color": INK, "fontSize": 14},
                "encoding": {"y": {"value": height - 6}},
            },
        ],
    }


def _shape(picture: Picture) -> dict[str, Any]:
    known = _series(picture)
    return {name: it for name, it in known.items() if name != "scale"} | {
        "scale": {"domain": known["scale"]["domain"]}
    }
