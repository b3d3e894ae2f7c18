"""Every way in which a value may not fit its question, type by type; nothing is ever coerced."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, assert_never
from uuid import UUID

from diagnostic.questionnaires.grid import (
    Boolean,
    Date,
    File,
    Finding,
    FreeText,
    Matrix,
    Multiple,
    Number,
    Question,
    Scale,
    Single,
)


def value_faults(question: Question, value: Any) -> Iterator[Finding]:  # noqa: ANN401  # JSON
    """Find what is wrong with a value given as an answer, with pointers under /value."""
    match question:
        case Single():
            yield from _option_faults(question, value, "/value")
        case Multiple():
            yield from _multiple_faults(question, value)
        case Boolean():
            yield from _boolean_faults(value)
        case Scale():
            yield from _step_faults(value, question.maximum, "/value")
        case Matrix():
            yield from _matrix_faults(question, value)
        case Number():
            yield from _number_faults(question, value)
        case FreeText():
            yield from text_faults("/value", value, question.max_length)
        case Date():
            yield from _date_faults(value)
        case File():
            yield from _file_faults(value)
        case _:
            assert_never(question)


def _type_fault(pointer: str, fr: str, en: str) -> Finding:
    return Finding(pointer, "wrong_type", f"La valeur attendue est {fr}.", f"Expected {en}.")


def _boolean_faults(value: object) -> Iterator[Finding]:
    if not isinstance(value, bool):
        yield _type_fault("/value", "true ou false", "true or false")


def _option_faults(question: Single | Multiple, value: object, pointer: str) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield _type_fault(pointer, "le code d’une modalité", "the code of an option")
    elif value not in {option.code for option in question.options}:
        codes = ", ".join(option.code for option in question.options)
        yield Finding(
            pointer,
            "option_unknown",
            f"Cette modalité n’existe pas ; modalités possibles : {codes}.",
            f"There is no such option; the options are: {codes}.",
        )


def _multiple_faults(question: Multiple, value: object) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield _type_fault("/value", "une liste de codes de modalités", "a list of option codes")
        return
    if not value:
        yield Finding(
            "/value",
            "empty",
            "Choisissez au moins une modalité.",
            "Choose at least one option.",
        )
    if len(value) > len(question.options):
        yield Finding(
            "/value",
            "too_many",
            f"Au plus {len(question.options)} modalités.",
            f"At most {len(question.options)} options.",
        )
        return
    seen: set[object] = set()
    for index, one in enumerate(value):
        pointer = f"/value/{index}"
        yield from _option_faults(question, one, pointer)
        if isinstance(one, str):
            if one in seen:
                yield Finding(
                    pointer,
                    "duplicate",
                    "Cette modalité est déjà choisie.",
                    "This option is already chosen.",
                )
            seen.add(one)
    alone = [option.code for option in question.options if option.exclusive]
    if len(seen) > 1 and any(code in seen for code in alone):
        yield Finding(
            "/value",
            "exclusive_not_alone",
            f"Une modalité exclusive se choisit seule : {', '.join(alone)}.",
            f"An exclusive option is chosen alone: {', '.join(alone)}.",
        )


def _step_faults(value: object, maximum: int, pointer: str) -> Iterator[Finding]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield _type_fault(
            pointer, f"un nombre entier de 0 à {maximum}", f"a whole number from 0 to {maximum}"
        )
    elif not 0 <= value <= maximum:
        yield Finding(
            pointer,
            "out_of_range",
            f"La valeur doit être comprise entre 0 et {maximum}.",
            f"The value must be between 0 and {maximum}.",
        )


def _matrix_faults(question: Matrix, value: object) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield _type_fault(
            "/value",
            "un objet donnant une valeur pour chaque ligne",
            "an object with one value for each row",
        )
        return
    rows = [row.code for row in question.rows]
    if unknown := sorted(str(key) for key in value.keys() - set(rows))[:10]:
        for key in unknown:
            yield Finding(
                f"/value/{_escape(key)}",
                "row_unknown",
                f"Cette ligne n’existe pas ; lignes : {', '.join(rows)}.",
                f"There is no such row; the rows are: {', '.join(rows)}.",
            )
    for row in rows:
        pointer = f"/value/{_escape(row)}"
        if row not in value:
            yield Finding(pointer, "row_missing", "Cette ligne manque.", "This row is missing.")
        elif value[row] is not None or not question.allow_row_na:
            yield from _step_faults(value[row], question.maximum, pointer)
    if question.allow_row_na and value and all(one is None for one in value.values()):
        yield Finding(
            "/value",
            "empty",
            "Aucune ligne ne vous concerne : répondez « non concerné » à la question.",
            "No row applies: answer the question itself as not applicable.",
        )


def _escape(key: str) -> str:
    return key[:64].replace("~", "~0").replace("/", "~1")


def _number_faults(question: Number, value: object) -> Iterator[Finding]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield _type_fault("/value", "un nombre", "a number")
        return
    if isinstance(value, float) and not math.isfinite(value):
        yield _type_fault("/value", "un nombre fini", "a finite number")
        return
    if question.integer and not isinstance(value, int):
        yield _type_fault("/value", "un nombre entier", "a whole number")
    low = question.minimum if question.minimum is not None else -1e15
    high = question.maximum if question.maximum is not None else 1e15
    if not low <= value <= high:
        yield Finding(
            "/value",
            "out_of_range",
            f"La valeur doit être comprise entre {low:g} et {high:g}.",
            f"The value must be between {low:g} and {high:g}.",
        )


def text_faults(pointer: str, value: object, longest: int) -> Iterator[Finding]:
    """Find what is wrong with a text: empty, too long, not in NFC, or with control signs."""
    if not isinstance(value, str):
        yield _type_fault(pointer, "un texte", "a text")
        return
    if value.strip() == "":
        yield Finding(pointer, "empty", "Le texte est vide.", "The text is empty.")
    if len(value) > longest:
        yield Finding(
            pointer,
            "too_long",
            f"Au plus {longest} caractères.",
            f"At most {longest} characters.",
        )
    if not unicodedata.is_normalized("NFC", value):
        yield Finding(
            pointer,
            "not_nfc",
            "Le texte doit être en forme Unicode NFC.",
            "The text must be in Unicode form NFC.",
        )
    if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t" for sign in value):
        yield Finding(
            pointer,
            "control_character",
            "Le texte contient un caractère de contrôle.",
            "The text contains a control character.",
        )


def _date_faults(value: object) -> Iterator[Finding]:
    if not isinstance(value, str) or _day(value) != value:
        yield _type_fault("/value", "une date AAAA-MM-JJ", "a date YYYY-MM-DD")


def _day(text: str) -> str | None:
    """Normalise a date, since Python also reads 20261123 and 2026-W48-1."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _file_faults(value: object) -> Iterator[Finding]:
    if not isinstance(value, str) or _identifier(value) != value:
        yield _type_fault("/value", "l’identifiant d’une preuve", "the id of a piece of evidence")


def _identifier(text: str) -> str | None:
    """Normalise a UUID, since Python also reads {0b0e…}, urn:uuid:0b0e… and capitals."""
    try:
        return str(UUID(text))
    except ValueError:
        return None
