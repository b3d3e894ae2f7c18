"""Drafts of grids on the wire, and what the lint says of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from diagnostic.questionnaires.grid import Finding, GridContent, Severity
from diagnostic.questionnaires.lint import located
from diagnostic.questionnaires.schemas import VersionListed
from platformkit.i18n import language
from platformkit.wire import Wire

MOST_FINDINGS = 1000


class GridWrite(Wire, GridContent):
    """A whole version of a grid; what is wrong with its sense is told by the lint, not refused."""

    @model_validator(mode="wrap")
    @classmethod
    def _pointed(cls, data: Any, read: ModelWrapValidatorHandler[GridWrite]) -> GridWrite:  # noqa: ANN401  # JSON
        """Point into the document: pydantic also names the type of a question, which is no key."""
        try:
            return read(data)
        except ValidationError as error:
            raise ValidationError.from_exception_data(
                error.title, [_pointed(one) for one in error.errors(include_url=False)]
            ) from None


def _pointed(error: Any) -> InitErrorDetails:  # noqa: ANN401  # pydantic's ErrorDetails
    kind, facts = error["type"], error.get("ctx", {})
    if "fr" in facts or "at" in facts:
        kind = PydanticCustomError(kind, "{en}", facts)
    return InitErrorDetails(
        type=kind, loc=tuple(located(error["loc"])), input=error["input"], ctx=facts
    )


class FindingRead(BaseModel):
    """One thing that the lint found: an `error` keeps the grid from being published."""

    pointer: str
    code: str
    severity: Severity
    detail: str


class LintReport(BaseModel):
    """The first thousand findings, errors first, in the language asked."""

    publishable: bool
    errors: int
    warnings: int
    findings: Sequence[FindingRead]


class DraftRead(VersionListed):
    """A draft as it was stored, with what the lint says of it."""

    lint: LintReport


def report(findings: Sequence[Finding]) -> LintReport:
    """Put findings on the wire."""
    errors = sum(1 for one in findings if one.severity == "error")
    return LintReport(
        publishable=errors == 0,
        errors=errors,
        warnings=len(findings) - errors,
        findings=[
            FindingRead(
                pointer=one.pointer,
                code=one.code.replace("_", "-"),
                severity=one.severity,
                detail=one.en if language() == "en" else one.fr,
            )
            for one in findings[:MOST_FINDINGS]
        ],
    )
