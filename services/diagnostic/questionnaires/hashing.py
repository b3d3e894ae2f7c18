"""What identifies a grid: all of its content, or what of it moves a score."""

import hashlib
from typing import Any

import rfc8785

from diagnostic.questionnaires.grid import GridContent


def canonical_hash(value: Any) -> str:  # noqa: ANN401  # any JSON value
    """SHA-256, in hexadecimal, of the RFC 8785 canonical form of a JSON value."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


_LATER: dict[str, object] = {"evidence": None, "multiline": False, "prefill": None}
"""Fields that grids published before them lack, with the value that means the same."""


def canonical(content: GridContent) -> Any:  # noqa: ANN401  # any JSON value
    """Give the JSON that is stored and hashed: a later field appears only once it is used."""
    return _without_later(content.model_dump(mode="json"))


def _without_later(node: Any) -> Any:  # noqa: ANN401  # likewise
    if isinstance(node, dict):
        return {
            key: _without_later(value)
            for key, value in node.items()
            if not (key in _LATER and value is _LATER[key])
        }
    if isinstance(node, list):
        return [_without_later(one) for one in node]
    return node


def content_hash(content: GridContent) -> str:
    """Identify the whole content: it changes with a comma."""
    return canonical_hash(canonical(content))


_NOT_SCORING = {"label", "title", "help", "description", "summary", "anchors", "unit", "order"}
_NOT_SCORING |= {"version", "max_length", "multiline", "kinds", "max_bytes", "required", "prefill"}


def scoring_hash(content: GridContent) -> str:
    """Identify what moves a score: not texts, display order or version number."""
    return canonical_hash(_scoring(canonical(content)))


def _scoring(node: Any) -> Any:  # noqa: ANN401  # any JSON value
    if isinstance(node, dict):
        kept = {key: _scoring(value) for key, value in node.items() if key not in _NOT_SCORING}
        if "dimensions" in kept:
            for dimension in kept["dimensions"]:
                del dimension["levels"]
            kept["profile"]["levels"] = [level["code"] for level in kept["profile"]["levels"]]
            kept["dimensions"].sort(key=lambda one: one["code"])
            kept["questions"].sort(key=lambda one: one["code"])
        for codes in ("options", "rows"):
            if codes in kept:
                kept[codes].sort(key=lambda one: one["code"])
        return kept
    if isinstance(node, list):
        return [_scoring(one) for one in node]
    return node
