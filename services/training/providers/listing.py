"""Reads the public list of providers: the two spellings of its columns, one provider a row.

data.gouv.fr writes `certifications.VAE`, dgefp.opendatasoft.com `certifications_vae`, and adds
columns of its own. Only what both have is read, so that either file gives equal facts. Street,
coordinates and the represented foreign organisation are left out: many providers are persons.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, get_args

import orjson

from platformkit.i18n import Text
from training.certifications import sirets
from training.certifications.records import fold
from training.imports.delimited import Table
from training.imports.findings import Finding, Severity
from training.imports.formats import Reading
from training.imports.texts import clean, is_mojibake
from training.references.postcodes import department_of

Category = Literal["training", "skills_assessment", "vae", "apprenticeship"]
CATEGORIES: Final[tuple[Category, ...]] = get_args(Category)

_CERTIFIED: Final[Mapping[str, Category]] = {
    "certifications_actionsdeformation": "training",
    "certifications_bilansdecompetences": "skills_assessment",
    "certifications_vae": "vae",
    "certifications_actionsdeformationparapprentissage": "apprenticeship",
}
_ADDRESS: Final = "adressephysiqueorganismeformation_"
_DECLARED: Final = "informationsdeclarees_"
_SPECIALTY: Final = _DECLARED + "specialitesdeformation_{}specialite"
_RANKS: Final = (1, 2, 3)
_FIGURES: Final = {
    "trainees": "nbstagiaires",
    "trainees_entrusted": "nbstagiairesconfiesparunautreof",
    "trainers": "effectifformateurs",
}

NEEDED: Final = (
    "numerodeclarationactivite",
    "denomination",
    "siren",
    "siretetablissementdeclarant",
    *_CERTIFIED,
)
_READ: Final = (
    *NEEDED,
    "numerosdeclarationactiviteprecedent",
    *(f"{_ADDRESS}{name}" for name in ("codepostal", "ville", "coderegion")),
    *(f"{_DECLARED}{name}" for name in ("datedernieredeclaration", "debutexercice", "finexercice")),
    *(f"{_DECLARED}{column}" for column in _FIGURES.values()),
    *(f"{_SPECIALTY.format(what)}{rank}" for rank in _RANKS for what in ("code", "libelle")),
)

SOURCE: Final = {
    "name": "Liste publique des organismes de formation",
    "url": "https://www.data.gouv.fr/datasets/"
    "liste-publique-des-organismes-de-formation-l-6351-7-1-du-code-du-travail",
    "licence": "Licence Ouverte",
}

ACTIVITY_NUMBER: Final = re.compile(r"[0-9AB]{11}")
_SIREN: Final = re.compile(r"[0-9]{9}")
_NIC: Final = re.compile(r"[0-9]{5}")
_POSTCODE: Final = re.compile(r"[0-9]{5}")
_DAYS: Final = (
    re.compile(r"(?P<day>\d{2})/(?P<month>\d{2})/(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII),
)
_YEARS: Final = range(1970, 2200)
_WORDS: Final = {"true": True, "false": False, "": False}
_LONGEST: Final = 500


class ProviderList:
    """An opened list, read once."""

    version: str | None = None
    is_known_version = True
    remarks: Sequence[Finding] = ()

    def __init__(self, table: Table, columns: Mapping[str, str], dated_on: date | None) -> None:
        self.dated_on = dated_on
        self.parts: Sequence[str] = [table.name]
        self._table, self._columns = table, columns

    def __iter__(self) -> Iterator[Reading]:
        read = [column for column in _READ if column in self._columns]
        for line, cells in self._table.rows(*(self._columns[column] for column in read)):
            row = dict(zip(read, cells, strict=True))
            yield _Row(row, line).reading(self.dated_on)


def columns_of(table: Table) -> dict[str, str]:
    """Return each column's name in the file by the one that both spellings share."""
    return {column.strip().lower().replace(".", "_"): column for column in reversed(table.header)}


