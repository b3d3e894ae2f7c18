"""What a structure must fulfil, beside its form; all faults at once."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from math import fsum
from typing import Final

from observatory.structures.catalogue import MEASURE, OBSERVED, OF_RELEASE, TIME
from observatory.structures.schemas import Codelist, CodeMap, DataStructure, Indicator, Protection
from platformkit.errors import Fault
from platformkit.i18n import Text

WEIGHT_TOLERANCE: Final = 1e-9
"""How far the weights of a source code may be from one."""

_SHOWN: Final = 20
"""Faults of one kind that one artefact is told of."""


def _fault(place: str, code: str, fr: str, en: str) -> Fault:
    return Fault(place, code, Text(fr, en))


def _twice(ids: Iterable[str], place: str) -> Iterator[Fault]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield _fault(
                place,
                "id-twice",
                f"{name} est donné {count} fois.",
                f"{name} is given {count} times.",
            )


def of_codelist(given: Codelist, place: str) -> Iterator[Fault]:
    """Codes are unique; each parent is in the list, and no code is above itself."""
    yield from _twice((code.id for code in given.codes), place)
    parents = {code.id: code.parent for code in given.codes}
    for code, parent in parents.items():
        if parent is not None and parent not in parents:
            yield _fault(
                place,
                "parent-unknown",
                f"Le parent {parent} de {code} n’est pas dans la liste.",
                f"The parent {parent} of {code} is not in the list.",
            )
    above: set[str] = set()
    for code, parent in parents.items():
        path, at = {code}, parent
        while at is not None and at not in above and at in parents:
            if at in path:
                yield _fault(
                    place,
                    "hierarchy-cyclic",
                    f"{at} est au-dessus de lui-même.",
                    f"{at} is above itself.",
                )
                break
            path.add(at)
            at = parents[at]
        above |= path


def of_structure(given: DataStructure, place: str) -> Iterator[Fault]:
    """Names are unique and known; what a dimension tells is told for a dimension that exists."""
    names = [*(each.id for each in given.dimensions), *(each.id for each in given.attributes)]
    yield from _twice(names, place)
    dimensions = {each.id for each in given.dimensions}
    for name in dimensions & {TIME, MEASURE, *OBSERVED, *OF_RELEASE}:
        yield _fault(place, "id-reserved", f"{name} est réservé.", f"{name} is reserved.")
    for each in given.attributes:
        known = {*OBSERVED, *OF_RELEASE}
        if each.level == "observation" and each.id not in known:
            yield _fault(
                place,
                "attribute-unknown",
                f"{each.id} : les attributs d’observation sont {', '.join(sorted(known))}.",
                f"{each.id}: the attributes of observations are {', '.join(sorted(known))}.",
            )
        if each.level == "dimension" and each.dimension not in dimensions:
            yield _fault(
                place,
                "dimension-unknown",
                f"{each.id} suit une dimension inconnue.",
                f"{each.id} follows an unknown dimension.",
            )
        if each.level == "dataflow" and list(each.values) != [""]:
            yield _fault(
                place,
                "value-missing",
                f"{each.id} : donnez sa valeur sous la clé vide.",
                f"{each.id}: give its value under the empty key.",
            )
    for name in given.ratios.keys() - dimensions:
        yield _fault(
            place,
            "dimension-unknown",
            f"{name} n’est pas une dimension.",
            f"{name} is no dimension.",
        )


def of_map(
    given: CodeMap, sources: Collection[str], targets: Collection[str], place: str
) -> Iterator[Fault]:
    """Codes are of the two lists, and the weights of each source code sum to one."""
    weights: dict[str, list[float]] = {}
    unknown: list[str] = []
    for each in given.mappings:
        weights.setdefault(each.source, []).append(each.weight)
        unknown += [each.source] if each.source not in sources else []
        unknown += [each.target] if each.target not in targets else []
    yield from of_codes(unknown, (), place)
    for source, parts in weights.items():
        total = fsum(parts)
        if abs(total - 1) > WEIGHT_TOLERANCE:
            yield _fault(
                place,
                "weights-not-one",
                f"Les poids de {source} font {total:.12g}, pas 1.",
                f"The weights of {source} sum to {total:.12g}, not 1.",
            )
    yield from _twice((f"{each.source} → {each.target}" for each in given.mappings), place)


def of_codes(given: Iterable[str], known: Collection[str], place: str) -> Iterator[Fault]:
    """Codes are of the list."""
    unknown = sorted(set(given) - set(known))
    for code in unknown[:_SHOWN]:
        yield _fault(
            place, "code-unknown", f"{code} n’est pas dans la liste.", f"{code} is not in the list."
        )


def _of_dimension(
    name: str,
    used: Iterable[str],
    codes: Mapping[str, Collection[str] | None],
    place: str,
    place_of_codes: str,
) -> Iterator[Fault]:
    if name not in codes:
        yield _fault(
            place,
            "dimension-unknown",
            f"{name} n’est pas une dimension.",
            f"{name} is no dimension.",
        )
    else:
        yield from of_codes(used, codes[name] or (), place_of_codes)


def of_indicator(
    given: Indicator, codes: Mapping[str, Collection[str]], place: str
) -> Iterator[Fault]:
    """Its key fixes dimensions of the dataflow to codes of their lists."""
    for name, code in given.key.items():
        yield from _of_dimension(name, [code], codes, place, f"{place}/key/{name}")


def of_protection(
    given: Protection, codes: Mapping[str, Collection[str] | None], place: str
) -> Iterator[Fault]:
    """Codes and dimensions are of the structure; no code is twice in one division."""
    named = [*given.figures.items(), *given.known.items()]
    for division in given.divisions:
        parts = [code for each in division.parts.values() for code in each]
        yield from _twice(parts, f"{place}/divisions/{division.id}")
        named.append((division.dimension, [*division.parts, *parts]))
    for name, used in named:
        yield from _of_dimension(name, used, codes, place, f"{place}/{name}")
