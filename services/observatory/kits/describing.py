"""Says what a kit holds, for programs of others: Data Package 2.0 and RO-Crate 1.1. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

_TYPES: Final = {
    "csv": "text/csv",
    "json": "application/json",
    "md": "text/markdown",
    "py": "text/x-python",
    "xml": "application/xml",
}


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a table with their types, and its key."""

    fields: Sequence[tuple[str, str]]
    key: Sequence[str]


CODES: Final = Schema(
    (("code", "string"), ("parent", "string"), ("name_fr", "string"), ("name_en", "string")),
    ("code",),
)
CROSSWALK: Final = Schema(
    (("source", "string"), ("target", "string"), ("weight", "number"), ("version", "string")),
    ("source", "target"),
)
GOLDEN: Final = Schema(
    (("vector", "string"), ("input", "string"), ("expected", "string")), ("vector",)
)


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV with its schema, and the lists that its columns refer to by `code`."""

    content: bytes
    schema: Schema
    refers: Mapping[str, str] = field(default_factory=dict)


def package(
    agency: str, version: str, files: Mapping[str, bytes], tables: Mapping[str, Table]
) -> dict[str, Any]:
    """Describe the files as resources, tables with their schemas and foreign keys."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"kit-{agency.lower()}",
        "version": version,
        "licenses": [
            {
                "name": "etalab-2.0",
                "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
                "title": "Licence Ouverte 2.0",
            }
        ],
        "resources": [
            {
                "name": _name(path),
                "path": path,
                "mediatype": _type(path),
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                **(_table(tables[path]) if path in tables else {}),
            }
            for path, content in sorted(files.items())
        ],
    }


def _name(path: str) -> str:
    return path.lower().replace("/", ".")


def _type(path: str) -> str:
    return _TYPES.get(path.rpartition(".")[2], "text/plain")


def _table(table: Table) -> dict[str, Any]:
    keys = [
        {"fields": [column], "reference": {"resource": _name(path), "fields": ["code"]}}
        for column, path in table.refers.items()
    ]
    if table.schema is CODES:
        keys = [{"fields": ["parent"], "reference": {"fields": ["code"]}}]
    return {
        "type": "table",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [{"name": name, "type": kind} for name, kind in table.schema.fields],
            "primaryKey": list(table.schema.key),
            **({"foreignKeys": keys} if keys else {}),
        },
    }


def crate(agency: str, version: str, files: Mapping[str, bytes], at: datetime) -> dict[str, Any]:
    """Describe the files as an RO-Crate."""
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"kit-{agency} {version}",
        "description": "What another region needs to come up as this one did",
        "version": version,
        "datePublished": at.isoformat(),
        "license": {"@id": "LICENCE"},
        "hasPart": [{"@id": path} for path in sorted(files)],
    }
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    parts = [
        {
            "@id": path,
            "@type": "File",
            "name": path,
            "contentSize": str(len(content)),
            "encodingFormat": _type(path),
        }
        for path, content in sorted(files.items())
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, *parts]}
