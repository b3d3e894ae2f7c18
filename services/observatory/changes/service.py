"""Answers about changes."""

import asyncpg
import orjson

from observatory.changes import queries, texts
from observatory.changes.schemas import (
    ChangeRead,
    Effects,
    FamilyShift,
    GroupEffect,
    ReleaseRead,
    SideRead,
)
from observatory.changes.states import Scale, Side, redrawn, revised, state
from observatory.exposure import book as ilo
from observatory.exposure import territories
from observatory.exposure.texts import number
from observatory.formulas.change import Change, State, decompose
from observatory.formulas.percentiles import STEPS, band, whole
from observatory.formulas.structure import Shift, shift_share
from observatory.indices import texts as sentences
from observatory.indices import units
from observatory.indices.catalogue import Method
from observatory.indices.cells import READING_KEY_READ, class_read, version_read
from observatory.indices.units import Kind, Unit
from observatory.references import service as references
from observatory.references.facts import Facts
from platformkit.errors import Fault, Invalid
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool

_TOP = 20


async def releases(reads: ReadPool, paging: PageRequest) -> Page[ReleaseRead]:
    """List releases of the reference tables, oldest first, each with what it changed."""
    after = paging.after[0] if paging.after else 0
    rows = await reads.fetch("reference releases", queries.RELEASES, after, paging.limit + 1)
    total = None
    if paging.count:
        total = await reads.fetchval("count of reference releases", queries.RELEASE_COUNT)
    return page(paging, rows, lambda row: [row["ordinal"]], _release, total)


def _release(row: asyncpg.Record) -> ReleaseRead:
    versions: dict[str, int] = orjson.loads(row["versions"])
    before: dict[str, int] = orjson.loads(row["before"] or "{}")
    names = versions.keys() | before.keys()
    return ReleaseRead(
        ordinal=row["ordinal"],
        sha256=row["sha256"],
        released_at=row["released_at"],
        versions=versions,
        changed=sorted(name for name in names if versions.get(name) != before.get(name)),
    )


def check(before: Side, after: Side, scale: Scale) -> None:
    """Refuse what cannot be compared: one year alone, or two methods on a scale of one."""
    faults = []
    if (before.year is None) != (after.year is None):
        name = "from_year" if before.year is None else "to_year"
        faults.append(Fault(f"/{name}", "one-year-only", texts.ONE_YEAR, where="query"))
    if scale is Scale.NATIVE and before.method is not after.method:
        faults.append(Fault("/scale", "two-methods", texts.ONE_METHOD, where="query"))
    if faults:
        raise Invalid(faults)


def change(before: Side, after: Side, kind: Kind, given: str, scale: Scale) -> ChangeRead:
    """Split the change of a unit's exposure between two sides."""
    check(before, after, scale)
    unit = units.find(after.facts, kind, given)
    known = revised(before, after.facts)
    placed = redrawn(known, after.facts)
    first, last = (state(side, kind, given, scale) for side in (before, after))
    found = decompose(
        first, state(known, kind, given, scale), state(placed, kind, given, scale), last
    )
    shown = sorted(
        found.groups,
        key=lambda code: (-abs(sum(found.groups[code])), code),
    )
    return ChangeRead(
        kind=unit.kind,
        code=unit.code,
        label=unit.label,
        basis=unit.basis,
        basis_label=unit.basis_label,
        scale=scale,
        before=_side(before, first, scale),
        after=_side(after, last, scale),
        total=found.total,
        effects=Effects(
            structure=found.structure,
            score=found.score,
            revision=found.revision,
            boundary=found.boundary,
        ),
        groups=[
            GroupEffect(
                code=code, label=_label(after.facts, unit, code), **found.groups[code]._asdict()
            )
            for code in shown[:_TOP]
        ],
        others=_others(found, shown[_TOP:]),
        reading_key=READING_KEY_READ,
        reading=_reading(unit, found, scale, after.method),
    )


def _side(side: Side, found: State, scale: Scale) -> SideRead:
    mean, total = found.mean(), sum(found.weights.values())
    covered = sum(weight for code, weight in found.weights.items() if code in found.scores)
    on_scale = scale is Scale.PLACE
    return SideRead(
        release=side.facts.release,
        method=version_read(side.method),
        year=side.year,
        mean=mean,
        place=whole(mean) if on_scale else None,
        klass=class_read(band(mean)) if on_scale else None,
        coverage=round(covered / total, 4) if total else 0.0,
    )


def _others(found: Change, codes: list[str]) -> GroupEffect | None:
    if not codes:
        return None
    return GroupEffect(
        code="*",
        label=texts.OTHERS(),
        structure=sum(found.groups[code].structure for code in codes),
        score=sum(found.groups[code].score for code in codes),
    )


def _label(facts: Facts, unit: Unit, code: str) -> str:
    if unit.kind is Kind.TERRITORIES:
        return facts.families[code].label() if code in facts.families else code
    return facts.links[code].label if code in facts.links else code


def _reading(unit: Unit, found: Change, scale: Scale, method: Method) -> str:
    def told(value: float, *, signed: bool = True) -> str:
        """Points of the common scale on one decimal, or the native value on three."""
        factor, decimals = (STEPS, 1) if scale is Scale.PLACE else (1, 3)
        shown = round(factor * value, decimals) + 0.0  # no minus before a zero
        written = number(shown, decimals)
        return f"+{written}" if signed and shown >= 0 else written

    return sentences.READ_CHANGE(
        label=unit.basis_label,
        before=told(found.before, signed=False),
        after=told(found.after, signed=False),
        unit=sentences.PLACE_UNIT() if scale is Scale.PLACE else method.scale(),
        total=told(found.total),
        structure=told(found.structure),
        score=told(found.score),
        revision=told(found.revision),
        boundary=told(found.boundary),
    )


def shifts(before: Facts, after: Facts, given: str) -> tuple[str, list[FamilyShift], str]:
    """Split the growth of each family of a territory between two releases.

    Returns the territory measured, the families by code, and the sentence that reads their sum.
    """
    wanted = references.find_territory(after, given)
    basis, _ = territories.measured(after, wanted)
    country = after.territories[ilo.COUNTRY]
    then, now = ilo.employment(before, basis), ilo.employment(after, basis)
    found = shift_share(then, now, ilo.employment(before, country), ilo.employment(after, country))
    rows = [
        FamilyShift(
            code=code,
            label=after.families[code].label() if code in after.families else code,
            before=then.get(code, 0),
            after=now.get(code, 0),
            **shift._asdict(),
        )
        for code, shift in found.items()
    ]
    whole_shift = total(rows)
    reading = sentences.READ_SHIFT(
        label=basis.label(),
        total=f"{sum(whole_shift):+.0f}",
        national=f"{whole_shift.national:+.0f}",
        mix=f"{whole_shift.mix:+.0f}",
        local=f"{whole_shift.local:+.0f}",
    )
    return basis.id, rows, reading


def total(rows: list[FamilyShift]) -> Shift:
    """Sum the parts over families."""
    return Shift(
        sum(row.national for row in rows),
        sum(row.mix for row in rows),
        sum(row.local for row in rows),
    )
