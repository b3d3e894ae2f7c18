"""The lint of texts: translated, not blank, and not twice the same among the choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from diagnostic.questionnaires.grid import Finding, Label

_LISTS = ("options", "rows")


def text_findings(node: Any, pointer: str) -> Iterator[Finding]:  # noqa: ANN401  # any JSON value
    """Walk the content and look at every label in it."""
    if isinstance(node, dict):
        if node.keys() == Label.model_fields.keys():
            yield from _label(node, pointer)
            return
        for key, value in node.items():
            if key in _LISTS:
                yield from _twins(value, f"{pointer}/{key}")
            yield from text_findings(value, f"{pointer}/{key}")
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from text_findings(value, f"{pointer}/{index}")


def _label(node: dict[str, Any], pointer: str) -> Iterator[Finding]:
    for language, text in node.items():
        if text is not None and not text.strip():
            yield Finding(
                f"{pointer}/{language}",
                "text_blank",
                "Ce texte est vide.",
                "This text is blank.",
            )
    if node["en"] is None:
        yield Finding(
            pointer,
            "untranslated",
            "Ce texte n’est pas traduit en anglais.",
            "This text has no English translation.",
            "warning",
        )


def _twins(choices: Any, pointer: str) -> Iterator[Finding]:  # noqa: ANN401  # options or rows
    texts = Counter(one["label"]["fr"].strip().casefold() for one in choices)
    for index, one in enumerate(choices):
        if texts[one["label"]["fr"].strip().casefold()] > 1:
            yield Finding(
                f"{pointer}/{index}/label",
                "label_duplicate",
                f"Un autre choix porte le même texte que {one['code']}.",
                f"Another choice has the same text as {one['code']}.",
                "warning",
            )
