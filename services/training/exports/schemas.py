"""Wire format of the loss reports."""

from typing import Literal

from pydantic import BaseModel, Field

ExportFormat = Literal[
    "lheo-2.3.xml", "lheo-2.2.xml", "offers.csv", "offers-for-spreadsheets.csv", "offers.jsonl"
]


class Loss(BaseModel):
    """Something that a format cannot say, and how many formations have it."""

    rule: str
    detail: str
    formations: int


class Losses(BaseModel):
    """What an export of this moment leaves out."""

    format: ExportFormat
    formations: int = Field(description="in the export")
    losses: list[Loss]
