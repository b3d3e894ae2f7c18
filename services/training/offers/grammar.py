"""The grammar of LHÉO 2.3, compiled: what stands where, how often, under which name.

One table reads, judges and writes: what it lets in, the export gives back in the order of the
standard (http://lheo.gouv.fr, 2022-01-12).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from training.offers import names, standard

Kind = Literal["text", "integer", "day", "key", "siret", "certification", "price", "degrees"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text: its kind, and its least and greatest length (or the greatest integer)."""

    kind: Kind
    least: int = 0
    most: int = 0
    keys: Mapping[str, Any] | None = None
    """Of a key: LHÉO's code and our word."""

    words: Mapping[Any, str] | None = None
    """Of a key: the way back."""


@dataclass(frozen=True, slots=True)
class Part:
    """A child of a sequence; `name` is ours, None for what is read and not kept."""

    tag: str
    place: int
    name: str | None
    least: int
    most: int | None

    @property
    def is_list(self) -> bool:
        """Tell whether it may come more than once."""
        return self.most != 1


@dataclass(frozen=True, slots=True)
class Node:
    """The children of an element; a `wrapper` has one only, and is read as that child."""

    parts: Mapping[str, Part]
    required: tuple[Part, ...]
    wrapper: Part | None


_NAMES: Final = dict(line.split() for line in names.NAMES.split("\n") if line)
_COUNTS: Final[dict[str, tuple[int, int | None]]] = {
    "": (1, 1),
    "?": (0, 1),
    "+": (1, None),
    "*": (0, None),
}


def _part(place: int, written: str) -> Part:
    found = re.fullmatch(r"([\w-]+)([?+*]?)(?:\{(\d+),(\d+)\})?", written)
    assert found, written  # noqa: S101  # our own table
    tag, sign, least, most = found.groups()
    bounds = (int(least), int(most)) if least else _COUNTS[sign]
    return Part(tag, place, _NAMES.get(tag), *bounds)


def _node(written: str) -> Node:
    parts = [_part(place, one) for place, one in enumerate(written.split())]
    return Node(
        {one.tag: one for one in parts},
        tuple(one for one in parts if one.least),
        parts[0] if len(parts) == 1 else None,
    )


SEQUENCES: Final = {
    tag.strip(): _node(children)
    for tag, _, children in (line.partition("=") for line in standard.SEQUENCES.split("\n") if line)
}


def _leaves() -> dict[str, Leaf]:
    made = {tag: Leaf("day") for tag in ("debut", "fin", "date")}
    made |= {
        tag: Leaf("degrees", most=most) for tag, most in (("latitude", 90), ("longitude", 180))
    }
    made |= {
        tag: Leaf("price", most=most)
        for tag, most in (("prix-horaire-TTC", 6), ("prix-total-TTC", 10))
    }
    for tag in ("code-RNCP", "code-RS", "reference-code-RNCP", "reference-code-RS"):
        made[tag] = Leaf("certification")
    made["SIRET"] = Leaf("siret")
    for line in standard.TEXTS.split("\n"):
        if line:
            least, most, *tags = line.split()
            made |= {tag: Leaf("text", int(least), int(most)) for tag in tags}
    for line in standard.INTEGERS.split("\n"):
        if line:
            greatest, *tags = line.split()
            made |= {tag: Leaf("integer", most=int(greatest)) for tag in tags}
    for listed, keys in standard.KEYS.items():
        words = {word: code for code, word in keys.items()}
        made |= {tag: Leaf("key", keys=keys, words=words) for tag in listed.split()}
    return made


LEAVES: Final = _leaves()
CODED: Final = {"code-FORMACODE": "main", "code-public-vise": None}
"""Texts that carry the version of their nomenclature, and the mark of the main one among them."""
NUMBERED: Final = ("formation", "action", "session")
