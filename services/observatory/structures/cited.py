"""What keys, grids and sheets must fulfil among the structures, and what a version must keep."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from observatory.structures import grid_rules as grids
from observatory.structures import key_rules as keys
from observatory.structures import sheet_rules as sheets
from observatory.structures.catalogue import Artefact, Catalogue
from observatory.structures.grid_schemas import Grid
from observatory.structures.key_schemas import ReadingKey
from observatory.structures.sheet_schemas import Sheet
from platformkit.errors import Fault

Cited = ReadingKey | Grid | Sheet
Resolve = Callable[[str, str, str], Artefact | None]
"""Finds an artefact by kind and reference, or tells the fault at a place."""


def faults(given: Cited, place: str, known: Catalogue, resolve: Resolve) -> Iterator[Fault]:
    """Yield what is wrong in itself; `resolve` tells what refers to nothing."""
    match given:
        case ReadingKey():
            yield from keys.faults(given, place)
            for at, each in enumerate(given.indicators):
                resolve("indicator", each, f"{place}/indicators/{at}")
        case Sheet():
            yield from sheets.faults(given, place)
            resolve("indicator", given.indicator, f"{place}/indicator")
        case Grid():
            yield from grids.faults(given, place)
            resolve("codelist", given.codelist, f"{place}/codelist")
            for at, _, number, criterion in grids.criteria(given):
                where = f"{place}/dimensions/{at}/criteria/{number}"
                key = resolve("reading_key", criterion.reading_key, f"{where}/reading_key")
                figure = resolve("indicator", criterion.indicator, f"{where}/indicator")
                if key is not None and figure is not None:
                    yield from grids.of_criterion(known, given, criterion, key, figure, where)


def moved(given: Cited, earlier: Mapping[str, Any]) -> str:
    """Name what figures would be read otherwise by than in a version of the same MAJOR."""
    match given:
        case ReadingKey():
            return keys.moved(given, earlier)
        case Grid():
            return grids.moved(given, earlier)
        case Sheet():
            return ""
