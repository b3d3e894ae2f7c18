"""Statements that studies of several kinds have: classes, indices, strong and weak points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from observatory.exposure.classes import Grade
from observatory.exposure.schemas import Basis
from observatory.exposure.texts import GRADES, percent
from observatory.formulas.percentiles import STEPS, Band, band
from observatory.indices import texts as indices
from observatory.indices.catalogue import headlines, methods
from observatory.references.facts import Facts
from observatory.shipped.lists import GRADE_CODES
from observatory.shipped.places import code
from observatory.study import rules
from observatory.study.cells import Cell
from observatory.study.ledger import Ledger
from observatory.study.texts import AMONG, UNITS, written
from platformkit.errors import NotFound
from platformkit.i18n import Text

ILO: Final = "ILO_2025"
MOST_JOBS: Final = 5
"""Jobs that a study goes into."""

_BY_INDEX: Final = Text(" (« {name} »)", " (“{name}”)")
_BANDS: Final = list(Band)
_GRADES: Final = list(Grade)


class StudyUnpublished(NotFound):
    """Nothing of it was published at that instant."""

    code = "study-unpublished"
    title = Text("Aucun chiffre paru", "Nothing published")
    detail = Text(
        "Aucune livraison de {dataflow} n’a de chiffre de « {label} » à cet instant.",
        "No release of {dataflow} has a figure of “{label}” at that instant.",
    )


class StudyHidden(NotFound):
    """The figure that the study is about may not be seen."""

    code = "study-hidden"
    title = Text("Chiffre couvert par le secret", "Figure under confidentiality")
    detail = Text(
        "L’exposition de « {label} » est couverte par le secret statistique ou a été retirée :"
        " il n’y a pas d’étude.",
        "The exposure of “{label}” is under statistical confidentiality or was withdrawn: there is"
        " no study.",
    )


@dataclass(frozen=True, slots=True)
class JobNamed:
    """A job of ROME that a study goes into."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Core:
    """What the published figures say, without the neighbours."""

    kind: str
    code: str
    label: str
    basis: Basis
    jobs: Sequence[JobNamed]
    place: str
    """Identifier of the territory whose training is asked for."""
    place_label: str


def job_label(facts: Facts, code: str) -> str:
    """Name a job of ROME v3; one that the tables no longer have keeps its code."""
    link = facts.links.get(code)
    return code if link is None else link.label


def headline(cells: Sequence[Cell], flow: str, label: str) -> Cell:
    """Return the figure that a study is about; raises StudyUnpublished or StudyHidden."""
    if not cells:
        raise StudyUnpublished(dataflow=flow, label=label)
    if cells[0].value is None:
        raise StudyHidden(label=label)
    return cells[0]


def say_mean(ledger: Ledger, label: str, cell: Cell) -> None:
    """Say a mean with its interval."""
    figure = ledger.observed(cell)
    low, high = cell.interval
    ledger.say(
        "changes",
        "mean",
        [figure],
        label=label,
        value=written(figure.value or 0.0, 3),
        low=written(low, 3),
        high=written(high, 3),
    )


def say_people(ledger: Ledger, kind: str, cells: Mapping[str, Cell]) -> None:
    """Say how many are in exposed jobs, in each class, and of how many it is known."""
    unit = UNITS[kind]()
    said = {"EXPOSED_SHARE": ("exposed", None)} | {
        GRADE_CODES[grade]: ("class-people", grade) for grade in reversed(_GRADES[2:])
    }
    for measure, (template, grade) in said.items():
        cell = cells.get(measure)
        if cell is None or not cell.value or cell.numerator is None or cell.denominator is None:
            continue
        ledger.say(
            "people",
            template,
            [ledger.observed(cell)],
            count=written(cell.numerator),
            total=written(cell.denominator),
            share=percent(cell.value),
            unit=unit,
            name=grade and GRADES[grade](),
        )
    covered = cells.get("COVERAGE")
    if covered is not None and covered.value is not None:
        share = percent(covered.value)
        ledger.say("certainty", "coverage", [ledger.observed(covered)], share=share, unit=unit)


def say_indices(ledger: Ledger, cells: Sequence[Cell]) -> None:
    """Say each index's place, and whether their classes agree."""
    known = {code(each): each for each in methods().values() if each.id in headlines()}
    found = [each for each in cells if each.key["INDEX"] in known]
    if not found:
        return
    classes = []
    for cell in found:
        value = cell.value or 0.0
        low, high = cell.interval
        classes.append(_BANDS.index(band(value / STEPS)))
        ledger.say(
            "certainty",
            "index" if low < high else "index-bare",
            [ledger.observed(cell)],
            name=known[cell.key["INDEX"]].name(),
            value=written(value, 1),
            low=written(low, 1),
            high=written(high, 1),
            band=indices.BANDS[_BANDS[classes[-1]]](),
        )
    most, agreeing = rules.agreeing(classes)
    places = [each.value or 0.0 for each in found]
    ledger.say(
        "certainty",
        "agreed" if agreeing == len(found) else "disagreed",
        [ledger.observed(each) for each in found],
        agreeing=agreeing,
        of=len(found),
        band=indices.BANDS[_BANDS[most]](),
        low=written(min(places), 1),
        high=written(max(places), 1),
    )


def say_rank(
    ledger: Ledger, kind: str, label: str, own: Cell, every: Sequence[Cell], suffix: str = ""
) -> None:
    """Say that a figure is a strong or a weak point, if the rule says so."""
    rank = ledger.rank(own, every)
    if rank is None or rank.verdict is None:
        return
    figure = ledger.observed(own)
    places = 3 if rank.median <= 1 else 1
    ledger.say(
        "strengths" if rank.verdict == "strong" else "weaknesses",
        "rank",
        [figure],
        rank,
        name=figure.name + suffix,
        label=label,
        value=written(figure.value or 0.0, places),
        position=rank.position,
        of=rank.of,
        among=AMONG[kind](),
        median=written(rank.median, places),
    )


def by_index(
    ledger: Ledger, kind: str, label: str, unit: tuple[str, str], cells: Sequence[Cell]
) -> None:
    """Rank a unit by every headline index but the ILO's, of which the mean is ranked."""
    dimension, own = unit
    for method in methods().values():
        if method.id not in headlines() or code(method) == ILO:
            continue
        every = [each for each in cells if each.key["INDEX"] == code(method)]
        mine = next((each for each in every if each.key[dimension] == own), None)
        if mine is not None:
            say_rank(ledger, kind, label, mine, every, _BY_INDEX(name=method.name()))


def grade_name(cell: Cell) -> str:
    """Name the class of exposure that a cell of CLASS has."""
    return GRADES[_GRADES[int(cell.value or 0)]]()
