"""The study of a sector: its hires in France, and the people in its exposed jobs in the region."""

from collections.abc import Sequence
from typing import Final

from observatory.exposure import sectors
from observatory.references import service as references
from observatory.references.facts import Facts, Sector
from observatory.study import rules
from observatory.study.cells import Cell, Reader, Sum
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
from observatory.study.territories import classes_of
from observatory.study.texts import written

_KIND: Final = "sectors"
_FLOW: Final = "DF_EXPOSURE_SECTOR"
FLOWS: Final = (_FLOW, "DF_PLACE_SECTOR", "DF_HIRES", "DF_EXPOSURE_JOB", "DF_EMPLOYMENT_JOB")


async def build(facts: Facts, given: str, reader: Reader, ledger: Ledger, region: str) -> Core:
    """State what is published of a sector, at the nearest level whose hires are known."""
    found = references.find_sector(facts, given)
    basis, reason, _ = sectors.measured(facts, found)
    label = basis.label()
    same = [each.code for each in facts.sectors.values() if each.level == basis.level]
    cells = await reader.cells(_FLOW, ACTIVITY=same, INDEX=(ILO,))
    own = {each.key["MEASURE"]: each for each in cells if each.key["ACTIVITY"] == basis.code}
    headline([own["MEAN"]] if "MEAN" in own else [], _FLOW, label)
    ledger.told(list(own.values()))
    say_mean(ledger, label, own["MEAN"])
    say_people(ledger, _KIND, own)
    for measure in ("MEAN", "EXPOSED_SHARE"):
        every = [
            each for each in cells if each.key["MEASURE"] == measure and each.value is not None
        ]
        if own[measure].value is not None:
            say_rank(ledger, _KIND, label, own[measure], every)
    places = ledger.told(await reader.cells("DF_PLACE_SECTOR", ACTIVITY=same))
    say_indices(ledger, [each for each in places if each.key["ACTIVITY"] == basis.code])
    by_index(ledger, _KIND, label, ("ACTIVITY", basis.code), places)
    jobs = await _jobs(facts, basis, reader, ledger, region)
    return Core(
        kind=_KIND,
        code=found.code,
        label=found.label(),
        basis=sectors.told_basis(found, basis, reason),
        jobs=jobs,
        place=region,
        place_label=facts.territories[region].label(),
    )


async def _jobs(
    facts: Facts, basis: Sector, reader: Reader, ledger: Ledger, region: str
) -> Sequence[JobNamed]:
    """Say which exposed jobs the sector hires most, and how many people have them in the region."""
    divisions = [
        each.code
        for each in facts.sectors.values()
        if each.level == "division" and basis.code in (each.code, each.parent)
    ]
    hires = await reader.sums("DF_HIRES", "OCCUPATION", ACTIVITY=divisions)
    classes = await classes_of(reader, ledger, list(hires))
    exposed = sorted(
        (code for code, each in classes.items() if (each.value or 0) > 1),
        key=lambda code: (-hires[code].value, code),
    )
    ahead = [code for code in exposed if (classes[code].value or 0) >= rules.CHANGED]
    found = [JobNamed(code, job_label(facts, code)) for code in (ahead or exposed)[:MOST_JOBS]]
    for code in exposed[:MOST_JOBS]:
        _say_hires(facts, "people", code, hires[code], classes[code], ledger)
    for code in ahead[:MOST_JOBS]:
        _say_hires(facts, "problems", code, hires[code], classes[code], ledger)
    if found:
        codes = [each.code for each in found]
        held = await reader.cells("DF_EMPLOYMENT_JOB", REF_AREA=(region,), OCCUPATION=codes)
        for cell in ledger.told(held):
            ledger.say(
                "people",
                "job-people",
                [ledger.observed(cell)],
                label=job_label(facts, cell.key["OCCUPATION"]),
                count=written(cell.value or 0.0),
                place=facts.territories[region].label(),
            )
    return found


def _say_hires(
    facts: Facts, section: str, code: str, hires: Sum, klass: Cell, ledger: Ledger
) -> None:
    ledger.say(
        "people" if section == "people" else "problems",
        "job-hires",
        [ledger.summed(hires), ledger.observed(klass)],
        label=job_label(facts, code),
        name=grade_name(klass),
        count=written(hires.value),
    )
