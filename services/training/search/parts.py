"""A statement that is composed of named parts, each argument given where it is needed."""

# ruff: noqa: S608  # composed of pieces of ours; what callers give are arguments
from dataclasses import dataclass, field
from datetime import date

from training.search.filters import Asked


@dataclass(slots=True)
class Words:
    """The groups of a search as queries of PostgreSQL; `some`: not all of them are needed."""

    own: list[str]
    wide: list[str]
    some: bool


@dataclass(slots=True)
class Statement:
    """The text of the statement and its arguments, added as they are needed."""

    asked: Asked
    day: date
    words: Words | None
    arguments: list[object] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    text: str = ""

    def give(self, value: object, kind: str) -> str:
        """Add an argument; return its place."""
        self.arguments.append(value)
        return f"${len(self.arguments)}::{kind}"

    def add(self, name: str, query: str) -> str:
        """Add a named part of one row; return the way to say its bits."""
        self.parts.append(f"{name} AS MATERIALIZED ({query})")
        return f"(SELECT bits FROM {name})"

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
