"""What a thesis is told in: euros to the cent, percentages to the hundredth, lines of text."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints

from platformkit.wire import refusal
from training.imports.texts import clean

_HUNDREDTH: Final = Decimal("0.01")


def _to_hundredths(value: Decimal) -> Decimal:
    return value.quantize(_HUNDREDTH)


def _clean(text: str) -> str:
    cleaned = clean(text)
    if cleaned is None:
        raise refusal("text_empty", "Le texte est vide.", "The text is empty.")
    return cleaned


Euros = Annotated[
    Decimal,
    Field(gt=0, le=1_000_000_000, decimal_places=2, allow_inf_nan=False),
    AfterValidator(_to_hundredths),
]
Percent = Annotated[
    Decimal,
    Field(gt=0, le=100, decimal_places=2, allow_inf_nan=False),
    AfterValidator(_to_hundredths),
]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_clean)]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=5000), AfterValidator(_clean)]
"""NFC and without control characters, as what is imported."""
