"""The study of a job: its class, the people who have it, and what the indices say of it."""

from typing import Final

from observatory.exposure import book, jobs
from observatory.exposure.service import ExposureUnmeasured
from observatory.references import service as references
from observatory.references.facts import Facts
from observatory.study import rules
from observatory.study.cells import Reader
from observatory.study.ledger import Ledger
from observatory.study.parts import (
    ILO,
    Core,
    JobNamed,
    by_index,
    grade_name,
    headline,
    say_indices,
    say_mean,
    say_rank,
)
from observatory.study.texts import written

_KIND: Final = "jobs"
_FLOW: Final = "DF_EXPOSURE_JOB"
FLOWS: Final = (_FLOW, "DF_PLACE_JOB", "DF_EMPLOYMENT_JOB", "DF_HIRES")


async def build(facts: Facts, given: str, reader: Reader, ledger: Ledger, region: str) -> Core:
    """State what is published of a job; its domain is the letter of its code."""
    found = references.find_job(facts, given)
    scored = book.jobs(facts).get(found.basis)
    if scored is None:
        raise ExposureUnmeasured(given=found.code, label=found.label)
    domain = found.code[0]
    same = [code for code in facts.jobs if code[0] == domain]
    cells = await reader.cells(_FLOW, OCCUPATION=same, INDEX=(ILO,), MEASURE=("MEAN", "CLASS"))
    own = {each.key["MEASURE"]: each for each in cells if each.key["OCCUPATION"] == found.code}
    mean = headline([own["MEAN"]] if "MEAN" in own else [], _FLOW, found.label)
    ledger.told(list(own.values()))
    say_mean(ledger, found.label, mean)
    if mean.status == "I":
        figure = ledger.observed(mean)
        ledger.say("certainty", "imputed", [figure], value=figure.shown)
    klass = own.get("CLASS")
    if klass is not None and klass.value is not None:
        figure, name = ledger.observed(klass), grade_name(klass)
        ledger.say("changes", "class", [figure], label=found.label, name=name)
        if klass.value >= rules.CHANGED:
            ledger.say("problems", "ahead-class", [figure], label=found.label, name=name)
    every = [each for each in cells if each.key["MEASURE"] == "MEAN" and each.value is not None]
    say_rank(ledger, _KIND, found.label, mean, every)
    known = [code for code in facts.links if code[0] == domain]
    places = ledger.told(await reader.cells("DF_PLACE_JOB", OCCUPATION=known))
    say_indices(ledger, [each for each in places if each.key["OCCUPATION"] == found.basis])
    by_index(ledger, _KIND, found.label, ("OCCUPATION", found.basis), places)
    await _people(facts, found.basis, reader, ledger, region)
    return Core(
        kind=_KIND,
        code=found.code,
        label=found.label,
        basis=jobs.told_basis(facts, found, scored),
        jobs=[JobNamed(found.basis, facts.links[found.basis].label)],
        place=region,
        place_label=facts.territories[region].label(),
    )


async def _people(facts: Facts, code: str, reader: Reader, ledger: Ledger, region: str) -> None:
    label = facts.links[code].label
    held = await reader.cells("DF_EMPLOYMENT_JOB", REF_AREA=(region,), OCCUPATION=(code,))
    for cell in ledger.told(held):
        ledger.say(
            "people",
            "job-people",
            [ledger.observed(cell)],
            label=label,
            count=written(cell.value or 0.0),
            place=facts.territories[region].label(),
        )
    sums = await reader.sums("DF_EMPLOYMENT_JOB", "OCCUPATION", OCCUPATION=(code,))
    for found in sums.values():
        figure = ledger.summed(found)
        ledger.say("people", "job-country", [figure], label=label, count=figure.shown)
