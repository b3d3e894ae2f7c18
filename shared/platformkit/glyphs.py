"""Which characters a reader may be shown, and which the fonts that typst carries can draw."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

BLOCKS = (
    (0x0020, 0x04FF),  # Latin, phonetics, Greek, Cyrillic
    (0x0530, 0x05FF),  # Armenian, Hebrew
    (0x1E00, 0x1FFF),  # more Latin and Greek
    (0x2010, 0x2040),  # punctuation
    (0x2070, 0x20CF),  # superscripts, currencies
    (0x2190, 0x22FF),  # arrows, mathematical operators
    (0x2500, 0x25FF),  # frames and shapes
)
"""Unicode blocks of which no drawable character lacks; a test draws them all."""

STAND_IN = "\N{WHITE SQUARE}"
_LINE = "\n\t"
_LOOSE = re.compile(r" (?=[:;?!»%€])|(?<=«) ")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)


def drawable(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Replace, in all texts of a JSON value, what may have no glyph by a white square.

    Marks that no precomposed letter has taken up are replaced too: some fonts draw the letter,
    others the mark, and typst needs one that draws both.
    """
    return _each(value, lambda text: "".join(map(_drawn, unicodedata.normalize("NFC", text))))


def legible(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Replace, in all texts of a JSON value, what no reader should see or no XML can hold.

    These are controls, lone surrogates, non-characters, and the marks that turn the direction of
    the text around (U+202A–E, U+2066–9), with which a name could show as another.
    """
    return _each(value, lambda text: _UNSEEN.sub(STAND_IN, text))


def bound(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Bind French signs to their words, in all texts of a JSON value: no line begins with one."""
    return _each(value, lambda text: _LOOSE.sub("\u00a0", text))


def _each(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401  # JSON
    match value:
        case str():
            return change(value)
        case list() | tuple():
            return [_each(one, change) for one in value]
        case dict():
            return {key: _each(one, change) for key, one in value.items()}
        case _:
            return value


def _drawn(sign: str) -> str:
    known = any(first <= ord(sign) <= last for first, last in BLOCKS)
    visible = unicodedata.category(sign)[0] not in "CM"
    return sign if sign in _LINE or (known and visible) else STAND_IN
