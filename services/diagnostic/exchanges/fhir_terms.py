"""The words of FHIR that a grid needs: extensions, translations, and conditions as enableWhen.

FHIR R5, as decision 0014 says; R4's `choice` is read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagnostic.exchanges.adopting import Kinds, listing, mapping
from diagnostic.exchanges.expressions import (
    Check,
    Constant,
    Expression,
    Group,
    Inexpressible,
    Negation,
    Operator,
    normal,
    typed,
)

_HL7 = "http://hl7.org/fhir/StructureDefinition/"
KEPT = "urn:vigie:fhir:kept"
"""Our extension: what FHIR has no place for, as JSON."""

TRANSLATION = _HL7 + "translation"
WEIGHTS = (_HL7 + "itemWeight", _HL7 + "ordinalValue")
"""R5's extension for points, and R4's."""

EXCLUSIVE = _HL7 + "questionnaire-optionExclusive"
MINIMUM = _HL7 + "minValue"
MAXIMUM = _HL7 + "maxValue"
UNIT = _HL7 + "questionnaire-unit"
CONTROL = _HL7 + "questionnaire-itemControl"
HELP = {
    "url": CONTROL,
    "valueCodeableConcept": {
        "coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}]
    },
}
_OPERATORS: Mapping[str, Operator] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_ANSWERS = ("Coding", "Boolean", "Integer", "Decimal", "Date", "String")


def spoken(name: str, label: Mapping[str, str]) -> dict[str, Any]:
    """Write a text under this name: French, with English as its translation."""
    if "en" not in label:
        return {name: label["fr"]}
    english = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": label["en"]}]
    return {
        name: label["fr"],
        f"_{name}": {"extension": [{"url": TRANSLATION, "extension": english}]},
    }


def label(node: Mapping[str, Any], name: str, language: str) -> dict[str, str] | None:
    """Read a text: French from wherever it is, or else whatever there is."""
    texts: dict[str, str] = {}
    if isinstance(node.get(name), str) and node[name].strip():
        texts[language] = node[name]
    for one in listing(mapping(node.get(f"_{name}")).get("extension")):
        parts = {mapping(part).get("url"): part for part in listing(mapping(one).get("extension"))}
        if mapping(one).get("url") == TRANSLATION:
            spoken_in = str(parts.get("lang", {}).get("valueCode", ""))[:2]
            content = parts.get("content", {})
            text = content.get("valueString", content.get("valueMarkdown"))
            if isinstance(text, str) and text.strip():
                texts.setdefault(spoken_in, text)
    if not texts:
        return None
    french = texts.get("fr", next(iter(texts.values())))
    english = texts.get("en")
    if english is None or ("fr" not in texts and english == french):
        return {"fr": french}
    return {"fr": french, "en": english}


def extensions(node: Mapping[str, Any]) -> dict[str, Any]:
    """Give the simple extensions of an element, their values by address."""
    found: dict[str, Any] = {}
    for one in listing(node.get("extension")):
        url = mapping(one).get("url")
        values = [value for name, value in mapping(one).items() if name.startswith("value")]
        if isinstance(url, str) and values:
            found.setdefault(url, values[0])
    return found


def conditions(form: Expression, kinds: Kinds, whole: frozenset[str]) -> dict[str, Any]:
    """Write a normal form as enableWhen; `whole` are the questions answered by an integer.

    FHIR joins all conditions in one way, with nothing nested; raises Inexpressible.
    """
    parts = form.parts if isinstance(form, Group) else (form,)
    every = not isinstance(form, Group) or form.every
    found: list[dict[str, Any]] = []
    for part in parts:
        if not isinstance(part, Check):
            raise Inexpressible("nested")
        guarded = part.operator in {"!=", "lacks"}
        if guarded and not every:
            raise Inexpressible("guarded alternative")
        if guarded or part.operator in {"answered", "unanswered"}:
            there = part.operator != "unanswered"
            exists = {"question": part.question, "operator": "exists", "answerBoolean": there}
            found.append(exists)
        if part.operator not in {"answered", "unanswered"}:
            found.append(_compared(part, kinds[part.question], whole))
    behaviour = {"enableBehavior": "all" if every else "any"} if found[1:] else {}
    return {"enableWhen": found, **behaviour}


def _compared(check: Check, kind: str, whole: frozenset[str]) -> dict[str, Any]:
    words = {"==": "=", "contains": "=", "lacks": "!="}
    answer: dict[str, Any]
    value = check.value
    if kind in {"single", "multiple"}:
        answer = {"answerCoding": {"code": value}}
    elif kind == "boolean":
        answer = {"answerBoolean": value}
    elif kind == "date":
        answer = {"answerDate": value}
    elif check.question in whole:
        if not isinstance(value, int | float) or value != int(value):
            raise Inexpressible("whole number")
        answer = {"answerInteger": int(value)}
    else:
        answer = {"answerDecimal": value}
    operator = words.get(check.operator, check.operator)
    return {"question": check.question, "operator": operator, **answer}


def read_conditions(kinds: Kinds, item: Mapping[str, Any]) -> Expression:
    """Read the enableWhen of an item, or raise Inexpressible."""
    parts = tuple(_read_one(mapping(one)) for one in listing(item.get("enableWhen")))
    every = item.get("enableBehavior") != "any"
    return typed(normal(Group(every, parts), closed=False), kinds)


def _read_one(one: Mapping[str, Any]) -> Expression:
    question, operator = str(one.get("question")), one.get("operator")
    if operator == "exists":
        return Check(question, "answered" if one.get("answerBoolean") else "unanswered")
    value = _value(one)
    if operator == "=":
        return Check(question, "contains" if isinstance(value, str) else "==", value)
    if operator == "!=":
        same: Operator = "contains" if isinstance(value, str) else "=="
        return Negation(Check(question, same, value))
    if str(operator) not in _OPERATORS:
        raise Inexpressible("operator")
    return Check(question, _OPERATORS[str(operator)], value)


def _value(one: Mapping[str, Any]) -> Constant:
    for kind in _ANSWERS:
        value = one.get(f"answer{kind}")
        if value is not None:
            found = mapping(value).get("code") if kind == "Coding" else value
            if isinstance(found, str | int | float | bool):
                return found
    raise Inexpressible("answer")
