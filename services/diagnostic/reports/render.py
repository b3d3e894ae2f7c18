"""A report as a PDF/UA file: the same report always gives the same bytes.

It takes a tenth of a second of CPU: call it in a thread.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import typst
from babel.dates import format_date
from babel.numbers import format_decimal

from diagnostic.questionnaires.grid import Language
from diagnostic.reports.document import Axis, Part, Report
from diagnostic.reports.glyphs import drawable
from diagnostic.reports.texts import words

TEMPLATE = resources.files("diagnostic.reports") / "templates" / "report.typ"
SHOWN_PARTS = 10
RADIUS = 100.0
PARIS = ZoneInfo("Europe/Paris")
LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}


def pdf(report: Report) -> bytes:
    """Lay the report out; data reach the template as inert JSON, and no file is ever read.

    PDF/UA-1 forbids a character without glyph: where there is one, it becomes a white square.
    """
    shown = payload(report)
    try:
        return _laid_out(report, shown)
    except typst.TypstError:
        return _laid_out(report, drawable(shown))


def _laid_out(report: Report, shown: dict[str, Any]) -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": json.dumps(shown, ensure_ascii=False, sort_keys=True)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(report.computed_at.timestamp()),
    )
    return bytes(made)


def payload(report: Report) -> dict[str, Any]:
    """Everything the template shows, with numbers and dates already written in the language."""
    say = words(report.language)
    language = report.language
    return {
        "t": say | _sentences(report, say),
        "language": language,
        "organisation": report.organisation,
        "identifiers": list(report.identifiers),
        "milestone": report.milestone,
        "date": format_date(_day(report), format="long", locale=LOCALES[language]),
        "score": _number(report.score, language),
        "value": report.score,
        "level": report.level,
        "levels": list(report.levels),
        "thresholds": list(report.thresholds),
        "axes": [_axis(axis, place, report) for place, axis in enumerate(report.axes)],
        "strengths": [one.title for one in _extremes(report.axes, best=True)],
        "weaknesses": [one.title for one in _extremes(report.axes, best=False)],
        "parts": [_part(part, language) for part in _most_left(report.parts)],
        "dont_know": list(report.dont_know),
        "actions": [
            asdict(action)
            | {
                "gain": _number(action.gain, language),
                "effort": say[f"effort_{action.effort}"],
                "quadrant": say[f"quadrant_{action.quadrant}"],
                "fundings": [
                    asdict(one)
                    | {
                        "state": say[one.window if one.window != "open" else one.status],
                        "missing": list(one.missing),
                    }
                    for one in action.fundings
                ],
            }
            for action in report.actions
        ],
        "more_actions": list(report.more_actions),
        "reference": [
            f"{report.grid}, {say['version']} {report.grid_version}",
            f"{report.profile}, {say['engine']} {report.engine_version}",
            report.result_hash,
        ],
    }


def _sentences(report: Report, say: dict[str, str]) -> dict[str, str]:
    """Fill the sentences that carry figures; a sentence with nothing to say is empty."""
    language = report.language
    made = {
        "radar_alt": say["radar_alt"].format(
            list=", ".join(
                f"{axis.title} {_number(axis.score, language) or _absence(axis, say)}"
                for axis in report.axes
            )
        ),
        "made_of_intro": say["made_of_intro"].format(count=len(_most_left(report.parts))),
        "gained_total": say["gained_total"].format(
            gained=_number(sum(one.contribution for one in report.parts), language),
            left=_number(sum(one.lost for one in report.parts), language),
        ),
        "method_3": say["method_3"].format(
            thresholds=", ".join(f"{one:g}" for one in report.thresholds),
            levels=", ".join(report.levels),
        ),
        "between": "",
        "robust": "",
        "unavailable": "",
        "all_done": "",
    }
    if report.interval is not None:
        low, high = (_number(one, language) for one in report.interval)
        made["between"] = say["between"].format(low=low, high=high)
    if report.robustness is not None:
        made["robust"] = say["robust"].format(
            low=_number(report.robustness.low, language),
            high=_number(report.robustness.high, language),
            verdict=say["level_holds" if report.robustness.level_holds else "level_moves"],
        )
    if report.score_after is not None:
        made["all_done"] = say["all_done"].format(score=_number(report.score_after, language))
    if report.unavailable:
        made["unavailable"] = say["unavailable"].format(list=", ".join(report.unavailable))
    return made


def _day(report: Report) -> date:
    """Date the document by the day in Paris, not by the day in UTC."""
    return report.computed_at.astimezone(PARIS).date()


def _number(value: float | None, language: Language) -> str | None:
    return None if value is None else str(format_decimal(value, "0.0", locale=language))


def _axis(axis: Axis, place: int, report: Report) -> dict[str, Any]:
    """Place an axis on the radar: first at the top, then clockwise, in a square of side 2."""
    angle = 2 * math.pi * place / len(report.axes) - math.pi / 2
    far = (axis.score if axis.score is not None else RADIUS) / RADIUS
    return asdict(axis) | {
        "number": place + 1,
        "shown": _number(axis.score, report.language),
        "absence": _absence(axis, words(report.language)),
        "absence_why": _absence_why(axis, report.language),
        "end": [math.cos(angle), math.sin(angle)],
        "point": [far * math.cos(angle), far * math.sin(angle)],
    }


def _absence(axis: Axis, say: dict[str, str]) -> str:
    """Name why an axis has no number: still open, or not assessable."""
    return say["incomplete"] if axis.interval is not None else say["not_assessed"]


def _absence_why(axis: Axis, language: Language) -> str:
    say = words(language)
    if axis.interval is None:
        return say["not_assessed_why"]
    low, high = (_number(one, language) for one in axis.interval)
    return say["incomplete_why"].format(between=say["between"].format(low=low, high=high))


def _extremes(axes: Sequence[Axis], *, best: bool) -> list[Axis]:
    """Name the one or two ends of the profile, or none when all axes are level."""
    scored = [one for one in axes if one.score is not None]
    scores = {one.score for one in scored}
    if len(scores) < 2:  # noqa: PLR2004  # nothing to compare
        return []
    edge = max if best else min
    return [one for one in scored if one.score == edge(x for x in scores if x is not None)][:2]


def _most_left(parts: Sequence[Part]) -> list[Part]:
    left = [one for one in parts if one.lost > 0]
    return sorted(left, key=lambda one: (-one.lost, one.question))[:SHOWN_PARTS]


def _part(part: Part, language: Language) -> dict[str, Any]:
    return {
        "question": part.question,
        "dimension": part.dimension,
        "contribution": _number(part.contribution, language),
        "lost": _number(part.lost, language),
        "share": part.contribution / (part.contribution + part.lost),
    }
