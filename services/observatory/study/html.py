"""A study as one self-contained page: no script, one style known by its digest."""

from __future__ import annotations

from importlib import resources
from typing import Final

from observatory.study.schemas import Study
from observatory.study.words import worded
from platformkit.pages import Layout

_LAYOUT: Final = Layout(resources.files("observatory.study") / "templates", "study")
policy: Final = _LAYOUT.policy


def html(study: Study) -> bytes:
    """Write the page; the template escapes all texts."""
    return _LAYOUT.render(**worded(study))
