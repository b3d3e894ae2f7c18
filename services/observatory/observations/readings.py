"""The sentence that reads one figure, as an expression of SQL. Pure.

It is made where the value is shown, so that what is hidden is in no sentence either.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from observatory.observations import classing
from observatory.structures.classing import Key
from platformkit.i18n import Language, Text

READING_KEY: Final = "figure-reading/1.0.0"
"""Another template is another version; a figure read with a key names that key instead."""

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
    "unreliable": Text(
        "Lecture : {name}, {where}, {period} : {value} ({unit}), sans classe, car la valeur est"
        " trop peu fiable.",
        "Reading: {name}, {where}, {period}: {value} ({unit}), without class, as the value is too"
        " unreliable.",
    ),
    "beyond": Text(
        "Lecture : {name}, {where}, {period} : {value} ({unit}), hors de l’échelle de la clé.",
        "Reading: {name}, {where}, {period}: {value} ({unit}), beyond the scale of the key.",
    ),
    "uncertain": Text(
        "Lecture : {name}, {where}, {period} : {value} ({unit}), sans classe, car l’intervalle à"
        " 95 % en touche plusieurs.",
        "Reading: {name}, {where}, {period}: {value} ({unit}), without class, as the 95% interval"
        " reaches several.",
    ),
}
CAUTION: Final = Text(
    " À lire avec prudence : la valeur est estimée, provisoire ou d’une autre définition.",
    " Read with caution: the value is estimated, provisional or of another definition.",
)
SPREAD: Final = Text(
    " L’intervalle à 95 % touche plusieurs classes.", " The 95% interval reaches several classes."
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of every figure of an indicator; with a key, also its class."""

    name: Text
    unit: Text
    decimals: int
    unsaid: tuple[str, ...]
    """Dimensions that go without saying: the name has them already."""

    key: Key | None = None


def expression(
    wording: Wording,
    language: Language,
    names: Sequence[str],
    value: str,
    status: str,
    reasons: Mapping[str, str],
    bind: Callable[[object, str], str],
) -> str:
    """Write the expression; `names` are those of the codes, `reasons` templates by status.

    With a key, `classing.joins` are in the statement, and the number is shown as it was compared:
    it never shows another class.
    """
    shown_value, decimals = f"({value})::numeric", wording.decimals
    if wording.key is not None and wording.key.rounding is not None:
        shown_value, decimals = classing.VALUE, wording.key.rounding.decimals
    number = f"to_char({shown_value}, {bind(_form(decimals), 'text')})"
    if language == "fr":
        number = f"translate({number}, ',.', {bind(chr(0x202F) + ',', 'text')})"
    fields = {
        "name": bind(_in(wording.name, language), "text"),
        "unit": bind(_in(wording.unit, language), "text"),
        "where": f"concat_ws(', ', {', '.join(names)})",
        "period": "p.text",
        "value": number,
    }
    cases = [
        f"WHEN ({status}) = {bind(code, 'text')} THEN "
        + _sentence(_in(TEMPLATES[template], language), fields, bind)
        for code, template in reasons.items()
    ]
    shown = (
        _sentence(_in(TEMPLATES["figure"], language), fields, bind)
        if wording.key is None
        else _classed(wording.key, language, fields, bind)
    )
    absent = _sentence(_in(TEMPLATES["absent"], language), fields, bind)
    return f"CASE WHEN ({value}) IS NOT NULL THEN {shown} {' '.join(cases)} ELSE {absent} END"


def _classed(
    key: Key, language: Language, fields: Mapping[str, str], bind: Callable[[object, str], str]
) -> str:
    """Write the sentence of a figure that is shown, by its class or by why it has none."""
    cases = [
        f"WHEN {classing.WHY} = '{why}' THEN "
        + _sentence(_in(TEMPLATES[why], language), fields, bind)
        for why in ("unreliable", "beyond", "uncertain")
    ]
    for each in key.classes:
        template, named = _in(each.sentence, language), fields
        if "{class}" in template:  # PostgreSQL wants each argument used
            named = {**fields, "class": bind(_in(each.name, language), "text")}
        sentence = _sentence(template, named, bind)
        cases.append(f"WHEN {classing.CLASS} = {bind(each.band.id, 'text')} THEN {sentence}")
    caution = bind(list(key.caution), "text[]")
    return (
        f"concat(CASE {' '.join(cases)} END,"
        f" CASE WHEN {classing.CLASS} IS NOT NULL AND {classing.STATUS} = ANY ({caution})"
        f" THEN {bind(_in(CAUTION, language), 'text')} END,"
        f" CASE WHEN NOT {classing.CERTAIN} THEN {bind(_in(SPREAD, language), 'text')} END)"
    )


def _in(text: Text, language: Language) -> str:
    return text.en if language == "en" else text.fr


def _form(decimals: int) -> str:
    """Pattern of PostgreSQL's to_char, with signs that no locale changes."""
    whole = "FM999,999,999,999,990"
    return f"{whole}.{'0' * decimals}" if decimals else whole


def _sentence(template: str, fields: Mapping[str, str], bind: Callable[[object, str], str]) -> str:
    parts = []
    for piece in template.split("{"):
        name, closed, rest = piece.partition("}")
        parts += [fields[name], bind(rest, "text")] if closed else [bind(piece, "text")]
    return f"concat({', '.join(parts)})"
