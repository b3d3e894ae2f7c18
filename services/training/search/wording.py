"""From what somebody types to groups of words: a hit should have one of each group.

Pure; PostgreSQL's configuration `training.catalogue` then drops accents and endings. Every
expression is quoted for `websearch_to_tsquery`, whose operators nobody can write that way.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from training.indexing.synonyms import LEADS, LONGEST, NOISE, SAME, Expression

MOST_GROUPS: Final = 12
_MOST_ALTERNATIVES: Final = 12

_SPELT: Final = (
    (re.compile(r"(?:https?://)?(?:www\.)?francecompetences\.fr/recherche/"), " "),
    (re.compile(r"c\+\+"), " cplusplus "),
    (re.compile(r"\bc#"), " csharp "),
    (re.compile(r"(?<!\w)\.net\b"), " dotnet "),
    (re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?"), lambda found: found[0].replace(".", "")),
    (re.compile(r"\b(rncp|rs)[\s._/:°n-]*0*([1-9][0-9]{0,4})\b"), r" \1\2 "),
)
"""What loses its sense when only letters and digits are kept; `search_spelt` is its like in SQL."""

_WRITTEN: Final = {"cplusplus": "C++", "csharp": "C#", "dotnet": ".NET"}
_STOP: Final = frozenset({"les"})
"""Missing in the French stop words of PostgreSQL."""

_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST_PLURAL: Final = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives of which a hit has one: `own` as it was meant, `wide` with what it leads to."""

    words: Expression
    own: str
    wide: str
    is_noise: bool

    @property
    def shown(self) -> str:
        """The words as people write them."""
        return " ".join(_WRITTEN.get(word, word) for word in self.words)


def fold(word: str) -> str:
    """Drop accents and a plural ending: the key of a word in the table of synonyms."""
    plain = unicodedata.normalize("NFKD", word)
    plain = "".join(one for one in plain if not unicodedata.combining(one)).replace("œ", "oe")
    if len(plain) >= _SHORTEST_PLURAL and plain[-1] in "sx":
        return plain[:-1]
    return plain


def words_of(asked: str) -> list[str]:
    """Split a text into its words in lower case, codes and names of languages kept whole."""
    text = unicodedata.normalize("NFC", asked).lower()
    for pattern, spelt in _SPELT:
        text = pattern.sub(spelt, text)
    return [word for word in _WORD.findall(text) if word not in _STOP]


def groups(words: Sequence[str]) -> list[Group]:
    """Group the words that belong together; those that only ask for training are left out."""
    folded = [fold(word) for word in words]
    told = list(_told(words, folded))
    meant = [one for one in told if not one.is_noise]
    return list({one.own: one for one in meant or told}.values())[:MOST_GROUPS]


def _told(words: Sequence[str], folded: Sequence[str]) -> Iterator[Group]:
    place = 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            key = tuple(folded[place : place + length])
            if length == 1 or key in _KEYS:
                yield _group(key, tuple(words[place : place + length]))
                place += length
                break


def _group(key: Expression, words: Expression) -> Group:
    meant = _KEYS.get(key, key)
    own = [words, *SAME.get(meant, ())]
    wide = [*own, *LEADS.get(meant, ())]
    return Group(words, _any_of(own), _any_of(wide), len(key) == 1 and key[0] in NOISE)


def _any_of(expressions: Sequence[Expression]) -> str:
    kept = list(dict.fromkeys(expressions))[:_MOST_ALTERNATIVES]
    return " or ".join('"' + " ".join(expression) + '"' for expression in kept)


def _keys() -> dict[Expression, Expression]:
    """Map the expressions of the table, folded as questions are, to themselves."""
    return {tuple(fold(word) for word in one): one for one in (*SAME, *LEADS)}


_KEYS: Final = _keys()
