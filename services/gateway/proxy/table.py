"""Which request goes where, and who may send it: read from the merged OpenAPI document."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from platformkit import classes
from platformkit.classes import RouteClass

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_MOST_FOUND, _LONG = 4_096, 200
"""Paths whose routes are kept, and characters of one that is not."""

SERVICE = "x-vigie-service"
UPSTREAM = "x-vigie-upstream"
PUBLIC = "x-public"


class TableError(Exception):
    """The document leaves a route undecided; the gateway does not start with it."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: `prefix` of the public path becomes `replacement` at the service."""

    service: str
    method: str
    template: str
    prefix: str
    replacement: str
    scopes: frozenset[str]
    public: bool
    kind: RouteClass
    """What its requests are counted with."""


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    patterns: list[tuple[re.Pattern[str], "_Node"]] = field(default_factory=list)
    anything: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)


class Table:
    """A trie of path segments; literals win over parameters, as in the services' own routers."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            node = self._root
            for segment in route.template.split("/")[1:]:
                node = _child(node, segment)
            if route.method in node.routes:
                raise TableError(f"{route.method} {route.template} is there twice")
            node.routes[route.method] = route
            if route.method == "GET":
                node.routes.setdefault("HEAD", route)  # RFC 9110 §9.1: no resource without it
        self._found = lru_cache(maxsize=_MOST_FOUND)(self._search)

    def find(self, method: str, path: str) -> Route | None:
        """Give the route of a decoded path; None when the path or its method is not published."""
        return (self._found if len(path) < _LONG else self._search)(method, path)

    def _search(self, method: str, path: str) -> Route | None:
        for node in _matches(self._root, path.split("/"), 1):
            route = node.routes.get(method)
            if route is not None:
                return route
        return None

    def allowed(self, path: str) -> list[str]:
        """List the methods of a path, none when there is no such path."""
        nodes = _matches(self._root, path.split("/"), 1)
        return sorted({method for node in nodes for method in node.routes})


def _child(node: _Node, segment: str) -> _Node:
    if "{" not in segment:
        return node.literals.setdefault(segment, _Node())
    if re.fullmatch(r"\{[^{}]+\}", segment):
        node.anything = node.anything or _Node()
        return node.anything
    parts = re.split(r"\{[^{}]+\}", segment)
    pattern = re.compile(".+".join(re.escape(part) for part in parts), re.DOTALL)
    for known, child in node.patterns:
        if known == pattern:
            return child
    node.patterns.append((pattern, _Node()))
    return node.patterns[-1][1]


def _matches(node: _Node, segments: list[str], index: int) -> Iterator[_Node]:
    while index < len(segments):
        segment = segments[index]
        index += 1
        literal = node.literals.get(segment)
        if literal is not None and not node.patterns and node.anything is None:
            node = literal
            continue
        if literal is not None:
            yield from _matches(literal, segments, index)
        for pattern, child in node.patterns:
            if pattern.fullmatch(segment):
                yield from _matches(child, segments, index)
        if node.anything is None or not segment:
            return
        node = node.anything
    yield node


def read(document: Mapping[str, Any]) -> list[Route]:
    """Read every operation that names a service.

    One that is neither scoped nor public, or has no class, is an error.
    """
    found: list[Route] = []
    for template, item in document["paths"].items():
        service = item.get(SERVICE)
        if service is None:
            continue
        prefix, replacement = _rewriting(template, item[UPSTREAM])
        for method in METHODS:
            if method not in item:
                continue
            operation = item[method]
            scopes = frozenset(
                scope
                for requirement in operation.get("security", [])
                for needed in requirement.values()
                for scope in needed
            )
            public = operation.get(PUBLIC, False)
            if bool(scopes) == public:
                raise TableError(f"{method} {template} must name its scopes or say it is public")
            kind = operation.get(classes.EXTENSION)
            if kind not in classes.CLASSES:
                raise TableError(f"{method} {template} has no class to be counted in")
            found.append(
                Route(
                    service=service,
                    method=method.upper(),
                    template=template,
                    prefix=prefix,
                    replacement=replacement,
                    scopes=scopes,
                    public=public,
                    kind=kind,
                )
            )
    return found


def unforwarded(document: Mapping[str, Any]) -> dict[str, RouteClass]:
    """Give the classes of the paths that belong to no service: tokens, keys, metadata."""
    return {
        path: operation[classes.EXTENSION]
        for path, item in document["paths"].items()
        if SERVICE not in item
        for method, operation in item.items()
        if method in METHODS
    }


def _rewriting(template: str, upstream: str) -> tuple[str, str]:
    """Drop the common end of both templates: what differs is what is replaced."""
    public, inner = template.split("/"), upstream.split("/")
    while public and inner and public[-1] == inner[-1]:
        public.pop()
        inner.pop()
    prefix = "/".join(public)
    if "{" in prefix or "{" in "/".join(inner):
        raise TableError(f"{template} and {upstream} differ inside a parameter")
    return prefix, "/".join(inner)
