"""Merges the services' OpenAPI documents into the one that the gateway serves and routes by.

    python -m deploy.openapi            writes docs/api/openapi.json and authorisation.md
    python -m deploy.openapi --check    fails when it is not what the code says, or breaks callers
    python -m deploy.openapi --release  also makes it the one that later ones must not break

The gateway knows no service; this script, run at build time, knows them all.
"""

import argparse
import gzip
import importlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from deploy import authorisation
from deploy.breaking import METHODS, breaking
from gateway.limits.problems import QuotaSpent, TooManyRequests
from gateway.main import own_app
from gateway.webhooks import events
from platformkit import classes, errors

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "api" / "openapi.json"
EXAMPLES = TARGET.with_name("examples.json")  # recorded by `deploy.examples`
RELEASED = TARGET.with_name("released.json.gz")
DECLARED = TARGET.with_name("breaking-changes.md")
SERVICES = ("diagnostic", "training", "observatory")
SHARED = frozenset({"Problem"})
"""Schemas that every service has from the kit: one copy, without prefix."""

Document = dict[str, Any]

_JSON = "application/json"
_WORDS = frozenset({"description", "title", "summary", "example", "examples"})
_NAMED = frozenset({"paths", "schemas", "properties"})
"""Members whose own members are named by us, and may be called `title`."""

_SETTINGS: dict[str, object] = {
    "database_url": "postgresql://nobody@localhost/none",
    "secret_key": "none",
    "trusted_issuers": {},
    "log_level": None,
}
_OWN: dict[str, dict[str, object]] = {"diagnostic": {"benchmark_k": 5}}

INFO = {
    "title": "Vigie",
    "version": "1",
    "description": (
        "The open platform on which a region runs its artificial-intelligence programme. "
        "Get a token at `POST /oauth2/token`; operations marked `x-public` need none. "
        "Answers and problems are in French, or in English with `Accept-Language: en`."
    ),
    "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
}


class MergeError(Exception):
    """The services' documents contradict each other, or leave a route undecided."""


def service_document(service: str) -> Document:
    """Build the service's application in memory, without database or neighbour, and ask it."""
    kind = importlib.import_module(f"{service}.settings").Settings
    settings = kind(**_SETTINGS, **_OWN.get(service, {}))
    if service == "gateway":
        document: Document = own_app(settings).openapi()
    else:
        document = importlib.import_module(f"{service}.main").create_app(settings).openapi()
    return json.loads(json.dumps(document))  # type: ignore[no-any-return]  # a copy of its own


def merged(documents: Mapping[str, Document]) -> Document:
    """Join the documents: `/v1/x` of a service becomes `/v1/<service>/x`, its schemas its own."""
    paths: Document = {}
    schemas: Document = {}
    scopes: dict[str, str] = {}
    tags: dict[str, str] = {}
    for service, document in documents.items():
        renamed = _renamed(document, service)
        for path, item in renamed["paths"].items():
            public_path = _public_path(service, path)
            if public_path is None:
                continue
            if public_path in paths:
                raise MergeError(f"{public_path} is published twice")
            _tagged(item, service, public_path)
            for operation in _operations(item):
                tags[operation["tags"][0]] = service
                for requirement in operation.get("security", []):
                    scopes |= {scope: scope for needed in requirement.values() for scope in needed}
            if public_path.startswith(("/v1/", "/sdmx/")):
                item |= {"x-vigie-service": service, "x-vigie-upstream": path}
            paths[public_path] = item
        schemas |= renamed["components"].get("schemas", {})
    flow = {"tokenUrl": "/oauth2/token", "scopes": scopes}
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "x-vigie-service": tags[name]} for name in sorted(tags)],
        "paths": paths,
        "webhooks": events.described(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "oauth2": {"type": "oauth2", "flows": {"clientCredentials": flow}},
            },
        },
    }


def _public_path(service: str, path: str) -> str | None:
    """Give the path at the door; None for what only the service itself answers."""
    if service == "gateway":
        return None if path == "/v1/changes" else path  # nothing is published there yet
    if path.startswith("/v1/"):
        return f"/v1/{service}/{path.removeprefix('/v1/')}"
    return path if path.startswith("/sdmx/") else None


def _operations(item: Document) -> Iterator[Document]:
    return (operation for method, operation in item.items() if method in METHODS)


def _tagged(item: Document, service: str, path: str) -> None:
    for operation in _operations(item):
        if not operation.get("security") and not operation.get("x-public"):
            raise MergeError(f"{path} must name its scopes or say that it is public")
        if operation.get(classes.EXTENSION) not in classes.CLASSES:
            raise MergeError(f"{path} must declare its class (`counted_as`)")
        if service != "gateway":
            inner = operation.get("tags") or ["general"]
            operation["tags"] = [f"{service}: {inner[0]}"]
            operation["operationId"] = f"{service}_{operation['operationId']}"
        operation.setdefault("tags", ["general"])
        for status, told in errors.problems(TooManyRequests, QuotaSpent).items():
            operation["responses"][str(status)] = told  # the door's, whatever the service answers


