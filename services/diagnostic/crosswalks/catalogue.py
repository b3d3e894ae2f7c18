"""The shipped crosswalks: which question of a grid tells something about an item elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field

from diagnostic.questionnaires.grid import Content, Finding, GridContent, Label
from diagnostic.questionnaires.scalars import Code, GridCode, Line, OptionCode, Version


class Item(Content):
    """A question of the other method; with no question of ours it remains to be asked."""

    code: OptionCode
    title: Label
    questions: tuple[Code, ...]


class CrosswalkDimension(Content):
    """An axis of the other method: the plain mean of its items."""

    code: Code
    title: Label
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


class Crosswalk(Content):
    """A reading of one grid as another method; `verified` once its source itself was read."""

    code: GridCode
    title: Label
    questionnaire: GridCode
    versions: Annotated[tuple[Version, ...], Field(min_length=1)]
    source: Line
    source_url: Line
    verified: bool
    note: Label
    dimensions: Annotated[tuple[CrosswalkDimension, ...], Field(min_length=1)]


@cache
def shipped() -> tuple[Crosswalk, ...]:
    """Read every shipped crosswalk, in the order of their codes."""
    folder = resources.files("diagnostic.reference")
    files = (one for one in folder.iterdir() if one.name.startswith("crosswalk-"))
    found = [Crosswalk.model_validate_json(one.read_text(encoding="utf-8")) for one in files]
    return tuple(sorted(found, key=lambda one: one.code))


def check_crosswalk(content: GridContent, crosswalk: Crosswalk) -> Iterator[Finding]:
    """Find codes that the grid lacks, questions that do not score, and any used twice."""
    seen: set[str] = set()
    for place, dimension in enumerate(crosswalk.dimensions):
        for index, item in enumerate(dimension.items):
            pointer = f"/dimensions/{place}/items/{index}/questions"
            for code in item.questions:
                question = content.question(code)
                if question is None or not question.scored:
                    yield Finding(
                        pointer,
                        "reference_unknown",
                        f"La grille n’a pas de question {code} qui compte.",
                        f"The grid has no question {code} that counts.",
                    )
                if code in seen:
                    yield Finding(
                        pointer,
                        "code_duplicate",
                        f"La question {code} sert deux fois.",
                        f"The question {code} is used twice.",
                    )
                seen.add(code)
