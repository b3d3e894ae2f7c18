"""XLSForm (xlsform.org), written: a workbook that pyxform converts for ODK, Kobo and Enketo.

The sheet `vigie`, which those tools ignore, keeps what they have no place for.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from diagnostic.exchanges import aside
from diagnostic.exchanges.dialects import XLSFORM
from diagnostic.exchanges.reading import Remark, pointer
from diagnostic.exchanges.spreadsheet import losses as cell_losses
from diagnostic.exchanges.spreadsheet import new_workbook, stored
from diagnostic.questionnaires.grid import GridContent

LANGUAGES = {"fr": "Français (fr)", "en": "English (en)"}
YES_NO = "vigie_yes_no"
CHUNK = 30_000
"""Characters of the JSON put aside that go into one cell."""

_SURVEY = ("type", "name", "label", "hint", "required", "relevant", "constraint", "appearance")
_CHOICES = ("list_name", "name", "label")
_COMMON = {"code", "type", "label", "help", "required", "dimension"}
_BY_TYPE: Mapping[str, set[str]] = {
    "single": {"options"},
    "multiple": {"options"},
    "scale": {"maximum", "anchors"},
    "matrix": {"rows", "maximum", "anchors"},
    "number": {"minimum", "maximum", "integer"},
    "text": {"max_length", "multiline"},
}
_NATIVE: Mapping[str, set[str]] = {
    "grid": {"code", "version", "title"},
    "dimension": {"code", "title"},
    "options": {"code", "label", "exclusive"},
    "rows": {"code", "label"},
}
_KEPT_TOO = {"minimum", "maximum", "max_length", "anchors"}
"""In force through a constraint or choices, and put aside as well: those are not read back."""

Row = dict[str, str]


def kinds(content: GridContent) -> dict[str, str]:
    """Give the questions that a condition can name there: a matrix is a group of questions."""
    return {code: kind for code, kind in aside.kinds(content).items() if kind != "matrix"}


def losses(content: GridContent) -> list[Remark]:
    """Name what ODK's tools keep without knowing it, and what no cell can hold."""
    grid = aside.compact(content)
    _, remarks = aside.conditions(grid["questions"], kinds(content), XLSFORM)
    found = list(aside.losses(grid, "XLSForm", _NATIVE, _native))
    if "en" in grid["title"]:
        found.append(
            Remark(
                pointer("title", "en"),
                "kept_aside",
                "Un XLSForm n’a qu’un titre : l’anglais est gardé à part.",
                "An XLSForm has one title: the English one is kept aside.",
            )
        )
    return [*found, *remarks, *cell_losses(content)]


def write(content: GridContent) -> bytes:
    """Write the workbook; equal grids give equal bytes."""
    survey, choices, kept = sheets(content)
    target = io.BytesIO()
    book = new_workbook(target)
    tables: tuple[tuple[str, Sequence[str], Sequence[Mapping[str, str]]], ...] = (
        ("survey", _columns(_SURVEY), survey),
        ("choices", _columns(_CHOICES), choices),
        (
            "settings",
            ("form_title", "form_id", "version", "default_language"),
            [_settings(content)],
        ),
    )
    for name, columns, rows in tables:
        sheet = book.add_worksheet(name)
        for at, column in enumerate(columns):
            sheet.write_string(0, at, column)
            for number, row in enumerate(rows, start=1):
                if row.get(column):
                    sheet.write_string(number, at, stored(row[column]))
    sheet = book.add_worksheet(aside.KEY)
    text = json.dumps(kept, sort_keys=True).replace("_x", "\\u005fx")  # a cell's own escape
    for number, start in enumerate(range(0, len(text), CHUNK)):
        sheet.write_string(number, 0, text[start : start + CHUNK])
    book.close()
    return target.getvalue()


def sheets(content: GridContent) -> tuple[list[Row], list[Row], dict[str, Any]]:
    """Build the rows of `survey` and `choices`, and what is put aside."""
    grid = aside.compact(content)
    when, _ = aside.conditions(grid["questions"], kinds(content), XLSFORM)
    titles = {one["code"]: one["title"] for one in grid["dimensions"]}
    survey: list[Row] = []
    choices: list[Row] = []
    sections: dict[str, Any] = {}
    for number, (dimension, questions) in enumerate(
        groupby(grid["questions"], key=lambda one: one.get("dimension"))
    ):
        name = f"section_{number + 1}"
        sections[name] = dimension
        title = titles.get(dimension, {"fr": dimension or "Contexte"})
        survey.append({"type": "begin_group", "name": name, **_spoken("label", title)})
        for question in questions:
            survey += _rows(question, when.get(question["code"]))
            choices += _choices(question)
        survey.append({"type": "end_group", "name": name})
    if any(one["type"] == "boolean" for one in grid["questions"]):
        for value, fr, en in (("true", "Oui", "Yes"), ("false", "Non", "No")):
            label = _spoken("label", {"fr": fr, "en": en})
            choices.append({"list_name": YES_NO, "name": value, **label})
    kept = {
        "grid": {name: grid[name] for name in grid if name != "questions"},
        "sections": sections,
        "questions": {one["code"]: _put_aside(one) for one in grid["questions"]},
        "options": {
            one["code"]: {
                option["code"]: {
                    name: value for name, value in option.items() if name not in {"code", "label"}
                }
                for option in one["options"]
            }
            for one in grid["questions"]
            if "options" in one
        },
    }
    return survey, choices, kept


