"""A term of a nomenclature as a source gives it, and how it becomes a record of an import."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final, Literal, get_args

import orjson

from platformkit.i18n import Text
from training.certifications.records import fold
from training.imports.findings import FileRefused, Finding
from training.imports.formats import Reading
from training.imports.texts import clean

Scheme = Literal["rome", "nsf", "formacode", "esco", "geography", "rome-skill", "ai-skill"]
SCHEMES: Final[tuple[Scheme, ...]] = get_args(Scheme)

LONGEST_LABEL: Final = 500

_FORMS: Final[Mapping[Scheme, re.Pattern[str]]] = {
    "rome": re.compile(r"[A-N][0-9]{4}"),
    "nsf": re.compile(r"[0-9]{3}[a-z]?"),
    "formacode": re.compile(r"[0-9]{3}([0-9]{2})?"),
    "esco": re.compile(r"[0-9]{1,4}(\.[0-9]{1,3}){0,6}"),
    "rome-skill": re.compile(r"[0-9]{5,7}"),
    "ai-skill": re.compile(r"AI-[0-9]{2}"),
    "geography": re.compile(r"REG-[0-9]{2}|DEP-[0-9]([0-9]|[AB])[0-9]?|[0-9]([0-9]|[AB])[0-9]{3}"),
}


@dataclass(frozen=True, slots=True)
class Release:
    """A version of a scheme: what it is called, who made it, when it came out."""

    scheme: Scheme
    version: str
    released_on: date
    title: str
    producer: str
    licence: str | None
    """None where no source states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A code with its label; `valid_to` is its last day, `replaced_by` what took its place."""

    code: str
    line: int
    kind: str
    label_fr: str | None = None
    label_en: str | None = None
    broader: str | None = None
    replaced_by: Sequence[str] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    uri: str | None = None


class ConceptReader:
    """An opened source: its release, then its concepts once."""

    is_known_version = True
    remarks: Sequence[Finding] = ()

    def __init__(self, release: Release, parts: Sequence[str], concepts: Iterator[Concept]) -> None:
        self.version: str | None = release.version
        self.dated_on: date | None = release.released_on
        self.parts = parts
        self._release, self._concepts = release, concepts

    def __iter__(self) -> Iterator[Reading]:
        """Read on; a source without a single concept is refused."""
        concept = None
        for concept in self._concepts:
            yield reading(self._release, concept)
        if concept is None:
            raise FileRefused(
                "reference-empty",
                "Le fichier ne contient aucun code.",
                "The file holds no code.",
                step=2,
            )


def stated_version(names: Sequence[str], otherwise: str) -> str:
    """Read the version from the names of the files, `unix_…_v460_utf8.csv`, if they say one."""
    for name in names:
        found = re.search(r"(?:^|[ _/-])v(\d{1,4}(?:\.\d{1,3}){0,2})(?=[ _/.-])", name)
        if found:
            return found[1]
    return otherwise


def needed(dated_on: date | None) -> date:
    """Return the date of a release that its files do not tell; raises FileRefused without one."""
    if dated_on is None:
        raise FileRefused(
            "reference-date-missing",
            "Le fichier ne dit pas sa date : donnez « dated_on », celle de la publication.",
            "The file does not say its date: give `dated_on`, that of its release.",
            step=2,
        )
    return dated_on


def reading(release: Release, concept: Concept) -> Reading:
    """Judge a concept; one with faults came, and has no document."""
    labels = [clean(one) for one in (concept.label_fr, concept.label_en)]
    shown = [one for one in labels if one]
    faults = []
    if not _FORMS[release.scheme].fullmatch(concept.code):
        faults.append(("reference-code-invalid", "Code mal formé.", "Malformed code."))
    if not shown:
        faults.append(("reference-label-missing", "Libellé absent.", "Missing label."))
    if any(len(one) > LONGEST_LABEL for one in shown):
        faults.append(
            (
                "reference-label-too-long",
                f"Libellé de plus de {LONGEST_LABEL} caractères.",
                f"Label of more than {LONGEST_LABEL} characters.",
            )
        )
    code = concept.code[:40]
    derived = {
        "scheme": release.scheme,
        "version": release.version,
        "search_text": fold(" ".join([code, *shown])),
    }
    origin = {
        "title": release.title,
        "producer": release.producer,
        "licence": release.licence,
        "released_on": release.released_on,
    }
    if faults:
        found = [
            Finding(rule, Text(fr, en), 2, "error", code, concept.line) for rule, fr, en in faults
        ]
        return Reading(code, concept.line, found, derived=derived, origin=origin)
    facts = asdict(concept) | {"label_fr": labels[0], "label_en": labels[1]}
    del facts["line"]
    return Reading(code, concept.line, document=orjson.dumps(facts), derived=derived, origin=origin)
