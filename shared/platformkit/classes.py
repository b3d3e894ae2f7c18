"""The class of a route: requests of one class cost about the same, and the door counts them so.

What a route gives and takes says its class; a router or a route that knows better declares it with
`counted_as`. One that gives what is not known here has no class before it does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from fastapi import Depends

RouteClass = Literal["read", "write", "bulk", "sdmx", "overview", "token"]
"""`bulk` are files in and out, `overview` answers made of several services, `token` what takes
secrets."""

CLASSES: Final[tuple[RouteClass, ...]] = get_args(RouteClass)
EXTENSION: Final = "x-vigie-class"
"""Member of an operation: its class."""

_SMALL: Final = frozenset(
    {
        "application/fhir+json",
        "application/jose",
        "application/json",
        "application/ld+json",
        "image/png",
        "image/svg+xml",
        "text/calendar",
    }
)
_FILES: Final = frozenset(
    {
        "application/jsonl",
        "application/pdf",
        "application/vnd.apache.arrow.stream",
        "application/vnd.apache.parquet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/xml",
        "application/zip",
        "text/csv",
        "text/html",
    }
)


@dataclass(frozen=True, slots=True)
class _Counted:
    kind: RouteClass

    async def __call__(self) -> None:
        """Do nothing: it is here to be read."""


def counted_as(kind: RouteClass) -> Any:  # noqa: ANN401  # FastAPI's own marker has no public type
    """Declare the class of a route or of a router's routes, as one of its `dependencies`."""
    return Depends(_Counted(kind))


def declared(dependency: object) -> RouteClass | None:
    """Return the class that a route's dependency declares, if it does."""
    return dependency.kind if isinstance(dependency, _Counted) else None


def derived(method: str, given: Collection[str], taken: Collection[str]) -> RouteClass | None:
    """Tell the class by the media types of good answers and of the body; None for unknown ones."""
    answers = {kind.partition(";")[0] for kind in given}
    if method != "GET":
        return "bulk" if taken and "application/json" not in taken else "write"
    if answers <= _SMALL:
        return "read"
    return "bulk" if answers <= _SMALL | _FILES else None
