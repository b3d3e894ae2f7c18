"""The sentence that reads one figure, as an expression of SQL. Pure.

It is made where the value is shown, so that what is hidden is in no sentence either.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from platformkit.i18n import Language, Text

READING_KEY: Final = "figure-reading/1.0.0"
"""Another template is another version."""

TEMPLATES: Final[Mapping[str, Text]] = {
    "figure": Text(
        "Lecture : {name}, {where}, {period} : {value} ({unit}).",
        "Reading: {name}, {where}, {period}: {value} ({unit}).",
    ),
    "hidden": Text(
        "Lecture : {name}, {where}, {period} : valeur couverte par le secret statistique.",
        "Reading: {name}, {where}, {period}: value under statistical confidentiality.",
    ),
    "withdrawn": Text(
        "Lecture : {name}, {where}, {period} : valeur retirée par le producteur.",
        "Reading: {name}, {where}, {period}: value withdrawn by the producer.",
    ),
    "absent": Text(
        "Lecture : {name}, {where}, {period} : valeur non disponible.",
        "Reading: {name}, {where}, {period}: value not available.",
    ),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of every figure of an indicator."""

    name: Text
    unit: Text
    decimals: int
    unsaid: frozenset[str]
    """Dimensions that go without saying: the name has them already."""


def expression(
    wording: Wording,
    language: Language,
    names: Sequence[str],
    value: str,
    status: str,
    reasons: Mapping[str, str],
    bind: Callable[[object, str], str],
) -> str:
    """Write the expression; `names` are those of the codes, `reasons` templates by status."""
    number = f"to_char(({value})::numeric, {bind(_form(wording.decimals), 'text')})"
    if language == "fr":
        number = f"translate({number}, ',.', {bind(chr(0x202F) + ',', 'text')})"
    fields = {
        "name": bind(wording.name.en if language == "en" else wording.name.fr, "text"),
        "unit": bind(wording.unit.en if language == "en" else wording.unit.fr, "text"),
        "where": f"concat_ws(', ', {', '.join(names)})",
        "period": "p.text",
        "value": number,
    }
    cases = [
        f"WHEN ({status}) = {bind(code, 'text')} THEN {_sentence(template, language, fields, bind)}"
        for code, template in reasons.items()
    ]
    return (
        f"CASE WHEN ({value}) IS NOT NULL THEN {_sentence('figure', language, fields, bind)}"
        f" {' '.join(cases)} ELSE {_sentence('absent', language, fields, bind)} END"
    )


def _form(decimals: int) -> str:
    """Pattern of PostgreSQL's to_char, with signs that no locale changes."""
    whole = "FM999,999,999,999,990"
    return f"{whole}.{'0' * decimals}" if decimals else whole


def _sentence(
    template: str,
    language: Language,
    fields: Mapping[str, str],
    bind: Callable[[object, str], str],
) -> str:
    text = TEMPLATES[template].en if language == "en" else TEMPLATES[template].fr
    parts = []
    for piece in text.split("{"):
        name, closed, rest = piece.partition("}")
        parts += [fields[name], bind(rest, "text")] if closed else [bind(piece, "text")]
    return f"concat({', '.join(parts)})"
