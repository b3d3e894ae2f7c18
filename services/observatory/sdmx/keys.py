"""Reads the key of a data query: `A.*.FR`, `A..FR+DE`, `A.FR,M.DE`. Pure.

SDMX-REST 2 writes `*` for any code and commas between keys, 1.x leaves the place empty, joins
codes with a plus and says `all`; both are read wherever a key is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

from observatory.observations.selection import Comparison, Condition
from observatory.structures.catalogue import Dimension
from platformkit.errors import Fault
from platformkit.i18n import Text

MOST_CODES: Final = 2_000
"""Codes that one key may name, once its pluses are multiplied out."""

LONGEST: Final = 20_000
"""Characters of a key."""

_CODE: Final = re.compile(r"[A-Za-z0-9_@$-]+", re.ASCII)
_ANY: Final = {"", "*", "all"}


@dataclass(frozen=True, slots=True)
class Key:
    """What a key restricts: one key is conditions, several are alternatives."""

    conditions: tuple[Condition, ...] = ()
    alternatives: tuple[Mapping[str, str], ...] = ()


def parse(text: str, dimensions: Sequence[Dimension], faults: list[Fault]) -> Key:
    """Read a key; dimensions left out at its end are free. A malformed one adds a fault.

    A code that no data have is no fault: it selects nothing (SDMX-REST).
    """
    if len(text) > LONGEST:
        _fault(faults, "key-too-long", f"Plus de {LONGEST} signes.", f"Over {LONGEST} characters.")
        return Key()
    keys = [_places(each, dimensions, faults) for each in text.split(",")]
    if any(not each for each in keys):  # one of them is free: so is all
        return Key()
    if len(keys) == 1:
        return Key(
            conditions=tuple(
                Condition(name, tuple(Comparison("eq", code) for code in codes))
                for name, codes in keys[0].items()
            )
        )
    if sum(prod(map(len, each.values())) * len(each) for each in keys) > MOST_CODES:
        _fault(
            faults,
            "key-too-long",
            f"Plus de {MOST_CODES} codes : utilisez c[…].",
            f"More than {MOST_CODES} codes: use c[…].",
        )
        return Key()
    return Key(
        alternatives=tuple(
            dict(zip(each, codes, strict=True))
            for each in keys
            for codes in product(*each.values())
        )
    )


def _places(
    text: str, dimensions: Sequence[Dimension], faults: list[Fault]
) -> dict[str, list[str]]:
    """Codes by dimension of one key, without those that are free."""
    places = text.split(".")
    if len(places) > len(dimensions):
        named = ".".join(each.id for each in dimensions)
        _fault(
            faults,
            "key-malformed",
            f"La clé a {len(places)} places, le flux {len(dimensions)} : {named}.",
            f"The key has {len(places)} places, the dataflow {len(dimensions)}: {named}.",
        )
        return {}
    found: dict[str, list[str]] = {}
    for dimension, place in zip(dimensions, places, strict=False):
        if place in _ANY:
            continue
        codes = re.split(r"[+ ]", place)
        if not all(_CODE.fullmatch(code) for code in codes):
            _fault(
                faults,
                "key-malformed",
                f"{dimension.id} : un code n’a que lettres, chiffres, _ @ $ et -.",
                f"{dimension.id}: a code has letters, digits, _ @ $ and - only.",
            )
        found[dimension.id] = list(dict.fromkeys(codes))
    return found


def _fault(faults: list[Fault], code: str, french: str, english: str) -> None:
    faults.append(Fault("/key", code, Text(french, english), where="path"))
