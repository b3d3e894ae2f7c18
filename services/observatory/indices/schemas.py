"""Wire format of exposure by several indices: classes and whole places, decimals only as detail."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from observatory.formulas.percentiles import Band
from observatory.indices.units import Kind
from platformkit.pagination import Page

Share = Annotated[float, Field(ge=0, le=1)]
Place = Annotated[
    int, Field(ge=0, le=100, description="Percentile of the method's frozen scale, cut to a whole")
]


class Read(BaseModel):
    """Base of what is read here: complete and never changed once made."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Versioned(Read):
    """A published thing and its version."""

    id: str
    version: str


class ClassRead(Read):
    """A class of the grid."""

    code: Band
    label: str


class ClassShare(ClassRead):
    """Share of jobs or hires in a class."""

    share: Share


class PlaceRange(Read):
    """A 95 % interval on the frozen scale."""

    low: Place
    high: Place


class ShareRange(Read):
    """A range of a share."""

    low: Share
    high: Share


class UnitRead(Read):
    """A job, sector or territory; `basis` is what the figures are about."""

    kind: Kind
    code: str
    label: str
    basis: str
    basis_label: str


class Cell(UnitRead):
    """The exposure of a unit by one method."""

    method: Versioned
    klass: Annotated[ClassRead, Field(alias="class")]
    place: Place
    interval: PlaceRange
    unknown: Annotated[
        list[str], Field(description="Parts of the uncertainty that nobody publishes")
    ]
    exposed_share: Annotated[Share, Field(description="Share in the two upper classes")]
    exposed_interval: Annotated[
        ShareRange | None, Field(description="95 % interval (Wilson); none for one job")
    ]
    unreliable: Annotated[bool, Field(description="Fewer than thirty were observed (flag U)")]
    native: Annotated[float, Field(description="Mean on the index's own scale")]
    scale: str
    coverage: Annotated[Share, Field(description="Share of the weight that has a score")]
    grid: Versioned
    reading_key: Versioned
    reading: str


class Cells(Page[Cell]):
    """A page of cells."""

    release: str


class MethodFigures(Read):
    """What one method says of a unit."""

    method: Versioned
    name: str
    headline: bool
    klass: Annotated[ClassRead, Field(alias="class")]
    place: Place
    interval: PlaceRange
    unknown: list[str]
    classes: list[ClassShare]
    exposed_share: Share
    exposed_interval: ShareRange | None
    unreliable: bool
    native: float
    scale: str
    coverage: Share
    reading: str


class End(Read):
    """One end of the range."""

    method: Versioned
    klass: Annotated[ClassRead, Field(alias="class")]
    place: Place


class Span(Read):
    """Range across the headline methods, never an average of them."""

    low: End
    high: End
    exposed_share: ShareRange


class Agreement(Read):
    """The class that most headline methods give; of two as frequent, the higher."""

    klass: Annotated[ClassRead, Field(alias="class")]
    methods: int
    of: int


class Budget(Read):
    """What the doubt about the place by the first headline method is made of; parts sum to one."""

    scores: Share
    crosswalk: Share
    weights: Share
    index: Annotated[Share, Field(description="Choice of the index, from the range across them")]
    se_within: Annotated[float, Field(description="In points of the scale, within the method")]
    se_total: Annotated[float, Field(description="In points of the scale, with the choice of it")]


class Coverage(Read):
    """Smallest coverage of the headline methods, and what it counts."""

    share: Share
    total: float
    unit: str


class UnitRange(UnitRead):
    """The exposure of a unit by every loaded method."""

    range: Span
    agreement: Agreement
    budget: Budget
    coverage: Coverage
    methods: list[MethodFigures]
    grid: Versioned
    reading_key: Versioned
    reading: str
    release: str


class Term(Read):
    """One group of the sum: its weight, its share, its mean place, and what it adds."""

    code: str
    label: str
    weight: float
    share: float
    mean: float
    adds: float
    occupations: Annotated[dict[str, float], Field(description="Weight of each unit group in it")]


class Input(Read):
    """The score of a unit group, where it was carried from, and its place (0 to 1)."""

    native: float
    place: float
    linked: Annotated[
        dict[str, float | None],
        Field(description="Scores of the linked occupations; null for one without a score"),
    ]


class Part(Read):
    """A part of the variance: its formula and its value."""

    formula: str
    value: float


class Replay(UnitRead):
    """The arithmetic of one cell, from its inputs to what is published."""

    method: Versioned
    formula: str
    inputs: Annotated[dict[str, Input], Field(description="By ISCO-08 unit group")]
    terms: list[Term]
    sum: Annotated[float, Field(description="Σ of what the terms add, in double precision")]
    published: Place
    klass: Annotated[ClassRead, Field(alias="class")]
    variance: dict[str, Part]
    se: float
    coverage: Coverage
    agrees: Annotated[bool, Field(description="The sum, cut to a whole, is what is published")]
    sources: dict[str, str]
    release: str


class ByHires(Read):
    """A division by the jobs it hires."""

    method: Versioned
    mean: Share
    rank: int


class ByIndustry(Read):
    """A division by an index of industries, on the index's own scale."""

    method: Versioned
    value: float
    rank: int


class SectorRoute(Read):
    """A division by both ways; a rank is among the divisions that its way reaches."""

    code: str
    label: str
    hires: ByHires
    industry: ByIndustry | None
    reading_key: Versioned
    reading: str


class SectorRoutes(Page[SectorRoute]):
    """A page of divisions, and how far the two ways agree on their order."""

    spearman: Annotated[
        float | None, Field(description="Null where the scores of industries are not loaded")
    ]
    divisions: Annotated[int, Field(description="Divisions that both ways reach")]


class Bounds(Read):
    """A 95 % interval of a quotient."""

    low: float
    high: float


class Specialisation(Read):
    """A job family of a territory against the country; `specific` when surely above one."""

    code: str
    label: str
    quotient: Annotated[float, Field(description="Share here over share in the country")]
    interval: Bounds | None
    kind: Literal["specific", "usual", "rare"]
    unreliable: Annotated[bool, Field(description="Fewer than thirty were observed (flag U)")]
    klass: Annotated[ClassRead | None, Field(alias="class", description="Exposure, ILO 2025")]
    reading_key: Versioned
    reading: str


class Specialisations(Page[Specialisation]):
    """A page of families, most specific first."""

    territory: str
