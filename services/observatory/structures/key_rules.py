"""What a reading key must fulfil, beside its form: bands that are a scale, sentences that fill in.

Pure; all faults at once.
"""

import string
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from observatory.structures import bands
from observatory.structures.key_schemas import Bounds, ReadingKey
from platformkit.errors import Fault
from platformkit.i18n import Text

PLACEHOLDERS: Final = ("name", "where", "period", "value", "unit", "class")

_BROKEN: Final = {
    "empty": Text("La classe {band} ne contient aucune valeur.", "The class {band} has no value."),
    "overlap": Text(
        "Les classes {other} et {band} ont des valeurs en commun.",
        "The classes {other} and {band} share values.",
    ),
    "gap": Text(
        "Entre les classes {other} et {band}, des valeurs n’ont pas de classe.",
        "Between the classes {other} and {band}, values have no class.",
    ),
}


def scale(given: ReadingKey) -> list[bands.Band]:
    """Return the bands of a key, as they are written."""
    return [band(each) for each in given.bands]


def band(given: Bounds) -> bands.Band:
    """Return a band with decimal bounds."""
    lower, upper = (
        None if end is None else bands.decimal(end) for end in (given.lower, given.upper)
    )
    return bands.Band(given.id, lower, upper, given.includes)


def faults(given: ReadingKey, place: str) -> Iterator[Fault]:
    """Bands have ids of their own, share no value and leave none out; sentences can be filled."""
    for name, count in Counter(each.id for each in given.bands).items():
        if count > 1:
            yield Fault(
                f"{place}/bands",
                "id-twice",
                Text(f"{name} est donné {count} fois.", f"{name} is given {count} times."),
            )
    for broken in bands.faults(scale(given)):
        text, told = _BROKEN[broken.kind], broken._asdict()
        yield Fault(
            f"{place}/bands",
            f"bands-{broken.kind}",
            Text(text.fr.format(**told), text.en.format(**told)),
        )
    for status in sorted(set(given.caution) & set(given.unclassed)):
        yield Fault(
            f"{place}/unclassed",
            "status-twice",
            Text(
                f"Le statut {status} est à la fois classé avec prudence et sans classe.",
                f"The status {status} is both classed with caution and without class.",
            ),
        )
    for at, each in enumerate(given.bands):
        for language, sentence in (("fr", each.reading.fr), ("en", each.reading.en)):
            unknown = unfilled(sentence)
            if unknown is not None:
                yield Fault(
                    f"{place}/bands/{at}/reading/{language}",
                    "placeholder-unknown",
                    Text(
                        f"« {unknown} » : seuls {', '.join(PLACEHOLDERS)} sont connus.",
                        f"“{unknown}”: only {', '.join(PLACEHOLDERS)} are known.",
                    ),
                )


def moved(given: ReadingKey, earlier: Mapping[str, Any]) -> str:
    """Name the classes that have other values than before: a figure would change its class."""
    before = {
        each["id"]: (each["lower"], each["upper"], each["includes"]) for each in earlier["bands"]
    }
    now = {each.id: (each.lower, each.upper, each.includes) for each in given.bands}
    changed = sorted(
        name for name in before.keys() | now.keys() if before.get(name) != now.get(name)
    )
    rounding = None if given.rounding is None else given.rounding.model_dump()
    return ", ".join(changed if rounding == earlier["rounding"] else [*changed, "rounding"])


def unfilled(sentence: str) -> str | None:
    """Name what cannot be filled in a template, None where all can."""
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError:
        return sentence[:40]
    for text, name, form, conversion in parts:
        if "{" in text or "}" in text:  # doubled braces, which SQL would not halve
            return text[:40]
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            return name[:40]
    return None
