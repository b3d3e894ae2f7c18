"""Small files of every kind, made here: what they are said to be, and what they are not."""

import io
import zipfile
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.diagnostic.acting import Acting

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXE = b"MZ\x90\x00" + bytes(200) + b"This program cannot be run in DOS mode."


def archive(*names: str, mimetype: str | None = None) -> bytes:
    """Make a ZIP of these members, its type first and uncompressed when it has one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        if mimetype is not None:
            made.writestr(zipfile.ZipInfo("mimetype"), mimetype, zipfile.ZIP_STORED)
        for name in names:
            made.writestr(name, "<x/>" * 20)
    return file.getvalue()


TYPES = "[Content_Types].xml"
SOUND = {
    "application/pdf": PDF,
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(30),
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(30) + b"\xff\xd9",
    f"{OFFICE}wordprocessingml.document": archive(TYPES, "word/document.xml"),
    f"{OFFICE}spreadsheetml.sheet": archive(TYPES, "xl/workbook.xml"),
    f"{OFFICE}presentationml.presentation": archive(TYPES, "ppt/presentation.xml"),
    f"{OPEN}text": archive("content.xml", mimetype=f"{OPEN}text"),
    f"{OPEN}spreadsheet": archive("content.xml", mimetype=f"{OPEN}spreadsheet"),
    "text/plain": "Charte d’usage de l’IA\r\n\tŒuvre".encode(),
    "text/csv": b"\xef\xbb\xbfBMW;12\nMZ;13\n",
}
"""One file of each type that is taken."""


async def attached(
    acting: Acting,
    started: dict[str, Any],
    content: bytes = PDF,
    media_type: str = "application/pdf",
    **facts: str,
) -> httpx.Response:
    """Send a file as evidence of a diagnostic."""
    query = urlencode({"kind": "policy", "title": "Charte IA", **facts})
    path = f"/v1/assessments/{started['id']}/evidence?{query}"
    return await acting.send_file(path, content, media_type)
