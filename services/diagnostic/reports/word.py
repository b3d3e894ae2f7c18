"""A report as a Word text, from the template `report.docx`, which is edited in Word."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from importlib import resources
from typing import TYPE_CHECKING

from diagnostic.reports import radar
from diagnostic.reports.document import Report
from diagnostic.reports.figures import LOCALES
from diagnostic.reports.wording import worded

if TYPE_CHECKING:
    from docx.document import Document

TEMPLATE = resources.files("diagnostic.reports") / "templates" / "report.docx"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest instant that a zip can tell: the files inside have no date of their own."""


def word(report: Report) -> bytes:
    """Fill the template; texts are escaped for XML, and the same report gives the same bytes."""
    from docxtpl import DocxTemplate  # noqa: PLC0415  # only who prints a text

    shown = worded(report)
    template = DocxTemplate(io.BytesIO(TEMPLATE.read_bytes()))
    template.render(shown, autoescape=True)
    made: Document = template.docx
    _draw(made, radar.png(shown))
    _speak(made, LOCALES[report.language].replace("_", "-"))
    about = made.core_properties
    about.title = f"{shown['t']['title']} – {shown['organisation']}"[:255]
    about.author, about.language = "Vigie", report.language
    about.created = about.modified = report.computed_at.astimezone(UTC).replace(tzinfo=None)
    file = io.BytesIO()
    template.save(file)
    return _timeless(file)


def _draw(made: Document, picture: bytes) -> None:
    """Put the radar in the place of the template's only picture, whose alternative text it has."""
    from docx.parts.image import ImagePart  # noqa: PLC0415  # with the template engine

    [place] = [
        one.target_part
        for one in made.part.rels.values()
        if not one.is_external and isinstance(one.target_part, ImagePart)
    ]
    place._blob = picture  # noqa: SLF001  # python-docx has no way to replace a picture


def _speak(made: Document, locale: str) -> None:
    """Tell the language of the text, for those who have it read aloud and for the spelling."""
    from docx.oxml.ns import qn  # noqa: PLC0415  # likewise

    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)


def _timeless(file: io.BytesIO) -> bytes:
    """Pack the files again, each with the same date."""
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            entry = zipfile.ZipInfo(one.filename, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(one))
    return packed.getvalue()
