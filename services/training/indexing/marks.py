"""Writes the values of facets of new entries: as bits in the values, as values in the entries.

They are put together here and not in SQL, where each of thirty facts of an entry was a row that
was joined, hashed and sorted: half of an import.
"""

import asyncio
import uuid
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import asyncpg

Fact = tuple[Sequence[int], str, str | None]
"""Slots, a facet, and the value that they have of it; one that is not known is left out."""

Source = tuple[str, Callable[[Any], Iterable[Fact]]]
"""A statement on ids, and what one of its rows says."""

_BATCH: Final = 2_000
_VALUES: Final = 500
"""Values written at once: 8 kB each for 65,000 slots."""

_MARK: Final = """
INSERT INTO training.search_value AS v (facet, value, bits)
SELECT facet, value, bits FROM unnest($1::text[], $2::text[], $3::varbit[]) g(facet, value, bits)
    ON CONFLICT (facet, value) DO UPDATE SET bits = v.bits | excluded.bits
RETURNING facet, value, id"""

_Value = tuple[str, str]


class Marks:
    """Which slots have which values, as small as they can be held until all are known."""

    def __init__(self) -> None:
        self._numbers: dict[_Value, int] = {}
        self._slots: list[array[int]] = []
        self._entries: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))

    def add(self, slots: Sequence[int], facet: str, value: str) -> None:
        """Note that the slots have a value."""
        number = self._numbers.setdefault((facet, value), len(self._slots))
        if number == len(self._slots):
            self._slots.append(array("i"))
        self._slots[number].extend(slots)
        for slot in slots:
            self._entries[slot].append(number)

    def note(self, rows: Iterable[Any], said: Callable[[Any], Iterable[Fact]]) -> None:
        """Note all that rows say."""
        for row in rows:
            for slots, facet, value in said(row):
                if value is not None:
                    self.add(slots, facet, value)

    def bits(self, value: _Value, capacity: int) -> asyncpg.BitString:
        """Return the bits of a value, the first slot's first."""
        made = bytearray(capacity // 8)
        for slot in self._slots[self._numbers[value]]:
            made[slot >> 3] |= 128 >> (slot & 7)
        return asyncpg.BitString.frombytes(bytes(made), capacity)

    def values(self) -> list[_Value]:
        """Return the values that were noted, in the order in which they are written."""
        return sorted(self._numbers)

    def entries(self, ids: Mapping[_Value, int]) -> Iterable[tuple[int, list[int]]]:
        """Yield each slot with the ids of its values."""
        named = [ids[value] for value in self._numbers]
        for slot, numbers in self._entries.items():
            yield slot, [named[number] for number in set(numbers)]


async def read(
    connection: asyncpg.Connection,
    ids: Sequence[uuid.UUID],
    sources: Iterable[Source],
    marks: Marks,
) -> None:
    """Note what the sources say of the ids."""
    for statement, said in sources:
        asked: asyncio.Task[Sequence[Any]] | None = None
        try:
            for first in range(0, len(ids), _BATCH):
                rows = await asked if asked else ()
                part = ids[first : first + _BATCH]
                asked = asyncio.create_task(connection.fetch(statement, part))
                await asyncio.sleep(0)  # it is sent: PostgreSQL reads while the others are noted
                marks.note(rows, said)
            marks.note(await asked if asked else (), said)
        finally:
            if asked:  # whoever gives up has the connection to itself
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)


async def write(connection: asyncpg.Connection, marks: Marks, capacity: int) -> None:
    """Write what was noted of entries whose slots are below the capacity."""
    values, known = marks.values(), {}
    for first in range(0, len(values), _VALUES):
        some = values[first : first + _VALUES]
        rows = await connection.fetch(
            _MARK,
            [facet for facet, _ in some],
            [value for _, value in some],
            [marks.bits(one, capacity) for one in some],
        )
        known.update({(row["facet"], row["value"]): row["id"] for row in rows})
    await connection.copy_records_to_table(
        "search_fact",
        schema_name="training",
        columns=("slot", "facts"),
        records=marks.entries(known),
    )
