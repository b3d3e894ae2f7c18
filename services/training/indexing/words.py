"""Makes the vectors of many texts of what PostgreSQL makes of each of their words once.

A text is cut at its blanks. No token of PostgreSQL's parser goes across one, once `search_spelt`
has taken `<` and `>` away: so `to_tsvector` of the text is what it gives for the pieces, one after
the other. Of ten pieces nine have come before; the parser and three dictionaries are spared. The
no-break spaces of French typography are blanks here, where PostgreSQL takes them for letters.
"""

from collections.abc import Iterable
from typing import Final

import asyncpg

from training.indexing.phrases import Phrases, Placed

_LEARN: Final = """
SELECT g.place, array_agg(word.lexeme) AS lexemes, array_agg(position) AS positions
  FROM unnest($1::text[]) WITH ORDINALITY g(piece, place),
       unnest(to_tsvector('training.catalogue', training.search_spelt(g.piece) || ' 0')) word,
       unnest(word.positions) position
 GROUP BY g.place"""
"""The figure behind a piece is its last word: it tells how many places the piece takes."""

_KEPT: Final = 50_000
"""Pieces remembered, some 15 MB; then all are forgotten."""

_Piece = tuple[list[Placed], int]
"""Lexemes, quoted, with their places; and how many places the piece takes."""

Known = dict[str, _Piece]


class Vocabulary:
    """Remembers the pieces of the texts that it was told."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._known: Known = {}
        self._phrases: Phrases | None = None

    async def learn(self, texts: Iterable[str]) -> Known:
        """Ask for the pieces of these texts that are not known yet, and once for the phrases.

        What is returned knows them for as long as it is held: another is begun, none is emptied.
        """
        if self._phrases is None:
            self._phrases = await Phrases.read(self._connection)
        pieces: set[str] = set()
        for text in texts:
            pieces.update(text.split())
        if len(self._known) > _KEPT:
            self._known = {}
        known = self._known
        asked = list(pieces.difference(known))
        if asked:
            for row in await self._connection.fetch(_LEARN, asked):
                known[asked[row["place"] - 1]] = _piece(row["lexemes"], row["positions"])
        return known

    def vector(self, known: Known, text: str, codes: Iterable[str] = ()) -> str:
        """Return the vector of a text whose pieces are known; codes and phrases have no place."""
        placed: list[Placed] = []
        before = 0
        for piece in text.split():
            words, size = known[piece]
            for lexeme, place in words:
                placed.append((lexeme, before + place))
            before += size
        said = [_quoted(code) for code in codes]
        said += [f"{lexeme}:{place}" for lexeme, place in placed]
        if self._phrases:
            said += self._phrases.among(placed)
        return " ".join(said)


def _quoted(lexeme: str) -> str:
    """Return a lexeme as it is written in a vector."""
    plain = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{plain}'"


def _piece(lexemes: list[str], positions: list[int]) -> _Piece:
    last = max(positions)
    words = [
        (_quoted(lexeme), place)
        for lexeme, place in zip(lexemes, positions, strict=True)
        if place < last
    ]
    return words, last - 1
