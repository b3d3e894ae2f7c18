"""The printed formats of a report: what each is called on the wire, and who prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson

from diagnostic.reports.document import Report
from diagnostic.reports.html import html, policy
from diagnostic.reports.pdf import pdf
from diagnostic.reports.spreadsheet import spreadsheet
from diagnostic.reports.word import word
from platformkit import etags

_OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file."""

    ending: str
    media_type: str
    printer: Callable[[Report], bytes]
    policy: Callable[[], str] | None = None
    """Of those that open in the browser: what they may load there. The others are saved."""

    def headers(self, name: str) -> dict[str, str]:
        """Name the file, in ASCII of our own making, and say what a browser may do with it."""
        file = f'filename="{name}.{self.ending}"'
        if self.policy is None:
            return {"content-disposition": f"attachment; {file}"}
        return {
            "content-disposition": f"inline; {file}",
            "content-security-policy": f"{self.policy()}; frame-ancestors 'none'",
        }


HTML = Format("html", "text/html; charset=utf-8", html, policy)
PDF = Format("pdf", "application/pdf", pdf)
XLSX = Format("xlsx", f"{_OFFICE}spreadsheetml.sheet", spreadsheet)
DOCX = Format("docx", f"{_OFFICE}wordprocessingml.document", word)


def tag(one: Format, report: Report, release: str) -> str:
    """Name the bytes that a release prints of a report."""
    return etags.of_bytes(one.ending, release, orjson.dumps(report))
