"""Methods, grids and reading keys, and the replay of a cell."""

from collections.abc import Iterable, Mapping

from observatory.exposure import book as ilo
from observatory.exposure import method
from observatory.exposure.service import ExposureUnmeasured
from observatory.formulas import percentiles
from observatory.formulas.percentiles import BOUNDS, whole
from observatory.indices import book, texts, units
from observatory.indices.catalogue import (
    GRID,
    READING_KEY,
    Method,
    headlines,
    methods,
    reference_groups,
)
from observatory.indices.cells import GRID_READ, READING_KEY_READ, class_read, version_read
from observatory.indices.method_schemas import (
    Bound,
    Constants,
    Golden,
    GridRead,
    MethodDetail,
    MethodRead,
    ReadingKeyRead,
    Template,
)
from observatory.indices.schemas import Coverage, Input, Part, Replay, Term
from observatory.indices.units import Kind, Unit
from observatory.reference import loading
from observatory.references.facts import Facts
from platformkit.errors import NotFound
from platformkit.i18n import Text


class MethodUnknown(NotFound):
    """No method of this name, or not in this version."""

    code = "method-unknown"
    detail = Text(
        "Aucune méthode {id} en version {version}.", "No method {id} in version {version}."
    )


class IndexNotLoaded(NotFound):
    """The method is known, but its scores are not in this observatory."""

    code = "index-not-loaded"
    detail = Text(
        "Les scores de la méthode {id} ne sont pas chargés (vigie load).",
        "The scores of method {id} are not loaded (vigie load).",
    )


def find(name: str, version: str) -> Method:
    """Return a version of a method, or raise MethodUnknown; `latest` is the last one."""
    found = methods().get(name)
    if found is None or version not in (found.version, "latest"):
        raise MethodUnknown(id=name, version=version)
    return found


def method_read(facts: Facts, found: Method) -> MethodRead:
    """Wire form of a method."""
    dataset = facts.datasets.get(found.dataset)
    source = loading.sources()[found.dataset] if dataset is None else dataset.source
    return MethodRead(
        id=found.id,
        version=found.version,
        name=found.name(),
        measures=found.measures(),
        scale=found.scale(),
        formula=texts.FORMULA(),
        headline=found.id in headlines(),
        loaded=found.id in book.measured(facts),
        citation=source["citation"],
        licence=source["licence"],
        parameters={"confidence": method.CONFIDENCE, "census_sampling": ilo.SAMPLING},
        limits=[limit() for limit in found.limits],
    )


def method_detail(facts: Facts, found: Method) -> MethodDetail:
    """Wire form of a method with its constants."""
    return MethodDetail(
        **dict(method_read(facts, found)),
        constants=Constants(
            unit_groups=reference_groups(),
            percentiles=list(found.percentiles),
            golden=[
                Golden(score=score, place=place, klass=class_read(percentiles.band(place)))
                for score, place in found.golden
            ],
        ),
        grid=GRID_READ,
        reading_key=READING_KEY_READ,
    )


def grid_read() -> GridRead:
    """Wire form of the grid."""
    return GridRead(
        id=GRID[0],
        version=GRID[1],
        name=texts.GRID_NAME(),
        rule=texts.GRID_RULE(),
        classes=[Bound(**dict(class_read(each)), at_least=place) for each, place in BOUNDS.items()],
    )


def reading_key_read() -> ReadingKeyRead:
    """Wire form of the reading key."""
    return ReadingKeyRead(
        id=READING_KEY[0],
        version=READING_KEY[1],
        templates=[
            Template(id=name, fr=text.fr, en=text.en) for name, text in texts.TEMPLATES.items()
        ],
        do_not_read=[text() for text in texts.DO_NOT_READ],
    )


def replay(facts: Facts, found: Method, kind: Kind, given: str) -> Replay:
    """Compute a cell again from its inputs, term by term, without what `book` remembers.

    Raises Invalid, CodeUnknown, IndexNotLoaded or ExposureUnmeasured.
    """
    if found.id not in book.measured(facts):
        raise IndexNotLoaded(id=found.id)
    unit = units.find(facts, kind, given)
    published = book.measure(facts, unit, found)
    if published is None:
        raise ExposureUnmeasured(given=unit.code, label=unit.label)
    inputs = _inputs(facts, found, published.exposure.occupations)
    terms = _terms(facts, unit, found, inputs)
    total = sum(term.adds for term in terms)
    variance = published.exposure.variance
    return Replay(
        kind=unit.kind,
        code=unit.code,
        label=unit.label,
        basis=unit.basis,
        basis_label=unit.basis_label,
        method=version_read(found),
        formula=texts.FORMULA(),
        inputs=inputs,
        terms=terms,
        sum=total,
        published=whole(published.exposure.mean),
        klass=class_read(published.band),
        variance={
            "scores": Part(formula="Σₒ wₒ²·Var(aₒ)", value=variance.scores),
            "crosswalk": Part(formula="Σ w²·s²/(n+1)", value=variance.crosswalk),
            "weights": Part(formula="Σ w·(a−X)²/n", value=variance.weights),
        },
        se=published.exposure.se,
        coverage=Coverage(
            share=round(published.exposure.coverage, 4),
            total=published.exposure.weight,
            unit=unit.counts,
        ),
        agrees=whole(total) == whole(published.exposure.mean),
        sources={name: each.sha256 for name, each in sorted(facts.datasets.items())},
        release=facts.release,
    )


def _inputs(facts: Facts, found: Method, codes: Iterable[str]) -> dict[str, Input]:
    """Return the score of each unit group with its place, read on the scale again."""
    placed = book.occupations(facts, found)
    return {
        code: Input(
            native=placed[code].native,
            place=percentiles.percentile(placed[code].native, found.percentiles),
            linked=book.linked_scores(facts, found, code),
        )
        for code in sorted(codes)
    }


def _terms(facts: Facts, unit: Unit, found: Method, inputs: Mapping[str, Input]) -> list[Term]:
    """Return the groups of a sum: Σ w·(mean over its jobs of the places of their groups)."""
    groups = [group for group in unit.groups(book.jobs(facts, found)) if group.jobs]
    covered = sum(group.weight for group in groups)
    terms = []
    for group in sorted(groups, key=lambda each: each.code):
        parts: dict[str, float] = {}
        for job in group.jobs:
            for each in job.occupations:
                parts[each.code] = parts.get(each.code, 0.0) + job.share / len(group.jobs)
        mean = sum(share * inputs[code].place for code, share in parts.items())
        terms.append(
            Term(
                code=group.code,
                label=_label(facts, unit, group.code),
                weight=group.weight,
                share=group.weight / covered,
                mean=mean,
                adds=group.weight / covered * mean,
                occupations=parts,
            )
        )
    return terms


def _label(facts: Facts, unit: Unit, code: str) -> str:
    if unit.kind is Kind.TERRITORIES:
        return facts.families[code].label()
    return facts.links[code].label
