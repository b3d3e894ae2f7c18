"""What a cell of the authoring workbook means, and what to say when Excel or a hand meant else."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostic.exchanges.columns import TYPES, Column, folded
from diagnostic.exchanges.workbooks import Cell

Read = str | int | float | bool | list[str] | None
"""What a cell says, as JSON."""

_YES = frozenset({"oui", "vrai", "yes", "true", "x", "o", "y"})
_NO = frozenset({"non", "faux", "no", "false", "n"})
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_LONGEST = 32_767
_EXCEL_DIGITS = 15
_EXACT = 10**15


@dataclass(frozen=True, slots=True)
class Word:
    """What is said of a cell."""

    code: str
    fr: str
    en: str


class CellRefused(ValueError):
    """The cell holds what its column cannot take."""

    def __init__(self, code: str, fr: str, en: str) -> None:
        super().__init__(en)
        self.word = Word(code, fr, en)


_KINDS = {
    "f": CellRefused(
        "cell_formula",
        "Une formule n’est pas lue : collez sa valeur.",
        "A formula is not read: paste its value.",
    ),
    "e": CellRefused(
        "cell_error",
        "La cellule contient une erreur d’Excel.",
        "The cell holds an error of Excel.",
    ),
    "d": CellRefused(
        "cell_date",
        "Excel a pris cette saisie pour une date : mettez la cellule au format Texte et"
        " ressaisissez-la.",
        "Excel took this for a date: format the cell as Text and type it again.",
    ),
}


def value_of(cell: Cell, column: Column) -> tuple[Read, Word | None]:
    """Read a cell as its column wants, with what to say about it; CellRefused when it cannot be."""
    if cell.kind in _KINDS:
        raise _KINDS[cell.kind]
    value = cell.value
    if isinstance(value, str):
        if not value.strip():
            return None, Word(
                "cell_blank",
                "La cellule ne contient que des espaces : elle est lue comme vide.",
                "The cell holds nothing but spaces: it is read as empty.",
            )
        return _from_text(value, column)
    if isinstance(value, bool):
        if column.kind == "flag":
            return value, None
    elif isinstance(value, int | float):
        return _from_number(value, column)
    raise CellRefused(
        "cell_type",
        f"La colonne « {column.fr} » n’admet pas cette valeur.",
        f"The column {column.en} does not take this value.",
    )


def _from_number(value: float, column: Column) -> tuple[Read, Word | None]:
    whole = int(value) if abs(value) < _EXACT and value == int(value) else None
    if column.kind == "number":
        return (value if whole is None else whole), None
    if column.kind == "integer" and whole is not None:
        return whole, None
    if column.kind in {"text", "code"}:
        text = str(value if whole is None else whole)
        return text, Word(
            "number_as_text",
            f"Le nombre est lu comme le texte « {text} ».",
            f"The number is read as the text {text!r}.",
        )
    if column.kind == "flag" and whole in {0, 1}:
        return whole == 1, Word(
            "number_as_flag",
            f"{whole} est lu comme {'oui' if whole else 'non'}.",
            f"{whole} is read as {'yes' if whole else 'no'}.",
        )
    raise _whole() if column.kind == "integer" else _choice(column)


def _from_text(value: str, column: Column) -> tuple[Read, Word | None]:
    if len(value) > _LONGEST:
        raise CellRefused("cell_long", "Le texte est trop long.", "The text is too long.")
    if column.kind == "text":
        return _text(value)
    bare = value.strip()
    trimmed = (
        Word(
            "cell_trimmed",
            "Les espaces autour de la valeur sont ignorées.",
            "The spaces around the value are ignored.",
        )
        if bare != value
        else None
    )
    if column.kind == "code":
        return bare, trimmed
    if column.kind == "list":
        return [one for one in re.split(r"[\s,;]+", bare.lower()) if one], trimmed
    if column.kind == "flag" and folded(bare) in _YES | _NO:
        return folded(bare) in _YES, trimmed
    if column.kind == "choice":
        for code, french in TYPES.items():
            if folded(bare) in {code, folded(french)}:
                return code, trimmed
    if column.kind in {"flag", "choice"}:
        raise _choice(column)
    return _number(bare, column)


def _text(value: str) -> tuple[str, Word | None]:
    """Keep a text as it is, but for the carriage returns that some tools leave in it."""
    if "_x000D_" in value:
        return value.replace("_x000D_", ""), Word(
            "carriage_return",
            "Des retours chariot ont été retirés.",
            "Carriage returns were removed.",
        )
    if value.strip() != value:
        return value, Word(
            "text_padded",
            "Le texte commence ou finit par une espace ; elle est conservée.",
            "The text begins or ends with a space, which is kept.",
        )
    return value, None


def _number(bare: str, column: Column) -> tuple[int | float, Word | None]:
    joined = re.sub(r"(?<=[0-9])[\u00a0\u202f ](?=[0-9]{3}\b)", "", bare).replace("−", "-")
    if _NUMBER.fullmatch(joined) is None:
        raise CellRefused("cell_number", "Un nombre est attendu.", "A number is expected.")
    read = float(joined.replace(",", "."))
    if abs(read) == float("inf"):
        raise CellRefused("cell_number", "Un nombre est attendu.", "A number is expected.")
    number, _ = _from_number(read, column)
    assert isinstance(number, int | float)  # noqa: S101  # a number column gives a number
    if sum(one.isdigit() for one in joined) > _EXCEL_DIGITS:
        return number, None  # more than Excel keeps in a number: a text is the right way
    return number, Word(
        "text_as_number",
        f"Le texte « {bare[:40]} » est lu comme le nombre {str(number).replace('.', ',')}.",
        f"The text {bare[:40]!r} is read as the number {number}.",
    )


def _whole() -> CellRefused:
    return CellRefused("cell_whole", "Un nombre entier est attendu.", "A whole number is expected.")


def _choice(column: Column) -> CellRefused:
    if column.kind == "flag":
        return CellRefused("cell_flag", "Écrivez oui ou non.", "Write yes or no.")
    return CellRefused(
        "cell_choice",
        f"Valeurs admises : {', '.join(TYPES.values())}.",
        f"Allowed values: {', '.join(TYPES)}.",
    )
