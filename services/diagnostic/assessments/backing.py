"""What stands behind an answer: the company's word, a document, or one that somebody verified."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from diagnostic.cohorts.week import PARIS


class Backing(StrEnum):
    """From the weakest to the strongest."""

    DECLARED = "declared"
    DOCUMENT = "document"
    VERIFIED = "verified"


_STRENGTH = {backing: strength for strength, backing in enumerate(Backing)}


def today(now: datetime) -> date:
    """Give the day in Paris, by which documents expire."""
    return now.astimezone(PARIS).date()


def is_expired(valid_until: date | None, day: date) -> bool:
    """Tell whether a document no longer counts; it does through its last day."""
    return valid_until is not None and valid_until < day


def strongest(pieces: Iterable[Mapping[str, Any]], day: date) -> dict[str, Backing]:
    """Give the strongest valid evidence in favour of each question's answer.

    A piece has `question`, `verified` and `valid_until` (ISO 8601, or null).
    """
    found: dict[str, Backing] = {}
    for one in pieces:
        until = one["valid_until"]
        if is_expired(until and date.fromisoformat(until), day):
            continue
        backing = Backing.VERIFIED if one["verified"] else Backing.DOCUMENT
        before = found.get(one["question"], Backing.DECLARED)
        found[one["question"]] = max(before, backing, key=_STRENGTH.__getitem__)
    return found
