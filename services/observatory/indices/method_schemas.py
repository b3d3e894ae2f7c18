"""Wire format of methods, grids and reading keys."""

from typing import Annotated

from pydantic import Field

from observatory.indices.schemas import ClassRead, Place, Read, Versioned
from platformkit.pagination import Page


class Bound(ClassRead):
    """A class and the place where it begins."""

    at_least: Place


class GridRead(Versioned):
    """Reading grid: ordered classes, and the rule at their bounds."""

    name: str
    rule: str
    classes: list[Bound]


class Template(Read):
    """A sentence with placeholders, in both languages."""

    id: str
    fr: str
    en: str


class ReadingKeyRead(Versioned):
    """Reading key: the templates of the reading sentences and what not to read in them."""

    templates: list[Template]
    do_not_read: list[str]


class Golden(Read):
    """A score, its place (0 to 1) and its class: any implementation must find them."""

    score: float
    place: float
    klass: Annotated[ClassRead, Field(alias="class")]


class Constants(Read):
    """What a version of a method is frozen on."""

    unit_groups: Annotated[int, Field(description="Groups that the percentiles were taken over")]
    percentiles: Annotated[list[float], Field(min_length=101, max_length=101)]
    golden: list[Golden]


class MethodRead(Versioned):
    """A version of a method."""

    name: str
    measures: str
    scale: str
    formula: str
    headline: bool
    loaded: Annotated[bool, Field(description="Whether its scores are in this observatory")]
    citation: str
    licence: str
    parameters: dict[str, float]
    limits: list[str]


class MethodDetail(MethodRead):
    """A version of a method with its frozen constants."""

    constants: Constants
    grid: Versioned
    reading_key: Versioned


class Methods(Page[MethodRead]):
    """The methods that figures may be computed with."""
