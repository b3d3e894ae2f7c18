"""What the classifications of Europe call what the French ones name: ISCED-F 2013 and ISCO-08.

Pure, over two small tables of facts (`reference/SOURCES.md`).
"""

import csv
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

_TABLES: Final = Path(__file__).parents[1] / "reference"
UNKNOWN_FIELD: Final = "9999"
"""ISCED-F for "not known"."""


class Group(NamedTuple):
    """A unit group of ISCO-08, which ESCO's occupations are below."""

    code: str
    label_fr: str
    label_en: str

    @property
    def uri(self) -> str:
        """Return its address in ESCO."""
        return f"http://data.europa.eu/esco/isco/C{self.code}"


@lru_cache(maxsize=1)
def _fields() -> dict[str, str]:
    with (_TABLES / "isced_f.csv").open(newline="") as file:
        return {row["speciality"]: row["field"] for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def _groups() -> dict[str, Group]:
    with (_TABLES / "isco_groups.csv").open(newline="") as file:
        return {
            job: Group(row["group"], row["label_fr"], row["label_en"])
            for row in csv.DictReader(file)
            for job in row["jobs"].split()
        }


def fields_of_study(specialities: Iterable[str]) -> list[str]:
    """Return the ISCED-F fields of NSF specialities, in order; three digits of a code say them."""
    known = _fields()
    return list(dict.fromkeys(known[one[:3]] for one in specialities if one[:3] in known))


def unit_groups(jobs: Iterable[str]) -> list[Group]:
    """Return the ISCO-08 groups of ROME 3 jobs, in order; one group per job."""
    known = _groups()
    return list(dict.fromkeys(known[one] for one in jobs if one in known))
