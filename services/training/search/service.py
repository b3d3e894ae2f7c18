"""The rules of a search: how words are read, corrected and relaxed, and what an answer carries."""

import hashlib
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson

from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text
from platformkit.pagination import CursorRefused, PageRequest
from platformkit.reads import ReadPool
from training.search import hits, queries, statement, wording
from training.search.days import Days, of_day
from training.search.filters import Asked
from training.search.labels import label
from training.search.parts import Statement, Words
from training.search.wording import Group

FEW: Final = 5
"""With fewer hits that have all the words, those that have some of them are shown after."""

_LEAST_ALIKE: Final = 0.35
"""Share of trigrams: "exel" and "excel" have 0.375."""


class SearchContradictory(Invalid):
    """Parameters that are sound alone ask for nothing together."""

    code = "search-contradictory"
    title = Text("Recherche contradictoire", "Contradictory search")


class CommuneUnknown(Invalid):
    """We know the communes of Hauts-de-France only; anything else is told by coordinates."""

    code = "commune-unknown"
    title = Text("Commune inconnue", "Unknown commune")


_COORDINATES: Final = Text(
    "Aucune commune des Hauts-de-France n’a ce code : donnez latitude et longitude.",
    "No commune of Hauts-de-France has this code: give latitude and longitude.",
)


@dataclass(frozen=True, slots=True)
class _Read:
    """How the words of a search were read."""

    groups: Sequence[Group]
    words: Words | None
    corrected: Sequence[tuple[str, str]] = ()

    def wire(self) -> dict[str, Any]:
        return {
            "words": [group.shown for group in self.groups],
            "corrected": [{"word": one, "instead": other} for one, other in self.corrected],
            "matched": None if self.words is None else "some" if self.words.some else "all",
        }


async def search(
    reads: ReadPool, days: Days, asked: Asked, paging: PageRequest, day: date, *, facets: bool
) -> bytes:
    """Return a page of hits; raises SearchContradictory, CursorRefused."""
    asked = await placed(reads, asked)
    digest = hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
    after = None
    if paging.after is not None:
        key, last, made_for, then, some = _cursor(paging.after)
        if made_for != digest:
            raise CursorRefused
        after, day = (key, last), then
    read = await _read(reads, asked.words, day)
    if read.words is not None and after is not None:
        read.words.some = some
    made = partial(
        statement.compose, asked, day, read.words, after, paging.limit + 1, facets=facets
    )
    row = await _answer(reads, days, asked, day, made)
    found = orjson.loads(row["items"])
    shown = found[: paging.limit]
    following = None
    if len(found) > paging.limit:
        some = read.words is not None and read.words.some
        following = paging.continued(
            [shown[-1]["key"], shown[-1]["id"], digest, day.isoformat(), some]
        )
    return orjson.dumps(
        {
            "items": [_hit(one) for one in shown],
            "next": following,
            "total": row["total"] if paging.count else None,
            "query": read.wire(),
            "facets": _facets(orjson.loads(row["facets"] or b"{}")) if facets else None,
        }
    )


async def matching(
    reads: ReadPool, asked: Asked, day: date, most: int
) -> Sequence[Mapping[str, Any]]:
    """Return what a search finds now, at most so many: only what has all the words, as spelt."""
    _, words = await _parsed(reads, wording.groups(wording.words_of(asked.words or "")))
    made = statement.matching(asked, day, words if words.wide else None, most)
    rows: Sequence[Mapping[str, Any]] = await reads.fetch(
        "search matching", made.text, *made.arguments
    )
    return rows


async def _answer(
    reads: ReadPool, days: Days, asked: Asked, day: date, made_with: Callable[..., Statement]
) -> Mapping[str, Any]:
    """Run the statement with what is kept of the day; where that is outdated, without."""
    kept = days.of(asked, day)
    row = await _run(reads, made_with(kept=kept))
    if kept is not None and row["total"] is None:
        kept, row = None, await _run(reads, made_with(kept=None))
    if kept is None and of_day(asked):
        days.keep(asked, day, row)
    return row


