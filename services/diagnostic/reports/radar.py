"""The profile as a radar: its geometry, and its drawing by Vega without a browser."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH, HEIGHT = 600, 400
MIDDLE_X, MIDDLE_Y = WIDTH / 2, HEIGHT / 2
REACH = 130.0
RINGS = (25, 50, 75, 100)
INK, ACCENT, LINES, MUTED = "#16283c", "#1f4e79", "#c5d0dc", "#53626f"
_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first one comes with Vega’s renderer: a picture has its texts on any machine."""
_LETTERS = 20

Point = tuple[float, float]


def end(place: int, count: int) -> Point:
    """Place the end of an axis on a circle of radius 1: first at the top, then clockwise."""
    angle = 2 * math.pi * place / count - math.pi / 2
    return (math.cos(angle), math.sin(angle))


def svg(shown: Mapping[str, Any]) -> str:
    """Draw the worded report's axes; titles are data to Vega, never markup nor expressions."""
    import vl_convert  # noqa: PLC0415  # it starts a JavaScript engine

    return str(vl_convert.vega_to_svg(spec(shown), allowed_base_urls=[]))


def png(shown: Mapping[str, Any]) -> bytes:
    """Draw the same for what cannot show SVG, at two dots per point."""
    import vl_convert  # noqa: PLC0415  # likewise

    return bytes(vl_convert.vega_to_png(spec(shown), scale=2, allowed_base_urls=[]))


def spec(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the drawing in Vega; an axis without score is dashed, says so, and has no point."""
    axes = shown["axes"]
    known = [one for one in axes if one["score"] is not None]
    return {
        "$schema": "https://vega.github.io/schema/vega/v5.json",
        "width": WIDTH,
        "height": HEIGHT,
        "padding": 0,
        "background": None,
        "autosize": "none",
        "marks": [
            *(_ring(axes, ring) for ring in RINGS),
            *(_spoke(one) for one in axes),
            _outline(known),
            *(_dot(one) for one in known),
            *(_tick(ring) for ring in RINGS),
            *(mark for one in axes for mark in _label(one)),
        ],
    }


def _at(point: Sequence[float], far: float = 1.0) -> dict[str, Any]:
    return {
        "x": {"value": round(MIDDLE_X + point[0] * far * REACH, 2)},
        "y": {"value": round(MIDDLE_Y + point[1] * far * REACH, 2)},
    }


def _mark(kind: str, where: Mapping[str, Any], **looks: object) -> dict[str, Any]:
    look = {name: {"value": value} for name, value in looks.items()}
    return {"type": kind, "encode": {"enter": {**where, **look}}}


def _closed(points: Sequence[Sequence[float]], far: float, **looks: object) -> dict[str, Any]:
    spots = [_at(one, far) for one in points]
    steps = [f"{spot['x']['value']},{spot['y']['value']}" for spot in spots]
    return _mark("path", {}, path="M" + "L".join(steps) + "Z" if steps else "", **looks)


def _ring(axes: Sequence[Mapping[str, Any]], ring: int) -> dict[str, Any]:
    width = 1.2 if ring == RINGS[-1] else 0.7
    return _closed([one["end"] for one in axes], ring / 100, stroke=LINES, strokeWidth=width)


def _spoke(axis: Mapping[str, Any]) -> dict[str, Any]:
    there = _at(axis["end"])
    where = {**_at((0, 0)), "x2": there["x"], "y2": there["y"]}
    dash = [4, 4] if axis["score"] is None else [1, 0]
    return _mark("rule", where, stroke=LINES, strokeWidth=0.9, strokeDash=dash)


def _outline(known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return _closed(
        [one["point"] for one in known],
        1.0,
        fill=ACCENT,
        fillOpacity=0.22,
        stroke=ACCENT,
        strokeWidth=2,
    )


def _dot(axis: Mapping[str, Any]) -> dict[str, Any]:
    return _mark("symbol", _at(axis["point"]), size=42, fill=ACCENT)


def _tick(ring: int) -> dict[str, Any]:
    where = _at((0, -1), ring / 100)
    return _mark("text", where, text=str(ring), dx=3, dy=3, fontSize=9, fill=MUTED, font=_FONT)


def _label(axis: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Write the title in at most two lines, and under it the score or why there is none."""
    across, down = axis["end"]
    align = "center" if abs(across) < 0.2 else "left" if across > 0 else "right"  # noqa: PLR2004  # near the vertical
    lines = textwrap.wrap(
        f"{axis['number']}. {axis['title']}", _LETTERS, max_lines=2, placeholder="…"
    )
    top = -8 - 14 * len(lines) if down < -0.2 else -8 * len(lines) if down < 0.2 else 10  # noqa: PLR2004
    looks = {"font": _FONT, "align": align, "fontSize": 12, "lineHeight": 14}
    where = _at(axis["end"], 1.09)
    return [
        _mark("text", where, text=lines, dy=top, fontWeight="bold", fill=ACCENT, **looks),
        _mark(
            "text",
            where,
            text=axis["shown"] or axis["absence"],
            dy=top + 14 * len(lines),
            fontStyle="normal" if axis["shown"] else "italic",
            fill=INK if axis["shown"] else MUTED,
            **looks,
        ),
    ]
