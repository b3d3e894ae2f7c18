"""Where the facts of an import come from, and of when they are."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

LICENCE: Final = "Licence Ouverte 2.0"
ADDRESS: Final = (
    "https://www.data.gouv.fr/fr/datasets/repertoire-national-des-certifications-"
    "professionnelles-et-repertoire-specifique/"
)


def source(kind: str, name: str, dated_on: date | None) -> dict[str, Any]:
    """Say where the facts of an import come from."""
    return {
        "kind": kind,
        "name": name,
        "url": ADDRESS,
        "dated_on": dated_on,
        "licence": LICENCE,
    }


def dated(names: Sequence[str]) -> date | None:
    """Read the date of a delivery from the names of its files, `…_2024_02_22.csv`."""
    for name in names:
        found = re.search(r"(20\d{2})[-_](\d{2})[-_](\d{2})", name)
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                continue
    return None
