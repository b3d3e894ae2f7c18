"""Expressions of several words that the index has as one word each, as a phrase is slow to find.

PostgreSQL's index of words knows no neighbours: it would read the words of all that may have the
phrase. The known ones are those of the table of synonyms; all others are asked for as phrases.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import asyncpg

from training.indexing.synonyms import LEADS, SAME

Placed = tuple[str, int]
"""A lexeme, quoted, and its place."""

_WRITE: Final = r"""
INSERT INTO training.search_phrase (phrase, word)
SELECT phrase, regexp_replace(phrase, ''' <(-|\d+)> ''', ' \1 ', 'g')
  FROM (SELECT DISTINCT phraseto_tsquery('training.catalogue', given)::text AS phrase
          FROM unnest($1::text[]) given) read
 WHERE phrase LIKE '%> %'"""
"""A lexeme has no blank of its own."""

_BETWEEN: Final = re.compile(r" <(-|\d+)> ")


async def write(connection: asyncpg.Connection) -> None:
    """Write the expressions of the table anew, as PostgreSQL reads them."""
    said = {*SAME, *LEADS, *(one for others in LEADS.values() for one in others)}
    await connection.execute("DELETE FROM training.search_phrase")
    await connection.execute(_WRITE, [" ".join(one) for one in said if len(one) > 1])


class Phrases:
    """The expressions that are known, by their first word."""

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._known: defaultdict[str, list[tuple[list[Placed], str]]] = defaultdict(list)
        for phrase, word in rows:
            first, *pairs = _BETWEEN.split(phrase)
            after, rest = 0, []
            for distance, lexeme in zip(pairs[::2], pairs[1::2], strict=True):
                after += 1 if distance == "-" else int(distance)
                rest.append((lexeme, after))
            self._known[first].append((rest, word))

    @classmethod
    async def read(cls, connection: asyncpg.Connection) -> "Phrases":
        """Read those that the index was written with."""
        return cls(await connection.fetch("SELECT phrase, word FROM training.search_phrase"))

    def among(self, placed: Sequence[Placed]) -> Iterator[str]:
        """Yield the words for the expressions that a text has."""
        known, there = self._known, None
        for lexeme, place in placed:
            if lexeme not in known:
                continue
            there = there or set(placed)
            for rest, word in known[lexeme]:
                if all((other, place + after) in there for other, after in rest):
                    yield word
