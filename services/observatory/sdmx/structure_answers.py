"""Answers with a structure message, or a 304 to whoever holds it."""

from fastapi import Request, Response

from observatory.sdmx.negotiation import Format
from observatory.sdmx.selecting import Query
from observatory.sdmx.structure_messages import StructureMessages
from observatory.structures.catalogue import Catalogue
from platformkit import etags, open_data
from platformkit.i18n import language
from platformkit.preferences import takes_gzip
from platformkit.reads import ReadPool


async def answer(
    request: Request, reads: ReadPool, structures: Catalogue, query: Query, form: Format
) -> Response:
    """Answer a query in a form, packed for who takes that; raises StructuresNotFound."""
    messages: StructureMessages = request.app.state.structure_messages
    packed = takes_gzip(request.headers.get("accept-encoding", ""))
    selected = messages.select(structures, query, form, language(), packed=packed)
    told = headers(selected.etag)
    if packed:
        told["content-encoding"] = "gzip"
    if etags.not_modified(request, selected.etag):
        return Response(status_code=304, headers=told)
    body = await messages.write(reads, selected)
    return Response(body, headers=told, media_type=form.content_type)


def headers(etag: str) -> dict[str, str]:
    """Write the headers of what depends on structures alone."""
    return {
        "etag": etag,
        "cache-control": open_data.control(),
        "vary": "Accept, Accept-Language, Accept-Encoding",
        "content-language": language(),
    }
