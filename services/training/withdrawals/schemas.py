"""Wire format of withdrawals."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from platformkit.wire import Wire


class Withdrawal(Wire):
    """Why a certification leaves the catalogue; whoever follows the feed reads it."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=500)]


class WithdrawnRead(BaseModel):
    """The tombstone, as the feed has it."""

    number: str
    reason: str
    withdrawn_on: date
    predecessors: list[str] = Field(description="as its fiche states them")
    successors: list[str] = Field(description="as its fiche states them")
