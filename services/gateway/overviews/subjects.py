"""What can be seen at a glance, and of which parts each view is made; the first is the subject."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from gateway.overviews import facts
from gateway.overviews.parts import Ask
from gateway.overviews.plans import Step, plain

OBSERVATORY: Final = "observatory"
TRAINING: Final = "training"
DIAGNOSTIC: Final = "diagnostic"
_READ: Final = "diagnostic:read"

_MOST: Final = 2_048
"""Subjects whose steps are kept: making them is a twentieth of an overview."""

_FEW: Final = ("limit", "10")
_SEVERAL: Final = ("limit", "50")
"""Of what is in the order of ids: the first few would be any."""

_LEAN: Final = (("facets", "false"), ("count", "true"), _FEW)
_OFFERS: Final = (("kind", "offer"), ("sort", "starts_on"), *_LEAN)
_CALLS: Final = (("is_call_for_projects", "true"), ("window", "open"))
_LITERACY: Final = (("theme", "ai_literacy"), ("state", "active"), _FEW)


@lru_cache(maxsize=_MOST)
def sector(naf: str) -> Sequence[Step]:
    """Exposure, range over the indices, diagnostics compared, certifications for jobs, calls."""
    return (
        plain("exposure", _exposure("sectors", naf)),
        plain("range", _exposure("sectors", f"{naf}/range")),
        plain("benchmark", Ask(DIAGNOSTIC, f"/v1/benchmarks/sectors/{naf}"), _READ),
        Step("certifications", _for_sector, after="exposure"),
        plain("calls", _open_calls()),
    )


@lru_cache(maxsize=_MOST)
def job(rome: str) -> Sequence[Step]:
    """Exposure, range, mobilities, certifications that lead to it, sessions, open calls."""
    active = (("rome", rome), ("state", "active"), _FEW)
    return (
        plain("exposure", _exposure("jobs", rome)),
        plain("range", _exposure("jobs", f"{rome}/range")),
        plain("mobilities", Ask(OBSERVATORY, f"/v1/jobs/{rome}/mobilities")),
        plain("certifications", Ask(TRAINING, "/v1/certifications", active)),
        plain("sessions", Ask(TRAINING, "/v1/search", (("rome", rome), *_OFFERS))),
        plain("calls", _open_calls()),
    )


@lru_cache(maxsize=_MOST)
def territory(code: str) -> Sequence[Step]:
    """Exposure, range over the indices, offers of training, cohorts, the newest figures."""
    place = facts.place(code)
    there = _OFFERS if place is None else (place, *_OFFERS)
    offers = Ask(TRAINING, "/v1/search", there, regional=place is None)
    cohorts = Ask(DIAGNOSTIC, "/v1/cohorts", (_FEW,), regional=True)
    figures = Ask(OBSERVATORY, f"/v1/territories/{code}/indicators", (_SEVERAL,))
    return (
        plain("exposure", _exposure("territories", code)),
        plain("range", _exposure("territories", f"{code}/range")),
        plain("offers", offers),
        plain("cohorts", cohorts, _READ),
        plain("indicators", figures),
    )


@lru_cache(maxsize=_MOST)
def certification(number: str) -> Sequence[Step]:
    """Facts, continuity, next sessions, and the jobs that it leads to with their exposure."""
    whole = f"/v1/certifications/{number}"
    named = (("certification", number), *_OFFERS)
    return (
        plain("certification", Ask(TRAINING, whole)),
        plain("continuity", Ask(TRAINING, f"{whole}/continuity")),
        plain("sessions", Ask(TRAINING, "/v1/search", named)),
        Step("jobs", _exposed, after="certification"),
    )


def organisation(organisation_id: str) -> Sequence[Step]:
    """Diagnostic, roadmap, peers, funding, open calls; sector, territory; what to learn."""
    company = f"/v1/organisations/{organisation_id}"
    return (
        plain("organisation", Ask(DIAGNOSTIC, f"{company}/summary"), _READ),
        plain("funding", Ask(DIAGNOSTIC, f"{company}/funding"), _READ),
        plain("calls", Ask(DIAGNOSTIC, f"{company}/funding", _CALLS), _READ),
        Step("roadmap", _of_assessment("roadmap"), after="organisation", scope=_READ),
        Step("benchmark", _of_assessment("benchmark"), after="organisation", scope=_READ),
        Step("sector", _its_sector, after="organisation"),
        Step("territory", _its_territory, after="organisation"),
        Step("certifications", _to_gain, after="organisation"),
    )


def _open_calls() -> Ask:
    """Ask for the calls for projects that take applications now, whoever may answer them."""
    return Ask(DIAGNOSTIC, "/v1/opportunities", (*_CALLS, _FEW), regional=True)


def _exposure(kind: str, rest: str) -> Ask:
    return Ask(OBSERVATORY, f"/v1/exposure/{kind}/{rest}")


def _for_sector(exposure: Any) -> Ask:  # noqa: ANN401  # another service's JSON
    jobs = facts.sector_jobs(exposure)
    if not jobs:
        return Ask(TRAINING, "/v1/certifications", _LITERACY, regional=True)
    codes = [("rome", code) for code in jobs]
    return Ask(TRAINING, "/v1/search", (("kind", "certification"), *codes, *_LEAN))


def _exposed(read: Any) -> Ask | None:  # noqa: ANN401  # likewise
    jobs = facts.certified_jobs(read)
    return Ask(OBSERVATORY, "/v1/exposure/jobs", (("codes", ",".join(jobs)),)) if jobs else None


def _of_assessment(what: str) -> Any:  # noqa: ANN401  # a step's `make`
    def make(summary: Any) -> Ask | None:  # noqa: ANN401  # likewise
        found = facts.assessment(summary)
        return Ask(DIAGNOSTIC, f"/v1/assessments/{found}/{what}") if found else None

    return make


def _its_sector(summary: Any) -> Ask | None:  # noqa: ANN401  # likewise
    naf = facts.sector(summary)
    return _exposure("sectors", naf) if naf else None


def _its_territory(summary: Any) -> Ask:  # noqa: ANN401  # likewise
    code = facts.territory(summary)
    regional = summary is None
    return Ask(OBSERVATORY, f"/v1/exposure/territories/{code}", regional=regional)


def _to_gain(summary: Any) -> Ask:  # noqa: ANN401  # likewise
    numbers = facts.certifications(summary)
    if not numbers:
        return Ask(TRAINING, "/v1/certifications", _LITERACY, regional=True)
    return Ask(TRAINING, "/v1/certifications", (("numbers", ",".join(numbers)),))
