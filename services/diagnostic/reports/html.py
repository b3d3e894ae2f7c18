"""A report as one self-contained page: no script, no address, one style known by its digest."""

from __future__ import annotations

from importlib import resources
from typing import Final

from diagnostic.reports import radar
from diagnostic.reports.document import Report
from diagnostic.reports.wording import worded
from platformkit.pages import Layout

_LAYOUT: Final = Layout(resources.files("diagnostic.reports") / "templates", "report")
policy: Final = _LAYOUT.policy


def html(report: Report) -> bytes:
    """Write the page; texts are escaped by the template, and by Vega in the drawing."""
    from markupsafe import Markup  # noqa: PLC0415  # with the template engine

    shown = worded(report)
    drawn = Markup(radar.svg(shown))  # noqa: S704  # made by Vega, which escapes its texts
    return _LAYOUT.render(**shown, radar=drawn)
