"""Which characters the fonts that typst carries can draw."""

import unicodedata
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


def drawable(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Replace, in all texts of a JSON value, what may have no glyph by a white square.

    Marks that no precomposed letter has taken up are replaced too: some fonts draw the letter,
    others the mark, and typst needs one that draws both.
    """
    match value:
        case str():
            return "".join(map(_drawn, unicodedata.normalize("NFC", value)))
        case list() | tuple():
            return [drawable(one) for one in value]
        case dict():
            return {key: drawable(one) for key, one in value.items()}
        case _:
            return value


def _drawn(sign: str) -> str:
    known = any(first <= ord(sign) <= last for first, last in BLOCKS)
    visible = unicodedata.category(sign)[0] not in "CM"
    return sign if sign in _LINE or (known and visible) else STAND_IN
