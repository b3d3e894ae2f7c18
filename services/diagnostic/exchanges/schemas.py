"""What imports and exports of grids say on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel

from diagnostic.drafts import schemas
from diagnostic.drafts.schemas import MOST_FINDINGS, FindingRead, LintReport
from diagnostic.exchanges.reading import Reading, Remark
from diagnostic.questionnaires.grid import Finding
from diagnostic.questionnaires.schemas import VersionListed
from platformkit.i18n import language


class FileFormat(StrEnum):
    """The formats that a grid comes and goes in."""

    JSON = "json"
    XLSX = "xlsx"
    FHIR = "fhir"
    SURVEYJS = "surveyjs"
    XLSFORM = "xlsform"


class Loss(BaseModel):
    """One thing that the other format does not hold, or that was read otherwise than written.

    `pointer` is into the grid; `place` is in the file: a cell, or an element of a form.
    """

    pointer: str
    place: str | None
    code: str
    detail: str


class LossReport(BaseModel):
    """What a format does not hold of a version: `complete` when a round trip is the same grid."""

    code: str
    version: str
    complete: bool
    total: int
    losses: list[Loss]


class PlacedFinding(FindingRead):
    """A finding of the lint, with where its cause stands in the file."""

    place: str | None


class PlacedReport(LintReport):
    """The lint of an imported grid."""

    findings: Sequence[PlacedFinding]


class ImportCheck(BaseModel):
    """What a file would become; nothing is stored."""

    code: str
    version: str
    content_hash: str
    scoring_hash: str
    question_count: int
    lint: PlacedReport
    losses: list[Loss]


class ImportedDraft(VersionListed):
    """The draft that a file became, what the lint says of it, and what was lost on the way."""

    lint: PlacedReport
    losses: list[Loss]


def losses(remarks: Sequence[Remark]) -> list[Loss]:
    """Put the first thousand remarks on the wire, in the language asked."""
    return [
        Loss(
            pointer=one.pointer,
            place=one.place,
            code=one.code.replace("_", "-"),
            detail=one.en if language() == "en" else one.fr,
        )
        for one in remarks[:MOST_FINDINGS]
    ]


def placed(findings: Sequence[Finding], reading: Reading) -> PlacedReport:
    """Put the lint on the wire, each finding at its place in the file."""
    report = schemas.report(findings)
    return PlacedReport(
        **report.model_dump(exclude={"findings"}),
        findings=[
            PlacedFinding(**one.model_dump(), place=reading.place(one.pointer))
            for one in report.findings
        ],
    )
