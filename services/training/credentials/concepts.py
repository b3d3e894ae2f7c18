"""Terms of the controlled vocabularies that the European Learning Model names; pure."""

from typing import Final

from training.credentials.members import Members, told
from training.offers.schemas import Teaching

_SNB: Final = "http://data.europa.eu/snb"
_AUTHORITY: Final = "http://publications.europa.eu/resource/authority"
_LIST: Final = "25831c2"
"""What the vocabularies of Europass call themselves."""

_MODES: Final[dict[Teaching, tuple[str, str]]] = {
    "on_site": ("9191af2ed9", "Presential"),
    "remote": ("920fbb3cbe", "Online"),
    "mixed": ("e92d221e4d", "Blended"),
}
_LANGUAGES: Final = {
    "ar": "ARA",
    "bg": "BUL",
    "cs": "CES",
    "da": "DAN",
    "de": "DEU",
    "el": "ELL",
    "en": "ENG",
    "es": "SPA",
    "et": "EST",
    "fi": "FIN",
    "fr": "FRA",
    "ga": "GLE",
    "hr": "HRV",
    "hu": "HUN",
    "it": "ITA",
    "ja": "JPN",
    "lt": "LIT",
    "lv": "LAV",
    "mt": "MLT",
    "nl": "NLD",
    "pl": "POL",
    "pt": "POR",
    "ro": "RON",
    "ru": "RUS",
    "sk": "SLK",
    "sl": "SLV",
    "sv": "SWE",
    "tr": "TUR",
    "uk": "UKR",
    "zh": "ZHO",
}
"""ISO 639-1 and the codes of the Language Named Authority List (ISO 639-3)."""

FRENCH: Final = "fr"


def concept(
    identity: str | None,
    scheme: str | None = None,
    notation: str | None = None,
    **labels: str | None,
) -> Members:
    """Return a SKOS concept; `labels` are by language."""
    names = {language: label for language, label in labels.items() if label}
    return told(
        id=identity,
        type="Concept",
        inScheme=None if scheme is None else {"id": scheme, "type": "ConceptScheme"},
        notation=notation,
        prefLabel=names or None,
    )


def field(code: str) -> Members:
    """Return a field of ISCED-F 2013."""
    return concept(f"{_SNB}/isced-f/{code}", f"{_SNB}/isced-f/{_LIST}", code)


def european_level(level: int) -> Members:
    """Return a level of the European Qualifications Framework."""
    return concept(f"{_SNB}/eqf/{level}", f"{_SNB}/eqf/{_LIST}", str(level), en=f"Level {level}")


def french_level(level: int) -> Members:
    """Return a level of the French framework (Code du travail, D. 6113-19), 1 to 8 as the EQF."""
    return concept(None, None, str(level), fr=f"Niveau {level}", en=f"Level {level} (France)")


def mode(teaching: Teaching) -> Members:
    """Return a mode of learning."""
    code, label = _MODES[teaching]
    scheme = f"{_SNB}/learning-assessment"
    return concept(f"{scheme}/{code}", f"{scheme}/{_LIST}", en=label)


def language(code: str) -> Members:
    """Return a language; one that is not in our list keeps its code."""
    known = _LANGUAGES.get(code)
    scheme = f"{_AUTHORITY}/language"
    if known is None:
        return concept(None, None, code)
    return concept(f"{scheme}/{known}", scheme, code)


def country(code: str = "FR") -> Members:
    """Return a country: France by default, where whoever has a SIRET is registered."""
    scheme = f"{_AUTHORITY}/country"
    if code != "FR":
        return concept(None, None, code)
    return concept(f"{scheme}/FRA", scheme, "FR", fr="France", en="France")


def euro() -> Members:
    """Return the currency of all prices of the catalogue."""
    scheme = f"{_AUTHORITY}/currency"
    return concept(f"{scheme}/EUR", scheme, "EUR")


def accreditation_type() -> Members:
    """Return what the registration of a certification is, in our words."""
    return concept(
        None,
        None,
        fr="Enregistrement au répertoire national",
        en="Registration in the national directory",
    )


def subject(scheme: str, code: str, label: str) -> Members:
    """Return a subject of a French classification."""
    return concept(None, None, f"{scheme} {code}", fr=label)
