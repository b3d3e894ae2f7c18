"""The answers that the neighbours know: training, certifications, calls for projects."""

from collections.abc import Sequence
from urllib.parse import urlencode

from observatory.exposure.texts import percent
from observatory.references import service as references
from observatory.references.facts import Facts
from observatory.study import rules
from observatory.study.ledger import Ledger
from observatory.study.neighbours import Training
from observatory.study.parts import Core
from observatory.study.schemas import Figure
from observatory.study.texts import LIVE, UNTIL, written
from platformkit.clients.diagnostic import CallForProjects
from platformkit.clients.training import Certification, JobCoverage

MOST_CALLS = 10


def say_training(core: Core, found: Training, ledger: Ledger) -> None:
    """Say what open training answers, and what nothing answers."""
    _say_coverage(core, found, ledger)
    for job in found.jobs:
        asked = urlencode({"kind": "existing", "job": job.code, "territory": core.place})
        offers, certifications = _counts(ledger, job, f"training/coverage?{asked}")
        if job.offers.offers:
            ledger.say(
                "training",
                "answered",
                [offers, certifications],
                label=job.label,
                place=core.place_label,
                offers=offers.shown,
                certifications=certifications.shown,
            )
        else:
            ledger.say(
                "problems",
                "unanswered",
                [offers],
                label=job.label,
                place=core.place_label,
                count=offers.shown,
            )
    for one in found.certifications:
        figure = ledger.record(
            _titled(one), f"training/certifications/{one.number}", one.source.url
        )
        ledger.say("training", "certification", [figure], label=_titled(one))


def _counts(ledger: Ledger, job: JobCoverage, address: str) -> tuple[Figure, Figure]:
    """Give both counts of a job; they have one address."""
    return tuple(  # type: ignore[return-value]  # of two
        ledger.live(
            LIVE[name](label=job.label),
            count,
            written(count),
            f"{address}#/items/0/{name}/{member}",
        )
        for name, member, count in (
            ("offers", "offers", job.offers.offers),
            ("certifications", "active", job.certifications.active),
        )
    )


def _say_coverage(core: Core, found: Training, ledger: Ledger) -> None:
    if found.summary is None:
        return
    existing = found.summary.existing
    share, total = existing.covered.employment_share, existing.employment
    count = existing.covered.employment
    if share is None or total is None or count is None:
        return
    asked = urlencode({"territory": core.place})
    figure = ledger.live(
        LIVE["covered"](label=core.place_label),
        share,
        percent(share),
        f"training/coverage/summary?{asked}#/existing/covered/employment_share",
        numerator=count,
        denominator=total,
    )
    for section in ("training", "strengths" if share >= rules.COVERED else "weaknesses"):
        ledger.say(
            section,
            "covered",
            [figure],
            place=core.place_label,
            share=percent(share),
            count=written(count),
            total=written(total),
        )


def _titled(one: Certification) -> str:
    return f"{one.number} {one.title.fr}"


def say_calls(facts: Facts, core: Core, found: Sequence[CallForProjects], ledger: Ledger) -> None:
    """Say which calls for projects are open where the study is about."""
    place = facts.territories[core.place]
    codes = {each.code for each in references.lineage(facts, place) if each.kind == "region"}
    here = [
        each
        for each in found
        if not codes
        or each.perimeter is None
        or each.perimeter.scale != "region"
        or codes & set(each.perimeter.regions)
    ]
    for each in here[:MOST_CALLS]:
        address = f"diagnostic/opportunities/{each.code}"
        figure = ledger.record(each.title, address, each.source_url)
        until = "" if each.closes_on is None else UNTIL(day=each.closes_on.isoformat())
        ledger.say("calls", "call", [figure], label=each.title, operator=each.operator, until=until)
