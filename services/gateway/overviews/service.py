"""Which parts make an overview, and what to answer when some of them are missing."""

from collections.abc import Sequence

import orjson

from gateway.overviews import facts
from gateway.overviews.parts import Ask, Gap, Part, Reader
from platformkit.errors import NotFound, Unavailable
from platformkit.i18n import Text

_NOT_FOUND = 404
_LITERACY = {"theme": "ai_literacy", "state": "active"}
_FEW = {"limit": "10"}


class SubjectUnknown(NotFound):
    """The service that knows the subject says that there is none, or none of this tenant."""

    code = "overview-subject-unknown"
    title = Text("Sujet inconnu", "Unknown subject")
    detail = Text(
        "Le service {service} ne connaît pas ce que demande cet aperçu.",
        "Service {service} does not know what this overview asks for.",
    )


class NothingAvailable(Unavailable):
    """Every part is missing."""

    code = "overview-unavailable"
    detail = Text(
        "Aucune partie n’a pu être lue ({reasons}).", "No part could be read ({reasons})."
    )


async def organisation(reader: Reader, organisation_id: str) -> bytes:
    """Ask diagnostic who the company is, then the others about it, or about its region."""
    summary = await reader.read(
        Ask("organisation", "diagnostic", f"/v1/organisations/{organisation_id}/summary")
    )
    if isinstance(summary, Gap):
        _known(summary)
        asks = [_territory(f"R{facts.REGION}"), _certifications([])]
        return _overview(
            [summary, *await reader.read_all(asks)], regional={"territory", "certifications"}
        )
    numbers = facts.certifications(summary.value)
    asks = [_territory(facts.territory(summary.value)), _certifications(numbers)]
    naf = facts.sector(summary.value)
    if naf is not None:
        asks.append(_sector("sector", naf))
    return _overview(
        [summary, *await reader.read_all(asks)],
        regional=set() if numbers else {"certifications"},
    )


async def job(reader: Reader, rome: str) -> bytes:
    """Ask for the exposure of the job and for what leads to it."""
    query = {"rome": rome, "state": "active", **_FEW}
    exposure, certifications = await reader.read_all(
        [
            Ask("exposure", "observatory", f"/v1/exposure/jobs/{rome}"),
            Ask("certifications", "training", "/v1/certifications", query),
        ]
    )
    _known(exposure)
    return _overview([exposure, certifications])


async def sector(reader: Reader, naf: str) -> bytes:
    """Ask for the exposure of the sector, and for the certifications open to every sector."""
    exposure, certifications = await reader.read_all(
        [_sector("exposure", naf), _certifications([])]
    )
    _known(exposure)
    return _overview([exposure, certifications], regional={"certifications"})


async def territory(reader: Reader, code: str) -> bytes:
    """Ask for the exposure of the territory, and for the cohorts of the programme."""
    exposure, cohorts = await reader.read_all(
        [
            Ask("exposure", "observatory", f"/v1/exposure/territories/{code}"),
            Ask("cohorts", "diagnostic", "/v1/cohorts", _FEW),
        ]
    )
    _known(exposure)
    return _overview([exposure, cohorts], regional={"cohorts"})


def _territory(code: str) -> Ask:
    return Ask("territory", "observatory", f"/v1/exposure/territories/{code}")


def _sector(part: str, naf: str) -> Ask:
    return Ask(part, "observatory", f"/v1/exposure/sectors/{naf}")


def _certifications(numbers: Sequence[str]) -> Ask:
    query = {"numbers": ",".join(numbers)} if numbers else {**_LITERACY, **_FEW}
    return Ask("certifications", "training", "/v1/certifications", query)


def _known(subject: Part | Gap) -> None:
    if isinstance(subject, Gap) and subject.status == _NOT_FOUND:
        raise SubjectUnknown(service=subject.ask.service)


def _overview(parts: Sequence[Part | Gap], regional: set[str] | None = None) -> bytes:
    """Splice the parts in as they came: they are their services' words, not ours."""
    gaps = [part for part in parts if isinstance(part, Gap)]
    if len(gaps) == len(parts):
        reasons = ", ".join(f"{gap.ask.part}: {gap.reason}" for gap in gaps)
        raise NothingAvailable(reasons=reasons)
    body: dict[str, object] = {
        part.ask.part: {
            "as_of": part.as_of,
            "source": part.ask.service,
            "href": _href(part.ask),
            "basis": "region" if part.ask.part in (regional or set()) else "subject",
            "data": orjson.Fragment(part.content),
        }
        for part in parts
        if isinstance(part, Part)
    }
    body["unavailable"] = [
        {"part": gap.ask.part, "reason": gap.reason, "retry_after": gap.retry_after} for gap in gaps
    ]
    return orjson.dumps(body, option=orjson.OPT_UTC_Z)


def _href(ask: Ask) -> str:
    query = "&".join(f"{name}={value}" for name, value in (ask.query or {}).items())
    path = ask.path.replace("/v1/", f"/v1/{ask.service}/", 1)
    return f"{path}?{query}" if query else path
