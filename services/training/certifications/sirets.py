"""SIRET numbers: fourteen digits, whatever stands between them; the last one checks the others."""

import re
from functools import lru_cache
from typing import Final

from stdnum.fr import siret

LENGTH: Final = 14
_BETWEEN: Final = re.compile(r"[\s\u200b\u2060\ufeff.\-]+")


def digits_of(spelling: str) -> str:
    """Return the spelling without blanks, dots and hyphens (acceptance B8)."""
    return _BETWEEN.sub("", spelling)


def is_written(digits: str) -> bool:
    """Tell whether these are fourteen digits."""
    return len(digits) == LENGTH and digits.isascii() and digits.isdigit()


@lru_cache(maxsize=65_536)
def is_valid(digits: str) -> bool:
    """Tell whether the check digit is right; La Poste has a rule of its own."""
    valid: bool = siret.is_valid(digits)
    return valid