class _Row:
    """One provider on its way from cells to facts."""

    def __init__(self, row: Mapping[str, str], line: int) -> None:
        self._row, self._line = row, line
        self._number = sirets.digits_of(row["numerodeclarationactivite"]).upper()
        self._findings: list[Finding] = []

    def reading(self, dated_on: date | None) -> Reading:
        """Judge the row; one with errors came, and has no document."""
        facts = self._facts()
        number, findings = self._number[:40] or None, self._findings
        if any(one.severity == "error" for one in findings):
            return Reading(number, self._line, findings)
        shown = [facts[name] for name in ("activity_number", "siret", "name") if facts[name]]
        return Reading(
            number,
            self._line,
            findings,
            orjson.dumps(facts),
            {"search_text": fold(" ".join(shown))},
            SOURCE | {"dated_on": dated_on},
        )

    def _facts(self) -> dict[str, Any]:
        if not ACTIVITY_NUMBER.fullmatch(self._number):
            self._find(
                "activity-number-invalid",
                "Le numéro de déclaration d’activité a 11 caractères ; les tableurs lui ôtent son"
                " zéro.",
                "An activity number has 11 characters; spreadsheets take its zero away.",
                "error",
            )
        name = self._text("denomination")
        if name is None:
            self._find("provider-name-missing", "Dénomination absente.", "Missing name.", "error")
        siret = self._siret()
        siren = _matching(_SIREN, sirets.digits_of(self._row["siren"]))
        if siret and siren and not siret.startswith(siren):
            self._find(
                "siren-mismatch",
                "Le SIRET n’est pas de ce SIREN ; le SIRET est retenu.",
                "The SIRET is not of this SIREN; the SIRET is kept.",
            )
        return {
            "activity_number": self._number,
            "previous_numbers": self._previous(),
            "siret": siret,
            "siren": siret[:9] if siret else siren,
            "name": name,
            "address": self._address(),
            "qualiopi": [code for column, code in _CERTIFIED.items() if self._holds(column)],
            "declared_on": self._day("datedernieredeclaration"),
            "period": {"start": self._day("debutexercice"), "end": self._day("finexercice")},
            "specialties": self._specialties(),
            **{name: self._figure(column) for name, column in _FIGURES.items()},
        }

    def _siret(self) -> str | None:
        """Read the SIRET; older lists give its last five digits beside the SIREN."""
        digits = sirets.digits_of(self._row["siretetablissementdeclarant"])
        siren = sirets.digits_of(self._row["siren"])
        if _NIC.fullmatch(digits) and _SIREN.fullmatch(siren):
            digits = siren + digits
        if not digits:
            return None
        if not sirets.is_written(digits):
            self._find(
                "siret-malformed",
                "Un SIRET a 14 chiffres ; il n’est pas repris.",
                "A SIRET has 14 digits; it is left out.",
            )
            return None
        if not sirets.is_valid(digits):
            self._find(
                "siret-checksum",
                "La clé du SIRET est fausse ; il est repris tel quel.",
                "The SIRET’s check digit is wrong; it is kept as it is.",
            )
        return digits

    def _previous(self) -> list[str]:
        found = ACTIVITY_NUMBER.findall(self._cell("numerosdeclarationactiviteprecedent"))
        return [one for one in dict.fromkeys(found) if one != self._number]

    def _address(self) -> dict[str, str | None]:
        postcode = _matching(_POSTCODE, self._cell(f"{_ADDRESS}codepostal"))
        return {
            "postcode": postcode,
            "city": self._text(f"{_ADDRESS}ville"),
            "department": department_of(postcode) if postcode else None,
            "region": self._cell(f"{_ADDRESS}coderegion")[:3] or None,
        }

    def _holds(self, column: str) -> bool:
        word = self._cell(column).lower()
        if word not in _WORDS:
            self._find(
                "boolean-invalid",
                f"{column} : « true » ou « false » attendu.",
                f"{column}: “true” or “false” expected.",
                "error",
            )
        return _WORDS.get(word, False)

    def _day(self, column: str) -> str | None:
        """Read a day as either source writes it; an absurd one is left out."""
        text = self._cell(_DECLARED + column)[:10]
        if not text:
            return None
        found = _DAYS[0].fullmatch(text) or _DAYS[1].fullmatch(text)
        try:
            if found and int(found["year"]) in _YEARS:
                day = date(int(found["year"]), int(found["month"]), int(found["day"]))
                return day.isoformat()
        except ValueError:
            pass
        self._find(
            "date-invalid",
            f"{column} : cette date n’existe pas ; elle n’est pas reprise.",
            f"{column}: this date does not exist; it is left out.",
        )
        return None

    def _specialties(self) -> list[dict[str, str | None]]:
        found: list[dict[str, str | None]] = []
        for rank in _RANKS:
            code = self._cell(f"{_SPECIALTY.format('code')}{rank}")
            if code:
                label = self._text(f"{_SPECIALTY.format('libelle')}{rank}")
                found.append({"code": code[:10], "label": label})
        return found

    def _figure(self, column: str) -> int | None:
        text = "".join(self._cell(_DECLARED + column).split()).removesuffix(".0")
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 10:  # noqa: PLR2004  # bounded before int()
            return int(text)
        self._find(
            "figure-invalid",
            f"{column} : un nombre entier est attendu ; il n’est pas repris.",
            f"{column}: a whole number is expected; it is left out.",
        )
        return None

    def _cell(self, column: str) -> str:
        return self._row.get(column, "").strip()

    def _text(self, column: str) -> str | None:
        raw = self._row.get(column, "")
        text = clean(raw)
        if text and len(text) > _LONGEST:
            self._find(
                "provider-text-too-long",
                f"{column} : plus de {_LONGEST} caractères.",
                f"{column}: more than {_LONGEST} characters.",
                "error",
            )
            return text[:_LONGEST]
        if is_mojibake(raw):
            self._find(
                "text-mojibake-suspected",
                f"{column} : le texte semble avoir été décodé de travers (« Ã© » pour « é »).",
                f"{column}: the text seems to have been decoded wrongly (“Ã©” for “é”).",
            )
        return text

    def _find(self, rule: str, fr: str, en: str, severity: Severity = "warning") -> None:
        record = self._number[:40] or None
        self._findings.append(Finding(rule, Text(fr, en), 2, severity, record, self._line))


def _matching(form: re.Pattern[str], text: str) -> str | None:
    return text if form.fullmatch(text) else None
