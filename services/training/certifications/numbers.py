"""How people write the number of a certification, and the one way that we write it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Directory = Literal["RNCP", "RS", "REG"]
"""The last is our own: what the Region has accepted and no national directory has."""

NATIONAL: Final[tuple[Directory, ...]] = ("RNCP", "RS")
"""Those of France compétences: bare digits mean one of them."""

LARGEST: Final = 99_999
_DIRECTORIES: Final[Mapping[str, Directory]] = {one: one for one in get_args(Directory)}
_SPELLING = re.compile(
    r"(?:(?:(?:https?://)?(?:www\.)?francecompetences\.fr/recherche/)?"
    r"(?P<directory>rncp|rs|reg)[\s._/:°n-]*)?(?P<digits>[0-9]{1,12})/?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A number as it was meant; without directory it may be one of RNCP, one of RS, or both."""

    number: int
    directory: Directory | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The canonical codes it may stand for, e.g. `RNCP35419`."""
        meant = (self.directory,) if self.directory else NATIONAL
        return tuple(f"{directory}{self.number}" for directory in meant)


def parse(spelling: str) -> Reference | None:
    """Read `35419`, `rncp 35419`, `RNCP035419` or the address of the fiche; None if unreadable."""
    match = _SPELLING.fullmatch(spelling.strip())
    if match is None or not 1 <= (number := int(match["digits"])) <= LARGEST:
        return None
    named = (match["directory"] or "").upper()
    return Reference(number, _DIRECTORIES.get(named))
