"""A key as it is applied: the class of a figure, how sure it is, and the sentence. Pure.

`observations.classing` says the same in SQL for whole tables of figures.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from observatory.structures import versions
from observatory.structures.bands import (
    Band,
    Includes,
    Rounding,
    classify,
    decimal,
    ordered,
    rounded,
)
from observatory.structures.catalogue import Artefact, text
from platformkit.i18n import Text

_REFERENCE: Final = re.compile(r"(?:[^:]+:)?(?P<id>[^(]+)\((?P<version>[^)]+)\)")

ENDS: Final = ("lower", "upper")

Why = Literal["classed", "unreliable", "beyond", "uncertain", "absent"]


@dataclass(frozen=True, slots=True)
class Class:
    """A class: its values, its name, and the template of its sentence."""

    band: Band
    name: Text
    sentence: Text


@dataclass(frozen=True, slots=True)
class Key:
    """A version of a reading key."""

    reference: str
    classes: tuple[Class, ...]
    """From the lowest to the highest."""

    rounding: Rounding | None
    caution: tuple[str, ...]
    unclassed: tuple[str, ...]
    needs_certainty: bool

    def named(self, band: Band) -> Class:
        """Return the class of a band."""
        return next(each for each in self.classes if each.band == band)


class Outcome(NamedTuple):
    """What a key says of a figure; `certain` is None where no interval is known."""

    why: Why
    klass: Class | None = None
    certain: bool | None = None
    reaches: tuple[Class, ...] = ()
    caution: bool = False


def key(artefact: Artefact) -> Key:
    """Return a published key as it is applied."""
    content = artefact.content
    classes = {
        each["id"]: Class(_band(each), text(each["name"]), text(each["reading"]))
        for each in content["bands"]
    }
    rounding = content["rounding"]
    return Key(
        reference=artefact.reference,
        classes=tuple(classes[each.id] for each in ordered(one.band for one in classes.values())),
        rounding=None if rounding is None else Rounding(rounding["decimals"], rounding["mode"]),
        caution=tuple(sorted(set(content["caution"]))),
        unclassed=tuple(sorted(set(content["unclassed"]))),
        needs_certainty=content["interval"] == "no_class",
    )


def _band(given: Mapping[str, Any]) -> Band:
    includes: Includes = given["includes"]
    lower, upper = (None if given[end] is None else decimal(given[end]) for end in ENDS)
    return Band(given["id"], lower, upper, includes)


def indicators(artefact: Artefact) -> list[str]:
    """Return the references to the indicators that a key, grid or sheet is about."""
    content = artefact.content
    if artefact.kind == "grid":
        criteria = (each for axis in content["dimensions"] for each in axis["criteria"])
        return list(dict.fromkeys(each["indicator"] for each in criteria))
    return content["indicators"] if artefact.kind == "reading_key" else [content["indicator"]]


def applies(artefact: Artefact, indicator: Artefact) -> bool:
    """Tell whether a key, grid or sheet names an indicator in this version.

    The agency of the figures may be another: a duplicated region keeps the ids.
    """
    named = indicators(artefact)
    for each in named:
        found = _REFERENCE.fullmatch(each)
        if (
            found is not None
            and found["id"] == indicator.id
            and versions.choose(found["version"], [indicator.version])
        ):
            return True
    return False


def judge(
    found: Key,
    value: float | None,
    status: str = "",
    interval: tuple[float, float] | None = None,
) -> Outcome:
    """Say which class a figure has, by the rules of the key."""
    if value is None:
        return Outcome("absent")
    if status in found.unclassed:
        return Outcome("unreliable")
    band = _of(found, value)
    if band is None:
        return Outcome("beyond")
    certain: bool | None = None
    reaches: tuple[Class, ...] = ()
    if interval is not None:
        low, high = (_of(found, end) for end in interval)
        certain = low == high == band
        reaches = _between(found, interval)
        if found.needs_certainty and not certain:
            return Outcome("uncertain", None, certain, reaches)
    return Outcome("classed", found.named(band), certain, reaches, status in found.caution)


def _of(found: Key, value: float) -> Band | None:
    return classify((each.band for each in found.classes), rounded(value, found.rounding))


def _between(found: Key, interval: tuple[float, float]) -> tuple[Class, ...]:
    """Return the classes from that of the lower end to that of the upper end."""
    low, high = (rounded(end, found.rounding) for end in interval)
    return tuple(
        each
        for each in found.classes
        if each.band.has(low)
        or each.band.has(high)
        or (
            (each.band.lower is None or each.band.lower < high)
            and (each.band.upper is None or each.band.upper > low)
        )
    )
