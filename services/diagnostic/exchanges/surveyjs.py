"""SurveyJS JSON (survey-core 2.x), both ways; what it has no place for is under `vigie`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import orjson

from diagnostic.exchanges import aside
from diagnostic.exchanges.aside import KEY, beside
from diagnostic.exchanges.dialects import SURVEYJS
from diagnostic.exchanges.reading import Remark
from diagnostic.questionnaires.grid import GridContent

_TEXTS = {"code", "type", "label", "help", "required", "dimension", "enable_when"}
_NATIVE: Mapping[str, set[str]] = {
    "grid": {"code", "version", "title", "description"},
    "dimension": {"code", "title", "summary"},
    "options": {"code", "label", "exclusive"},
    "rows": {"code", "label"},
}
_BY_TYPE: Mapping[str, set[str]] = {
    "single": {"options"},
    "multiple": {"options"},
    "scale": {"maximum", "anchors"},
    "matrix": {"rows", "maximum", "anchors"},
    "number": {"minimum", "maximum"},
    "text": {"max_length", "multiline"},
    "file": {"max_bytes"},
}


def write(content: GridContent) -> bytes:
    """Write the grid as a survey: one page per run of questions of one dimension."""
    return orjson.dumps(survey(content), option=orjson.OPT_INDENT_2)


def survey(content: GridContent) -> dict[str, Any]:
    """Build the survey."""
    grid = aside.compact(content)
    conditions, _ = aside.conditions(grid["questions"], aside.kinds(content), SURVEYJS)
    titles = {one["code"]: one for one in grid["dimensions"]}
    pages = []
    for number, (dimension, questions) in enumerate(
        groupby(grid["questions"], key=lambda one: one.get("dimension"))
    ):
        page: dict[str, Any] = {"name": f"page{number + 1}", KEY: {"dimension": dimension}}
        if dimension in titles:
            page["title"] = _spoken(titles[dimension]["title"])
            if "summary" in titles[dimension]:
                page["description"] = _spoken(titles[dimension]["summary"])
        page["elements"] = [_element(one, conditions.get(one["code"])) for one in questions]
        pages.append(page)
    head = {"locale": "fr", "title": _spoken(grid["title"])}
    if "description" in grid:
        head["description"] = _spoken(grid["description"])
    kept = {name: grid[name] for name in grid if name not in {"title", "description", "questions"}}
    return {**head, "pages": pages, KEY: kept}


def losses(content: GridContent) -> list[Remark]:
    """Name what SurveyJS keeps without knowing it."""
    grid = aside.compact(content)
    _, remarks = aside.conditions(grid["questions"], aside.kinds(content), SURVEYJS)
    return [*aside.losses(grid, "SurveyJS", _NATIVE, _native), *remarks]


def _native(question: Mapping[str, Any]) -> set[str]:
    """Name the fields that this question keeps in SurveyJS's own properties."""
    native = _TEXTS | _BY_TYPE.get(question["type"], set())
    anchors = question.get("anchors", ())
    if anchors and len(anchors) != question.get("maximum", 5) + 1:
        native = native - {"anchors"}
    return native


def _spoken(label: Mapping[str, str]) -> dict[str, str]:
    return {"default": label["fr"], **label}


def _element(question: Mapping[str, Any], condition: str | None) -> dict[str, Any]:
    kept = beside(question, _native(question) - {"enable_when"})
    element: dict[str, Any] = {
        "type": "text",
        "name": question["code"],
        "title": _spoken(question["label"]),
        "isRequired": question.get("required", True),
        **({"description": _spoken(question["help"])} if "help" in question else {}),
        **({"visibleIf": condition} if condition is not None else {}),
    }
    return {**element, **_typed(question), **kept}


def _typed(question: Mapping[str, Any]) -> dict[str, Any]:
    kind, maximum = question["type"], question.get("maximum", 5)
    if kind in {"single", "multiple"}:
        choices = [_choice(one) for one in question["options"]]
        return {"type": "radiogroup" if kind == "single" else "checkbox", "choices": choices}
    if kind == "matrix":
        rows = [_choice(one) for one in question["rows"]]
        return {"type": "matrix", "columns": _steps(question, maximum), "rows": rows}
    if kind == "number":
        bounds = {"min": question.get("minimum"), "max": question.get("maximum")}
        given = {name: value for name, value in bounds.items() if value is not None}
        return {"inputType": "number", **given}
    if kind == "text":
        tall = "comment" if question.get("multiline") else "text"
        return {"type": tall, "maxLength": question.get("max_length", 2000)}
    plain: Mapping[str, dict[str, Any]] = {
        "boolean": {"type": "boolean"},
        "scale": {"type": "rating", "rateValues": _steps(question, maximum)},
        "date": {"inputType": "date"},
        "file": {"type": "file", "maxSize": question.get("max_bytes", 10_000_000)},
    }
    return plain[kind]


def _choice(option: Mapping[str, Any]) -> dict[str, Any]:
    alone = {"isExclusive": True} if option.get("exclusive") else {}
    kept = beside(option, {"code", "label", "exclusive"})
    return {"value": option["code"], "text": _spoken(option["label"]), **alone, **kept}


def _steps(question: Mapping[str, Any], maximum: int) -> list[dict[str, Any]]:
    anchors = question.get("anchors", ())
    named = len(anchors) == maximum + 1
    return [
        {"value": step, "text": _spoken(anchors[step]) if named else str(step)}
        for step in range(maximum + 1)
    ]
