"""The OpenAPI 3.1 document of a service: scopes, open routes, problems and headers in it."""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext
from starlette.routing import compile_path

from platformkit import auth, classes, db, errors, validation, versions
from platformkit.idempotency import HEADER, IdempotentRoute, KeyInFlight, KeyReused, KeyUnreadable
from platformkit.middleware import LargeBody
from platformkit.routes import declared_class, is_public, routes

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An RFC 9457 problem, in the language of Accept-Language (French by default).",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string", "description": "urn:problem-type:vigie:<code>"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; programs compare this one."},
        "detail": {"type": "string"},
        "trace_id": {"type": ["string", "null"], "description": "Quote it to the operators."},
        "errors": {
            "type": "array",
            "description": "Every fault at once.",
            "items": {
                "type": "object",
                "required": ["in", "pointer", "code", "detail"],
                "properties": {
                    "in": {"type": "string", "enum": ["body", "query", "path", "header"]},
                    "pointer": {"type": "string", "description": "RFC 6901"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "place": {
                        "type": "string",
                        "description": "In a file that is no JSON: `Questions!D12`, a line.",
                    },
                },
            },
        },
    },
}
_ALWAYS = (
    validation.MalformedJson,
    validation.UnknownParameter,
    errors.Invalid,
    errors.ProblemError,
    errors.DeadlineExceeded,
    versions.VersionNotAcceptable,
    db.DatabaseUnavailable,
)


_MAX_BODY = "x-max-body-bytes"


def file_body(media_types: Iterable[str], limit: int) -> dict[str, Any]:
    """Describe a body that is a file as it is, for a route's `openapi_extra`.

    `limit`, in bytes, holds instead of the service's `max_body_bytes`.
    """
    file = {"schema": {"type": "string", "format": "binary"}}
    content = dict.fromkeys(media_types, file)
    return {_MAX_BODY: limit, "requestBody": {"required": True, "content": content}}


def large_body(limit: int) -> dict[str, Any]:
    """Let a route take a document of up to `limit` bytes, for its `openapi_extra`."""
    return {_MAX_BODY: limit}


def large_bodies(app: FastAPI) -> Iterator[LargeBody]:
    """Yield the routes that declare a limit of their own."""
    for context in routes(app):
        route = context.original_route
        extra = route.openapi_extra if isinstance(route, APIRoute) else None
        if limit := (extra or {}).get(_MAX_BODY):
            pattern, _, _ = compile_path(str(context.path_format))
            for method in context.methods or ():
                yield LargeBody(method, pattern, limit)


def install(app: FastAPI) -> None:
    """Make `app.openapi()` return the completed document, built once."""

    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = build  # type: ignore[method-assign]  # FastAPI's documented way


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title, version=app.version, openapi_version="3.1.0", routes=app.routes
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    scopes: set[str] = set()
    for context in routes(app):
        for method in context.methods or ():
            operation = document["paths"][context.path_format][method.lower()]
            _complete(operation, context)
            _classify(operation, method, context)
            for requirement in operation["security"]:
                scopes.update(*requirement.values())
    flow = components.get("securitySchemes", {}).get("oauth2", {}).get("flows", {})
    if flow:
        flow["clientCredentials"]["scopes"] = {scope: scope for scope in sorted(scopes)}
    return document


def _classify(operation: dict[str, Any], method: str, context: RouteContext) -> None:
    good = [answer for status, answer in operation["responses"].items() if status[0] == "2"]
    given = [kind for answer in good for kind in answer.get("content", {})]
    taken = list(operation.get("requestBody", {}).get("content", {}))
    kind = declared_class(context) or classes.derived(method, given, taken)
    if kind is not None:
        operation[classes.EXTENSION] = kind


def _complete(operation: dict[str, Any], context: RouteContext) -> None:
    responses = operation["responses"]
    if "422" in responses and "x-problem-codes" not in responses["422"]:
        del responses["422"]  # FastAPI's own, which we never send
    kinds: list[type[errors.ProblemError]] = list(_ALWAYS)
    if is_public(context):
        operation["security"] = []
        operation["x-public"] = True
    else:
        operation.setdefault("security", [])
        kinds += [auth.TokenRefused, auth.ScopeMissing]
    if "requestBody" in operation:
        kinds.append(errors.TooLarge)
        if _MAX_BODY in operation:
            kinds.append(errors.TooManyFiles)
        if "application/json" in operation["requestBody"]["content"]:
            kinds.append(validation.UnsupportedMediaType)
    if isinstance(context.original_route, IdempotentRoute) and context.methods == {"POST"}:
        kinds += [KeyUnreadable, KeyReused, KeyInFlight]
        operation.setdefault("parameters", []).append(
            {
                "name": HEADER,
                "in": "header",
                "required": False,
                "description": "Same key and body: same answer, once. Kept two days.",
                "schema": {"type": "string", "maxLength": 255},
            }
        )
    for status, entry in errors.problems(*kinds).items():
        known = responses.setdefault(str(status), entry)
        if known is not entry and "x-problem-codes" in known:
            known["x-problem-codes"] += [
                code for code in entry["x-problem-codes"] if code not in known["x-problem-codes"]
            ]
            known["description"] += " · " + entry["description"]
