"""The policy file: which rules hide the cells of which source, and how well they are hidden."""

from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field, StringConstraints

from platformkit.wire import Wire

Percent = Annotated[int, Field(gt=0, lt=100)]


class Names(Wire):
    """A text in French and English."""

    fr: str
    en: str


class Source(Wire):
    """The rules for the data of one kind of producer."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]
    name: Names
    reference: str
    least_units: Annotated[int, Field(ge=2, description="A cell of fewer units is hidden")]
    dominance_percent: Annotated[
        Percent | None, Field(description="A cell is hidden where one unit has more than this")
    ]
    frequency_protection_percent: Annotated[
        Percent,
        Field(description="A cell of too few units stays uncertain by this part, either way"),
    ]
    least_protection: Annotated[
        int, Field(gt=0, description="Any hidden cell stays uncertain by this much, either way")
    ]
    insiders: Annotated[
        bool,
        Field(description="Nor can the only unit of a hidden cell undo another by its own figure"),
    ]


class Policy(Wire):
    """All sources of one version of the file."""

    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    def source(self, id_: str) -> Source | None:
        """Return the source of that id."""
        return next((each for each in self.sources if each.id == id_), None)


@cache
def shipped() -> Policy:
    """Read the policy file that this release ships."""
    content = resources.files("observatory.disclosure").joinpath("policy.json").read_bytes()
    return Policy.model_validate_json(content)
