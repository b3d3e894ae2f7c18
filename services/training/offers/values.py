"""From the texts of LHÉO to values and back: a value that cannot be read raises Unreadable."""

import re
from datetime import date
from typing import Any, Final

from training.certifications import numbers, sirets
from training.imports.texts import clean
from training.offers.grammar import Leaf

_FREE: Final = re.compile(r"gratuit(?:e|s|es)?|free", re.IGNORECASE)
_AMOUNT: Final = re.compile(
    r"(?P<whole>\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d+)(?:[.,](?P<cents>\d{1,2}))?"
    r"[ \u00a0\u202f]*(?:€|EUR|euros?)?",
    re.IGNORECASE | re.ASCII,
)
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{1,15})?", re.ASCII)
_DAY: Final = re.compile(r"\d{8}", re.ASCII)
_OPEN: Final = {"00000000", "99999999"}
"""LHÉO's way to say that a period has no known start or end."""
_YEARS: Final = range(1900, 2200)


class Unreadable(ValueError):
    """A text is not of its kind; `args[0]` is the rule it breaks."""


def read(leaf: Leaf, tag: str, raw: str) -> Any:  # noqa: ANN401  # a value of any kind
    """Return the value of a text; None for an open day or a coordinate that says nothing."""
    text = clean(raw) or ""
    if leaf.kind == "text":
        if not leaf.least <= len(text) <= leaf.most:
            raise Unreadable("lheo-length")
        return text
    if leaf.kind == "key":
        if text not in (leaf.keys or {}):
            raise Unreadable("lheo-key-unknown")
        return (leaf.keys or {})[text]
    if leaf.kind == "certification":
        return _certification(text, "RS" if tag.endswith("RS") else "RNCP")
    return _READERS[leaf.kind](text, leaf)


def _integer(text: str, leaf: Leaf) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= leaf.most):  # noqa: PLR2004  # bounded before int()
        raise Unreadable("lheo-integer")
    return int(text)


def _day(text: str, _: Leaf) -> str | None:
    if text in _OPEN:
        return None
    if not _DAY.fullmatch(text):
        raise Unreadable("date-invalid")
    try:
        found = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise Unreadable("date-invalid") from None
    if found.year not in _YEARS:
        raise Unreadable("date-invalid")
    return found.isoformat()


def _siret(text: str, _: Leaf) -> str:
    digits = sirets.digits_of(text)
    if not sirets.is_written(digits):
        raise Unreadable("siret-invalid")
    return digits


def _certification(text: str, directory: numbers.Directory) -> str:
    found = numbers.parse(text)
    if found is None or found.directory not in (None, directory):
        raise Unreadable("certification-number-invalid")
    return f"{directory}{found.number}"


def _price(text: str, leaf: Leaf) -> dict[str, Any]:
    """Read `1 200,00 €`, `gratuit`; what is neither keeps its words (training.md §3, 11)."""
    if not 1 <= len(text) <= leaf.most:
        raise Unreadable("lheo-length")
    if _FREE.fullmatch(text):
        return {"amount": "0.00", "currency": "EUR", "free": True}
    found = _AMOUNT.fullmatch(text)
    if found is None:
        return {"amount": None, "currency": "EUR", "text": text}
    whole = re.sub(r"\D", "", found["whole"]).lstrip("0") or "0"
    amount = f"{whole}.{(found['cents'] or '').ljust(2, '0')}"
    if len(amount) > leaf.most:
        amount = whole if amount.endswith(".00") else amount.rstrip("0")
    return {"amount": amount, "currency": "EUR", "free": not amount.strip("0.")}


def _degrees(text: str, leaf: Leaf) -> str | None:
    if not _DEGREES.fullmatch(text):
        return None
    plain = text.replace(",", ".").removeprefix("+")
    return plain if abs(float(plain)) <= leaf.most else None


_READERS: Final = {
    "integer": _integer,
    "day": _day,
    "siret": _siret,
    "price": _price,
    "degrees": _degrees,
}


def written(leaf: Leaf, tag: str, value: Any) -> str:  # noqa: ANN401  # likewise
    """Return the text of a value, as LHÉO 2.3 writes it."""
    if leaf.kind == "key":
        return (leaf.words or {})[value]
    if leaf.kind == "day":
        if value is None:
            return "00000000" if tag == "debut" else "99999999"
        return str(value).replace("-", "")
    if leaf.kind == "price":
        return str(value["text"] if value["amount"] is None else value["amount"])
    return str(value)
