"""How an object of the Open Education API leaves: the members wanted, versioned, kept by caches."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Final

import orjson
from fastapi import Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.types import Receive, Scope, Send

from platformkit import open_data
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text
from training.certifications import moments
from training.oeapi import negotiation
from training.oeapi.negotiation import Negotiated
from training.oeapi.problems import ParameterRefused
from training.oeapi.schemas import Listed

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except (RequestValidationError, Invalid) as error:
        raise ParameterRefused.of(error) from None


class ContractRoute(APIRoute):
    """Answers 400 to what is not of its form, as the contract wants."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wrap what is refused before the route's handler."""
        with _refused():
            await super().handle(scope, receive, send)

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Wrap the route's handler."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            with _refused():
                answer: Response = await handle(request)
            return answer

        return handled


def top_level(fields: str) -> frozenset[str]:
    """Read the outermost names of `(id,title,programme(code))`; what is nested comes whole."""
    depth = 0
    text = fields.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    outer = []
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        outer.append(character if depth == 0 and character not in "()" else " ")
    return frozenset(_NAME.findall("".join(outer)))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the caller said of the answer's form."""

    request: Request
    negotiated: Negotiated
    wanted: frozenset[str] | None

    def item(self, model: BaseModel) -> Response:
        """Answer with one object."""
        return self._answer(self._members(model))

    def page(self, page: Listed[Any]) -> Response:
        """Answer with a page of objects."""
        body = page.model_dump(mode="json", by_alias=True, exclude={"items"})
        return self._answer(body | {"items": [self._members(one) for one in page.items]})

    def _members(self, model: BaseModel) -> dict[str, Any]:
        """Return the members that say something, of them those wanted and the mandatory ones."""
        told = model.model_dump(mode="json", by_alias=True, exclude_none=True)
        if self.wanted is None:
            return told
        kept = self.wanted | {
            field.alias for field in type(model).model_fields.values() if field.is_required()
        }
        return {name: value for name, value in told.items() if name in kept}

    def _answer(self, members: dict[str, Any]) -> Response:
        body = orjson.dumps(members)
        response = open_data.answer(
            self.request,
            body,
            seconds=moments.now().seconds,
            media_type=self.negotiated.media_type,
        )
        speaks_english = b'"language":"en"' in body
        response.headers["content-language"] = "fr, en" if speaks_english else "fr"
        response.headers["vary"] = "Accept"
        return response


async def _reply(
    request: Request,
    negotiated: negotiation.Asked,
    fields: Annotated[
        str | None,
        Query(max_length=1_000, description="only these members: `(name,link)`"),
    ] = None,
    consumer: Annotated[
        str | None, Query(max_length=100, description="whose profile is wanted: `x-vigie`")
    ] = None,
) -> Reply:
    negotiation.check_consumer(consumer)
    return Reply(request, negotiated, None if fields is None else top_level(fields))


Told = Annotated[Reply, Depends(_reply)]
"""`fields` and `consumer`, and the version asked for."""


def expands(*known: str) -> Any:  # noqa: ANN401  # what FastAPI's Depends is
    """Return the dependency that reads `expand`, of which the contract knows these names."""
    names = ", ".join(known)
    rule = Text(f"Se déplient ici : {names}.", f"What expands here: {names}.")

    async def read(
        expand: Annotated[
            str | None,
            Query(max_length=500, description=f"separated by commas: {names}"),
        ] = None,
    ) -> frozenset[str]:
        asked = frozenset(one.strip() for one in (expand or "").split(",")) - {""}
        if asked - set(known):
            raise Invalid([Fault("/expand", "literal-error", rule, where="query")])
        return asked

    return Depends(read)
