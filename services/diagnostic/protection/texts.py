"""Which rows of a diagnostic say something of a person: a pure rule over their free texts."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

SHORTEST = 3
"""Letters of a name that is sought in the texts of others; below, it would be in any of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row with free texts, and the respondent it comes from where that is known."""

    key: str
    texts: tuple[str, ...]
    respondent: object = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to forget: who they are in our rows, and what they are called."""

    respondents: frozenset[object]
    names: tuple[str, ...]


def about(person: Person, rows: Iterable[Row], own: Collection[str]) -> list[Row]:
    """Choose what comes from the person, what repeats it word for word, and what names them."""
    sought = [re.escape(name) for name in person.names if len(name) >= SHORTEST]
    naming = re.compile(rf"(?<!\w)(?:{'|'.join(sought)})(?!\w)", re.IGNORECASE) if sought else None
    return [
        row
        for row in rows
        if row.respondent in person.respondents
        or any(text in own or (naming and naming.search(text)) for text in row.texts)
    ]
