"""Figures and days as French and English write them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from diagnostic.assessments.scoring import publish
from diagnostic.questionnaires.grid import Language

LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}


def long_date(day: date, language: Language) -> str:
    """Write a day with its month in letters."""
    return str(format_date(day, format="long", locale=LOCALES[language]))


def number(value: float | None, language: Language, digits: int = 1) -> str | None:
    """Write a figure with this many decimals; nothing for nothing."""
    return (
        None if value is None else str(format_decimal(value, f"0.{'0' * digits}", locale=language))
    )


def rounded(value: Fraction, language: Language, digits: int) -> str | None:
    """Write an exact figure, rounded once as the method rounds."""
    return number(float(publish(value, digits)), language, digits)


def percent(share: float | None, language: Language) -> str | None:
    """Write a share of 1 as a whole percentage."""
    return None if share is None else str(format_percent(share, locale=language))
