"""What may be wrong with a formation of a file, and how it is said."""

from typing import Final

from platformkit.i18n import Text
from training.imports.findings import Finding, Severity, Step

SAID: Final[dict[str, tuple[Step, Severity, str, str]]] = {
    "lheo-element-unknown": (
        2,
        "error",
        "{what} n’est pas attendu ici.",
        "{what} is not expected here.",
    ),
    "lheo-element-missing": (2, "error", "{what} manque.", "{what} is missing."),
    "lheo-element-misplaced": (
        2,
        "error",
        "{what} n’est pas à sa place.",
        "{what} is out of order.",
    ),
    "lheo-element-repeated": (
        2,
        "error",
        "{what} est donné trop de fois.",
        "{what} comes too often.",
    ),
    "lheo-length": (
        2,
        "error",
        "{what} est trop court ou trop long.",
        "{what} is too short or too long.",
    ),
    "lheo-key-unknown": (
        2,
        "error",
        "Le code de {what} n’est pas du dictionnaire.",
        "The code of {what} is not of its dictionary.",
    ),
    "lheo-integer": (
        2,
        "error",
        "{what} n’est pas un entier dans ses bornes.",
        "{what} is not an integer within its bounds.",
    ),
    "date-invalid": (
        2,
        "error",
        "{what} n’est pas un jour AAAAMMJJ.",
        "{what} is no day YYYYMMDD.",
    ),
    "siret-invalid": (2, "error", "{what} n’a pas 14 chiffres.", "{what} does not have 14 digits."),
    "certification-number-invalid": (
        2,
        "error",
        "{what} n’est pas un numéro du répertoire.",
        "{what} is no number of the directory.",
    ),
    "number-missing": (
        2,
        "error",
        "La formation n’a pas d’attribut numero : rien ne la désigne.",
        "The formation has no numero attribute: nothing names it.",
    ),
    "number-repeated": (
        4,
        "error",
        "Le numéro de {what} est donné plusieurs fois (places {places}).",
        "The number of {what} comes more than once (places {places}).",
    ),
    "too-many-parts": (
        4,
        "error",
        "Plus de {most} fois {what} dans une formation.",
        "More than {most} times {what} in one formation.",
    ),
    "period-inverted": (
        4,
        "error",
        "La période se termine avant de commencer.",
        "The period ends before it starts.",
    ),
    "enrolment-after-session": (
        4,
        "error",
        "L’inscription se termine après la session.",
        "Enrolment ends after the session.",
    ),
    "siret-checksum": (
        4,
        "warning",
        "La clé de {what} est fausse.",
        "The check digit of {what} is wrong.",
    ),
    "price-unparsed": (
        4,
        "warning",
        "{what} n’est pas un montant ; son texte est gardé.",
        "{what} is no amount; its text is kept.",
    ),
    "coordinates-unreadable": (
        4,
        "warning",
        "Les coordonnées ne sont pas en degrés décimaux ; elles sont laissées.",
        "The coordinates are not decimal degrees; they are left out.",
    ),
    "text-mojibake-suspected": (
        4,
        "warning",
        "{what} semble avoir été lu dans un mauvais codage.",
        "{what} seems to have been read in a wrong encoding.",
    ),
    "person-left-out": (
        4,
        "warning",
        "Les noms de personnes, mobiles et télécopies de ce fichier ne sont pas repris.",
        "Names of persons, mobiles and faxes of this file are not kept.",
    ),
    "extras-left-out": (
        4,
        "warning",
        "Les éléments extras de ce fichier ne sont pas repris.",
        "The extras of this file are not kept.",
    ),
}

TOLD: Final = 20
"""Findings of one formation; what a file repeats a thousand times is said that often."""


class Faults:
    """Collects what is wrong with one formation."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.record: str | None = None
        self.noted = 0
        """How often something was added, told or not."""
        self._found: list[tuple[str, int, dict[str, object]]] = []

    def add(self, rule: str, line: int | None = None, **facts: object) -> None:
        """Note a rule that is broken; errors come before the bound of warnings does."""
        self.noted += 1
        if len(self._found) < TOLD or self._is_first_error(rule):
            self._found.append((rule, line or self.line, facts))

    def _is_first_error(self, rule: str) -> bool:
        return SAID[rule][1] == "error" and not self.has_errors

    @property
    def has_errors(self) -> bool:
        """Tell whether the formation cannot be taken."""
        return any(SAID[rule][1] == "error" for rule, _, _ in self._found)

    def findings(self) -> list[Finding]:
        """Return the findings, named by the number that the formation turned out to have."""
        made = []
        for rule, line, facts in self._found:
            step, severity, french, english = SAID[rule]
            said = Text(french.format(**facts), english.format(**facts))
            made.append(Finding(rule, said, step, severity, self.record, line))
        return made
