"""A study as a PDF/UA file: the same study always gives the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import resources
from typing import Any

from observatory.study.schemas import Study
from observatory.study.words import worded
from platformkit.glyphs import drawable

_TEMPLATE = resources.files("observatory.study") / "templates" / "study.typ"


def pdf(study: Study) -> bytes:
    """Lay the study out; data reach the template as inert JSON, and no file is ever read.

    PDF/UA-1 forbids a character without glyph: where there is one, it becomes a white square.
    """
    import typst  # noqa: PLC0415  # only who prints a PDF

    shown = worded(study)
    dated = [datetime.fromisoformat(each.published_at) for each in study.releases]
    at = int(max(each.timestamp() for each in dated))
    try:
        return _laid_out(shown, at)
    except typst.TypstError:
        return _laid_out(drawable(shown), at)


def _laid_out(shown: dict[str, Any], at: int) -> bytes:
    import typst  # noqa: PLC0415  # likewise

    made = typst.compile(
        _TEMPLATE.read_bytes(),
        sys_inputs={"data": json.dumps(shown, ensure_ascii=False, sort_keys=True)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=at,
    )
    return bytes(made)
