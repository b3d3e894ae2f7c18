"""The codes, texts and numbers that grids are made of; nothing is coerced."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,31}$", strict=True)]
"""A question or a dimension; also a safe CEL identifier, hence the capital first."""

GridCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{0,31}$", strict=True)]

OptionCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
"""An option, a row or a level."""

Version = Annotated[
    str,
    StringConstraints(pattern=r"^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$"),
]

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def _seen(text: str) -> str:
    """Refuse what no report can print (XML 1.0, § 2.2) and what turns the reading direction."""
    if _UNSEEN.search(text):
        raise PydanticCustomError(
            "text_unseen",
            "{en}",
            {
                "fr": "Le texte contient un caractère de contrôle ou de sens de lecture.",
                "en": "The text holds a control character or one that turns the direction.",
            },
        )
    return text


Line = Annotated[
    str, StringConstraints(min_length=1, max_length=4000, strict=True), AfterValidator(_seen)
]
Weight = Annotated[float, Field(strict=True, ge=0, le=1_000_000, allow_inf_nan=False)]
Points = Annotated[float, Field(strict=True, ge=-10_000, le=10_000, allow_inf_nan=False)]
Bound = Annotated[float, Field(strict=True, ge=-1e15, le=1e15, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]
Share = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
