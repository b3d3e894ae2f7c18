"""What a search needs of the day alone, kept in memory for as long as the index stays as it is.

Each writer of the index gives it a new version. A statement takes what is kept only where its own
snapshot has the version that it was found in, so that an answer is never of two moments.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg

from training.search.filters import Asked

_MOST: Final = 16
"""Four for each day, of 8 kB for every 65,000 entries: a page that is continued has its own day."""


@dataclass(frozen=True, slots=True)
class Found:
    """Bits of the entries that have a period which a search allows, and of how soon it begins."""

    version: UUID
    bits: asyncpg.BitString
    soon: asyncpg.BitString
    later: asyncpg.BitString
    running: asyncpg.BitString


KEPT: Final = ("bits", "soon", "later", "running")


class Days:
    """What was found of the last days that were asked for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[date, bool, bool], Found] = OrderedDict()

    def of(self, asked: Asked, day: date) -> Found | None:
        """Return what is kept for such a search, where anything is."""
        return self._kept.get((day, asked.past, asked.is_open)) if of_day(asked) else None

    def keep(self, asked: Asked, day: date, row: Mapping[str, Any]) -> None:
        """Keep what the row of a statement has found by itself."""
        key = (day, asked.past, asked.is_open)
        self._kept[key] = Found(**{name: row[name] for name in Found.__slots__})
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)


def of_day(asked: Asked) -> bool:
    """Say whether nothing but the day decides which periods a search allows."""
    is_dated = asked.starts_from is not None or asked.starts_to is not None
    return not (is_dated or asked.named or asked.among)
