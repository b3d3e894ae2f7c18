"""The certifications of an action: today's in a draft, the cited ones once it is delivered.

One that has ended since says so, and what replaces it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from diagnostic.roadmaps.matching import suited
from diagnostic.roadmaps.neighbours import ENDED, GONE, Known
from diagnostic.roadmaps.schemas import CertificationRead
from platformkit.clients.training import Certification
from platformkit.i18n import Language

_LASTING = ("number", "title", "level")
"""What is said of a certification without asking training: the rest may have changed."""


def short(certifications: Sequence[Certification]) -> list[dict[str, Any]]:
    """Keep what a delivered roadmap cites, and what is shown when the catalogue is out of reach."""
    return [
        {
            "number": one.number,
            "title": one.title.model_dump(),
            "level": one.level,
            "state": one.state,
            "registration_end": one.registration_end and one.registration_end.isoformat(),
            "source_url": one.source.url,
        }
        for one in certifications
    ]


def certifications(
    action: Mapping[str, Any], known: Known, language: Language, *, is_cited: bool
) -> list[CertificationRead]:
    """Show those of one action; `is_cited` shows what was cited, whatever is offered today."""
    cited = action["certifications"]
    if is_cited:
        return [_compared(one, known, language) for one in cited]
    if known.certifications is None:
        return [_shown({name: one[name] for name in _LASTING}, language) for one in cited]
    fresh = suited(action, known.certifications)
    today = {one.number for one in fresh}
    return [
        *(_shown(one, language, updated=False, present_state=one["state"]) for one in short(fresh)),
        *(
            _compared(one, known, language)
            for one in cited
            if one["number"] not in today and known.state(one["number"]) in ENDED
        ),
    ]


def _compared(one: Mapping[str, Any], known: Known, language: Language) -> CertificationRead:
    """Show a cited certification beside what has become of it."""
    number = one["number"]
    state = known.state(number)
    present = known.present.get(number)
    updated: bool | None = state == GONE if present is None else _differs(one, present)
    return _shown(
        one,
        language,
        updated=None if state is None else updated,
        present_state=state,
        replaced_by=known.replaced_by.get(number, ()),
    )


def _differs(one: Mapping[str, Any], present: Certification) -> bool:
    now = short([present])[0]
    return any(one[name] != now[name] for name in one.keys() & now.keys() - {"source_url"})


def _shown(
    one: Mapping[str, Any],
    language: Language,
    *,
    updated: bool | None = None,
    present_state: str | None = None,
    replaced_by: Sequence[str] = (),
) -> CertificationRead:
    title = one["title"]
    return CertificationRead(
        number=one["number"],
        title=str(title.get(language) or title["fr"]),
        level=one["level"],
        state=one.get("state"),
        registration_end=one.get("registration_end"),
        source_url=one.get("source_url"),
        updated=updated,
        present_state=present_state,
        replaced_by=list(replaced_by),
    )
