"""What the legal dates allow on a day, in a sentence or two of the language of the request."""

from datetime import date
from typing import Final

from platformkit.i18n import Text, language
from training.certifications import lifecycle
from training.certifications.lifecycle import State, Validity

_STATES: Final = {
    State.UPCOMING: Text(
        "L’enregistrement prend effet le {start} : on ne peut pas encore s’inscrire.",
        "The registration takes effect on {start}: one may not enrol yet.",
    ),
    State.ACTIVE: Text(
        "L’enregistrement est en vigueur : on peut s’inscrire et être certifié.",
        "The registration is in force: one may enrol and be certified.",
    ),
    State.DELIVERY_ONLY: Text(
        "L’enregistrement a pris fin le {end} ; seuls les parcours déjà commencés peuvent être"
        " certifiés, jusqu’au {limit} inclus.",
        "The registration ended on {end}; only those who had begun may still be certified, until"
        " {limit} included.",
    ),
    State.INACTIVE: Text("L’enregistrement a pris fin.", "The registration has ended."),
    State.UNKNOWN: Text(
        "Nos sources ne donnent pas la date de fin : vérifiez la fiche de France compétences.",
        "Our sources do not give the end date: check the page of France compétences.",
    ),
}
_LAST_DAY: Final = Text("Dernier jour pour s’inscrire : {end}.", "Last day to enrol: {end}.")
_LAST_YEAR: Final = Text(
    "Il prend fin en {year}, à une date que nos sources ne donnent pas.",
    "It ends in {year}, on a day that our sources do not give.",
)
_ENDED: Final = Text("Dernier jour : {end}.", "Last day: {end}.")
_DELIVERY: Final = Text(
    "Délivrance possible jusqu’au {limit} inclus.", "Delivery possible until {limit} included."
)
_DELIVERED: Final = Text(
    "Plus aucune délivrance depuis le {limit}.", "No delivery any more since {limit}."
)
_DELIVERY_UNKNOWN: Final = Text(
    "Nos sources ne disent pas si elle peut encore être délivrée.",
    "Our sources do not say whether it may still be delivered.",
)


def state_on(validity: Validity, day: date) -> list[str]:
    """Say what the legal dates allow on the day, and until when."""
    current = lifecycle.state(validity, day)
    facts = {
        "start": _written(validity.starts_on),
        "end": _written(validity.ends_on),
        "limit": _written(validity.delivers_until),
    }
    said = [_STATES[current](**facts)]
    if current is State.ACTIVE:
        if validity.ends_on:
            said.append(_LAST_DAY(**facts))
        elif validity.ends_in:
            said.append(_LAST_YEAR(year=validity.ends_in))
        if validity.delivers_until:
            said.append(_DELIVERY(**facts))
    if current is State.INACTIVE:
        if validity.ends_on:
            said.append(_ENDED(**facts))
        if validity.delivers_until:
            said.append(_DELIVERED(**facts))
        elif not validity.delivery_known:
            said.append(_DELIVERY_UNKNOWN())
    return said


def _written(day: date | None) -> str:
    """Write a day as people of the language do: 31/08/2026, 2026-08-31 in English."""
    if day is None:
        return "?"
    return day.isoformat() if language() == "en" else f"{day:%d/%m/%Y}"
