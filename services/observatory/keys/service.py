"""Finds what is cited, says what state it is in, and reads one value with a key."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from observatory.keys.citing import Cited
from observatory.keys.schemas import ClassRead, Deprecated, Listed, State
from observatory.observations.readings import CAUTION, SPREAD, TEMPLATES
from observatory.structures import classing
from observatory.structures.bands import rounded
from observatory.structures.catalogue import Artefact, Catalogue, text
from observatory.structures.classing import Key, Outcome, applies
from observatory.structures.schemas import Names
from observatory.structures.service import indicator_named
from platformkit.errors import NotFound, ProblemError
from platformkit.i18n import Text, language

CitedKind = Literal["reading_key", "grid", "sheet"]


class CitedUnknown(NotFound):
    """There is no such reading key, grid or sheet in that version."""

    code = "cited-unknown"
    title = Text("Référence inconnue", "Unknown reference")
    detail = Text("Aucun {kind} {reference}.", "No {kind} {reference}.")


class IntervalMalformed(ProblemError):
    """An interval has two ends, and the value between them."""

    status = 422
    code = "interval-malformed"
    title = Text("Intervalle mal formé", "Malformed interval")
    detail = Text(
        "Donnez low et high, avec low ≤ value ≤ high.", "Give low and high, low ≤ value ≤ high."
    )


def interval(value: float, low: float | None, high: float | None) -> tuple[float, float] | None:
    """Return the ends of an interval, or raise IntervalMalformed; None where none is given."""
    if low is None and high is None:
        return None
    if low is None or high is None or not low <= value <= high:
        raise IntervalMalformed
    return low, high


def about(structures: Catalogue, rows: Sequence[Artefact], name: str) -> list[Artefact]:
    """Keep what names an indicator; raises IndicatorUnknown."""
    indicator = indicator_named(structures, name)
    return [each for each in rows if applies(each, indicator.artefact)]


def published(
    structures: Catalogue, kind: CitedKind, agency: str | None = None
) -> Sequence[Artefact]:
    """Return every published version of our own agency, or another's, by id and then by version.

    What is deprecated is among them: it stays readable for good.
    """
    return sorted(
        (
            each
            for each in structures.listed(kind, agency or structures.agency, version="*")
            if not each.version.is_draft
        ),
        key=lambda each: (each.id, each.version.order),
    )


def cited(structures: Catalogue, kind: CitedKind, agency: str, name: str, version: str) -> Artefact:
    """Return a version, drafts too where they are asked for; raises CitedUnknown."""
    found = structures.find(kind, name, version, agency)
    if found is None:
        raise CitedUnknown(kind=kind, reference=f"{agency}:{name}({version})")
    return found


def state(artefact: Artefact) -> State:
    """Say whether it may still change, is in use, or should no longer be used."""
    if artefact.version.is_draft:
        return "draft"
    return "published" if artefact.deprecation is None else "deprecated"


def citation(structures: Catalogue, kind: CitedKind, artefact: Artefact) -> Cited:
    """Return what a citation of a version says, in the language of the request."""
    assert artefact.published_at is not None  # noqa: S101  # read from the store
    author = structures.agencies.get(artefact.agency)
    return Cited(
        kind=kind,
        author=artefact.agency if author is None else author(),
        title=artefact.name(),
        version=str(artefact.version),
        urn=artefact.urn,
        id=f"{artefact.agency}_{artefact.id}",
        published_at=artefact.published_at,
        licence=artefact.content["licence"],
        language=language(),
        doi=artefact.content["doi"],
    )


def told(structures: Catalogue, artefact: Artefact) -> dict[str, Any]:
    """Return identity and state, for the wire."""
    gone, at = artefact.deprecation, artefact.published_at
    return {
        "urn": artefact.urn,
        "agency": artefact.agency,
        "state": state(artefact),
        "foreign": artefact.agency != structures.agency,
        "sha256": artefact.sha256,
        "published_at": None if at is None else at.isoformat(),
        "deprecated": None
        if gone is None
        else Deprecated(
            at=gone.at.isoformat(),
            reason=Names(fr=gone.reason.fr, en=gone.reason.en),
            replacement=gone.replacement,
        ),
        "content": artefact.content,
    }


def listed(artefact: Artefact) -> Listed:
    """Return the short form."""
    return Listed(
        urn=artefact.urn,
        agency=artefact.agency,
        id=artefact.id,
        version=str(artefact.version),
        name=artefact.name(),
        state=state(artefact),
        indicators=classing.indicators(artefact),
    )


def classed(
    artefact: Artefact,
    value: float,
    status: str,
    interval: tuple[float, float] | None,
    said: Mapping[str, str],
) -> ClassRead:
    """Read one value that is not in the store with a key; `said` are its place and period."""
    key = classing.key(artefact)
    outcome = classing.judge(key, value, status, interval)
    klass = outcome.klass
    return ClassRead(
        key=key.reference,
        value=value,
        compared=f"{rounded(value, key.rounding):f}",
        klass=None if klass is None else klass.band.id,
        label=None if klass is None else klass.name(),
        certain=outcome.certain,
        reaches=[each.band.id for each in outcome.reaches],
        caution=outcome.caution,
        reading=_sentence(artefact, key, outcome, value, said),
        do_not_conclude=[text(each)() for each in artefact.content["do_not_conclude"]],
    )


def _sentence(
    artefact: Artefact, key: Key, outcome: Outcome, value: float, said: Mapping[str, str]
) -> str:
    compared = rounded(value, key.rounding)
    number = f"{compared:,f}"
    if language() == "fr":
        number = number.translate(str.maketrans(",.", "\u202f,"))
    facts = {
        "name": artefact.name(),
        "where": said.get("where") or "…",
        "period": said.get("period") or "…",
        "value": number,
        "unit": text(artefact.content["unit"])(),
    }
    if outcome.klass is None:
        return TEMPLATES[outcome.why](**facts)
    sentence = outcome.klass.sentence(**facts, **{"class": outcome.klass.name()})
    if outcome.caution:
        sentence += CAUTION()
    return sentence + (SPREAD() if outcome.certain is False else "")
