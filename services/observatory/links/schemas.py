"""Wire format of short addresses."""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from observatory.observations.selection import Labels
from observatory.structures.schemas import Id, Read
from platformkit.i18n import Language
from platformkit.wire import Wire

Form = Literal[
    "data.csv",
    "data.json",
    "data.xlsx",
    "data.parquet",
    "data.arrow",
    "data.jsonstat",
    "chart.json",
    "chart.svg",
    "chart.png",
    "provenance",
]
MOST_WHERE: Final = 20
_Text = Annotated[str, StringConstraints(min_length=1, max_length=40)]
_Count = Annotated[int, Field(ge=1, le=1_000)]


class Question(Wire):
    """The query parameters of the address; `where` are those written `c[…]`."""

    where: dict[Id, Annotated[str, StringConstraints(min_length=1, max_length=2_000)]] = Field(
        default_factory=dict, max_length=MOST_WHERE
    )
    startPeriod: _Text | None = None  # noqa: N815  # SDMX's names
    endPeriod: _Text | None = None  # noqa: N815  # likewise
    asOf: _Text | None = None  # noqa: N815  # likewise
    updatedAfter: _Text | None = None  # noqa: N815  # likewise
    includeHistory: bool | None = None  # noqa: N815  # likewise
    firstN: _Count | None = None  # noqa: N815  # likewise
    lastN: _Count | None = None  # noqa: N815  # likewise
    mrnev: _Count | None = None
    initial: bool | None = None
    gapfill: bool | None = None
    labels: Labels | None = None
    reading: bool | None = None
    limit: Annotated[int, Field(ge=1, le=100_000)] | None = None
    lang: Language | None = None
    profile: Literal["excel-fr"] | None = None
    by: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    width: Annotated[int, Field(ge=320, le=1_200)] | None = None
    scale: Annotated[float, Field(ge=1, le=3)] | None = None


class LinkDraft(Wire):
    """A question to have a short address."""

    indicator: Id
    form: Form
    question: Question = Field(default_factory=Question)
    release: Annotated[
        int | None,
        Field(ge=1, description="pins the figures to that release; else always the newest"),
    ] = None


class LinkRead(Read):
    """A short address, and what it leads to; both are relative to that of the link itself."""

    id: str
    address: str
    leads_to: str
    indicator: str
    form: Form
    release: int | None
    created_at: str
