"""The forms in which the catalogue is written, and which of them a client would like best."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, Literal

import orjson

from platformkit.errors import ProblemError
from platformkit.i18n import Text
from platformkit.preferences import Preference, preferences

Form = Literal["jsonld", "ttl"]

MEDIA: Final[Mapping[Form, str]] = {"jsonld": "application/ld+json", "ttl": "text/turtle"}
"""The first is what whoever takes anything gets."""

_ALSO: Final[Mapping[str, Form]] = {"application/json": "jsonld", "application/x-turtle": "ttl"}


class CatalogueNotAcceptable(ProblemError):
    """None of the media types that the client takes is written here."""

    status = 406
    code = "catalogue-not-acceptable"
    title = Text("Format non proposé", "Format not offered")
    detail = Text(
        "Le catalogue est en {offered}.",
        "The catalogue is written as {offered}.",
    )


def chosen(accept: str | None) -> Form:
    """Choose by Accept (RFC 9110 §12.5.1), or raise CatalogueNotAcceptable."""
    ranges = list(preferences(accept or "*/*"))
    weights = {form: _weight(ranges, form) for form in MEDIA}
    best = max(MEDIA, key=lambda form: weights[form])
    if weights[best] <= 0:
        raise CatalogueNotAcceptable(offered=", ".join(MEDIA.values()))
    return best


def _weight(ranges: list[Preference], form: Form) -> float:
    """Weigh a form by the closest media range that means it."""
    media = MEDIA[form]
    for names in (
        {media, *(name for name, of in _ALSO.items() if of == form)},
        {f"{media.partition('/')[0]}/*"},
        {"*/*"},
    ):
        found = [each.weight for each in ranges if each.name in names]
        if found:
            return max(found)
    return 0.0


async def written(document: Mapping[str, Any], form: Form) -> bytes:
    """Write a document of linked data in a form."""
    told = orjson.dumps(document)
    return told if form == "jsonld" else await asyncio.to_thread(_turtle, told)


def _turtle(told: bytes) -> bytes:
    from rdflib import Graph  # noqa: PLC0415  # few ask for it

    graph = Graph(bind_namespaces="none").parse(data=told, format="json-ld")
    return graph.serialize(format="turtle", encoding="utf-8")
