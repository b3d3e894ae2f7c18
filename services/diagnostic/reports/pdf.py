"""A report as a PDF/UA file: the same report always gives the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import resources
from typing import Any

import typst

from diagnostic.reports.document import Report
from diagnostic.reports.wording import worded
from platformkit.glyphs import drawable

TEMPLATE = resources.files("diagnostic.reports") / "templates" / "report.typ"


def pdf(report: Report) -> bytes:
    """Lay the report out; data reach the template as inert JSON, and no file is ever read.

    PDF/UA-1 forbids a character without glyph: where there is one, it becomes a white square.
    """
    shown = worded(report)
    try:
        return _laid_out(shown, report.computed_at)
    except typst.TypstError:
        return _laid_out(drawable(shown), report.computed_at)


def _laid_out(shown: dict[str, Any], at: datetime) -> bytes:
    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"data": json.dumps(shown, ensure_ascii=False, sort_keys=True)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    return bytes(made)
