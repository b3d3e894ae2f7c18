"""The study of a territory: its employment, its specialisations, its exposed jobs."""

from collections.abc import Sequence
from typing import Final

from observatory.exposure import territories
from observatory.exposure.texts import percent
from observatory.references import service as references
from observatory.references.facts import Facts
from observatory.study import rules
from observatory.study.cells import Cell, Reader
from observatory.study.ledger import Ledger
from observatory.study.parts import (
    ILO,
    MOST_JOBS,
    Core,
    JobNamed,
    by_index,
    grade_name,
    headline,
    job_label,
    say_indices,
    say_mean,
    say_people,
    say_rank,
)
from observatory.study.texts import written

_KIND: Final = "territories"
_FLOW: Final = "DF_EXPOSURE_TERRITORY"
FLOWS: Final = (
    _FLOW,
    "DF_EXPOSURE_PLACE",
    "DF_EXPOSURE_FAMILY",
    "DF_EMPLOYMENT_JOB",
    "DF_EXPOSURE_JOB",
    "DF_HIRES",
)
_COUNTRY: Final = "FR"


async def build(facts: Facts, given: str, reader: Reader, ledger: Ledger, region: str) -> Core:
    """State what is published of a territory, or of the nearest one around it that is measured."""
    found = references.find_territory(facts, given)
    basis, _ = territories.measured(facts, found)
    label = basis.label()
    cells = await reader.cells(_FLOW, INDEX=(ILO,))
    own = {each.key["MEASURE"]: each for each in cells if each.key["REF_AREA"] == basis.id}
    headline([own["MEAN"]] if "MEAN" in own else [], _FLOW, label)
    ledger.told(list(own.values()))
    say_mean(ledger, label, own["MEAN"])
    country = facts.territories[_COUNTRY]
    for each in cells:
        if (each.key["REF_AREA"], each.key["MEASURE"]) == (_COUNTRY, "MEAN") and each.value:
            low, high = (written(end, 3) for end in each.interval)
            value = written(each.value, 3)
            ledger.say(
                "changes",
                "country",
                [ledger.observed(each)],
                label=country.label(),
                value=value,
                low=low,
                high=high,
            )
    say_people(ledger, _KIND, own)
    regions = {each.id for each in facts.territories.values() if each.kind == "region"}
    seen = [each for each in cells if each.key["REF_AREA"] in regions and each.value is not None]
    if basis.id in regions:
        for measure in ("MEAN", "EXPOSED_SHARE"):
            every = [each for each in seen if each.key["MEASURE"] == measure]
            if own[measure].value is not None:
                say_rank(ledger, _KIND, label, own[measure], every)
    places = ledger.told(await reader.cells("DF_EXPOSURE_PLACE", MEASURE=("PLACE",)))
    say_indices(ledger, [each for each in places if each.key["REF_AREA"] == basis.id])
    compared = [each for each in places if each.key["REF_AREA"] in regions]
    by_index(ledger, _KIND, label, ("REF_AREA", basis.id), compared)
    await _families(facts, basis.id, reader, ledger)
    jobs = await _ahead(facts, basis.id, label, reader, ledger)
    return Core(
        kind=_KIND,
        code=found.id,
        label=found.label(),
        basis=territories.told_basis(found, basis),
        jobs=jobs,
        place=found.id,
        place_label=found.label(),
    )


async def _families(facts: Facts, area: str, reader: Reader, ledger: Ledger) -> None:
    """Say in which families the region is specialised, of those that are exposed or spared."""
    cells = ledger.told(await reader.cells("DF_EXPOSURE_FAMILY", REF_AREA=(area,)))
    shares = {each.key["FAMILY"]: each for each in cells if each.key["MEASURE"] == "EXPOSED_SHARE"}
    specific = [
        (each, shares[each.key["FAMILY"]])
        for each in cells
        if each.key["MEASURE"] == "QUOTIENT"
        and each.key["FAMILY"] in shares
        and each.status != "U"
        and (each.low or 0.0) > 1
    ]
    specific.sort(key=lambda pair: (-(pair[0].numerator or 0.0), pair[0].key["FAMILY"]))
    exposed = [pair for pair in specific if (pair[1].value or 0.0) >= rules.FAMILY_EXPOSED]
    spared = [pair for pair in specific if (pair[1].value or 0.0) <= rules.FAMILY_SPARED]
    for chosen, section, template in (
        (spared, "strengths", "family-spared"),
        (exposed, "weaknesses", "family-exposed"),
    ):
        for quotient, share in chosen[:MOST_JOBS]:
            low, high = quotient.interval
            family = facts.families.get(quotient.key["FAMILY"])
            ledger.say(
                "strengths" if section == "strengths" else "weaknesses",
                template,
                [ledger.observed(quotient), ledger.observed(share)],
                label=family.label() if family else quotient.key["FAMILY"],
                quotient=written(quotient.value or 0.0, 2),
                low=written(low, 2),
                high=written(high, 2),
                count=written(quotient.numerator or 0.0),
                share=percent(share.value or 0.0),
            )


async def _ahead(
    facts: Facts, area: str, label: str, reader: Reader, ledger: Ledger
) -> Sequence[JobNamed]:
    """Say which of the most exposed jobs have the most people, and return them."""
    held = ledger.told(await reader.cells("DF_EMPLOYMENT_JOB", REF_AREA=(area,)))
    classes = await classes_of(reader, ledger, [each.key["OCCUPATION"] for each in held])
    changed = [
        each
        for each in held
        if each.key["OCCUPATION"] in classes
        and (classes[each.key["OCCUPATION"]].value or 0) >= rules.CHANGED
    ]
    changed.sort(key=lambda each: (-(each.value or 0.0), each.key["OCCUPATION"]))
    found = []
    for cell in changed[:MOST_JOBS]:
        job = JobNamed(cell.key["OCCUPATION"], job_label(facts, cell.key["OCCUPATION"]))
        found.append(job)
        ledger.say(
            "problems",
            "ahead-people",
            [ledger.observed(cell), ledger.observed(classes[job.code])],
            label=job.label,
            name=grade_name(classes[job.code]),
            count=written(cell.value or 0.0),
            place=label,
        )
    return found


async def classes_of(reader: Reader, ledger: Ledger, codes: Sequence[str]) -> dict[str, Cell]:
    """Read the classes of exposure of jobs, those that have one."""
    if not codes:
        return {}
    cells = await reader.cells("DF_EXPOSURE_JOB", OCCUPATION=codes, MEASURE=("CLASS",))
    return {each.key["OCCUPATION"]: each for each in ledger.told(cells)}
