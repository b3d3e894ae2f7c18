"""Wire format of the search over all services."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from gateway.overviews.schemas import GapRead
from platformkit.finding import WordCorrected
from platformkit.matching import Match

Kind = Literal[
    "jobs", "certifications", "offers", "sectors", "territories", "indicators", "opportunities"
]


class FoundRead(BaseModel):
    """One hit, in the language asked; `data` is what its service says of it beside its name."""

    kind: Kind
    code: Annotated[str, Field(examples=["M1607"])]
    title: str
    match: Annotated[Match, Field(description="of the words; `exact`: the code or whole name")]
    rank: Annotated[int, Field(description="among those of its kind, by their service")]
    score: Annotated[float, Field(description="1/(60 + rank); decides within a match")]
    href: str
    data: dict[str, Any]


class KindRead(BaseModel):
    """A kind: how many hits there are in all, who counted them and when, where they go on."""

    kind: Kind
    count: int
    source: str
    as_of: datetime
    matched: Annotated[
        Literal["all", "some"] | None, Field(description="whether all hits have all the words")
    ]
    corrected: list[WordCorrected]
    href: Annotated[str, Field(description="the kind alone, by its service, at this door")]


class SearchRead(BaseModel):
    """The best hits of all kinds, the counts of each, and what could not be asked."""

    items: list[FoundRead]
    kinds: list[KindRead]
    unavailable: list[GapRead]
