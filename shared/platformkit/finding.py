"""The search of a service over its names: one question, and the best of each kind."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from platformkit.matching import Hit, Index, Match, Name

Question = Annotated[
    str, Query(min_length=1, max_length=200, description="words or a code", examples=["comptable"])
]
Most = Annotated[int, Query(ge=1, le=50, description="hits of each kind")]


class SearchHit(BaseModel):
    """A name that was found, in the language asked."""

    model_config = ConfigDict(frozen=True)

    code: Annotated[str, Field(examples=["M1607"])]
    label: str
    level: Annotated[str | None, Field(description="within its kind", examples=["division"])]
    match: Annotated[
        Match, Field(description="`exact`: the code or the whole name; else how many of the words")
    ]
    score: Annotated[float, Field(description="comparable within this answer only")]


class SearchGroup(BaseModel):
    """The best of a kind; `total` counts all of them."""

    kind: str
    total: int
    items: list[SearchHit]


class WordCorrected(BaseModel):
    """A word that no name has, and what was looked for instead."""

    word: str
    instead: str


class QuestionRead(BaseModel):
    """How the words were read; `matched` is `some` where some hits lack a word."""

    words: list[str]
    corrected: list[WordCorrected]
    matched: Literal["all", "some"] | None


class SearchAnswer(BaseModel):
    """What was found, by kind, in the order that the kinds were asked for."""

    query: QuestionRead
    groups: list[SearchGroup]


def answer(
    index: Index,
    question: str,
    kinds: Sequence[str],
    limit: int,
    shown: Callable[[Name], tuple[str, str | None]],
) -> bytes:
    """Return the best names of each kind as JSON; `shown` gives the label and level of one."""
    found = index.find(question, kinds)
    groups: dict[str, list[Hit]] = {kind: [] for kind in kinds}
    for hit in found.hits:
        groups[hit.name.kind].append(hit)
    some = any(hit.match == "some" for hit in found.hits)
    read = QuestionRead(
        words=list(found.words),
        corrected=[WordCorrected(word=one, instead=other) for one, other in found.corrected],
        matched=None if not found.words else "some" if some else "all",
    )

    def item(hit: Hit) -> SearchHit:
        label, level = shown(hit.name)
        score = round(hit.score, 4)
        return SearchHit(code=hit.name.code, label=label, level=level, match=hit.match, score=score)

    whole = SearchAnswer(
        query=read,
        groups=[
            SearchGroup(kind=kind, total=len(hits), items=[item(hit) for hit in hits[:limit]])
            for kind, hits in groups.items()
        ],
    )
    return whole.model_dump_json().encode()