def _renamed(document: Document, service: str) -> Document:
    """Prefix the names of schemas, at their place and wherever they are referred to."""

    def name(schema: str) -> str:
        return schema if schema in SHARED else f"{service.capitalize()}{schema}"

    def moved_reference(reference: str) -> str:
        head, _, schema = reference.rpartition("/")
        return f"{head}/{name(schema)}"

    def walk(node: Any) -> Any:  # noqa: ANN401  # any JSON
        if isinstance(node, list):
            return [walk(item) for item in node]
        if not isinstance(node, dict):
            return node
        copy = {key: walk(member) for key, member in node.items()}
        if isinstance(copy.get("$ref"), str):
            copy["$ref"] = moved_reference(copy["$ref"])
        if "propertyName" in copy and isinstance(copy.get("mapping"), dict):  # a discriminator
            copy["mapping"] = {key: moved_reference(to) for key, to in copy["mapping"].items()}
        return copy

    moved: Document = walk(document)
    components = moved.setdefault("components", {})
    schemas = components.get("schemas", {})
    components["schemas"] = {name(schema): body for schema, body in schemas.items()}
    return moved


def render(document: Document) -> str:
    """Spell the document so that equal documents are equal files and a diff is readable."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _references(node: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON
    if isinstance(node, list):
        for item in node:
            yield from _references(item)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for member in node.values():
            yield from _references(member)


def illustrated(document: Document, recorded: Mapping[str, Document]) -> Document:
    """Put recorded answers, and what they answered, into their operations as examples."""
    for item in document["paths"].values():
        for operation in _operations(item):
            example = recorded.get(operation["operationId"])
            answer = operation["responses"].get((example or {}).get("status"), {}).get("content")
            if example is None or not answer:
                continue
            answer[_JSON]["example"] = example["answer"]
            if "body" in example and "requestBody" in operation:
                operation["requestBody"]["content"][_JSON]["example"] = example["body"]
    return document


def contract(document: Document) -> Document:
    """Keep what callers depend on: neither words, nor examples, nor how refusals are described."""
    kept: Document = _bare(document)
    for item in kept["paths"].values():
        for operation in _operations(item):
            answers = operation["responses"].items()
            operation["responses"] = {code: one for code, one in answers if code.startswith("2")}
    return kept


def _bare(node: Any, *, is_named: bool = False) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(node, list):
        return [_bare(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _bare(member, is_named=key in _NAMED and not is_named)
        for key, member in node.items()
        if is_named or key not in _WORDS
    }


def released() -> Document | None:
    """Read the contract of the last release; None before the first one."""
    if not RELEASED.exists():
        return None
    found: Document = json.loads(gzip.decompress(RELEASED.read_bytes()))
    return found


def release(document: Document) -> None:
    """Make this contract the one that later ones are compared with."""
    text = json.dumps(contract(document), sort_keys=True, separators=(",", ":"))
    RELEASED.write_bytes(gzip.compress(text.encode(), mtime=0))


def undeclared(document: Document, today: date) -> list[str]:
    """Name what breaks callers and is not told to them in `docs/api/breaking-changes.md`."""
    before = released()
    if before is None:
        return []
    told = DECLARED.read_text() if DECLARED.exists() else ""
    return [one for one in breaking(before, contract(document), today) if one not in told]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the document or compare with it; 1 when it differs."""
    parser = argparse.ArgumentParser(prog="deploy.openapi")
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("--release", action="store_true", help="compare with this one from now on")
    asked = parser.parse_args(arguments)
    present = [name for name in (*SERVICES, "gateway") if find_spec(f"{name}.main") is not None]
    document = merged({name: service_document(name) for name in present})
    if EXAMPLES.exists():
        document = illustrated(document, json.loads(EXAMPLES.read_bytes()))
    breaks = undeclared(document, datetime.now(UTC).date())
    for sentence in breaks:
        print(f"breaking: {sentence}", file=sys.stderr)
    if breaks:
        print(f"Undo it, or tell callers in {DECLARED.relative_to(ROOT)}.", file=sys.stderr)
    guide = authorisation.guide(document)
    made = {TARGET: render(document), TARGET.with_name(authorisation.NAME): guide}
    if asked.check:
        return max(_compare(made), int(bool(breaks)))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    for path, content in made.items():
        path.write_text(content)
    if asked.release:
        release(document)
    print(f"{TARGET.relative_to(ROOT)}: {len(document['paths'])} paths of {', '.join(present)}.")
    return 0


def _compare(made: Mapping[Path, str]) -> int:
    code = 0
    for path, content in made.items():
        name = path.relative_to(ROOT)
        if path.exists() and path.read_text() == content:
            print(f"{name} is what the code says.")
        else:
            told = f"{name} is not what the code says: run `make openapi` and commit it."
            print(told, file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
