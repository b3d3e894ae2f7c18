"""A sheet as one self-contained page: no script, no address to load, one style."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from platformkit.i18n import Text, language
from platformkit.pages import Layout

if TYPE_CHECKING:
    from observatory.sheets.schemas import SheetWhole

_LAYOUT: Final = Layout(resources.files("observatory.sheets") / "templates", "sheet")
policy: Final = _LAYOUT.policy
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
    words = {name: text() for name, text in _WORDS.items()}
    return _LAYOUT.render(t=words, sheet=sheet, language=language())
