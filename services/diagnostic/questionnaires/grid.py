"""The content of a maturity grid: what is published, hashed and scored."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from diagnostic.questionnaires.scalars import (
    Bound,
    Code,
    Flag,
    GridCode,
    Line,
    OptionCode,
    Points,
    Share,
    Version,
    Weight,
)

Language = Literal["fr", "en"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A misfit at an RFC 6901 pointer, in both languages; becomes a problem's `Fault` as it is."""

    pointer: str
    code: str
    fr: str
    en: str
    severity: Severity = "error"


def exact(number: float) -> Fraction:
    """Read a JSON number as written: 0.1 is 1/10, not the nearest binary fraction."""
    return Fraction(repr(number))


class Content(BaseModel):
    """Base of everything in a grid: frozen, and an unknown field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Label(Content):
    """A text; French is required, and stands in where English is missing."""

    fr: Line
    en: Line | None = None

    def text(self, language: Language) -> str:
        """Read it in this language, or in French."""
        return self.en if language == "en" and self.en is not None else self.fr


class Dimension(Content):
    """An axis of the radar; `levels` interprets it, one text per level of the profile."""

    code: Code
    title: Label
    weight: Weight = 1.0
    order: Annotated[int, Field(strict=True, ge=0, le=1000)] = 0
    core: Flag = False
    summary: Label | None = None
    levels: dict[OptionCode, Label] = {}


class Option(Content):
    """A choice; an exclusive one stands alone in a multiple question."""

    code: OptionCode
    label: Label
    points: Points = 0.0
    exclusive: Flag = False


class Row(Content):
    """A line of a matrix, answered on the matrix's scale."""

    code: OptionCode
    label: Label


class Band(Content):
    """Points from `start` (included; null: no lower end) to the next band's start (excluded)."""

    start: Bound | None
    points: Points
    label: Label | None = None


RegisteredFact = Literal[
    "naf_code", "naf_division", "size_band", "headcount", "region_code", "postcode"
]
"""What is registered of a company, proposed as an answer; as codes of options, 2562B for the NAF
code 25.62B and 250 for the size band 250+."""


class QuestionBase(Content):
    """What all questions share; without a dimension a question is context and never scores."""

    code: Code
    dimension: Code | None = None
    label: Label
    help: Label | None = None
    weight: Weight = 1.0
    required: Flag = True
    allow_na: Flag = False
    allow_dk: Flag = False
    enable_when: (
        Annotated[str, StringConstraints(min_length=1, max_length=4000, strict=True)] | None
    ) = None
    prefill: RegisteredFact | None = None

    @property
    def scored(self) -> bool:
        """True when it belongs to a dimension and weighs something."""
        return self.dimension is not None and self.weight > 0


class Single(QuestionBase):
    """One option; r = (points - lowest) / (highest - lowest)."""

    type: Literal["single"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=60)]


class Multiple(QuestionBase):
    """Any options; r = points / `max_points` (default: all positive points), within 0..1."""

    type: Literal["multiple"]
    options: Annotated[tuple[Option, ...], Field(min_length=2, max_length=60)]
    max_points: Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)] | None = None


class Boolean(QuestionBase):
    """Yes is 1, no is 0."""

    type: Literal["boolean"]


class Scale(QuestionBase):
    """A whole number from 0 to `maximum`; `anchors`, when given, names each of them."""

    type: Literal["scale"]
    maximum: Annotated[int, Field(strict=True, ge=1, le=10)] = 5
    anchors: tuple[Label, ...] = ()


class Matrix(QuestionBase):
    """The mean of rows on one scale; with `allow_row_na`, a null row leaves the mean."""

    type: Literal["matrix"]
    rows: Annotated[tuple[Row, ...], Field(min_length=1, max_length=40)]
    maximum: Annotated[int, Field(strict=True, ge=1, le=10)] = 5
    anchors: tuple[Label, ...] = ()
    allow_row_na: Flag = False


class Number(QuestionBase):
    """A number within bounds; scores by its half-open bands, like a single choice among them."""

    type: Literal["number"]
    minimum: Bound | None = None
    maximum: Bound | None = None
    integer: Flag = False
    unit: Label | None = None
    bands: tuple[Band, ...] = ()


class FreeText(QuestionBase):
    """A text of at most `max_length` characters, in a tall field if `multiline`; never scores."""

    type: Literal["text"]
    weight: Weight = 0.0
    max_length: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 2000
    multiline: Flag = False


class Date(QuestionBase):
    """An ISO 8601 calendar date; never scores."""

    type: Literal["date"]
    weight: Weight = 0.0


FileKind = Literal["pdf", "png", "jpeg", "docx", "xlsx"]


class File(QuestionBase):
    """A piece of evidence, answered with its UUID; `kinds` are told by content; never scores."""

    type: Literal["file"]
    weight: Weight = 0.0
    kinds: Annotated[tuple[FileKind, ...], Field(min_length=1, max_length=5)] = ("pdf",)
    max_bytes: Annotated[int, Field(strict=True, ge=1, le=20_000_000)] = 10_000_000


Question = Annotated[
    Single | Multiple | Boolean | Scale | Matrix | Number | FreeText | Date | File,
    Field(discriminator="type"),
]


class Level(Content):
    """A named level of maturity."""

    code: OptionCode
    title: Label


class EvidenceProfile(Content):
    """Highest ratio of an answer that is only declared, backed by a document, or verified."""

    declared: Share = 0.75
    document: Share = 0.9
    verified: Share = 1.0


class ScoringProfile(Content):
    """The published method: its numbers are data, its formulas are in `assessments.scoring`."""

    code: OptionCode = "MIA-1"
    aggregation: Literal["weighted_mean"] = "weighted_mean"
    dk_value: Share = 0.0
    min_applicable_share: Share = 0.5
    precision: Annotated[int, Field(strict=True, ge=0, le=4)] = 1
    rounding: Literal["half_up"] = "half_up"
    thresholds: tuple[Weight, ...] = (25.0, 50.0, 75.0)
    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=10)]
    non_compensation: Flag = False
    evidence: EvidenceProfile | None = None


class GridContent(Content):
    """One version of a questionnaire, whole."""

    code: GridCode
    version: Version
    title: Label
    description: Label | None = None
    profile: ScoringProfile
    dimensions: Annotated[tuple[Dimension, ...], Field(min_length=1, max_length=20)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=300)]

    def question(self, code: str) -> Question | None:
        """Find the question of this code."""
        return next((one for one in self.questions if one.code == code), None)

    def dimension(self, code: str) -> Dimension | None:
        """Find the dimension of this code."""
        return next((one for one in self.dimensions if one.code == code), None)
