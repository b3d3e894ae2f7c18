"""The names of the exports, and the wire format of the loss reports."""

from typing import Literal

from pydantic import BaseModel, Field

OfferExport = Literal[
    "lheo-2.3.xml", "lheo-2.2.xml", "offers.csv", "offers-for-spreadsheets.csv", "offers.jsonl"
]
CertificationExport = Literal[
    "certifications.csv", "certifications-for-spreadsheets.csv", "certifications.jsonl"
]
ExportFormat = Literal[OfferExport, CertificationExport]


class Loss(BaseModel):
    """Something that a format cannot say, and how many formations have it."""

    rule: str
    detail: str
    formations: int


class Losses(BaseModel):
    """What an export of this moment leaves out."""

    format: OfferExport
    formations: int = Field(description="in the export")
    losses: list[Loss]
