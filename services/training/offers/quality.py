"""How completely an offer informs: pure, of the document of a formation.

What concerns an action must be said of every action, as people enrol for one. Handicap, language,
manner of teaching and audience (training.md, M13) weigh most.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from platformkit.i18n import Text
from training.certifications.quality import Criterion, Quality, judge

Document = Mapping[str, Any]
Holds = Callable[[Document], bool]

CONTENT_CHARACTERS: Final = 200
OBJECTIVES_CHARACTERS: Final = 50
"""Shorter texts repeat the title."""


def _every_action(holds: Holds) -> Holds:
    return lambda formation: all(map(holds, formation["actions"]))


def _every_session(holds: Holds) -> Holds:
    return _every_action(lambda action: all(map(holds, action["sessions"])))


def _says(*names: str) -> Holds:
    """Tell whether a part has one of these."""

    def holds(part: Document) -> bool:
        for name in names:  # noqa: SIM110  # a generator takes three times as long
            if part.get(name) not in (None, "", []):
                return True
        return False

    return holds


def _is_priced(action: Document) -> bool:
    return any(
        (action.get(name) or {}).get("amount") is not None for name in ("price", "hourly_price")
    )


_says_where: Final = _says("commune", "coordinates")
_says_how: Final = _says("email", "phones", "web")


def _is_located(action: Document) -> bool:
    """Tell whether one can say how far away it is; an action at a distance is nowhere."""
    return action["mode"] == "remote" or any(
        _says_where((place.get("details") or {}).get("address") or {})
        for place in action.get("places", ())
    )


def _is_reachable(formation: Document) -> bool:
    return any(_says_how(contact.get("details") or {}) for contact in formation["contacts"])


def _is_dated(session: Document) -> bool:
    return session["period"]["start"] is not None and session["period"]["end"] is not None


_RULES: Final[tuple[tuple[str, int, str, str, Holds], ...]] = (
    (
        "disabled_access",
        4,
        "Accès des personnes handicapées",
        "Access for disabled people",
        _every_action(_says("disabled_access")),
    ),
    (
        "languages",
        3,
        "Langue de la formation",
        "Language of the training",
        _every_action(_says("languages")),
    ),
    (
        "mode",
        3,
        "Présence ou distance",
        "On site or at a distance",
        _every_action(_says("mode")),
    ),
    (
        "audiences",
        3,
        "Publics visés",
        "Audiences",
        _every_action(_says("audiences")),
    ),
    ("price", 3, "Prix en euros", "Price in euros", _every_action(_is_priced)),
    (
        "hours",
        3,
        "Nombre d’heures",
        "Number of hours",
        _every_action(_says("hours", "hours_in_centre")),
    ),
    (
        "location",
        3,
        "Commune ou coordonnées du lieu",
        "Commune or coordinates of the place",
        _every_action(_is_located),
    ),
    ("dates", 3, "Dates de chaque session", "Dates of every session", _every_session(_is_dated)),
    (
        "content",
        2,
        f"Contenu d’au moins {CONTENT_CHARACTERS} caractères",
        f"Content of at least {CONTENT_CHARACTERS} characters",
        lambda formation: len(formation["content"]) >= CONTENT_CHARACTERS,
    ),
    (
        "objectives",
        2,
        f"Objectifs d’au moins {OBJECTIVES_CHARACTERS} caractères",
        f"Objectives of at least {OBJECTIVES_CHARACTERS} characters",
        lambda formation: len(formation["objectives"]) >= OBJECTIVES_CHARACTERS,
    ),
    (
        "contact",
        2,
        "Courriel, téléphone ou site de contact",
        "E-mail, telephone or site to contact",
        _is_reachable,
    ),
    (
        "formacodes",
        2,
        "Formacodes",
        "Formacodes",
        lambda formation: _says("formacodes")(formation["domain"]),
    ),
    ("rome", 2, "Métiers du ROME", "Jobs of ROME", lambda it: _says("rome")(it["domain"])),
    (
        "recruitment_state",
        1,
        "État du recrutement de chaque session",
        "State of recruitment of every session",
        _every_session(_says("recruitment_state")),
    ),
    (
        "enrolment_period",
        1,
        "Période d’inscription de chaque session",
        "Enrolment period of every session",
        _every_session(_says("enrolment_period")),
    ),
    ("funders", 1, "Financeurs", "Funders", _every_action(_says("funders"))),
    ("exit_level", 1, "Niveau de sortie", "Exit level", _says("exit_level")),
    ("web", 1, "Adresse de la formation sur la Toile", "Address on the Web", _says("web")),
)

CRITERIA: Final = tuple(Criterion(code, weight, Text(fr, en)) for code, weight, fr, en, _ in _RULES)


def of_formation(formation: Document) -> Quality:
    """Judge a formation by its document."""
    return judge(CRITERIA, {code for code, _, _, _, holds in _RULES if holds(formation)})
