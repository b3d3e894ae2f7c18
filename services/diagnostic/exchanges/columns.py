"""What a column and a sheet of the authoring workbook are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from platformkit import matching

Kind = Literal["code", "text", "number", "integer", "flag", "choice", "list"]

TYPES = {
    "single": "choix unique",
    "multiple": "choix multiple",
    "boolean": "oui/non",
    "scale": "échelle",
    "matrix": "matrice",
    "number": "nombre",
    "text": "texte",
    "date": "date",
    "file": "fichier",
}
"""Types of question, by code, as a French author picks them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where its value belongs in the JSON of its row, and what an author reads."""

    path: tuple[str, ...]
    fr: str
    en: str
    kind: Kind
    help_fr: str
    help_en: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet; `single` holds one record, its columns written downwards."""

    fr: str
    en: str
    columns: tuple[Column, ...]
    single: bool = False
    required: bool = False


def texts(
    field: str, fr: str, en: str, help_fr: str, help_en: str, *, required: bool = False
) -> tuple[Column, Column]:
    """Make the two columns of a text, French and English."""
    return (
        Column(
            (field, "fr"), f"{fr} (français)", f"{en} (French)", "text", help_fr, help_en, required
        ),
        Column(
            (field, "en"),
            f"{fr} (anglais)",
            f"{en} (English)",
            "text",
            "La traduction ; vide, le texte français est montré.",
            "The translation; when empty, the French text is shown.",
        ),
    )


def code(fr: str, en: str, help_fr: str, help_en: str) -> Column:
    """Make the column of a row's own code."""
    return Column(("code",), fr, en, "code", help_fr, help_en, required=True)


WEIGHT = Column(
    ("weight",),
    "Poids",
    "Weight",
    "number",
    "Un nombre positif ou nul ; vide : 1 (0 pour un texte, une date ou un fichier).",
    "A number, zero or more; empty: 1 (0 for a text, a date or a file).",
)


def folded(text: str) -> str:
    """Compare headings and words whatever their case, accents, apostrophes and spaces."""
    return " ".join(matching.folded(text).split())
