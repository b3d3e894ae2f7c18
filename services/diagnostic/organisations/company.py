"""What identifies a French company: SIREN, SIRET, NAF, region, size band."""

import re

from stdnum.fr import siren, siret

REGIONS = frozenset(
    {"01", "02", "03", "04", "06", "11", "24", "27", "28", "32", "44"}
    | {"52", "53", "75", "76", "84", "93", "94"}
)
"""The eighteen regions of the Code officiel géographique (INSEE, 2024); "59" is a department."""

DIVISIONS = frozenset(
    f"{number:02d}"
    for first, last in (
        (1, 3), (5, 9), (10, 33), (35, 39), (41, 43), (45, 47), (49, 53), (55, 56), (58, 63),
        (64, 66), (68, 75), (77, 82), (84, 88), (90, 99),
    )
    for number in range(first, last + 1)
)  # fmt: skip
"""The 88 divisions of NAF rév. 2."""

BAND_MISMATCH = (
    "size_band_mismatch",
    "La tranche d’effectif ne correspond pas à l’effectif indiqué.",
    "The size band does not fit the headcount given.",
)
"""The fault of a size band that its headcount contradicts: code, French, English."""

SIRET_OF_ANOTHER = (
    "siret_of_another",
    "Les neuf premiers chiffres du SIRET doivent être le SIREN.",
    "The first nine digits of the SIRET must be the SIREN.",
)
"""The fault of a SIRET that belongs to another SIREN."""

_NAF = re.compile(r"([0-9]{2})\.[0-9]{2}[A-Z]")
_NOBODY = "000000000"
_BANDS = ((0, "0"), (9, "1-9"), (49, "10-49"), (249, "50-249"))


def is_siren(number: str) -> bool:
    """Nine digits, no separator, with their Luhn check, which nine zeros pass in vain."""
    return _is_digits(number) and bool(siren.is_valid(number)) and number != _NOBODY


def is_siret(number: str) -> bool:
    """Fourteen digits, no separator, with their Luhn check or La Poste's sum of digits."""
    return _is_digits(number) and bool(siret.is_valid(number)) and not number.startswith(_NOBODY)


def _is_digits(number: str) -> bool:
    """Tell 0 to 9 from the digits of other scripts."""
    return number.isascii() and number.isdigit()


def is_naf(code: str) -> bool:
    """Tell a class of NAF rév. 2 as INSEE writes it (62.01Z), in a division that exists."""
    parts = _NAF.fullmatch(code)
    return parts is not None and parts.group(1) in DIVISIONS


def size_band(headcount: int) -> str:
    """Give the band of this number of employees."""
    return next((band for last, band in _BANDS if headcount <= last), "250+")
