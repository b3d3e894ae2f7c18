"""Answers of open data: JSON bytes with an ETag, a 304 when the caller holds them, cacheable."""

from fastapi import Request, Response

from platformkit import etags
from platformkit.i18n import language

_HEADERS = {"cache-control": "public, max-age=300", "vary": "accept-language"}


def answer(request: Request, body: bytes) -> Response:
    """Answer with the body, or with a 304 when If-None-Match names it."""
    tag = etags.of_bytes(body)
    headers = {**_HEADERS, "etag": tag, "content-language": language()}
    if etags.not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
