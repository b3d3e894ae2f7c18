"""What another tool has no place for: kept beside its own fields, and named in the loss report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from diagnostic.exchanges import dialects
from diagnostic.exchanges.dialects import CEL, Dialect
from diagnostic.exchanges.expressions import Inexpressible
from diagnostic.exchanges.reading import Remark, pointer
from diagnostic.questionnaires.grid import GridContent

KEY = "vigie"
"""The name under which other tools' files keep what they have no place for."""

_WORDS = {
    "type": ("ce type de question", "this type of question"),
    "profile": ("la méthode de calcul", "the scoring method"),
    "description": ("la présentation", "the description"),
    "title": ("le titre", "the title"),
    "label": ("le libellé", "the label"),
    "help": ("l’aide", "the help text"),
    "summary": ("le résumé", "the summary"),
    "levels": ("les textes de niveau", "the texts of the levels"),
    "order": ("l’ordre d’affichage", "the display order"),
    "core": ("la mention « clé »", "the mark “core”"),
    "weight": ("le poids", "the weight"),
    "prefill": ("le préremplissage", "the prefilling"),
    "dimension": ("la dimension", "the dimension"),
    "required": ("le caractère obligatoire", "whether it is required"),
    "allow_na": ("la réponse « non concerné »", "the answer “not applicable”"),
    "allow_dk": ("la réponse « ne sait pas »", "the answer “don’t know”"),
    "allow_row_na": ("les lignes non concernées", "rows that do not apply"),
    "points": ("les points", "the points"),
    "max_points": ("les points maximum", "the full points"),
    "exclusive": ("l’exclusivité", "the exclusiveness"),
    "anchors": ("les libellés d’échelons", "the labels of the steps"),
    "bands": ("les tranches", "the bands"),
    "unit": ("l’unité", "the unit"),
    "integer": ("la contrainte d’entier", "the restriction to whole numbers"),
    "minimum": ("le minimum", "the minimum"),
    "maximum": ("le maximum", "the maximum"),
    "max_length": ("la longueur maximale", "the greatest length"),
}


def kinds(content: GridContent) -> dict[str, str]:
    """Give the type of each question by its code, as conditions need it."""
    return {one.code: one.type for one in content.questions}


def compact(content: GridContent) -> dict[str, Any]:
    """Give the grid as JSON without what is the default anyway."""
    return content.model_dump(mode="json", exclude_defaults=True)


def beside(node: Mapping[str, Any], native: Collection[str]) -> dict[str, Any]:
    """Give the fields that the other tool has no place for, under the key that keeps them."""
    kept = {name: value for name, value in node.items() if name not in native}
    return {KEY: kept} if kept else {}


def losses(
    grid: Mapping[str, Any],
    tool: str,
    native: Mapping[str, Collection[str]],
    of_question: Callable[[Mapping[str, Any]], Collection[str]],
) -> Iterator[Remark]:
    """Name every field kept aside; `native` are those that the tool knows, by kind of object.

    Kinds: grid, dimension, options and rows; a question's depend on its type.
    """
    yield from _of(grid, "", tool, {*native["grid"], "dimensions", "questions"})
    for index, dimension in enumerate(grid["dimensions"]):
        yield from _of(dimension, pointer("dimensions", index), tool, native["dimension"])
    for index, question in enumerate(grid["questions"]):
        at = pointer("questions", index)
        yield from _of(question, at, tool, of_question(question))
        for name in ("options", "rows"):
            for number, child in enumerate(question.get(name, ())):
                yield from _of(child, at + pointer(name, number), tool, native[name])


def _of(node: Mapping[str, Any], at: str, tool: str, native: Collection[str]) -> Iterator[Remark]:
    for name in node:
        if name not in native:
            fr, en = _WORDS.get(name, (f"« {name} »", name))
            yield Remark(
                at + pointer(name),
                "kept_aside",
                f"{tool} ne connaît pas {fr} : l’information est gardée à part, sans effet dans"
                " cet outil.",
                f"{tool} does not know {en}: it is kept aside, without effect in that tool.",
            )


def conditions(
    questions: Sequence[Mapping[str, Any]], known: Mapping[str, str], dialect: Dialect
) -> tuple[dict[str, str], list[Remark]]:
    """Translate the conditions by question code; those that cannot be are named."""
    written: dict[str, str] = {}
    remarks: list[Remark] = []
    for index, question in enumerate(questions):
        source = question.get("enable_when")
        if source is None:
            continue
        try:
            written[question["code"]] = dialects.translated(source, CEL, dialect, known)
        except Inexpressible:
            remarks.append(untranslated(index, dialect.language.name))
    return written, remarks


def untranslated(index: int, tool: str) -> Remark:
    """Say that a condition stays in CEL."""
    return Remark(
        pointer("questions", index, "enable_when"),
        "condition_untranslated",
        f"Cette condition ne se dit pas dans {tool} : la question y est toujours montrée.",
        f"This condition cannot be said in {tool}: the question is always shown there.",
    )
