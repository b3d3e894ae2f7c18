"""Reads a file of counts: a line per term and quarter, and one of all ads per quarter (`_T`)."""

import csv
import io
import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text

LARGEST_BYTES: Final = 64 << 20
ALL: Final = "_T"
"""The code of the lines that count all ads of a quarter (SDMX's total)."""

COLUMNS: Final = ("CODE", "LABEL_FR", "LABEL_EN", "TIME_PERIOD", "COUNT", "EMPLOYERS", "LARGEST")
_NEEDED: Final = frozenset(COLUMNS) - {"LABEL_EN"}
_MOST_FAULTS: Final = 100
_LONGEST: Final = 300
_MOST: Final = 2**31 - 1
_YEARS: Final = range(1900, 2101)
_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")


class CountsInvalid(Invalid):
    """The file breaks rules, each named in `errors` with its line; the first hundred are told."""

    code = "counts-invalid"
    title = Text("Effectifs invalides", "Invalid counts")


class Told(NamedTuple):
    """Ads of a term, their employers, the share of the one with most, and how many more at most."""

    ads: int
    employers: int
    largest: float
    hidden: int = 0


@dataclass(slots=True)
class Counted:
    """What a file says, without its zeros."""

    labels: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    counts: dict[tuple[str, int], Told] = field(default_factory=dict)
    """By code and quarter."""

    totals: dict[int, int] = field(default_factory=dict)
    spare: dict[int, int] = field(default_factory=dict)
    """How many more ads a quarter may have, which the source does not tell."""


def quarter_of(text: str) -> int:
    """Give a quarter its number: 2026-Q3 is 2026 × 4 + 2; raises ValueError."""
    found = _QUARTER.fullmatch(text)
    if found is None or int(found[1]) not in _YEARS:
        raise ValueError(text)
    return int(found[1]) * 4 + int(found[2]) - 1


def quarter_text(number: int) -> str:
    """Write a quarter as SDMX does."""
    return f"{number // 4:04d}-Q{number % 4 + 1}"


def read(content: bytes) -> Counted:
    """Read the whole file, or raise CountsInvalid."""
    faults: list[Fault] = []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CountsInvalid(
            [_fault(1, "encoding", "UTF-8 attendu.", "UTF-8 is wanted.")]
        ) from error
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    lines = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found = Counted()
    try:
        names = set(lines.fieldnames or ())
        faults += [
            _fault(1, "column-missing", f"La colonne {one} manque.", f"Column {one} is missing.")
            for one in sorted(_NEEDED - names)
        ]
        faults += [
            _fault(1, "column-unknown", "Colonne inconnue.", "A column is unknown.")
            for one in names - set(COLUMNS)
        ]
        if faults:
            raise CountsInvalid(faults[:_MOST_FAULTS])
        for line in lines:
            faults += _take(found, line, lines.line_num)
            if len(faults) >= _MOST_FAULTS:
                raise CountsInvalid(faults[:_MOST_FAULTS])
    except csv.Error as error:
        faults.append(_fault(lines.line_num, "line-unreadable", "Ligne illisible.", "Unreadable."))
        raise CountsInvalid(faults) from error
    faults += _beyond(found)
    if not found.totals and not faults:
        faults.append(_fault(1, "total-missing", "Aucune ligne _T.", "There is no line _T."))
    if faults:
        raise CountsInvalid(faults[:_MOST_FAULTS])
    return found


def _take(found: Counted, line: dict[str, str], number: int) -> list[Fault]:
    """Keep one line, or say all that is wrong with it."""
    faults = []
    code, label = (line["CODE"] or "").strip(), (line["LABEL_FR"] or "").strip()
    english = (line.get("LABEL_EN") or "").strip() or None
    if not code or max(len(code), len(label), len(english or "")) > _LONGEST or "\0" in str(line):
        faults.append(_fault(number, "term-invalid", "Code ou libellé.", "Code or label."))
    if code != ALL and not label:
        faults.append(_fault(number, "label-missing", "LABEL_FR manque.", "LABEL_FR is missing."))
    try:
        quarter = quarter_of(line["TIME_PERIOD"] or "")
    except ValueError:
        told = ("TIME_PERIOD : 1900-Q1 à 2100-Q4.", "TIME_PERIOD: 1900-Q1 to 2100-Q4.")
        return [*faults, _fault(number, "period-invalid", *told)]
    try:
        count = _whole(line["COUNT"])
        if code == ALL:
            return [*faults, *_total(found, quarter, count, number)]
        employers, largest = _whole(line["EMPLOYERS"]), float(line["LARGEST"] or "0")
    except (TypeError, ValueError):
        return [*faults, _fault(number, "number-malformed", "Nombre illisible.", "Not a number.")]
    if count and not (1 <= employers <= count and 0 < largest <= 1):
        told = (
            "EMPLOYERS va de 1 à COUNT, LARGEST de 0 exclu à 1.",
            "EMPLOYERS is from 1 to COUNT, LARGEST from 0 excluded to 1.",
        )
        faults.append(_fault(number, "count-impossible", *told))
    if (code, quarter) in found.counts:
        faults.append(_fault(number, "line-twice", "Deuxième fois.", "There a second time."))
    if not faults:
        found.labels[code] = (label, english)
        if count:
            found.counts[code, quarter] = Told(count, employers, largest)
    return faults


def _total(found: Counted, quarter: int, count: int, number: int) -> list[Fault]:
    if quarter in found.totals:
        return [_fault(number, "line-twice", "Deuxième total.", "A second total.")]
    found.totals[quarter] = count
    return []


def _whole(text: str | None) -> int:
    value = int(text or "0")
    if not 0 <= value <= _MOST:
        raise ValueError(text)
    return value


def _beyond(found: Counted) -> list[Fault]:
    """Find counts without a total, or above it."""
    return [
        _fault(
            0,
            "total-too-small",
            f"{code} {quarter_text(quarter)} dépasse le total _T du trimestre, ou il manque.",
            f"{code} {quarter_text(quarter)} is above the quarter’s total _T, or that is missing.",
        )
        for (code, quarter), told in found.counts.items()
        if told.ads > found.totals.get(quarter, 0)
    ]


def _fault(line: int, code: str, fr: str, en: str) -> Fault:
    return Fault("", code, Text(fr, en), place=str(line) if line else None)
