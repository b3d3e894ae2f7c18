"""Reads what units bring, line by line: the one confidential input of disclosure control."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal, InvalidOperation
from typing import Final

from observatory.disclosure.cells import Brought
from observatory.disclosure.rules import Contribution
from observatory.observations import periods
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text

MOST_LINES: Final = 2_000_000
TIME, UNIT, AMOUNT, WEIGHT = "TIME_PERIOD", "UNIT", "AMOUNT", "WEIGHT"
_SHOWN: Final = 100
_LONGEST: Final = 100


class ContributionsInvalid(Invalid):
    """The file of contributions breaks rules, each named in `errors` with its line."""

    code = "contributions-invalid"
    title = Text("Contributions invalides", "Invalid contributions")


def read(lines: Iterable[str], dimensions: Mapping[str, AbstractSet[str]]) -> list[Brought]:
    """Read a CSV with a column per dimension, TIME_PERIOD, UNIT, AMOUNT and perhaps WEIGHT.

    Lines of one cell and unit are added up. Raises ContributionsInvalid with the first hundred
    faults.
    """
    reader = csv.DictReader(lines)
    needed = [*dimensions, TIME, UNIT, AMOUNT]
    header = reader.fieldnames or []
    faults = [
        _fault(1, "column-missing", f"La colonne {name} manque.", f"The column {name} is missing.")
        for name in needed
        if name not in header
    ]
    faults += [
        _fault(1, "column-unknown", "Une colonne est inconnue.", "A column is unknown.")
        for name in header
        if name not in needed and name != WEIGHT
    ]
    if faults:
        raise ContributionsInvalid(faults)
    found: dict[tuple[tuple[str, ...], str], Contribution] = {}
    weights: dict[tuple[str, str], Decimal] = {}
    for line, row in enumerate(reader, start=2):
        if line > MOST_LINES + 1:
            sentence = f"Plus de {MOST_LINES} lignes.", f"More than {MOST_LINES} lines."
            faults.append(_fault(line, "too-many-lines", *sentence))
            break
        wrong = list(_wrong(line, row, dimensions))
        if wrong:
            faults += wrong
            if len(faults) >= _SHOWN:
                break
            continue
        period = periods.parse(row[TIME])
        assert period is not None  # noqa: S101  # judged just now
        key = (*(row[name] for name in dimensions), period.text), row[UNIT]
        amount, weight = Decimal(row[AMOUNT]), Decimal(row.get(WEIGHT) or 1)
        had = found.get(key)
        if weights.setdefault((row[UNIT], period.text), weight) != weight:
            sentence = "Une unité a deux poids.", "A unit has two weights."
            faults.append(_fault(line, "weight-changes", *sentence))
            continue
        found[key] = Contribution(amount if had is None else had.amount + amount, weight)
    if faults:
        raise ContributionsInvalid(faults[:_SHOWN])
    return [Brought(key, unit, each) for (key, unit), each in found.items()]


def _wrong(
    line: int, row: Mapping[str, str | None], dimensions: Mapping[str, AbstractSet[str]]
) -> Iterator[Fault]:
    """Judge a line; what is confidential in it is not repeated."""
    for name, codes in dimensions.items():
        if row[name] not in codes:
            yield _fault(
                line,
                "code-unknown",
                f"{name} : ce code n’est pas une figure protégée de la liste.",
                f"{name}: this code is no protected figure of the list.",
            )
    if periods.parse(row[TIME] or "") is None:
        yield _fault(
            line, "period-malformed", "TIME_PERIOD est mal écrite.", "TIME_PERIOD is malformed."
        )
    unit = row[UNIT] or ""
    if not 0 < len(unit) <= _LONGEST or "\x00" in unit:
        yield _fault(line, "unit-missing", "UNIT est vide ou trop long.", "UNIT is empty or long.")
    if not _is_number(row[AMOUNT]):
        yield _fault(
            line,
            "amount-malformed",
            "AMOUNT est un nombre positif ou nul, avec un point décimal.",
            "AMOUNT is a number of at least zero, with a decimal point.",
        )
    if row.get(WEIGHT) and not (_is_number(row[WEIGHT]) and Decimal(row[WEIGHT] or 0) >= 1):
        yield _fault(line, "weight-malformed", "WEIGHT est au moins 1.", "WEIGHT is at least 1.")


def _is_number(text: str | None) -> bool:
    try:
        number = Decimal(text or "")
    except InvalidOperation:
        return False
    return number.is_finite() and number >= 0 and abs(number.adjusted()) < 30  # noqa: PLR2004  # no figure has more digits


def _fault(line: int, code: str, fr: str, en: str) -> Fault:
    return Fault("", code, Text(fr, en), place=str(line))
