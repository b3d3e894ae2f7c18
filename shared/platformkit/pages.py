"""Pages of ours: complete in themselves, without scripts, with one style that may load."""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from jinja2 import Template


class Layout:
    """The template and the style of a page, of a package's `templates/`, read at its first use."""

    def __init__(self, folder: Traversable, name: str) -> None:
        self._folder = folder
        self._name = name

    def render(self, **said: object) -> bytes:
        """Write the page; the template escapes all texts but those marked as safe."""
        from markupsafe import Markup  # noqa: PLC0415  # with the template engine

        style = Markup(self._style)  # noqa: S704  # our own file
        return self._template.render(**said, style=style, policy=self.policy()).encode()

    def policy(self) -> str:
        """Allow its style, known by its digest, and nothing else (Content Security Policy 3)."""
        return self._policy

    @cached_property
    def _policy(self) -> str:
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        allowed = f"style-src 'sha256-{digest}'"
        return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"

    @cached_property
    def _style(self) -> str:
        return self._read("css")

    @cached_property
    def _template(self) -> Template:
        from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # only who prints a page

        environment = Environment(autoescape=True, undefined=StrictUndefined)
        return environment.from_string(self._read("html"))

    def _read(self, kind: str) -> str:
        return (self._folder / f"{self._name}.{kind}").read_text(encoding="utf-8")
