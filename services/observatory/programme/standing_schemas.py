"""Wire format of where the money stands."""

import datetime as dt
from typing import Annotated

from pydantic import Field

from observatory.programme.money import Euros
from observatory.structures.schemas import Read

Ratio = Annotated[
    float | None,
    Field(description="of two totals, to four decimals; null where the divisor is not positive"),
]


class Position(Read):
    """Four amounts of the same thing, and two ratios of totals."""

    planned: Euros
    committed: Annotated[Euros, Field(description="promised, less what was taken back")]
    paid: Annotated[Euros, Field(description="paid, less what was taken back")]
    left: Annotated[Euros, Field(description="`planned` less `committed`")]
    committed_ratio: Annotated[Ratio, Field(description="`committed` ÷ `planned`")]
    paid_ratio: Annotated[Ratio, Field(description="`paid` ÷ `committed`")]


class LinePosition(Position):
    """Of a budget line; planned is the sum of its plan."""

    line: str
    name: str


class FunderPosition(Position):
    """Of a funder; planned is its contribution."""

    funder: str
    name: str
    kind: str


class QuarterPosition(Position):
    """Of a quarter, by the days of the entries; corrections count when they are made."""

    quarter: str


class CellPosition(Read):
    """What of a funder's money went to a line."""

    line: str
    funder: str
    committed: Euros
    paid: Euros


class Standing(Read):
    """Where a programme's money stands: all sums are of the ledger, to the cent."""

    programme: str
    title: str
    starts_on: dt.date
    ends_on: dt.date
    currency: str
    budget: Euros
    contributed: Annotated[Euros, Field(description="sum of the contributions")]
    total: Annotated[Position, Field(description="`planned` is the sum of all lines")]
    lines: list[LinePosition]
    funders: list[FunderPosition]
    quarters: list[QuarterPosition]
    cells: list[CellPosition]
    last_entry_at: dt.datetime | None
    reading: str
    licence: str