async def _run(reads: ReadPool, made: Statement) -> Mapping[str, Any]:
    row: Mapping[str, Any] | None = await reads.fetchrow("search", made.text, *made.arguments)
    assert row is not None  # noqa: S101  # a statement of one row
    return row


def _cursor(values: Sequence[Any]) -> tuple[int, UUID, str, date, bool]:
    """Read a verified cursor; one that an older release made says another number of things."""
    try:
        key, last, digest, day, some = values
        return int(key), UUID(last), str(digest), date.fromisoformat(day), bool(some)
    except (TypeError, ValueError) as error:
        raise CursorRefused from error


async def placed(reads: ReadPool, asked: Asked) -> Asked:
    """Find the centre of the commune that distances are told from; raises CommuneUnknown."""
    if asked.centre is None or asked.centre.commune is None:
        return asked
    row = await reads.fetchrow("search centre", queries.CENTRE, asked.centre.commune)
    if row is None:
        fault = Fault("/around", CommuneUnknown.code, _COORDINATES, where="query")
        raise CommuneUnknown([fault])
    centre = replace(asked.centre, latitude=row["latitude"], longitude=row["longitude"])
    return replace(asked, centre=centre)


async def _read(reads: ReadPool, asked: str | None, day: date) -> _Read:
    """Read the words: those that nothing has are corrected once, or left out of what is needed.

    A hit must have all the words where at least a few do.
    """
    spelt = wording.words_of(asked or "")
    groups, words = await _parsed(reads, wording.groups(spelt))
    having = await _having(reads, words, day)
    corrected: list[tuple[str, str]] = []
    if having < FEW and not await reads.fetchval("search known", queries.KNOWN, words.wide):
        corrected = await _corrections(reads, spelt)
        instead = dict(corrected)
        mended = [instead.get(word, word) for word in spelt]
        groups, words = await _parsed(reads, wording.groups(mended))
        having = await _having(reads, words, day)
    if not groups:
        return _Read((), None)
    words.some = len(groups) > 1 and having < FEW
    return _Read(groups, words, corrected)


async def _parsed(reads: ReadPool, groups: Sequence[Group]) -> tuple[Sequence[Group], Words]:
    """Return the groups that are more than stop words, and their queries."""
    if not groups:
        return (), Words([], [], [])
    rows = await reads.fetch(
        "search words",
        queries.WORDS,
        [group.own for group in groups],
        [group.wide for group in groups],
    )
    kept = [pair for pair in zip(groups, rows, strict=True) if pair[1]["nodes"]]
    own, wide, shown = ([row[name] for _, row in kept] for name in ("own", "wide", "shown"))
    words = Words(own, wide, shown)
    return [group for group, _ in kept], words


async def _having(reads: ReadPool, words: Words, day: date) -> int:
    """Return how many that are not over have all the words; `FEW` stands for more."""
    if not words.wide:
        return FEW
    every = " & ".join(f"({one})" for one in words.wide)
    found: int = await reads.fetchval("search needed", queries.NEEDED, every, day, FEW)
    return found


async def _corrections(reads: ReadPool, spelt: Sequence[str]) -> list[tuple[str, str]]:
    """Return the words of the catalogue that those of the search are most like, where others."""
    asked = sorted(set(spelt))
    rows = await reads.fetch("search spelling", queries.SPELLING, asked, _LEAST_ALIKE)
    return [
        (row["asked"], row["word"])
        for row in rows
        if wording.fold(row["asked"]) != wording.fold(row["word"])
    ]


def _hit(found: dict[str, Any]) -> dict[str, Any]:
    del found["key"]
    if found["highlight"] is not None:
        found["highlight"] = {
            name: None if text is None else _marked(text)
            for name, text in found["highlight"].items()
        }
    return found


def _marked(text: str) -> str:
    """Escape a text for HTML, then mark what was found: no markup of a provider comes through."""
    begins, ends = hits.MARK
    return html.escape(text).replace(begins, "<mark>").replace(ends, "</mark>")


def _facets(found: dict[str, Any]) -> dict[str, Any]:
    return {
        facet: [
            {"value": value, "count": count, "label": label(facet, value, named)}
            for value, count, named in counts
        ]
        for facet, counts in found.items()
    }
