"""Turns what FastAPI, Starlette and the router refuse into problems in French and English."""

import re
from functools import lru_cache
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from platformkit import errors, routes
from platformkit.errors import Fault, ProblemError
from platformkit.i18n import Text


class MalformedJson(errors.BadRequest):
    """The body is not JSON."""

    code = "malformed-json"
    title = Text("JSON mal formé", "Malformed JSON")
    detail = Text(
        "Le corps n’est pas du JSON valide (position {position}).",
        "The body is not valid JSON (position {position}).",
    )


class UnsupportedMediaType(ProblemError):
    """The body is of a kind that the route does not read."""

    status = 415
    code = "unsupported-media-type"
    title = Text("Type de contenu non pris en charge", "Unsupported media type")
    detail = Text("Envoyez du JSON : application/json.", "Send JSON: application/json.")


class UnknownParameter(errors.BadRequest):
    """A query parameter that the route does not know; ignoring it would hide a typing error."""

    code = "unknown-parameter"
    title = Text("Paramètre inconnu", "Unknown parameter")


class MethodNotAllowed(ProblemError):
    """The path exists, the method does not apply to it."""

    status = 405
    code = "method-not-allowed"
    title = Text("Méthode non permise", "Method not allowed")


class RouteUnknown(errors.NotFound):
    """No route has this path."""

    code = "route-unknown"
    title = Text("Adresse inconnue", "Unknown address")


_TEXTS = {
    "missing": Text("Ce champ est requis.", "This field is required."),
    "extra_forbidden": Text("Ce champ est inconnu.", "This field is unknown."),
    "string_type": Text("Un texte est attendu.", "A text is expected."),
    "string_too_short": Text(
        "Au moins {min_length} caractère(s).", "At least {min_length} character(s)."
    ),
    "string_too_long": Text(
        "Au plus {max_length} caractère(s).", "At most {max_length} character(s)."
    ),
    "string_pattern_mismatch": Text(
        "Le format attendu est {pattern}.", "The expected format is {pattern}."
    ),
    "int_type": Text("Un nombre entier est attendu.", "A whole number is expected."),
    "int_parsing": Text("Un nombre entier est attendu.", "A whole number is expected."),
    "int_from_float": Text("Un nombre entier est attendu.", "A whole number is expected."),
    "bool_type": Text("true ou false est attendu.", "true or false is expected."),
    "bool_parsing": Text("true ou false est attendu.", "true or false is expected."),
    "greater_than_equal": Text("Au moins {ge}.", "At least {ge}."),
    "greater_than": Text("Plus que {gt}.", "More than {gt}."),
    "less_than_equal": Text("Au plus {le}.", "At most {le}."),
    "less_than": Text("Moins que {lt}.", "Less than {lt}."),
    "literal_error": Text("Valeurs admises : {expected}.", "Allowed values: {expected}."),
    "enum": Text("Valeurs admises : {expected}.", "Allowed values: {expected}."),
    "uuid_parsing": Text("Un identifiant UUID est attendu.", "A UUID is expected."),
    "uuid_type": Text("Un identifiant UUID est attendu.", "A UUID is expected."),
    "date_from_datetime_parsing": Text(
        "Une date AAAA-MM-JJ est attendue.", "A date YYYY-MM-DD is expected."
    ),
    "date_type": Text("Une date AAAA-MM-JJ est attendue.", "A date YYYY-MM-DD is expected."),
    "date_parsing": Text("Une date AAAA-MM-JJ est attendue.", "A date YYYY-MM-DD is expected."),
    "datetime_parsing": Text(
        "Un instant ISO 8601 est attendu.", "An ISO 8601 instant is expected."
    ),
    "dict_type": Text("Un objet JSON est attendu.", "A JSON object is expected."),
    "model_type": Text("Un objet JSON est attendu.", "A JSON object is expected."),
    "model_attributes_type": Text("Un objet JSON est attendu.", "A JSON object is expected."),
    "list_type": Text("Une liste est attendue.", "A list is expected."),
    "too_long": Text("Au plus {max_length} éléments.", "At most {max_length} elements."),
    "too_short": Text("Au moins {min_length} élément(s).", "At least {min_length} element(s)."),
    "too_deep": Text(
        "Au plus {depth} niveaux d’imbrication.", "At most {depth} levels of nesting."
    ),
    "text_not_storable": Text(
        "Le texte contient un caractère interdit (NUL).",
        "The text holds a forbidden character (NUL).",
    ),
}
_OTHER = Text("Cette valeur n’est pas admise.", "This value is not allowed.")


