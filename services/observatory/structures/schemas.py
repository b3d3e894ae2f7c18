"""Wire format of structures: the compact JSON in which they are shipped and published."""

import hashlib
from typing import Annotated, Final, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from observatory.structures import versions
from platformkit.wire import Wire, refusal

LARGEST_BYTES: Final = 16 << 20
"""Of a body of structures; the 36,000 communes with their names in two languages are 4 MB."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
CodeId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_@$-]{1,64}$")]
"""What SDMX allows in a code: no dot, so that codes can be joined into a key."""

Kind = Literal[
    "codelist",
    "concept_scheme",
    "code_map",
    "data_structure",
    "dataflow",
    "indicator",
    "reading_key",
    "grid",
    "sheet",
]

ProtectedSource = Literal["enterprises", "tax"]
"""Sources of the disclosure policy (`disclosure/policy.json`)."""

REFERENCE: Final = (
    r"^(?:[A-Za-z][A-Za-z0-9_.-]{0,63}:)?[A-Za-z][A-Za-z0-9_-]{0,63}"
    r"\([0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z-]+)?\)$"
)
Reference = Annotated[str, StringConstraints(pattern=REFERENCE, max_length=200)]
"""`AGENCY:ID(1.0.0)`, the agency may be left out where it is one's own."""


def _version(text: str) -> str:
    found = versions.parse(text)
    if found is None:
        raise refusal(
            "version-malformed",
            "Une version s’écrit 1.0.0, un projet 1.0.0-draft.",
            "A version is written 1.0.0, a draft 1.0.0-draft.",
        )
    return str(found)


SemVer = Annotated[str, StringConstraints(max_length=60), AfterValidator(_version)]


class Names(Wire):
    """A text in French and English."""

    fr: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    en: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class Artefact(Wire):
    """What all maintained structures have; a version with an extension (`-draft`) may change."""

    id: Id
    version: SemVer = "1.0.0"
    name: Names
    description: Names | None = None


class Code(Wire):
    """A code; codes are text, `02` and `2A` stay what they are."""

    id: CodeId
    name: Names
    parent: CodeId | None = None


class Codelist(Artefact):
    """The codes that a dimension or attribute may take, as a hierarchy by their parents."""

    codes: Annotated[list[Code], Field(min_length=1, max_length=100_000)]


class Concept(Wire):
    """What a dimension or an attribute means."""

    id: Id
    name: Names
    description: Names | None = None


class ConceptScheme(Artefact):
    """Concepts that data structures use."""

    concepts: Annotated[list[Concept], Field(min_length=1, max_length=1_000)]


class Mapping(Wire):
    """A part of a source code that goes to a target code."""

    source: CodeId
    target: CodeId
    weight: Annotated[float, Field(gt=0, le=1)]


class CodeMap(Artefact):
    """A crosswalk between two code lists; the weights of each source code sum to one."""

    source: Reference
    target: Reference
    basis: Annotated[str | None, Field(max_length=1000, description="how it was made")] = None
    mappings: Annotated[list[Mapping], Field(min_length=1, max_length=200_000)]


class Dimension(Wire):
    """A dimension; its order in the list is its place in the key. TIME_PERIOD is implied, last."""

    id: Id
    name: Names
    codelist: Reference


class Attribute(Wire):
    """What is said about observations beside their value.

    `observation`: a column of the file, one of the names that the store knows. `dimension`: told
    by the code of one dimension. `dataflow`: the same for all.
    """

    id: Id
    name: Names
    level: Literal["observation", "dimension", "dataflow"]
    codelist: Reference | None = None
    dimension: Id | None = None
    values: dict[str, Annotated[str, StringConstraints(max_length=200)]] = Field(
        default_factory=dict,
        max_length=2000,
        description="by code; for `dataflow` under the empty key",
    )


class DataStructure(Artefact):
    """Dimensions and attributes of a dataflow; `ratios` are the codes whose value is a ratio.

    An observation of a ratio must bring its numerator and denominator, or it could not be rolled
    up; `{"MEASURE": ["MEAN"]}` names codes by dimension.
    """

    dimensions: Annotated[list[Dimension], Field(min_length=1, max_length=8)]
    measure: Names
    attributes: list[Attribute] = Field(default_factory=list, max_length=40)
    ratios: dict[Id, list[CodeId]] = Field(default_factory=dict, max_length=8)


class Division(Wire):
    """Another way in which codes of a dimension add up, beside the parents of its code list."""

    id: Id
    dimension: Id
    parts: Annotated[
        dict[CodeId, Annotated[list[CodeId], Field(min_length=1, max_length=2_000)]],
        Field(min_length=1, max_length=2_000, description="by total"),
    ]


class Protection(Wire):
    """Data of units that must not be told apart: no release without disclosure control.

    `figures` names, by dimension, the codes whose values are sums over units; the others (means,
    shares) are hidden with them. Cells of a `known` code are published by others, and cannot be
    hidden.
    """

    source: Annotated[ProtectedSource, Field(description="which rules of the policy")]
    figures: Annotated[dict[Id, list[CodeId]], Field(max_length=8, default_factory=dict)]
    divisions: Annotated[list[Division], Field(max_length=20, default_factory=list)]
    known: Annotated[dict[Id, list[CodeId]], Field(max_length=8, default_factory=dict)]
    adds_up_in_time: Annotated[
        bool, Field(description="a year is the sum of its quarters and months")
    ] = False
    rounding: Annotated[
        float, Field(ge=0, le=1e9, description="unit that figures are rounded to")
    ] = 0


class Dataflow(Artefact):
    """Data that are published under one structure, with their licence and theme."""

    structure: Reference
    licence: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    theme: Annotated[str | None, Field(max_length=200)] = None
    accrual_periodicity: Literal[
        "annual", "quarterly", "monthly", "weekly", "daily", "irregular"
    ] = "irregular"
    protection: Protection | None = None


class Indicator(Artefact):
    """A figure to read: a dataflow, some of its dimensions fixed to a code."""

    dataflow: Reference
    key: dict[Id, CodeId] = Field(default_factory=dict, max_length=8)
    unit: Names
    decimals: Annotated[int, Field(ge=0, le=12)]
    polarity: Literal["more_is_better", "less_is_better", "neutral"] = "neutral"
    definition: Names


class Read(BaseModel):
    """Base of what is read here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Deprecation(Wire):
    """A stable artefact that should no longer be used."""

    kind: Kind
    reference: Reference
    reason: Names
    replacement: Annotated[
        Reference | None, Field(description="another stable artefact of the kind")
    ] = None


class Deprecated(Read):
    """Since when and why an artefact should not be used, and which one instead."""

    at: str
    reason: str
    replacement: str | None


class DeprecationRead(Deprecated):
    """A deprecation, with the URN of the artefact."""

    urn: str


class Published(Read):
    """What became of each artefact, by its URN."""

    created: list[str]
    updated: list[str]
    unchanged: list[str]


class CodeRead(Read):
    """A code of a code list."""

    id: str
    name: str
    parent: str | None


def digest(given: Artefact) -> str:
    """Hash an artefact: equal hash, equal content."""
    document = orjson.dumps(given.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(document).hexdigest()
