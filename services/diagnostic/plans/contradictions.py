"""What a request for a plan asks for that cannot go together, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnostic import faults
from diagnostic.plans.candidates import Candidates
from diagnostic.plans.schemas import PlanAsked
from diagnostic.plans.terms import needed, soonest
from platformkit.errors import Fault


def contradictions(
    found: Candidates, body: PlanAsked, latest: Mapping[str, int]
) -> Iterator[Fault]:
    """Check codes, and what is required against what is excluded, the quarters and deadlines."""
    for name, codes in (("exclude", body.exclude), ("require", body.require)):
        for place, code in enumerate(codes):
            if code not in found.actions:
                yield _unknown(f"/{name}/{place}", code)
    for code in body.deadlines:
        if code not in found.actions:
            yield _unknown(f"/deadlines/{code}", code)
    for place, code in enumerate(body.require):
        if code in found.actions:
            yield from _impossible(found, body, latest, f"/require/{place}", code)


def _unknown(pointer: str, code: str) -> Fault:
    return faults.fault(
        pointer,
        "action_unknown",
        f"La feuille de route n’a pas d’action {code} qui reste à faire.",
        f"The roadmap has no action {code} left to do.",
    )


def _impossible(
    found: Candidates, body: PlanAsked, latest: Mapping[str, int], pointer: str, code: str
) -> Iterator[Fault]:
    chain = needed(found.actions, [code])
    if out := sorted(chain & (found.gone | set(body.exclude))):
        names = ", ".join(out)
        yield faults.fault(
            pointer,
            "prerequisite_excluded",
            f"{code} est exigée, et il lui faut ce qui est exclu ou rejeté : {names}.",
            f"{code} is required, and needs what is excluded or rejected: {names}.",
        )
    ends = soonest(found.actions)
    for one in sorted(chain):
        most = min(latest.get(one, len(body.capacity)), len(body.capacity))
        if ends[one] > most:
            yield faults.fault(
                pointer,
                "no_time",
                f"{one} ne peut finir avant {ends[one]} trimestre(s), prérequis compris ;"
                f" il y en a {most} avant son échéance.",
                f"{one} cannot end before {ends[one]} quarter(s), prerequisites included;"
                f" there are {most} before its deadline.",
            )
