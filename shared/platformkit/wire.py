"""The base of every request body: nothing unknown, nothing that Postgres cannot store."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

_LONE = re.compile("[\ud800-\udfff]")


def _unstorable(value: object, path: str) -> Iterator[str]:
    """Yield the pointer of each text with a NUL (no Postgres text) or lone surrogate (no UTF-8)."""
    if isinstance(value, str):
        if "\x00" in value or not (value.isascii() or _LONE.search(value) is None):
            yield path
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _unstorable(key, path)
            yield from _unstorable(member, f"{path}/{key}")
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _unstorable(member, f"{path}/{index}")


class Wire(BaseModel):
    """A request body: an unknown field is refused, and so is a NUL in any of its texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:  # noqa: ANN401  # whatever came over the wire
        for path in _unstorable(data, ""):
            raise PydanticCustomError("text_not_storable", "unstorable text", {"at": path})
        return data


def refusal(code: str, fr: str, en: str) -> PydanticCustomError:
    """Make what a validator raises, so that its fault stands beside those of the other fields."""
    return PydanticCustomError(code, "{en}", {"fr": fr, "en": en})
