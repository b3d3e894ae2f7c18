"""The fixed words of the report, in French and English, with their no-break spaces."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from diagnostic.questionnaires.grid import Language

WORDS = resources.files("diagnostic.reports") / "templates" / "words.json"


@cache
def words(language: Language) -> dict[str, str]:
    """Read them in one language; braces are filled by the renderer."""
    found = json.loads(WORDS.read_text(encoding="utf-8"))
    return {key: text[language] for key, text in found.items()}
