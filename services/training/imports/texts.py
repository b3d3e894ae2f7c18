"""Texts as they are stored: NFC, without control characters; and those that were decoded wrong."""

import re
import unicodedata
from typing import Final

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_BLANK: Final = " \t\u00a0"
_BLANKS: Final = re.compile(r"[ \t]{2,}")
_AFTER: Final = "\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore")
_MOJIBAKE: Final = re.compile(f"[ÂÃÅâ](?:(?<!â)[{_AFTER}]|(?<=â)[{_AFTER}]{{2}})")
"""UTF-8 read as Latin-1 or as cp1252: `Ã©` for é, `Å“` for œ, `â€™` for ’, `â‚¬` for €.

All begin with one class of characters, so that the search passes quickly over the others."""


def clean(text: str | None) -> str | None:
    """Return the text in NFC, with plain line ends and single blanks; None where none is left."""
    if text is None:
        return None
    if not text.isprintable():
        text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        if "\n" in text:
            text = "\n".join([line.strip(_BLANK) for line in text.split("\n")])
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if "  " in text or "\t" in text:
        text = _BLANKS.sub(" ", text)
    return text.strip() or None


def is_mojibake(text: str) -> bool:
    """Tell whether a text, not yet cleaned, looks like UTF-8 read in a one-byte encoding."""
    if text.isascii() or not ("Ã" in text or "â" in text or "Â" in text or "Å" in text):
        return False
    return _MOJIBAKE.search(text) is not None
