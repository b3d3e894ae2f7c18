"""Days are those of Paris, where the platform's dates are; PostgreSQL's own are those of UTC."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

PARIS: Final = ZoneInfo("Europe/Paris")


def day_in_paris(instant: datetime) -> date:
    """Give the day that it is in Paris at an instant."""
    return instant.astimezone(PARIS).date()


def day_in_sql(instant: str) -> str:
    """Spell the day in Paris of an instant, which is an expression of SQL."""
    return f"({instant} AT TIME ZONE '{PARIS.key}')::date"
