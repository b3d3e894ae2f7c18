"""From the texts of a fiche to a record: what is normalised, what is doubted, what is refused."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from pydantic import ValidationError

from platformkit.i18n import Text
from training.certifications import numbers, sirets
from training.certifications.records import CertificationRecord, Editorial, Promotion
from training.imports.findings import Finding, Severity, Step
from training.imports.formats import Reading
from training.imports.texts import clean, is_mojibake

_YEARS: Final = range(1900, 2200)
_ROLES: Final = {
    "HABILITATION_FORMER": "train",
    "HABILITATION_ORGANISER": "assess",
    "HABILITATION_ORGA": "assess",
    "HABILITATION_ORGA_FORM": "both",
}
_LEVEL: Final = re.compile(r"NIV(?:EAU)?\s*([1-8])", re.IGNORECASE)

_SHORT: Final = 100
_FRENCH_DAY: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})", re.ASCII)
_UNMARKED: Final = Editorial()

Day = tuple[int, int, int]


class Draft:
    """Collects the facts of one fiche, and a finding for each text that is not what it should be.

    A fact that cannot be read is left out with a warning where the law does not hang on it, and
    makes the fiche an error where it does: its number, its title, its dates.
    """

    def __init__(self, spelling: str | None, line: int) -> None:
        self.line = line
        self.findings: list[Finding] = []
        reference = numbers.parse(spelling or "")
        is_named = reference is not None and reference.directory in numbers.NATIONAL
        self.code = reference.codes[0] if reference is not None and is_named else None
        self.facts: dict[str, Any] = {"number": self.code}
        if self.code is None:
            self.find(
                "certification-number-invalid",
                "Le numéro de la fiche n’est pas RNCP ou RS suivi de 1 à 5 chiffres.",
                "The number of the fiche is not RNCP or RS followed by 1 to 5 digits.",
                severity="error",
            )

    def find(
        self, rule: str, fr: str, en: str, *, severity: Severity = "warning", step: Step = 2
    ) -> None:
        """Note what is wrong with this fiche."""
        self.findings.append(Finding(rule, Text(fr, en), step, severity, self.code, self.line))

    def text(self, where: str, raw: str | None) -> str | None:
        """Clean a text; one that looks decoded wrongly is kept and doubted (acceptance A6)."""
        if not raw:
            return None
        cleaned, is_doubtful = (_short if len(raw) <= _SHORT else _judged)(raw)
        if is_doubtful:
            self.find(
                "text-mojibake-suspected",
                f"{where} : le texte semble avoir été décodé de travers (« Ã© » pour « é »).",
                f"{where}: the text seems to have been decoded wrongly (“Ã©” for “é”).",
            )
        return cleaned

    def day(self, where: str, raw: str | None, parts: Day | None) -> date | None:
        """Make a date of year, month and day; None of them means that the text has no such form."""
        if raw is None or not raw.strip():
            return None
        try:
            if parts is not None and parts[0] in _YEARS:
                return date(*parts)
        except ValueError:
            pass
        self.find(
            "date-invalid",
            f"{where} : cette date n’existe pas ou n’est pas écrite comme attendu.",
            f"{where}: this date does not exist or is not written as expected.",
            severity="error",
        )
        return None

    def french_day(self, where: str, raw: str | None) -> date | None:
        """Read JJ/MM/AAAA."""
        if not raw:
            return None
        found = _FRENCH_DAY.fullmatch(raw.strip())
        parts = (int(found[3]), int(found[2]), int(found[1])) if found else None
        return self.day(where, raw, parts)

    def siret(self, where: str, raw: str | None) -> str | None:
        """Keep the 14 digits of a SIRET, whatever blanks are around them (acceptance B8)."""
        digits = sirets.digits_of(raw or "")
        if not digits:
            return None
        if not sirets.is_written(digits):
            self.find(
                "siret-malformed",
                f"{where} : un SIRET a 14 chiffres ; il n’est pas repris.",
                f"{where}: a SIRET has 14 digits; it is left out.",
            )
            return None
        if not sirets.is_valid(digits):
            self.find(
                "siret-checksum",
                f"{where} : la clé du SIRET est fausse ; il est repris tel quel.",
                f"{where}: the SIRET’s check digit is wrong; it is kept as it is.",
            )
        return digits

    def terms(self, scheme: str, pairs: Iterable[Sequence[str | None]]) -> list[Any]:
        """Keep each code of a nomenclature once, its label without the code before it."""
        kept: dict[str, str] = {}
        for raw, label in pairs:
            code = (raw or "").strip()
            if not code:
                continue
            said = _label(code, label or "")
            if kept.get(code, said) != said:
                self._repeated(scheme, code)
                continue
            kept[code] = said
        return [{"code": code, "label": label} for code, label in kept.items()]

    def blocs(self, found: Iterable[Mapping[str, str | None]]) -> list[Any]:
        """Keep each bloc once; its code is unique in the fiche only (acceptance C12)."""
        kept: dict[str, Any] = {}
        for bloc in found:
            code = bloc["code"]
            if not code:
                self.find(
                    "bloc-without-code",
                    "Un bloc de compétences sans code n’est pas repris.",
                    "A competency bloc without code is left out.",
                )
            elif code in kept:
                self._repeated("bloc", code)
            else:
                kept[code] = bloc
        return list(kept.values())

    def links(self, where: str, spellings: Iterable[str | None]) -> list[str]:
        """Read the numbers of other certifications; they need not be in the catalogue."""
        kept: dict[str, None] = {}
        for spelling in spellings:
            code = self.link(where, spelling)
            if code is not None and code != self.code:
                kept[code] = None
        return list(kept)

    def link(self, where: str, spelling: str | None) -> str | None:
        """Read the number of another certification, or doubt it."""
        if not spelling or not spelling.strip():
            return None
        reference = numbers.parse(spelling)
        if reference is None or reference.directory not in numbers.NATIONAL:
            self.find(
                "certification-number-invalid",
                f"{where} : le numéro cité n’est pas celui d’une fiche ; il n’est pas repris.",
                f"{where}: the number quoted is not that of a fiche; it is left out.",
            )
            return None
        return reference.codes[0]

    def role(self, where: str, raw: str | None) -> str | None:
        """Read what a partner may do; where nobody knows, it may do nothing and is left out."""
        role = _ROLES.get((raw or "").strip())
        if role is None:
            self.find(
                "partner-role-unknown",
                f"{where} : habilitation absente ou inconnue ; le partenaire n’est pas repris.",
                f"{where}: missing or unknown habilitation; the partner is left out.",
            )
        return role

    def promotions(self, found: Iterable[Mapping[str, str | None]]) -> list[Any]:
        """Keep the statistics that are numbers; years and rates of the source are free text."""
        kept = []
        for one in found:
            try:
                kept.append(Promotion.model_validate(one))
            except ValidationError:
                self.find(
                    "statistics-unreadable",
                    "Une statistique de promotion n’est pas un nombre ; elle n’est pas reprise.",
                    "Statistics of a year are not numbers; they are left out.",
                )
        return kept

    def level(self, raw: str | None) -> int | None:
        """Read the level of the French framework: `NIV6`, `niveau6`."""
        found = _LEVEL.fullmatch((raw or "").strip())
        return int(found[1]) if found else None

    def _repeated(self, scheme: str, code: str) -> None:
        self.find(
            "code-repeated",
            f"Le code {code[:40]} ({scheme}) est donné deux fois ; la première est retenue.",
            f"The code {code[:40]} ({scheme}) is given twice; the first is kept.",
        )

    def reading(self, origin: Mapping[str, Any]) -> Reading:
        """Judge the facts as a whole, and give the record that they make."""
        facts = self.facts
        end, limit = facts.get("registration_end"), facts.get("delivery_limit")
        if end and limit and limit < end:
            facts["delivery_limit"] = None
            self.find(
                "delivery-before-end",
                "La date limite de délivrance précède la fin d’enregistrement ; elle n’est pas"
                " reprise.",
                "The delivery limit is before the end of the registration; it is left out.",
                step=4,
            )
        document: bytes | None = None
        derived: dict[str, Any] = {}
        if self.code is not None:
            derived["directory"] = self.code.rstrip("0123456789")
            try:
                record = CertificationRecord.model_validate(
                    {**facts, "source": origin, "editorial": _UNMARKED}
                )
            except ValidationError as refusal:
                self._refuse(refusal)
            else:
                document = record.facts
                derived |= {
                    "number": record.reference.number,
                    "search_text": record.search_text,
                    "unknown": record.unknown,
                }
        if any(one.severity == "error" for one in self.findings):
            document = None
        return Reading(self.code, self.line, self.findings, document, derived, origin)

    def _refuse(self, refusal: ValidationError) -> None:
        for error in refusal.errors(include_url=False, include_input=False, include_context=False):
            where = "/".join(str(step) for step in error["loc"])
            kind = str(error["type"]).replace("_", "-")
            self.find(
                f"schema-{kind}",
                f"/{where} : la valeur ne respecte pas le schéma ({kind}).",
                f"/{where}: the value does not meet the schema ({kind}).",
                severity="error",
            )


def _judged(raw: str) -> tuple[str | None, bool]:
    return clean(raw), is_mojibake(raw)


_short = lru_cache(maxsize=8192)(_judged)
"""For names and states, which come again and again."""


@lru_cache(maxsize=4096)
def _label(code: str, raw: str) -> str:
    """Clean a label; some tables repeat the code in it, or double its apostrophes as SQL does."""
    return (clean(raw) or code).removeprefix(f"{code} : ").replace("''", "'")
