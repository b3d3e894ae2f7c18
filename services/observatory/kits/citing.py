"""Which reading keys, grids and sheets go into a kit, and whose what they refer to is. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from observatory.keys import service as keys
from observatory.keys.service import CitedKind
from observatory.structures.catalogue import Artefact, Catalogue

KINDS: Final[tuple[CitedKind, ...]] = ("reading_key", "grid", "sheet")
"""In the order in which they may refer to one another."""


def covered(known: Catalogue, own: Sequence[Artefact]) -> Iterator[Artefact]:
    """Yield every published version of those that refer to nothing but what the kit has."""
    there = {each.number for each in own}
    for kind in KINDS:
        for each in keys.published(known, kind):
            found = [known.resolve(*one, each.agency) for one in _references(kind, each.content)]
            if all(one is not None and one.number in there for one in found):
                there.add(each.number)
                yield each


def _references(kind: CitedKind, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    match kind:
        case "reading_key":
            for each in content["indicators"]:
                yield "indicator", each
        case "grid":
            yield "codelist", content["codelist"]
            for axis in content["dimensions"]:
                for criterion in axis["criteria"]:
                    yield "indicator", criterion["indicator"]
                    yield "reading_key", criterion["reading_key"]
        case "sheet":
            yield "indicator", content["indicator"]


def rewritten(
    kind: CitedKind, content: Mapping[str, Any], whole: Callable[[str], str]
) -> dict[str, Any]:
    """Write each reference as a whole one."""
    match kind:
        case "reading_key":
            return {**content, "indicators": [whole(each) for each in content["indicators"]]}
        case "grid":
            axes = [
                {**axis, "criteria": [_criterion(each, whole) for each in axis["criteria"]]}
                for axis in content["dimensions"]
            ]
            return {**content, "codelist": whole(content["codelist"]), "dimensions": axes}
        case "sheet":
            return {**content, "indicator": whole(content["indicator"])}


def _criterion(given: Mapping[str, Any], whole: Callable[[str], str]) -> dict[str, Any]:
    return {**given, **{name: whole(given[name]) for name in ("indicator", "reading_key")}}
