"""The exposure of a unit by every loaded method: the range across them, and the budget of doubt."""

from math import sqrt

from observatory.exposure.service import ExposureUnmeasured
from observatory.exposure.texts import percent
from observatory.formulas import percentiles
from observatory.formulas.percentiles import whole
from observatory.formulas.ranges import Spread, across, budget
from observatory.indices import book, texts, units
from observatory.indices.catalogue import headlines
from observatory.indices.cells import (
    GRID_READ,
    READING_KEY_READ,
    class_read,
    exposed_interval,
    interval_read,
    is_unreliable,
    reading,
    unknown,
    version_read,
)
from observatory.indices.schemas import (
    Agreement,
    Budget,
    ClassShare,
    Coverage,
    End,
    MethodFigures,
    ShareRange,
    Span,
    UnitRange,
)
from observatory.indices.units import Kind, Unit
from observatory.references.facts import Facts
from platformkit.i18n import language


def unit_range(facts: Facts, kind: Kind, given: str) -> bytes:
    """Return a unit by every method as JSON; raises Invalid, CodeUnknown, ExposureUnmeasured."""
    unit = units.find(facts, kind, given)
    return facts.derive(
        ("range answer", kind, unit.code, language()),
        lambda: _answer(facts, unit).model_dump_json(by_alias=True).encode(),
    )


def _answer(facts: Facts, unit: Unit) -> UnitRange:
    found = book.measures(facts, unit)
    leading = {each.method.id: each for each in found if each.method.id in headlines()}
    if not leading:
        raise ExposureUnmeasured(given=unit.code, label=unit.label)
    spread = across({name: each.exposure.mean for name, each in leading.items()})
    covered = min(leading.values(), key=lambda each: each.exposure.coverage).exposure
    klass, agreeing = spread.agreeing
    exposed = [each.exposed for each in leading.values()]
    return UnitRange(
        kind=unit.kind,
        code=unit.code,
        label=unit.label,
        basis=unit.basis,
        basis_label=unit.basis_label,
        range=Span(
            low=_end(leading[spread.low]),
            high=_end(leading[spread.high]),
            exposed_share=ShareRange(low=round(min(exposed), 4), high=round(max(exposed), 4)),
        ),
        agreement=Agreement(klass=class_read(klass), methods=agreeing, of=len(leading)),
        budget=_budget(next(iter(leading.values())), spread),
        coverage=Coverage(share=round(covered.coverage, 4), total=covered.weight, unit=unit.counts),
        methods=[_figures(unit, each) for each in found],
        grid=GRID_READ,
        reading_key=READING_KEY_READ,
        reading=(texts.READ_AGREED if agreeing == len(leading) else texts.READ_RANGE)(
            label=unit.basis_label,
            low=texts.BANDS[percentiles.band(spread.places[spread.low])](),
            low_place=whole(spread.places[spread.low]),
            low_method=leading[spread.low].method.name(),
            high=texts.BANDS[percentiles.band(spread.places[spread.high])](),
            high_place=whole(spread.places[spread.high]),
            high_method=leading[spread.high].method.name(),
            agreeing=agreeing,
            of=len(leading),
            klass=texts.BANDS[klass](),
            coverage=percent(covered.coverage),
        ),
        release=facts.release,
    )


def _end(found: book.Measure) -> End:
    return End(
        method=version_read(found.method),
        klass=class_read(found.band),
        place=whole(found.exposure.mean),
    )


def _budget(first: book.Measure, spread: Spread) -> Budget:
    within = first.exposure.variance
    parts = {"scores": within.scores, "crosswalk": within.crosswalk, "weights": within.weights}
    shares = budget(parts, list(spread.places.values()))
    known = 1 - shares["index"]
    total = within.total / known if known else 0.0
    return Budget(
        **{name: round(share, 4) for name, share in shares.items()},
        se_within=round(percentiles.STEPS * sqrt(within.total), 2),
        se_total=round(percentiles.STEPS * sqrt(total), 2),
    )


def _figures(unit: Unit, found: book.Measure) -> MethodFigures:
    return MethodFigures(
        method=version_read(found.method),
        name=found.method.name(),
        headline=found.method.id in headlines(),
        klass=class_read(found.band),
        place=whole(found.exposure.mean),
        interval=interval_read(found.exposure.interval),
        unknown=unknown(found.method),
        classes=[
            ClassShare(**dict(class_read(each)), share=round(share, 4))
            for each, share in found.bands.items()
        ],
        exposed_share=round(found.exposed, 4),
        exposed_interval=exposed_interval(unit, found),
        unreliable=is_unreliable(unit, found),
        native=round(found.native, 3),
        scale=found.method.scale(),
        coverage=round(found.exposure.coverage, 4),
        reading=reading(unit, found),
    )