def _native(question: Mapping[str, Any]) -> set[str]:
    kind = question["type"]
    hidden = {"type"} if kind in {"scale", "matrix"} else set()  # choices, and a group of them
    hidden |= {"help"} if kind == "matrix" else set()  # a group shows no hint
    return (_COMMON - hidden) | _BY_TYPE.get(kind, set()) | {"enable_when"}


def _put_aside(question: Mapping[str, Any]) -> dict[str, Any]:
    shown = (_native(question) - _KEPT_TOO - {"enable_when"}) | {"code"}
    kept = {name: value for name, value in question.items() if name not in shown}
    return {**kept, "type": question["type"]}


def _columns(names: Sequence[str]) -> list[str]:
    found: list[str] = []
    for name in names:
        translated = [f"{name}::{language}" for language in LANGUAGES.values()]
        found += translated if name in {"label", "hint"} else [name]
    return found


def _spoken(name: str, label: Mapping[str, str]) -> Row:
    return {f"{name}::{LANGUAGES[language]}": text for language, text in label.items()}


def _settings(content: GridContent) -> Row:
    return {
        "form_title": content.title.fr,
        "form_id": content.code,
        "version": content.version,
        "default_language": LANGUAGES["fr"],
    }


def _rows(question: Mapping[str, Any], condition: str | None) -> list[Row]:
    """Write a question: one row, or a group of rows for a matrix."""
    code = question["code"]
    common: Row = {
        "name": code,
        **_spoken("label", question["label"]),
        **(_spoken("hint", question["help"]) if "help" in question else {}),
        **({"relevant": condition} if condition is not None else {}),
    }
    asked = "yes" if question.get("required", True) else "no"
    if question["type"] != "matrix":
        return [{**common, **_typed(question), "required": asked}]
    rows = [
        {
            "type": f"select_one {code}",
            "name": f"{code}.{one['code']}",
            **_spoken("label", one["label"]),
            "required": asked,
        }
        for one in question["rows"]
    ]
    hint = {name: text for name, text in common.items() if not name.startswith("hint")}
    return [
        {**hint, "type": "begin_group", "appearance": "field-list"},
        *rows,
        {"type": "end_group", "name": code},
    ]


def _typed(question: Mapping[str, Any]) -> Row:
    kind, code = question["type"], question["code"]
    if kind == "multiple":
        alone = [one["code"] for one in question["options"] if one.get("exclusive")]
        rules = [f"(not(selected(., '{one}')) or count-selected(.) = 1)" for one in alone]
        return {"type": f"select_multiple {code}", "constraint": " and ".join(rules)}
    if kind == "number":
        ends = ((">=", question.get("minimum")), ("<=", question.get("maximum")))
        rules = [f". {sign} {value}" for sign, value in ends if value is not None]
        whole = "integer" if question.get("integer") else "decimal"
        return {"type": whole, "constraint": " and ".join(rules)}
    if kind == "text":
        tall = {"appearance": "multiline"} if question.get("multiline") else {}
        limit = f"string-length(.) <= {question.get('max_length', 2000)}"
        return {"type": "text", "constraint": limit, **tall}
    return {
        "single": {"type": f"select_one {code}"},
        "scale": {"type": f"select_one {code}"},
        "boolean": {"type": f"select_one {YES_NO}"},
        "date": {"type": "date"},
        "file": {"type": "file"},
    }[kind]


def _choices(question: Mapping[str, Any]) -> list[Row]:
    listed = question.get("options", ())
    if question["type"] in {"scale", "matrix"}:
        maximum, anchors = question.get("maximum", 5), question.get("anchors", ())
        named = len(anchors) == maximum + 1
        listed = [
            {
                "code": str(step),
                "label": anchors[step] if named else {"fr": str(step), "en": str(step)},
            }
            for step in range(maximum + 1)
        ]
    return [
        {"list_name": question["code"], "name": one["code"], **_spoken("label", one["label"])}
        for one in listed
    ]
