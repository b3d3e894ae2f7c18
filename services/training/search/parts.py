"""A statement that is composed of named parts, each argument given where it is needed."""

# ruff: noqa: S608  # composed of pieces of ours; what callers give are arguments
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from training.search.days import Found, of_day
from training.search.filters import Asked

FEW: Final = "(SELECT are FROM few)"
"""Whether what may be found is looked up one by one, where something narrows the search."""

ROOM: Final = "(SELECT capacity FROM training.search_index)"

EVERY: Final = {"bits": "true"}


def held_by(alias: str, part: str) -> str:
    """Say that a row's slot is in a part; `IS TRUE` has PostgreSQL hash the part, never loop."""
    return f"({alias}.slot IN (SELECT slot FROM {part})) IS TRUE"


@dataclass(slots=True)
class Words:
    """The groups of a search as queries of PostgreSQL; `some`: not all of them are needed.

    `shown` are the `wide` ones as whole texts have them, for what is highlighted.
    """

    own: list[str]
    wide: list[str]
    shown: list[str]
    some: bool = False


@dataclass(slots=True)
class Statement:
    """The text of the statement and its arguments, added as they are needed."""

    asked: Asked
    day: date
    words: Words | None
    kept: Found | None = None
    """What is kept of the day; where the index was written since, nothing at all is found."""
    arguments: list[object] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    narrowed: str | None = None
    """The part whose slots are the only ones that can be found, where something narrows."""
    text: str = ""

    @property
    def is_of_day(self) -> bool:
        """Whether the periods that are allowed are those of the day, which may be kept."""
        return of_day(self.asked)

    def give(self, value: object, kind: str) -> str:
        """Add an argument; return its place."""
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    def add(self, name: str, query: str) -> str:
        """Add a named part of one row; return the way to say its bits."""
        self.parts.append(f"{name} AS MATERIALIZED ({query})")
        return f"(SELECT bits FROM {name})"

    def bits(self, name: str, rows: str, rules: Mapping[str, str] = EVERY) -> str:
        """Add a part of one row: for each rule its bits, those of the slots of rows that meet it.

        Each sixty-four slots are a number; the numbers are strung together as text.
        """
        words = ", ".join(
            f"bit_or(1::bigint << (63 - (p.slot & 63))) FILTER (WHERE {rule}) AS {column}"
            for column, rule in rules.items()
        )
        strung = ", ".join(
            f"('x' || string_agg(encode(int8send(coalesce(words.{column}, 0)), 'hex'), ''"
            f" ORDER BY word))::bit varying AS {column}"
            for column in rules
        )
        return self.add(
            name,
            f"SELECT {strung} FROM generate_series(0, {ROOM} / 64 - 1) word LEFT JOIN"
            f" (SELECT p.slot >> 6 AS word, {words} FROM ({rows}) p GROUP BY 1) words USING (word)",
        )

    def narrow(self, parts: Sequence[str], few: int) -> None:
        """Keep to the slots of all of these parts; `few` is how many are looked up one by one."""
        if not parts:
            return
        self.narrowed = parts[0]
        if len(parts) > 1:
            self.narrowed = "narrowed"
            common = " INTERSECT ".join(f"SELECT slot FROM {part}" for part in parts)
            self.parts.append(f"narrowed AS MATERIALIZED ({common})")
        size = f"SELECT count(*) <= {self.give(few, 'int')} AS are FROM {self.narrowed}"
        self.parts.append(f"few AS MATERIALIZED ({size})")

    def among(self, table: str, alias: str, rules: str) -> str:
        """Return the query of a table's rows by these rules: all of them, or of few slots only.

        Which of its two ways is taken, by slot or in one pass, is known when it runs: the test
        of `few` does without the other, which so costs nothing.
        """
        one_pass = f"SELECT {alias}.* FROM training.{table} {alias} WHERE {rules}"
        if self.narrowed is None:
            return one_pass
        return (
            f"SELECT {alias}.* FROM {self.narrowed} narrow CROSS JOIN LATERAL ({one_pass}"
            f" AND {alias}.slot = narrow.slot OFFSET 0) {alias} WHERE {FEW}"
            f" UNION ALL {one_pass} AND NOT {FEW}"
        )

    def dates(self, day: str) -> str:
        """Return what a period `p` must meet."""
        asked = self.asked
        rules = ["true"] if asked.past else [f"p.ends_on >= {day}"]
        if asked.starts_from is not None:
            rules.append(f"p.last_start >= {self.give(asked.starts_from, 'date')}")
        if asked.starts_to is not None:
            rules.append(f"p.first_start <= {self.give(asked.starts_to, 'date')}")
        if asked.is_open:
            rules.append(f"p.opens_on <= {day} AND p.closes_on >= {day}")
        return " AND ".join(rules)
