"""A study as one self-contained page: no script, one style known by its digest."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from observatory.study.schemas import Study
from observatory.study.words import worded
from platformkit.pages import digest_policy

if TYPE_CHECKING:
    from jinja2 import Template

_FOLDER = resources.files("observatory.study") / "templates"


def html(study: Study) -> bytes:
    """Write the page; the template escapes all texts."""
    from markupsafe import Markup  # noqa: PLC0415  # with the template engine

    style = Markup(_style())  # noqa: S704  # our own file
    return _template().render(**worded(study), style=style, policy=policy()).encode()


@cache
def policy() -> str:
    """Say what the page may load: nothing but its own style."""
    return digest_policy(_style())


@cache
def _style() -> str:
    return (_FOLDER / "study.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # only who prints a page

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string((_FOLDER / "study.html").read_text(encoding="utf-8"))
