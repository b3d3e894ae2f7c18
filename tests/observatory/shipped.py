"""The facts of the shipped tables, without a database: for the parts that only compute."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from observatory.reference import loading
from observatory.references.assembly import assemble
from observatory.references.facts import Dataset, Facts


def facts_of(release: str, contents: Mapping[str, bytes], vintages: Mapping[str, str]) -> Facts:
    """Make facts of canonical contents; `vintages` are those that are not the shipped ones."""
    sources = loading.sources()
    rows: dict[str, list[dict[str, Any]]] = {
        model.__tablename__: [] for model in loading.TABLES.values()
    }
    datasets = {}
    for name, content in contents.items():
        typed = loading.typed(name, content)
        rows[loading.TABLES[name].__tablename__] += typed
        source = sources[name] | {"vintage": vintages.get(name, sources[name]["vintage"])}
        digest = loading.digest(content, source)
        datasets[name] = Dataset(name, 1, digest, len(typed), source)
    return assemble(release, datasets, rows)


@cache
def shipped_facts() -> Facts:
    """Make the shipped facts, once."""
    return facts_of("shipped", loading.shipped(), {})
