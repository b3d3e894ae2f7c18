"""Sparse answers: `fields=` keeps some members of a document, `exclude=` leaves some out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel

from platformkit.errors import BadRequest
from platformkit.i18n import Text

_LONGEST: Final = 1_000


class FieldUnknown(BadRequest):
    """A name in `fields` or `exclude` that the document does not have."""

    code = "field-unknown"
    title = Text("Champ inconnu", "Unknown field")
    detail = Text(
        "Inconnus : {unknown}. Ce document a : {known}.",
        "Unknown: {unknown}. This document has: {known}.",
    )


@dataclass(frozen=True, slots=True)
class Sparse:
    """The members that are wanted; None is all of them, in the bytes as they are."""

    wanted: frozenset[str] | None

    def document(self, body: bytes) -> bytes:
        """Return the document with the members that are wanted, in their order."""
        return body if self.wanted is None else orjson.dumps(self._of(orjson.loads(body)))

    def page(self, body: bytes) -> bytes:
        """Return a page whose items have the members that are wanted."""
        if self.wanted is None:
            return body
        read = orjson.loads(body)
        return orjson.dumps(read | {"items": [self._of(item) for item in read["items"]]})

    def _of(self, document: dict[str, Any]) -> dict[str, Any]:
        wanted = self.wanted or frozenset()
        return {name: value for name, value in document.items() if name in wanted}


def fields_of(model: type[BaseModel], *more: str) -> Any:  # noqa: ANN401  # what FastAPI's Depends is
    """Return the dependency that reads `fields` and `exclude`; FieldUnknown names all unknown.

    `more` are members that the document may have beside those of its model.
    """
    return Depends(_reader(tuple(dict.fromkeys((*model.model_fields, *more)))))


def _reader(known: tuple[str, ...]) -> Callable[..., Any]:
    async def chosen(
        fields: Annotated[
            str | None,
            Query(max_length=_LONGEST, description="only these members, separated by commas"),
        ] = None,
        exclude: Annotated[
            str | None,
            Query(max_length=_LONGEST, description="all members but these"),
        ] = None,
    ) -> Sparse:
        kept, left_out = _names(fields), _names(exclude)
        unknown = sorted((kept | left_out) - set(known))
        if unknown:
            raise FieldUnknown(unknown=", ".join(unknown), known=", ".join(known))
        if fields is None and exclude is None:
            return Sparse(None)
        return Sparse((kept or frozenset(known)) - left_out)

    return chosen


def _names(given: str | None) -> frozenset[str]:
    return (
        frozenset(name.strip() for name in given.split(",")) if given is not None else frozenset()
    )
