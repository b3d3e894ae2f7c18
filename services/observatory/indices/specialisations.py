"""Specialisations of a territory: location quotients of its job families, with their interval."""

from typing import Literal

from observatory.exposure import book as ilo
from observatory.exposure import territories
from observatory.exposure.texts import number
from observatory.formulas.percentiles import band
from observatory.formulas.structure import Quotient, location_quotient
from observatory.indices import book, texts
from observatory.indices.catalogue import methods
from observatory.indices.cells import READING_KEY_READ, class_read
from observatory.indices.schemas import Bounds, Specialisation
from observatory.references import service as references
from observatory.references.facts import Facts, Territory

_METHOD = "ilo-2025"


def specialisations(facts: Facts, given: str) -> tuple[str, list[Specialisation]]:
    """Families of a territory, most specific first; raises as the exposure of it does."""
    basis, _ = territories.measured(facts, references.find_territory(facts, given))
    country = facts.territories[ilo.COUNTRY]
    here, elsewhere = ilo.employment(facts, basis), ilo.employment(facts, country)
    whole, whole_elsewhere = sum(here.values()), sum(elsewhere.values())
    found = [
        _read(
            facts,
            basis,
            code,
            location_quotient(
                here.get(code, 0), whole, elsewhere[code], whole_elsewhere, ilo.SAMPLING
            ),
        )
        for code in elsewhere
    ]
    return basis.id, found


def _read(facts: Facts, basis: Territory, code: str, found: Quotient) -> Specialisation:
    family = facts.families[code]
    label, interval = family.label(), found.interval
    sentence = texts.READ_ABSENT(family=label, label=basis.label())
    if interval is not None:
        sentence = texts.READ_SPECIALISATION(
            family=label,
            label=basis.label(),
            value=number(found.value, 2),
            low=number(interval.low, 2),
            high=number(interval.high, 2),
        )
    scored = book.jobs(facts, methods()[_METHOD])
    places = [scored[job].mean for job in family.jobs if job in scored]
    return Specialisation(
        code=code,
        label=label,
        quotient=round(found.value, 3),
        interval=None
        if interval is None
        else Bounds(low=round(interval.low, 3), high=round(interval.high, 3)),
        kind=_kind(found),
        unreliable=found.unreliable,
        klass=class_read(band(sum(places) / len(places))) if places else None,
        reading_key=READING_KEY_READ,
        reading=sentence,
    )


def _kind(found: Quotient) -> Literal["specific", "usual", "rare"]:
    """Tell whether the interval lies above one, below it, or holds it."""
    if found.interval is None:
        return "rare"
    if found.interval.low > 1:
        return "specific"
    return "rare" if found.interval.high < 1 else "usual"
