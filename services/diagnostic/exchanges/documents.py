"""A grid as JSON: read strictly, written canonically (RFC 8785): its SHA-256 is its hash."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import rfc8785

from diagnostic.exchanges.reading import Reading, unreadable
from diagnostic.questionnaires.grid import GridContent
from diagnostic.questionnaires.hashing import canonical


class _Twice(ValueError):
    pass


def write(content: GridContent) -> bytes:
    """Write the canonical form; SHA-256 over these bytes is the `content_hash`."""
    return rfc8785.dumps(canonical(content))


def read(body: bytes) -> Reading:
    """Read the content of a grid."""
    return Reading(parsed(body))


def parsed(body: bytes) -> dict[str, Any]:
    """Read a JSON object in UTF-8, each name once, or raise Unreadable."""
    try:
        found = json.loads(
            body.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_constant
        )
    except _Twice as twice:
        raise unreadable(
            "json_repeated",
            f"Le nom « {twice} » est donné deux fois dans le même objet.",
            f"The name {str(twice)!r} is given twice in one object.",
        ) from twice
    except (ValueError, RecursionError) as error:
        at = getattr(error, "pos", None)
        raise unreadable(
            "not_json",
            "Le fichier n’est pas du JSON en UTF-8" + (f" (caractère {at})." if at else "."),
            "The file is not JSON in UTF-8" + (f" (character {at})." if at else "."),
        ) from error
    if not isinstance(found, dict):
        raise unreadable(
            "not_an_object", "Un objet JSON est attendu.", "A JSON object is expected."
        )
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name[:60].encode("utf-8", "replace").decode())
        found[name] = value
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(name)
