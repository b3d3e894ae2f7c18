"""What a client prefers and sends, as HTTP lets it say so (RFC 9110, sections 8.3 and 12.4.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LONGEST: Final = 2_000
"""Characters that are read."""


@dataclass(frozen=True, slots=True)
class Preference:
    """An item of Accept or Accept-Encoding, in small letters, and how much it is wanted."""

    name: str
    weight: float
    parameters: Mapping[str, str]


def preferences(header: str) -> Iterator[Preference]:
    """Read the items of such a header; a weight that is no number is none."""
    for item in header[:_LONGEST].split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        named: dict[str, str] = {}
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            named[key.strip().lower()] = value.strip().strip('"')
        try:
            weight = float(named.pop("q", "1"))
        except ValueError:
            weight = 0.0
        yield Preference(name.lower(), weight, named)


@lru_cache(maxsize=512)
def takes_gzip(accept_encoding: str) -> bool:
    """Tell whether the client takes gzip (section 12.5.3); who says nothing does not.

    The one way to choose an encoding: the door keeps an answer that varies with Accept-Encoding
    for all whom this takes alike.
    """
    weights = {each.name: each.weight for each in preferences(accept_encoding)}
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def media_type(content_type: str) -> str:
    """Return the media type of a Content-Type header without parameters, in small letters."""
    return content_type.partition(";")[0].strip().lower()
