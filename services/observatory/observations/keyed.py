"""Finds the reading key that figures are to be read with."""

import re
from typing import Final

from observatory.structures import classing
from observatory.structures.catalogue import Catalogue, Indicator
from observatory.structures.classing import Key, applies
from platformkit.errors import NotFound, ProblemError
from platformkit.i18n import Text

KEY: Final = (
    r"^(?:([A-Za-z][A-Za-z0-9_.-]{0,63}):)?([A-Za-z][A-Za-z0-9_-]{0,63})"
    r"(?:\(([0-9A-Za-z.+~*-]{1,60})\))?$"
)
"""`ID`, `ID(1.0.0)` or `AGENCY:ID(1.0+)`; the newest published version unless one is named.

Its groups have no names: JavaScript spells them otherwise, and the document tells the pattern.
"""


class ReadingKeyUnknown(NotFound):
    """No published reading key is meant."""

    code = "reading-key-unknown"
    title = Text("Clé de lecture inconnue", "Unknown reading key")
    detail = Text("Aucune clé publiée {reference}.", "No published key {reference}.")


class ReadingKeyUnfit(ProblemError):
    """The key is for other indicators."""

    status = 422
    code = "reading-key-unfit"
    title = Text("Clé de lecture inadaptée", "Unfit reading key")
    detail = Text("{key} ne lit pas {indicator}.", "{key} does not read {indicator}.")


def reading(structures: Catalogue, indicator: Indicator, asked: str) -> Key:
    """Return a key that reads an indicator; raises ReadingKeyUnknown or ReadingKeyUnfit.

    A draft is used only where its version is named.
    """
    named = re.fullmatch(KEY, asked)
    agency, name, version = named.groups("") if named else ("", "", "")
    version = version or "+"
    found = structures.find("reading_key", name, version, agency or None) if name else None
    if found is None or (found.version.is_draft and version != str(found.version)):
        raise ReadingKeyUnknown(reference=asked)
    if not applies(found, indicator.artefact):
        raise ReadingKeyUnfit(key=found.reference, indicator=indicator.artefact.reference)
    return classing.key(found)
