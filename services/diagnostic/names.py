"""What people call companies, programmes, cohorts and each other."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from platformkit.wire import refusal

UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories of what nobody can see or draw: controls, formats, private use, breaks."""


def _name(text: str) -> str:
    return _visible(text, "")


def _prose(text: str) -> str:
    return _visible(text, "\n\t")


def _visible(text: str, allowed: str) -> str:
    if text.strip() != text or not text:
        raise refusal(
            "text_padded",
            "Le texte ne doit être ni vide ni entouré d’espaces.",
            "The text must be neither empty nor surrounded by spaces.",
        )
    if any(unicodedata.category(sign) in UNSEEN and sign not in allowed for sign in text):
        raise refusal(
            "text_unseen",
            "Le texte contient un caractère invisible (contrôle, mise en forme, usage privé).",
            "The text contains an invisible character (control, format, private use).",
        )
    return text


Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_name)]
"""One line of visible text."""

Prose = Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_prose)]
"""A few lines of visible text."""

Role = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_name)]
"""What somebody does in a company, on one line of visible text."""