def fault(error: dict[str, Any]) -> Fault:
    """Say where and which rule; never echo what the caller sent."""
    where, *path = error["loc"]
    steps = "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
    facts = _Facts({name: str(value) for name, value in error.get("ctx", {}).items()})
    kind = error["type"]
    steps += facts.pop("at", "")
    if "fr" in facts and "en" in facts:  # a rule of a service's own: see wire.refusal
        detail = Text(facts["fr"], facts["en"])
    else:
        known = _TEXTS.get(kind, _OTHER)
        detail = Text(known.fr.format_map(facts), known.en.format_map(facts))
    return Fault(steps, kind.replace("_", "-"), detail, where=str(where))


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def refused(exception: RequestValidationError, content_type: str) -> ProblemError:
    """Turn FastAPI's validation error into one problem with all faults."""
    found = exception.errors()
    for error in found:
        if error["loc"] == ("body",) and "json" not in content_type and error["type"] != "missing":
            return UnsupportedMediaType()
        if error["type"] == "json_invalid":
            return MalformedJson(position=error["loc"][-1])
    return errors.Invalid([fault(error) for error in found])


def check_parameters(request: Request) -> None:
    """Raise UnknownParameter naming every query parameter that the route does not declare.

    A NUL in a query or path value is refused here too: no Postgres text can hold one.
    """
    given = request.query_params.keys()
    if "\x00" in request.url.path or any(
        "\x00" in value for value in request.query_params.values()
    ):
        raise errors.Invalid([Fault("", "text-not-storable", _TEXTS["text_not_storable"], "query")])
    if not given:
        return
    operation = (request.scope["route"].path_format, request.method)
    names, form = _declared(request.app).get(operation, (frozenset(), None))
    unknown = sorted(
        name for name in set(given) - names if form is None or not form.fullmatch(name)
    )
    if unknown:
        problem = UnknownParameter()
        problem.faults = [
            Fault("/" + name, UnknownParameter.code, UnknownParameter.title, where="query")
            for name in unknown
        ]
        raise problem


@lru_cache(maxsize=16)
def _declared(
    app: FastAPI,
) -> dict[tuple[str, str], tuple[frozenset[str], re.Pattern[str] | None]]:
    """Say which query parameters each operation takes: their names, and the form of others."""
    return {
        (str(one.path_format), method): (routes.query_parameters(one), routes.parameter_form(one))
        for one in routes.routes(app)
        for method in one.methods or ()
    }


@lru_cache(maxsize=16)
def _templates(app: FastAPI) -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    return [
        (
            re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))),
            (method, "HEAD") if method == "GET" else (method,),
        )
        for path, method in _declared(app)
    ]


def install(app: FastAPI) -> None:
    """Register the handlers; all of them answer `application/problem+json`."""

    async def expected(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, ProblemError)  # noqa: S101  # registered for nothing else
        return errors.respond(problem)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # likewise
        return errors.respond(refused(error, request.headers.get("content-type", "")))

    async def routed(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # likewise
        kinds: dict[int, type[ProblemError]] = {
            404: RouteUnknown,
            405: MethodNotAllowed,
            413: errors.TooLarge,
            503: errors.TooManyFiles,
        }
        kind = kinds.get(error.status_code, errors.BadRequest)
        headers = {}
        if kind is MethodNotAllowed:  # Starlette's Allow names the first route's methods only
            path = request.url.path
            allowed = {
                method
                for template, methods in _templates(request.app)
                if template.fullmatch(path)
                for method in methods
            }
            headers["allow"] = ", ".join(sorted(allowed))
        return errors.respond(kind(headers=headers))

    app.add_exception_handler(ProblemError, expected)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, routed)
