"""The search of a service over its names: one question, and the best of each kind."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from platformkit.matching import Found, Hit, Index, Match, Name, spans

Question = Annotated[
    str, Query(min_length=1, max_length=200, description="words or a code", examples=["comptable"])
]
Most = Annotated[int, Query(ge=1, le=50, description="hits of each kind")]


class Span(BaseModel):
    """A part of a text, in characters from its beginning."""

    start: int
    end: int


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
    marked: Annotated[
        list[Span], Field(description="what of the label answers, to be highlighted")
    ] = []


class Facet(BaseModel):
    """How many hits of a kind are of a level."""

    level: str
    total: int


class SearchGroup(BaseModel):
    """The best of a kind; `total` counts all of them, `facets` by level where it has levels."""

    kind: str
    total: int
    facets: list[Facet] = []
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


def hit(
    code: str, label: str, level: str | None, match: Match, score: float, words: Sequence[str]
) -> SearchHit:
    """Make a hit, with what of its label begins with the words marked."""
    marked = [Span(start=start, end=end) for start, end in spans(label, words)]
    return SearchHit(
        code=code, label=label, level=level, match=match, score=round(score, 4), marked=marked
    )


def facets(levels: Counter[str]) -> list[Facet]:
    """Tell how many hits are of each level, the most first."""
    return [
        Facet(level=level, total=total)
        for level, total in sorted(levels.items(), key=lambda each: (-each[1], each[0]))
    ]


def read(found: Found) -> QuestionRead:
    """Tell how a question was read."""
    some = any(hit.match == "some" for hit in found.hits)
    return QuestionRead(
        words=list(found.words),
        corrected=[WordCorrected(word=one, instead=other) for one, other in found.corrected],
        matched=None if not found.words else "some" if some else "all",
    )


def looked_for(found: Found) -> list[str]:
    """Return the words of a question as they were looked for, corrected ones by what is there."""
    corrected = dict(found.corrected)
    return [corrected.get(word, word) for word in found.words]


def groups(
    found: Found,
    kinds: Sequence[str],
    limit: int,
    shown: Callable[[Name], tuple[str, str | None]],
    level: str | None = None,
) -> list[SearchGroup]:
    """Return the best names of each kind; `shown` gives the label and level of one."""
    words = looked_for(found)
    by_kind: dict[str, list[tuple[Hit, str, str | None]]] = {kind: [] for kind in kinds}
    for one in found.hits:
        label, own = shown(one.name)
        if level is None or own == level:
            by_kind[one.name.kind].append((one, label, own))
    return [
        SearchGroup(
            kind=kind,
            total=len(hits),
            facets=facets(Counter(own for _, _, own in hits if own is not None)),
            items=[
                hit(one.name.code, label, own, one.match, one.score, words)
                for one, label, own in hits[:limit]
            ],
        )
        for kind, hits in by_kind.items()
    ]


def answer(
    index: Index,
    question: str,
    kinds: Sequence[str],
    limit: int,
    shown: Callable[[Name], tuple[str, str | None]],
) -> bytes:
    """Return the best names of each kind as JSON; `shown` gives the label and level of one."""
    found = index.find(question, kinds)
    whole = SearchAnswer(query=read(found), groups=groups(found, kinds, limit, shown))
    return whole.model_dump_json().encode()
