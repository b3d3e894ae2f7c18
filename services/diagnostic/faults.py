"""From a rule that was broken to a fault of the problem document."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Protocol

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticCustomError

from platformkit import validation
from platformkit.errors import Fault, Invalid, respond
from platformkit.i18n import Text


class Finding(Protocol):
    """A misfit as the pure modules report it, in both languages."""

    @property
    def pointer(self) -> str:
        """Where, as an RFC 6901 pointer into the body."""

    @property
    def code(self) -> str:
        """Which rule."""

    @property
    def fr(self) -> str:
        """What to do, in French."""

    @property
    def en(self) -> str:
        """What to do, in English."""

    @property
    def severity(self) -> str:
        """`error` refuses, `warning` does not."""


def refusal(code: str, fr: str, en: str) -> PydanticCustomError:
    """Make what a validator raises, so that its fault stands beside those of the other fields."""
    return PydanticCustomError(code, "{en}", {"fr": fr, "en": en})


def fault(pointer: str, code: str, fr: str, en: str) -> Fault:
    """One fault, from the words of its rule."""
    return Fault(pointer, code, Text(fr, en))


def of(findings: Iterable[Finding]) -> list[Fault]:
    """Turn findings into faults; warnings are not faults."""
    return [
        fault(found.pointer, found.code, found.fr, found.en)
        for found in findings
        if found.severity == "error"
    ]


def install(app: FastAPI) -> None:
    """Let what `refusal` made speak the language of the request, beside the kit's own texts."""

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for nothing else
        problem = validation.refused(error, request.headers.get("content-type", ""))
        if isinstance(problem, Invalid):
            pairs = zip(problem.faults, error.errors(), strict=True)
            problem.faults = [_spoken(one, cause.get("ctx", {})) for one, cause in pairs]
        return respond(problem)

    app.add_exception_handler(RequestValidationError, invalid)


def _spoken(found: Fault, facts: dict[str, Any]) -> Fault:
    if "fr" not in facts or "en" not in facts:
        return found
    return replace(found, detail=Text(facts["fr"], facts["en"]))
