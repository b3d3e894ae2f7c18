"""The indices applied to one release of the facts; each figure is computed once per release."""

from collections.abc import Mapping
from dataclasses import dataclass

from observatory.exposure import book
from observatory.exposure.classes import Grade
from observatory.exposure.method import Exposure, Job, aggregate
from observatory.formulas import percentiles, unit_groups
from observatory.formulas.crosswalk import Carried, Estimate
from observatory.formulas.percentiles import UPPER, Band, band
from observatory.indices.catalogue import Method, methods
from observatory.indices.units import Unit
from observatory.references.facts import Facts, Index


@dataclass(frozen=True, slots=True)
class Placed:
    """An occupation on the frozen scale of a method, from 0 to 1."""

    code: str
    mean: float
    variance: float
    spread: float
    native: float
    """Its score as the index gives it."""
    sd: float = 0.0
    tasks: int = 0
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """The exposure of a unit by one method."""

    method: Method
    exposure: Exposure
    """On the frozen scale; its grades are the ILO's, which no other index has."""
    native: float
    bands: Mapping[Band, float]

    @property
    def band(self) -> Band:
        """Class of the unit."""
        return band(self.exposure.mean)

    @property
    def exposed(self) -> float:
        """Share in the two upper classes."""
        return sum(self.bands[each] for each in UPPER)


def measured(facts: Facts) -> dict[str, Method]:
    """Methods whose scores are loaded, headlines first."""
    return {name: each for name, each in methods().items() if occupations(facts, each)}


def occupations(facts: Facts, wanted: Method) -> Mapping[str, Placed]:
    """Place the unit groups that a method scores on its frozen scale."""
    return facts.derive(("placed", wanted.id), lambda: _occupations(facts, wanted))


def _occupations(facts: Facts, wanted: Method) -> dict[str, Placed]:
    scale = wanted.percentiles
    return {
        code: Placed(
            code=code,
            mean=percentiles.percentile(each.value, scale),
            variance=percentiles.variance(each.value, each.scores, scale),
            spread=percentiles.variance(each.value, each.crosswalk, scale),
            native=each.value,
        )
        for code, each in _carried(facts, wanted).items()
    }


def _carried(facts: Facts, wanted: Method) -> dict[str, Carried]:
    if wanted.id == "ilo-2025":
        return {
            code: Carried(float(each.mean), each.variance, 0.0, 1.0)
            for code, each in book.occupations(facts).items()
        }
    index = facts.indices.get(wanted.id)
    if index is None:
        return {}
    return unit_groups.scored(index.classification, _estimates(index), facts.soc_links)


def linked_scores(facts: Facts, wanted: Method, code: str) -> dict[str, float | None]:
    """Scores of the occupations that a unit group is linked to; none where the index is native."""
    index = facts.indices.get(wanted.id)
    if index is None or index.classification == unit_groups.NATIVE:
        return {}
    known = facts.derive(
        ("by occupation", wanted.id),
        lambda: unit_groups.by_occupation(index.classification, _estimates(index)),
    )
    return {soc: known[soc].value if soc in known else None for soc in facts.soc_links[code]}


def _estimates(index: Index) -> dict[str, Estimate]:
    return {
        code: Estimate(each.value, each.sd**2 / each.tasks if each.sd and each.tasks else 0.0)
        for code, each in index.scores.items()
    }


def jobs(facts: Facts, wanted: Method) -> dict[str, Job]:
    """ROME v3 jobs on the frozen scale of a method."""
    return facts.derive(
        ("placed jobs", wanted.id), lambda: book.linked(facts, occupations(facts, wanted))
    )


def measure(facts: Facts, unit: Unit, wanted: Method) -> Measure | None:
    """Exposure of a unit by a method, None where the method scores nothing of it."""
    return facts.derive(
        ("measure", unit.kind, unit.basis, wanted.id), lambda: _measure(facts, unit, wanted)
    )


def _measure(facts: Facts, unit: Unit, wanted: Method) -> Measure | None:
    groups = unit.groups(jobs(facts, wanted))
    exposure = aggregate(groups, unit.sampling)
    if exposure is None:
        return None
    placed = occupations(facts, wanted)
    bands = dict.fromkeys(Band, 0.0)
    native = 0.0
    for code, part in exposure.occupations.items():
        bands[band(placed[code].mean)] += part.weight
        native += part.weight * placed[code].native
    return Measure(wanted, exposure, native, bands)


def measures(facts: Facts, unit: Unit) -> list[Measure]:
    """Exposure of a unit by every method that can measure it, headlines first."""
    found = (measure(facts, unit, each) for each in measured(facts).values())
    return [each for each in found if each is not None]
