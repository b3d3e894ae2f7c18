"""What the routes of an application declare about who may call them."""

import re
from collections.abc import Iterator
from typing import Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from platformkit import auth, classes
from platformkit.classes import RouteClass

PARAMETER_FORM: Final = "x-parameter-form"
"""Member of an operation (`openapi_extra`): the form of query parameters whose names are data."""


def routes(app: FastAPI) -> Iterator[RouteContext]:
    """Yield every documented route, those of included routers too."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute) and context.include_in_schema:
            yield context


def is_public(context: RouteContext) -> bool:
    """Tell whether the route declares itself open data."""
    return any(auth.is_public(dependant.call) for dependant in _tree(context.dependant))


def scopes(context: RouteContext) -> frozenset[str]:
    """Return the scopes that a caller needs for the route."""
    return frozenset(
        scope
        for dependant in _tree(context.dependant)
        for scope in dependant.own_oauth_scopes or ()
    )


def declared_class(context: RouteContext) -> RouteClass | None:
    """Return the class that the route declares; the route's own goes before its router's."""
    found = [classes.declared(dependant.call) for dependant in _tree(context.dependant)]
    return next((kind for kind in reversed(found) if kind is not None), None)


def query_parameters(context: RouteContext) -> frozenset[str]:
    """Return the names of the query parameters that the route reads."""
    return frozenset(
        field.alias for dependant in _tree(context.dependant) for field in dependant.query_params
    )


def parameter_form(context: RouteContext) -> re.Pattern[str] | None:
    """Return the form of query parameters whose names are data, where the route takes such."""
    route = context.original_route
    extra = route.openapi_extra if isinstance(route, APIRoute) else None
    form = (extra or {}).get(PARAMETER_FORM)
    return None if form is None else re.compile(form, re.ASCII)


def _tree(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for child in dependant.dependencies:
        yield from _tree(child)
