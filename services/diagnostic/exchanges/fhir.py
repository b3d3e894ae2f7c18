"""FHIR R5 Questionnaire, written: a group per run of questions of one dimension.

Canonical address `urn:vigie:questionnaire:<code>|<version>`; points are `itemWeight`; what FHIR
has no place for is JSON in an extension of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import orjson

from diagnostic.exchanges import aside, dialects
from diagnostic.exchanges.dialects import CEL
from diagnostic.exchanges.expressions import Inexpressible
from diagnostic.exchanges.fhir_terms import (
    EXCLUSIVE,
    HELP,
    KEPT,
    MAXIMUM,
    MINIMUM,
    UNIT,
    WEIGHTS,
    conditions,
    spoken,
)
from diagnostic.exchanges.reading import Remark
from diagnostic.questionnaires.grid import GridContent

ADDRESS = "urn:vigie:questionnaire:"
_COMMON = {"code", "type", "label", "help", "required", "dimension"}
_BY_TYPE: Mapping[str, set[str]] = {
    "single": {"options"},
    "multiple": {"options"},
    "scale": {"maximum"},
    "matrix": {"rows", "maximum"},
    "number": {"minimum", "maximum", "integer", "unit"},
    "text": {"max_length", "multiline"},
}
_NATIVE: Mapping[str, set[str]] = {
    "grid": {"code", "version", "title", "description"},
    "dimension": {"code", "title"},
    "options": {"code", "label", "points", "exclusive"},
    "rows": {"code", "label"},
}


def write(content: GridContent) -> bytes:
    """Write the grid as JSON."""
    return orjson.dumps(questionnaire(content), option=orjson.OPT_INDENT_2)


def questionnaire(content: GridContent) -> dict[str, Any]:
    """Build the resource; whether it is published is not the content's to say."""
    grid = aside.compact(content)
    titles = {one["code"]: one["title"] for one in grid["dimensions"]}
    when = _conditions(content)
    items: list[dict[str, Any]] = []
    for number, (dimension, questions) in enumerate(
        groupby(grid["questions"], key=lambda one: one.get("dimension"))
    ):
        inner = [_item(one, when.get(one["code"], {})) for one in questions]
        text = spoken("text", titles[dimension]) if dimension in titles else {}
        kept = _kept({"dimension": dimension})
        link = f"section-{number + 1}"
        items.append({**kept, "linkId": link, **text, "type": "group", "item": inner})
    beside = {name: grid[name] for name in grid if name not in {*_NATIVE["grid"], "questions"}}
    return {
        "resourceType": "Questionnaire",
        "language": "fr",
        **_kept(beside),
        "url": ADDRESS + content.code,
        "version": content.version,
        "name": content.code.replace("-", "_"),
        **spoken("title", grid["title"]),
        "status": "unknown",
        **(spoken("description", grid["description"]) if "description" in grid else {}),
        "item": items,
    }


def losses(content: GridContent) -> list[Remark]:
    """Name what FHIR keeps without knowing it."""
    grid = aside.compact(content)
    when = _conditions(content)
    known = {one["code"]: _native(one) | {"enable_when"} for one in grid["questions"]}
    found = list(aside.losses(grid, "FHIR", _NATIVE, lambda one: known[one["code"]]))
    for index, one in enumerate(grid["questions"]):
        if "enable_when" in one and one["code"] not in when:
            found.append(aside.untranslated(index, "FHIR"))
    return found


def _native(question: Mapping[str, Any]) -> set[str]:
    like = {"type"} if question["type"] == "scale" else set()  # a whole number within bounds
    return (_COMMON - like) | _BY_TYPE.get(question["type"], set())


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    if not fields:
        return {}
    value = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS).decode()
    return {"extension": [{"url": KEPT, "valueString": value}]}


def _conditions(content: GridContent) -> dict[str, dict[str, Any]]:
    """Translate the conditions that FHIR can say, by question."""
    kinds = {code: kind for code, kind in aside.kinds(content).items() if kind != "matrix"}
    whole = whole_numbers(one.model_dump() for one in content.questions)
    found: dict[str, dict[str, Any]] = {}
    for one in content.questions:
        if one.enable_when is not None:
            try:
                form = dialects.read(one.enable_when, CEL, kinds)
                found[one.code] = conditions(form, kinds, whole)
            except Inexpressible:
                continue
    return found


def whole_numbers(questions: Any) -> frozenset[str]:  # noqa: ANN401  # any iterable of JSON
    """Name the questions that FHIR answers with an integer."""
    return frozenset(
        one["code"]
        for one in questions
        if one.get("type") == "scale" or (one.get("type") == "number" and one.get("integer"))
    )


def _item(question: Mapping[str, Any], when: Mapping[str, Any]) -> dict[str, Any]:
    code = question["code"]
    kept = {name: value for name, value in question.items() if name not in _native(question)}
    typed = _typed(question)
    extension = _kept(kept).get("extension", []) + typed.pop("extension", [])
    children = typed.pop("item", [])
    if "help" in question:
        shown = {"linkId": f"{code}.help", **spoken("text", question["help"]), "type": "display"}
        children = [{"extension": [HELP], **shown}, *children]
    return {
        **({"extension": extension} if extension else {}),
        "linkId": code,
        **spoken("text", question["label"]),
        **typed,
        **when,
        "required": question.get("required", True),
        **({"item": children} if children else {}),
    }


def _typed(question: Mapping[str, Any]) -> dict[str, Any]:
    kind, maximum = question["type"], question.get("maximum", 5)
    steps = [_bound(MINIMUM, 0), _bound(MAXIMUM, maximum)]
    if kind in {"single", "multiple"}:
        return {
            "type": "coding",
            "repeats": kind == "multiple",
            "answerConstraint": "optionsOnly",
            "answerOption": [_option(one) for one in question["options"]],
        }
    if kind == "matrix":
        rows = [
            {
                "extension": steps,
                "linkId": f"{question['code']}.{one['code']}",
                **spoken("text", one["label"]),
                "type": "integer",
            }
            for one in question["rows"]
        ]
        return {"type": "group", "item": rows}
    if kind == "number":
        return _number(question)
    if kind == "text":
        tall = "text" if question.get("multiline") else "string"
        return {"type": tall, "maxLength": question.get("max_length", 2000)}
    plain: Mapping[str, dict[str, Any]] = {
        "boolean": {"type": "boolean"},
        "scale": {"type": "integer", "extension": steps},
        "date": {"type": "date"},
        "file": {"type": "attachment"},
    }
    return dict(plain[kind])


def _number(question: Mapping[str, Any]) -> dict[str, Any]:
    extension = [
        _bound(url, question[name])
        for url, name in ((MINIMUM, "minimum"), (MAXIMUM, "maximum"))
        if name in question
    ]
    if "unit" in question:
        extension.append({"url": UNIT, "valueCoding": spoken("display", question["unit"])})
    kind = "integer" if question.get("integer") else "decimal"
    return {"type": kind, **({"extension": extension} if extension else {})}


def _bound(url: str, value: float) -> dict[str, Any]:
    return {"url": url, "valueDecimal": value}


def _option(option: Mapping[str, Any]) -> dict[str, Any]:
    extension: list[dict[str, Any]] = []
    if "points" in option:
        extension.append({"url": WEIGHTS[0], "valueDecimal": option["points"]})
    if option.get("exclusive"):
        extension.append({"url": EXCLUSIVE, "valueBoolean": True})
    coding = {"code": option["code"], **spoken("display", option["label"])}
    return {**({"extension": extension} if extension else {}), "valueCoding": coding}
