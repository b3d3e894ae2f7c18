"""A sheet as one self-contained page: no script, no address to load, one style."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from platformkit.i18n import Text, language

if TYPE_CHECKING:
    from jinja2 import Template

    from observatory.sheets.schemas import SheetWhole

_FOLDER: Final = resources.files("observatory.sheets") / "templates"
_WORDS: Final = {
    "deprecated": Text("Cet indicateur ne devrait plus servir.", "This indicator should go."),
    "know": Text("À savoir", "What to know"),
    "measure": Text("Ce qui est mesuré", "What is measured"),
    "definition": Text("Définition", "Definition"),
    "unit": Text("Unité", "Unit"),
    "method": Text("Méthode", "Method"),
    "processing": Text("Traitement", "Processing"),
    "quality": Text("Concepts et qualité", "Concepts and quality"),
    "release": Text("Dernière livraison", "Newest release"),
    "published": Text("Publiée le", "Published on"),
    "covered": Text("Périodes", "Periods"),
    "notes": Text("Note", "Notes"),
    "unpublished": Text("Pas encore publiée.", "Not published yet."),
    "sources": Text("Sources", "Sources"),
    "keys": Text("Clés de lecture et grilles", "Reading keys and grids"),
}


def page(sheet: SheetWhole) -> bytes:
    """Write the page in the language of the request; texts are escaped by the template."""
    from markupsafe import Markup  # noqa: PLC0415  # with the template engine

    return (
        _template()
        .render(
            t={name: text() for name, text in _WORDS.items()},
            sheet=sheet,
            language=language(),
            style=Markup(_style()),  # noqa: S704  # our own file
            policy=policy(),
        )
        .encode()
    )


@cache
def policy() -> str:
    """Allow one style, known by its digest, and nothing else (Content Security Policy 3)."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return (_FOLDER / "sheet.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  # only who prints a page

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string((_FOLDER / "sheet.html").read_text(encoding="utf-8"))
