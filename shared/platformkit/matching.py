"""Finds names by the words of a question: without accents, in the plural, unfinished, misspelt.

Pure. A few thousand names are looked through in memory: words that are there, or that one begins
with; for a word that nothing has, the one most like it by trigrams (as PostgreSQL's pg_trgm
counts them). Names are weighed by the rarity of their words and by how short they are, after
BM25 (Robertson & Zaragoza 2009).
"""

import bisect
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Match = Literal["exact", "all", "some"]

MOST_WORDS: Final = 12
FEW: Final = 5
"""With fewer names that have all the words, those that have some of them are shown after."""

_WORD: Final = re.compile(r"[^\W_]+")
_SAY_NOTHING: Final = (
    "a and au aux avec by d dans de des du en et for in l la le les of ou par pour sur the to un"
    " une with"
)
_STOP: Final = frozenset(_SAY_NOTHING.split())
_SHORTEST_PLURAL: Final = 4
SHORTEST_BEGINNING: Final = 3
_BEGUN: Final = 0.6
"""What a word that was only begun weighs, beside one that is there whole."""

_TOLD: Final = 0.4
"""What a word weighs that is in the description only."""

_LEAST_ALIKE: Final = 0.35
_NORM: Final = 0.4
"""How much the length of a name counts: 0 not at all, 1 wholly."""


@dataclass(frozen=True, slots=True)
class Name:
    """Something with a code and names, each of which may be asked for; `about` says what it is."""

    kind: str
    code: str
    names: tuple[str, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A name that was found; scores of one question compare across kinds."""

    name: Name
    match: Match
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a question found, the best first, and how its words were read."""

    words: Sequence[str]
    corrected: Sequence[tuple[str, str]]
    hits: Sequence[Hit]


def folded(text: str) -> str:
    """Fold case and accents, and typographic apostrophes, for searching."""
    if text.isascii():  # nothing to decompose
        return text.casefold()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(one for one in plain if not unicodedata.combining(one))


def words_of(text: str) -> list[str]:
    """Split a text into folded words in the singular, without those that say nothing."""
    return [_singular(word) for word in _WORD.findall(folded(text)) if word not in _STOP]


def spans(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    """Find the words of a text that begin with one of a question, folded by `words_of`."""
    found = []
    for each in _WORD.finditer(text):
        own = _singular(folded(each[0]))
        if any(own.startswith(word) for word in words):
            found.append(each.span())
    return found


def _singular(word: str) -> str:
    return word[:-1] if len(word) >= _SHORTEST_PLURAL and word[-1] in "sx" else word


def _spelt(text: str) -> str:
    """Write a code or a whole name in the one way that both sides are compared in."""
    return "".join(_WORD.findall(folded(text)))


def trigrams(word: str) -> set[str]:
    """Return the threes of letters of a word, as pg_trgm counts them."""
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


class Index:
    """The names, by their words."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = tuple(names)
        self._sizes = [0] * len(self._names)
        self._having: dict[str, dict[int, float]] = {}
        self._exact: dict[str, set[int]] = {}
        for place, name in enumerate(self._names):
            words = {word for each in (name.code, *name.names) for word in words_of(each)}
            self._sizes[place] = len(words)
            told = {word: _TOLD for each in name.about for word in words_of(each)}
            for word, weight in (told | dict.fromkeys(words, 1.0)).items():
                self._having.setdefault(word, {})[place] = weight
            for each in (name.code, *name.names):
                self._exact.setdefault(_spelt(each), set()).add(place)
        self._words = sorted(self._having)
        self._alike: dict[str, set[str]] = {}
        for word in self._words:
            for trigram in trigrams(word):
                self._alike.setdefault(trigram, set()).add(word)
        self._mean = sum(self._sizes) / max(1, len(self._sizes))

    def find(self, question: str, kinds: Collection[str]) -> Found:
        """Return the names of these kinds that answer, the best first; without words, none."""
        words = list(dict.fromkeys(words_of(question)))[:MOST_WORDS]
        exact = self._exact.get(_spelt(question), set())
        scores: dict[int, float] = {}
        having: Counter[int] = Counter()
        corrected = []
        for word in words:
            weights = self._weights(word)
            if not weights and (instead := self._most_like(word)) is not None:
                corrected.append((word, instead))
                weights = self._weights(instead)
            for place, weight in weights.items():
                scores[place] = scores.get(place, 0.0) + weight
                having[place] += 1
        hits = [
            Hit(self._names[place], _match(place in exact, having[place] == len(words)), score)
            for place, score in self._normed(scores, exact)
            if self._names[place].kind in kinds
        ]
        whole = [hit for hit in hits if hit.match != "some"]
        shown = hits if len(whole) < FEW else whole
        return Found(words, corrected, sorted(shown, key=_order))

    def _normed(self, scores: Mapping[int, float], exact: set[int]) -> Iterable[tuple[int, float]]:
        for place in scores.keys() | exact:
            length = 1 - _NORM + _NORM * self._sizes[place] / self._mean
            yield place, scores.get(place, 0.0) / length

    def _weights(self, word: str) -> dict[int, float]:
        """Weigh the names that have a word, or one that begins with it."""
        found: dict[int, float] = {}
        for known in self._begun(word):
            rarity = math.log(1 + len(self._names) / len(self._having[known]))
            weight = rarity if known == word else rarity * _BEGUN
            for place, share in self._having[known].items():
                found[place] = max(found.get(place, 0.0), weight * share)
        return found

    def _begun(self, word: str) -> Sequence[str]:
        if len(word) < SHORTEST_BEGINNING:
            return [word] if word in self._having else []
        first = bisect.bisect_left(self._words, word)
        return self._words[first : bisect.bisect_left(self._words, word + "\U0010ffff")]

    def _most_like(self, word: str) -> str | None:
        own = trigrams(word)
        shared = Counter(known for one in own for known in self._alike.get(one, ()))
        best, likeness = None, _LEAST_ALIKE
        for known, count in sorted(shared.items()):
            alike = count / (len(own) + len(trigrams(known)) - count)
            if alike > likeness:
                best, likeness = known, alike
        return best


def _match(is_exact: bool, has_all: bool) -> Match:  # noqa: FBT001  # both are said at the call
    return "exact" if is_exact else "all" if has_all else "some"


_PLACES: Final[dict[Match, int]] = {"exact": 0, "all": 1, "some": 2}


def _order(hit: Hit) -> tuple[int, float, str, str]:
    return _PLACES[hit.match], -hit.score, hit.name.kind, hit.name.code
