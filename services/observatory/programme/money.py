"""Euros as people write them, cents as they are counted: nothing is ever rounded."""

from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from platformkit.wire import refusal

_LONGEST: Final = 12


def cents(euros: str) -> int:
    """Read an amount that the wire has accepted."""
    return int(Decimal(euros) * 100)


def euros(amount: int) -> str:
    """Write cents as euros with both decimals: 123456 is 1234.56."""
    whole, part = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}{whole}.{part:02d}"


def _positive(text: str) -> str:
    if cents(text) == 0:
        raise refusal("amount_zero", "Le montant doit être positif.", "The amount is positive.")
    return text


Amount = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,9}(\.[0-9]{1,2})?$",
        max_length=_LONGEST,
        description="EUR, as text so that no cent is lost",
        examples=["1400000.00"],
    ),
    AfterValidator(_positive),
]
"""Euros of a request, more than zero and less than a billion."""

Euros = Annotated[str, Field(description="EUR with both decimals", examples=["1400000.00"])]
"""Euros of an answer."""


def ratio(part: int, whole: int) -> float | None:
    """Divide two totals, to four decimals; None where there is nothing to divide by, or less."""
    return round(part / whole, 4) if whole > 0 else None
