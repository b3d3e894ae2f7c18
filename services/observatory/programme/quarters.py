"""Quarters as SDMX writes them: 2026-Q4."""

import datetime as dt
import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from platformkit.wire import refusal

_FORM: Final = re.compile(r"(20[0-9]{2})-Q([1-4])", re.ASCII)


def first_day(quarter: str) -> dt.date:
    """Return the first day of a quarter that the wire has accepted."""
    year, number = quarter.split("-Q")
    return dt.date(int(year), 3 * int(number) - 2, 1)


def quarter_of(day: dt.date) -> str:
    """Name the quarter that a day is in."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _known(text: str) -> str:
    if not _FORM.fullmatch(text):
        raise refusal(
            "quarter_malformed",
            "Un trimestre s’écrit 2026-Q4.",
            "A quarter is written 2026-Q4.",
        )
    return text


Quarter = Annotated[str, Field(max_length=7, examples=["2026-Q4"]), AfterValidator(_known)]
