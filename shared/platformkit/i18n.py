"""French first, English too: texts in both, and the language of the request being served."""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Language = Literal["fr", "en"]

_language: ContextVar[Language] = ContextVar("language", default="fr")


def language() -> Language:
    """Return the language that the current request asked for; French when it asked for none."""
    return _language.get()


def speak(chosen: Language) -> None:
    """Set the language of the current request."""
    _language.set(chosen)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages; calling it gives the one of the request, its fields filled in."""

    fr: str
    en: str

    def __call__(self, **facts: object) -> str:
        """Return the text in the request's language, `{fields}` replaced by the facts."""
        chosen = self.en if language() == "en" else self.fr
        return chosen.format(**facts) if facts else chosen


_LOOSE: Final = re.compile(r"« ([^«»]*) »| ([:;?!])(?=[\s»)]|$)")


def typeset(sentence: str) -> str:
    """Tie the marks of a sentence in the request's language to their words, as French wants.

    What it quotes, which may be code, stays as it is.
    """
    return sentence if language() == "en" else _LOOSE.sub(_tied, sentence)


def _tied(loose: re.Match[str]) -> str:
    quoted, mark = loose.groups()
    if mark is None:
        return f"«\u00a0{quoted}\u00a0»"
    return f"\u00a0{mark}" if mark == ":" else f"\u202f{mark}"


@lru_cache(maxsize=512)
def negotiate(accept_language: str) -> Language:
    """Choose between French and English as RFC 9110 §12.5.4 says; French wins a tie."""
    weights = {"fr": 0.0, "en": 0.0}
    for item in accept_language.split(","):
        tag, _, parameter = item.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        for known in ("fr", "en") if primary == "*" else (primary,):
            if known in weights:
                weights[known] = max(weights[known], weight)
    return "en" if weights["en"] > weights["fr"] else "fr"
