"""Reads the shipped reference files; a file that does not fit its model stops the caller."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from diagnostic.opportunities.content import Opportunity
from diagnostic.questionnaires.grid import GridContent
from diagnostic.roadmaps.priority import Recommendation

FOLDER = resources.files("diagnostic.reference")


def grids() -> list[GridContent]:
    """Read every shipped grid version, in the order of their file names."""
    names = sorted(one.name for one in FOLDER.iterdir() if one.name.startswith("grid-"))
    return [GridContent.model_validate(_read(name)) for name in names]


def recommendations() -> dict[str, list[Recommendation]]:
    """Read the catalogue by the code of the grid that it answers."""
    content = _read("recommendations.json")
    return {
        content["questionnaire"]: [
            Recommendation.model_validate(one) for one in content["recommendations"]
        ]
    }


def opportunities() -> list[Opportunity]:
    """Read the kinds of funding, each with its source and the year it was read for."""
    return [Opportunity.model_validate(one) for one in _read("funding.json")["opportunities"]]


def _read(name: str) -> Any:  # noqa: ANN401  # any JSON value
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
