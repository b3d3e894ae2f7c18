"""The merged OpenAPI document, as published and as the bundled page can read it."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson


@dataclass(frozen=True)
class Published:
    """The published form as bytes, with its entity tag."""

    openapi: bytes
    etag: str

    @cached_property
    def for_page(self) -> bytes:
        """The form for the bundled page, made when first asked for: it is two thirds of a start."""
        return orjson.dumps(older(orjson.loads(self.openapi)))


def published(merged: dict[str, Any]) -> Published:
    """Render once; its server is relative: wherever the document was read."""
    content = orjson.dumps(merged)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return Published(content, etag)


def older(merged: dict[str, Any]) -> dict[str, Any]:
    """Spell the document in OpenAPI 3.0, which the bundled Swagger UI 4 reads; 3.1 it refuses."""
    known = {name: member for name, member in merged.items() if name != "webhooks"}
    converted: dict[str, Any] = _convert(known)
    return converted | {"openapi": "3.0.3"}


def _convert(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, list):
        return [_convert(item) for item in value]
    if not isinstance(value, dict):
        return value
    node = {name: _convert(member) for name, member in value.items()}
    for union in ("anyOf", "oneOf"):
        options = node.get(union)
        if isinstance(options, list) and {"type": "null"} in options:
            rest = [option for option in options if option != {"type": "null"}]
            node["nullable"] = True
            if len(rest) == 1 and "$ref" not in rest[0]:
                del node[union]
                node = {**rest[0], **node}
            else:
                node[union] = rest
    kinds = node.get("type")
    if isinstance(kinds, list):
        named = [kind for kind in kinds if kind != "null"]
        node["type"] = named[0] if named else "object"
        node["nullable"] = "null" in kinds
    if "const" in node and "properties" not in node:
        node["enum"] = [node.pop("const")]
    for exclusive, inclusive in (
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ):
        if type(node.get(exclusive)) in (int, float):
            node[inclusive], node[exclusive] = node[exclusive], True
    return node
