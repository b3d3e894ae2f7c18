"""The base of every request body: nothing unknown, nothing that Postgres cannot store."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    model_validator,
)
from pydantic_core import PydanticCustomError

_LONE = re.compile("[\ud800-\udfff]")
_DEEPEST = 32


def _check(data: object) -> None:
    """Refuse a text with NUL (no Postgres text) or lone surrogates (no UTF-8), and deep nesting."""
    open_: list[tuple[object, str, int]] = [(data, "", 0)]
    while open_:
        value, path, depth = open_.pop()
        if isinstance(value, str):
            if "\x00" in value or not (value.isascii() or _LONE.search(value) is None):
                raise PydanticCustomError("text_not_storable", "unstorable text", {"at": path})
        elif isinstance(value, (dict, list)):
            if depth >= _DEEPEST:
                raise PydanticCustomError("too_deep", "too deep", {"at": path, "depth": _DEEPEST})
            members = value.items() if isinstance(value, dict) else enumerate(value)
            for key, member in members:
                open_.append((key, path, depth + 1))
                open_.append((member, f"{path}/{key}", depth + 1))


class Wire(BaseModel):
    """A request body: an unknown field is refused, and so is a NUL in any of its texts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:  # noqa: ANN401  # whatever came over the wire
        _check(data)
        return data


def _written(pattern: str, kind: str) -> BeforeValidator:
    """Accept only a text of that form: pydantic would read a number as seconds since 1970."""
    form = re.compile(pattern, re.ASCII)

    def check(value: object) -> object:
        if isinstance(value, str) and not form.fullmatch(value):
            raise PydanticCustomError(kind, "malformed")
        if not isinstance(value, (str, date)):
            raise PydanticCustomError(kind, "malformed")
        return value

    return BeforeValidator(check)


Day = Annotated[date, _written(r"\d{4}-\d{2}-\d{2}", "date_parsing")]
"""A date as ISO 8601 writes it, `2026-11-30`; nothing else."""


def _in_utc(instant: datetime) -> datetime:
    """Refuse an instant whose day in UTC is before the year 1 or after 9999: no database has it."""
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "out of range") from None


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    _written(
        r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})",
        "datetime_parsing",
    ),
]
"""An instant as RFC 3339 writes it, with its offset, read in UTC; nothing else."""


def refusal(code: str, fr: str, en: str) -> PydanticCustomError:
    """Make what a validator raises, so that its fault stands beside those of the other fields."""
    return PydanticCustomError(code, "{en}", {"fr": fr, "en": en})
