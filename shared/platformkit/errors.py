"""Every failure as an RFC 9457 problem, in the language asked, naming every fault at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson
from starlette.responses import Response

from platformkit import telemetry
from platformkit.i18n import Text, language, typeset

MEDIA_TYPE = "application/problem+json"
URN = "urn:problem-type:vigie:"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a request: where (RFC 6901 pointer), which rule, and what to do.

    `place` is where in a file that is no JSON, as its author names it: `Questions!D12`.
    """

    pointer: str
    code: str
    detail: Text
    where: str = "body"
    place: str | None = None

    def wire(self) -> dict[str, str]:
        """Render the fault for the `errors` member of a problem."""
        return {
            "in": self.where,
            "pointer": self.pointer,
            "code": self.code.replace("_", "-"),
            "detail": typeset(self.detail()),
            **({"place": self.place} if self.place is not None else {}),
        }


class ProblemError(Exception):
    """An expected failure that the caller can act on; subclass it once per cause."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal-error"
    title: ClassVar[Text] = Text("Erreur interne", "Internal error")
    detail: ClassVar[Text | None] = None

    def __init__(self, *, headers: Mapping[str, str] | None = None, **facts: object) -> None:
        super().__init__(self.code)
        self.headers = dict(headers or {})
        self.facts = facts
        self.faults: Sequence[Fault] = ()

    def body(self) -> dict[str, Any]:
        """Render the problem document in the language of the request."""
        return document(
            self.status,
            self.code,
            self.title(),
            self.detail(**self.facts) if self.detail else None,
            self.faults,
        )


class BadRequest(ProblemError):
    """The request cannot be read at all."""

    status = 400
    code = "bad-request"
    title = Text("Requête illisible", "Unreadable request")


class Unauthenticated(ProblemError):
    """No credential, or one that proves nothing."""

    status = 401
    code = "unauthenticated"
    title = Text("Authentification requise", "Authentication required")


class Forbidden(ProblemError):
    """The caller is known and may not do this."""

    status = 403
    code = "forbidden"
    title = Text("Accès refusé", "Access denied")


class NotFound(ProblemError):
    """There is no such thing, or none that the caller may see."""

    status = 404
    code = "not-found"
    title = Text("Introuvable", "Not found")


class Conflict(ProblemError):
    """The request is sound but contradicts the present state."""

    status = 409
    code = "conflict"
    title = Text("Conflit avec l’état actuel", "Conflict with the present state")


class PreconditionFailed(ProblemError):
    """The caller holds an old version."""

    status = 412
    code = "precondition-failed"
    title = Text("Condition non remplie", "Precondition failed")


class TooLarge(ProblemError):
    """The body is larger than the service accepts."""

    status = 413
    code = "body-too-large"
    title = Text("Corps trop volumineux", "Body too large")


class Invalid(ProblemError):
    """The body can be read but breaks rules; each is named in `errors`."""

    status = 422
    code = "invalid"
    title = Text("Données invalides", "Invalid data")

    def __init__(self, faults: Sequence[Fault], **facts: object) -> None:
        super().__init__()
        self.facts = facts
        self.faults = faults


class PreconditionRequired(ProblemError):
    """A write must say which version it changes."""

    status = 428
    code = "if-match-required"
    title = Text("En-tête If-Match requis", "If-Match header required")
    detail = Text(
        "Relisez la ressource et renvoyez son ETag dans l’en-tête If-Match.",
        "Read the resource again and send its ETag in the If-Match header.",
    )


class Unavailable(ProblemError):
    """It cannot be served now; the same request may succeed later."""

    status = 503
    code = "unavailable"
    title = Text("Momentanément indisponible", "Temporarily unavailable")


class TooManyFiles(Unavailable):
    """As many large bodies are on their way as the process has memory for."""

    code = "too-many-files"
    title = Text("Trop de fichiers à la fois", "Too many files at once")
    detail = Text(
        "D’autres fichiers sont en cours d’envoi : réessayez dans un instant.",
        "Other files are being sent: try again in a moment.",
    )


class DeadlineExceeded(ProblemError):
    """The time that the caller gave is spent."""

    status = 504
    code = "deadline-exceeded"
    title = Text("Délai dépassé", "Deadline exceeded")
    detail = Text(
        "La réponse n’était pas prête dans le délai accordé. Une écriture a pu aboutir : relisez,"
        " ou renvoyez-la avec la même Idempotency-Key.",
        "The answer was not ready within the time given. A write may have succeeded: read again,"
        " or send it again with the same Idempotency-Key.",
    )


def document(
    status: int, code: str, title: str, detail: str | None, faults: Sequence[Fault] = ()
) -> dict[str, Any]:
    """Build an RFC 9457 document with the extension members `code`, `trace_id` and `errors`."""
    body: dict[str, Any] = {
        "type": URN + code,
        "title": typeset(title),
        "status": status,
        "code": code,
    }
    if detail is not None:
        body["detail"] = typeset(detail)
    body["trace_id"] = telemetry.trace_id()
    if faults:
        body["errors"] = [fault.wire() for fault in faults]
    return body


def respond(problem: ProblemError) -> Response:
    """Answer with the problem; a 401 and a 503 carry the header that their RFC wants."""
    headers = {"content-language": language(), "cache-control": "no-store", **problem.headers}
    if problem.status == Unauthenticated.status:
        headers.setdefault("www-authenticate", "Bearer")
    if problem.status == Unavailable.status:
        headers.setdefault("retry-after", "2")
    return Response(orjson.dumps(problem.body()), problem.status, headers, MEDIA_TYPE)


def problems(*types: type[ProblemError]) -> dict[int | str, dict[str, Any]]:
    """Document the problems that a route may answer with, for its `responses=`."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in types:
        entry = found.setdefault(kind.status, {"codes": []})
        entry["codes"].append(kind)
    return {
        status: {
            "description": " · ".join(f"`{kind.code}`: {kind.title.en}" for kind in entry["codes"]),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "x-problem-codes": [kind.code for kind in entry["codes"]],
        }
        for status, entry in found.items()
    }
