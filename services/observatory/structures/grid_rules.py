"""What a grid must fulfil, beside its form: each figure is one, each class has a level. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from observatory.structures.catalogue import Artefact, Catalogue
from observatory.structures.classing import applies
from observatory.structures.grid_schemas import Axis, Criterion, Grid
from platformkit.errors import Fault
from platformkit.i18n import Text


def criteria(given: Grid) -> Iterator[tuple[int, Axis, int, Criterion]]:
    """Yield every criterion with its dimension and the places of both."""
    for at, axis in enumerate(given.dimensions):
        for number, criterion in enumerate(axis.criteria):
            yield at, axis, number, criterion


def faults(given: Grid, place: str) -> Iterator[Fault]:
    """Levels, dimensions and criteria have ids of their own; classes lead to levels that exist."""
    named = {
        "levels": [each.id for each in given.levels],
        "dimensions": [each.id for each in given.dimensions],
        "criteria": [each.id for _, _, _, each in criteria(given)],
    }
    for what, ids in named.items():
        for name, count in Counter(ids).items():
            if count > 1:
                yield _fault(
                    f"{place}/{what}",
                    "id-twice",
                    f"{name} est donné {count} fois.",
                    f"{name} is given {count} times.",
                )
    for at, _, number, criterion in criteria(given):
        for level in sorted(set(criterion.levels.values()) - set(named["levels"])):
            yield _fault(
                f"{place}/dimensions/{at}/criteria/{number}/levels",
                "level-unknown",
                f"La grille n’a pas de niveau {level}.",
                f"The grid has no level {level}.",
            )


def of_criterion(
    known: Catalogue,
    given: Grid,
    criterion: Criterion,
    key: Artefact,
    indicator: Artefact,
    place: str,
) -> Iterator[Fault]:
    """One figure is meant, of a code of the grid's list; the key reads it into levels."""
    if not applies(key, indicator):
        yield _fault(
            f"{place}/reading_key",
            "key-unfit",
            f"{key.reference} ne lit pas {indicator.reference}.",
            f"{key.reference} does not read {indicator.reference}.",
        )
    classes = {each["id"] for each in key.content["bands"]}
    for name in sorted(classes ^ criterion.levels.keys()):
        yield _fault(
            f"{place}/levels",
            "class-unmatched",
            f"{name} n’est pas une classe de {key.reference}, ou n’a pas de niveau.",
            f"{name} is no class of {key.reference}, or has no level.",
        )
    figure = known.indicator_of(indicator)
    listed = known.resolve("codelist", given.codelist)
    for dimension in figure.flow.dimensions:
        fixed = dimension.id in figure.key or dimension.id in criterion.key
        if dimension.id == criterion.unit:
            of_list = listed is None or dimension.codelist.id == listed.id
            if fixed or not of_list:
                yield _fault(
                    f"{place}/unit",
                    "unit-unfit",
                    f"{dimension.id} est fixée, ou n’a pas les codes de {given.codelist}.",
                    f"{dimension.id} is fixed, or has not the codes of {given.codelist}.",
                )
        elif not fixed:
            yield _fault(
                f"{place}/key",
                "dimension-open",
                f"{dimension.id} n’est pas fixée : plusieurs chiffres répondraient.",
                f"{dimension.id} is not fixed: several figures would answer.",
            )
    for name in sorted({criterion.unit, *criterion.key} - {d.id for d in figure.flow.dimensions}):
        yield _fault(
            f"{place}/key",
            "dimension-unknown",
            f"{name} n’est pas une dimension.",
            f"{name} is no dimension.",
        )


def moved(given: Grid, earlier: Mapping[str, Any]) -> str:
    """Name what would assess otherwise than before: levels, dimensions, or the rules."""
    now = given.model_dump(mode="json")
    kept = {"levels": _ids, "dimensions": _measures}
    whole = [
        name for name in ("rule", "tie", "least_measured", "subject") if now[name] != earlier[name]
    ]
    parts = [name for name, shape in kept.items() if shape(now[name]) != shape(earlier[name])]
    return ", ".join(whole + parts)


def _ids(levels: Sequence[Mapping[str, Any]]) -> list[str]:
    return [each["id"] for each in levels]


def _measures(dimensions: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return what is measured and how it is combined, without the words."""
    return [
        (
            axis["id"],
            axis["rule"],
            [{**each, "question": None} for each in axis["criteria"]],
        )
        for axis in dimensions
    ]


def _fault(place: str, code: str, fr: str, en: str) -> Fault:
    return Fault(place, code, Text(fr, en))
