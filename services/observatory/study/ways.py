"""Ways out of exposed jobs: those that ROME links, less exposed, and that recruit."""

from collections.abc import Sequence
from statistics import median
from typing import Final

from observatory.references.facts import Facts
from observatory.study import rules
from observatory.study.cells import Reader
from observatory.study.ledger import Ledger
from observatory.study.parts import JobNamed, job_label
from observatory.study.texts import written

MOST: Final = 3
"""Ways out that are told of a job."""


async def say(facts: Facts, jobs: Sequence[JobNamed], reader: Reader, ledger: Ledger) -> None:
    """Say for each job where it leads, the jobs that hire most first."""
    hires = await reader.sums("DF_HIRES", "OCCUPATION")
    targets = {
        each.code: [
            facts.jobs[code]
            for code in facts.mobilities.get(each.code, ())
            if code in facts.jobs and facts.jobs[code].basis != each.code
        ]
        for each in jobs
    }
    codes = {each.code for found in targets.values() for each in found} | targets.keys()
    if not hires or not codes:
        return
    cells = await reader.cells("DF_EXPOSURE_JOB", OCCUPATION=sorted(codes), MEASURE=("MEAN",))
    means = {each.key["OCCUPATION"]: each for each in ledger.told(cells)}
    middle = median(each.value for each in hires.values())
    for job in jobs:
        own = means.get(job.code)
        if own is None or own.value is None:
            continue
        ways = [
            each
            for each in targets[job.code]
            if each.code in means
            and own.value - (means[each.code].value or 0.0) >= rules.LESS
            and each.basis in hires
            and hires[each.basis].value >= middle
        ]
        ways.sort(key=lambda each: (-hires[each.basis].value, each.code))
        firsts = {each.basis: each for each in reversed(ways)}  # one for each job of ROME v3
        for each in [each for each in ways if firsts[each.basis] is each][:MOST]:
            demand, mean = hires[each.basis], means[each.code]
            ledger.say(
                "mobilities",
                "way-out",
                [ledger.observed(mean), ledger.observed(own), ledger.summed(demand)],
                ledger.compared(demand, list(hires.values())),
                origin=job.label,
                label=each.label,
                basis=job_label(facts, each.basis),
                value=written(mean.value or 0.0, 2),
                own=written(own.value, 2),
                count=written(demand.value),
                median=written(middle),
            )
