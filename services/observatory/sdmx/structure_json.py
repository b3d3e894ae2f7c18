"""Structure messages in SDMX-JSON 2.0 and 2.1. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from platformkit.i18n import Language

_SCHEMA: Final = "https://json.sdmx.org/{version}/sdmx-json-structure-schema.json"


@dataclass(frozen=True, slots=True)
class Header:
    """What a message says of itself; nothing in it changes while its structures do not."""

    id: str
    prepared: str
    sender: str
    language: Language

    @property
    def languages(self) -> list[str]:
        """The languages of the message, the one of the request first."""
        return [self.language, "en" if self.language == "fr" else "fr"]


def write(header: Header, data: Mapping[str, Sequence[Mapping[str, Any]]], version: str) -> bytes:
    """Write a message of the version `2.0.0` or `2.1.0`."""
    meta: dict[str, Any] = {
        "id": header.id,
        "test": False,
        "prepared": header.prepared,
        "contentLanguages": header.languages,
        "sender": {"id": header.sender},
    }
    if version == "2.0.0":
        meta["schema"] = _SCHEMA.format(version="2.0.0")
        return orjson.dumps({"meta": meta, "data": data})
    return orjson.dumps({"$schema": _SCHEMA.format(version="2.1"), "meta": meta, "data": data})
