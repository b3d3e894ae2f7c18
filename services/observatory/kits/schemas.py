"""Wire format of kits: what another installation reads must not change within a version of it."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from observatory.structures.bundles import Structures
from observatory.structures.grid_schemas import Grid
from observatory.structures.key_schemas import ReadingKey
from observatory.structures.schemas import (
    Codelist,
    CodeMap,
    ConceptScheme,
    Dataflow,
    DataStructure,
    Id,
    Indicator,
    Names,
    Reference,
    SemVer,
)
from observatory.structures.sheet_schemas import Sheet
from platformkit.wire import Instant, Wire, refusal

AgencyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$")]
MethodId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,3}$")]
"""Code of a region in the official geographic code (COG): `32`, `84`, `01`."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
KeyText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""32 bytes in base64url: an Ed25519 key, or the thumbprint by which it is named."""

SignatureText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{86}$")]

_MOST: Final = 5_000
MOST_VECTORS: Final = 10_000
"""Of all methods of a kit."""


class KitStructures(Structures):
    """The structures of a kit; what refers to another says whose that is."""

    agency: AgencyId
    codelists: list[Codelist] = Field(default_factory=list, max_length=_MOST)
    concept_schemes: list[ConceptScheme] = Field(default_factory=list, max_length=_MOST)
    code_maps: list[CodeMap] = Field(default_factory=list, max_length=_MOST)
    data_structures: list[DataStructure] = Field(default_factory=list, max_length=_MOST)
    dataflows: list[Dataflow] = Field(default_factory=list, max_length=_MOST)
    indicators: list[Indicator] = Field(default_factory=list, max_length=_MOST)
    reading_keys: list[ReadingKey] = Field(default_factory=list, max_length=_MOST)
    grids: list[Grid] = Field(default_factory=list, max_length=_MOST)
    sheets: list[Sheet] = Field(default_factory=list, max_length=_MOST)


class KitDraft(Wire):
    """A version of this installation's kit, and what has changed in it."""

    version: SemVer
    notes: Names
    name: Names
    dataflows: Annotated[
        list[Id] | None,
        Field(min_length=1, max_length=1_000, description="all where none is named"),
    ] = None


class SourceFile(Wire):
    """A file of the region's own that its data come from."""

    dataflow: Id
    producer: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    title: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    vintage: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    licence: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Place(Wire):
    """Which region a node is of, and where it is reached: what its certificate says."""

    region: Region
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]{1,200}$")]


class Parameters(Place):
    """What a region must supply beside the kit; the agency is that of its installation.

    `mapping` says, for each structure that the new MAJOR version of a kit has no longer, which one
    takes its place, or null for none; it must be given then, even empty.
    """

    cog_vintage: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}$")]
    sources: list[SourceFile] = Field(default_factory=list, max_length=200)
    mapping: Annotated[dict[Reference, Reference | None], Field(max_length=_MOST)] | None = None


class YankReason(Wire):
    """Why a version must not be installed any more."""

    reason: Names


class Yank(YankReason):
    """A version that must not be installed any more, and why."""

    version: SemVer


class Yanks(Wire):
    """The versions of an agency's kit that must not be installed, signed by it."""

    document: Literal["vigie-kit-yanks/1"]
    agency: AgencyId
    yanked: Annotated[list[Yank], Field(max_length=1_000)]
    key_id: KeyText
    signature: SignatureText


class KitReference(Wire):
    """A version of a kit; `sha256` is that of its manifest, and with it of every file."""

    agency: AgencyId
    version: SemVer
    sha256: Sha256


class VectorResult(Wire):
    """What became of a golden vector: a figure that every implementation must find."""

    method: MethodId
    vector: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    expected: Annotated[str, StringConstraints(max_length=4000)]
    found: Annotated[
        str | None, Field(max_length=4000, description="none where nothing was answered")
    ]
    passed: bool


class ConformanceReport(Wire):
    """Certificate of a region that came up from a kit: it computes as the kit says it must.

    Signed by the node (Ed25519 over the RFC 8785 form of all but `signature`). `passed` is what
    the vectors say, and every installed method has at least one.
    """

    document: Literal["vigie-conformance-report/1"]
    node: Annotated[AgencyId, Field(description="agency that publishes there")]
    region: Region
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://[^\s]{1,200}$")]
    kit: KitReference
    methods: Annotated[dict[MethodId, SemVer], Field(min_length=1, max_length=200)]
    vectors: Annotated[list[VectorResult], Field(min_length=1, max_length=MOST_VECTORS)]
    passed: bool
    at: Instant
    key_id: KeyText
    signature: SignatureText

    @model_validator(mode="after")
    def _is_consistent(self) -> "ConformanceReport":
        if self.passed != all(each.passed for each in self.vectors):
            raise refusal(
                "verdict-unfounded",
                "passed ne dit pas ce que disent les vecteurs.",
                "passed does not say what the vectors say.",
            )
        if {each.method for each in self.vectors} != self.methods.keys():
            raise refusal(
                "method-untested",
                "Chaque méthode installée a ses vecteurs, et aucune autre.",
                "Every installed method has its vectors, and no other.",
            )
        return self


class Read(BaseModel):
    """Base of what is read here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class KeyRead(Read):
    """The key that this installation signs with, as others pin it."""

    key_id: KeyText
    x: Annotated[KeyText, Field(description="public key of Ed25519, as in a JWK (RFC 8037)")]


class KitRead(Read):
    """A version of the kit that is published here."""

    agency: str
    version: str
    sha256: Annotated[str, Field(description="of its manifest, and with it of every file")]
    bytes: int
    key_id: str
    notes: Names
    methods: dict[str, str]
    yanked: Names | None
    published_at: datetime


class Difference(Read):
    """What installing a kit changes: structures and methods against what is here."""

    created: list[str]
    unchanged: list[str]
    conflicting: Annotated[list[str], Field(description="stable here with another content")]
    gone: Annotated[list[str], Field(description="of the version before, and not in this one")]
    methods_added: dict[str, str]
    methods_changed: dict[str, str]
    methods_gone: dict[str, str]
    methods_unknown: Annotated[
        list[str], Field(description="which this program does not compute, or not in this version")
    ]


State = Literal["dry_run", "certified", "failed"]


class InstallationRead(Read):
    """A kit that was received here, what it changes, and what became of it."""

    agency: str
    version: str
    sha256: str
    state: State
    difference: Difference
    parameters: Parameters | None
    local: Annotated[
        dict[str, Literal["created", "unchanged", "kept"]],
        Field(description="dataflows of one's own that were made of it; what was there is kept"),
    ]
    failed: Annotated[list[VectorResult], Field(description="golden vectors that were not met")]
    yanked: Names | None
    received_at: datetime
    changed_at: datetime


class Result(Read):
    """What a method makes of an input."""

    method: str
    version: str
    output: dict[str, Any]
