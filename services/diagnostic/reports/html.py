"""A report as one self-contained page: no script, no address, one style known by its digest."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from diagnostic.reports import radar
from diagnostic.reports.document import Report
from diagnostic.reports.wording import worded
from platformkit.pages import digest_policy

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER = resources.files("diagnostic.reports") / "templates"


def html(report: Report) -> bytes:
    """Write the page; texts are escaped by the template, and by Vega in the drawing."""
    from markupsafe import Markup  # noqa: PLC0415  # with the template engine

    shown = worded(report)
    page = _template().render(
        **shown,
        radar=Markup(radar.svg(shown)),  # noqa: S704  # made by Vega, which escapes its texts
        style=Markup(_style()),  # noqa: S704  # our own file
        policy=policy(),
    )
    return page.encode()


@cache
def policy() -> str:
    """Say what the page may load: nothing but its own style."""
    return digest_policy(_style())


@cache
def _style() -> str:
    return (FOLDER / "report.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # only who prints a page

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string((FOLDER / "report.html").read_text(encoding="utf-8"))
