"""Answers cut to what was asked: `fields=exposure.mean,certifications.items.title`. Pure."""

import re
from collections.abc import Collection
from typing import Any, Final, Union

from platformkit.sparse import FieldUnknown

Tree = dict[str, Union["Tree", None]]
"""Members to keep, each whole (None) or cut itself."""

MOST: Final = 50
_PATH: Final = re.compile(r"[A-Za-z_]\w*(\.\w+){0,5}", re.ASCII)


def parse(fields: str | None, known: Collection[str]) -> Tree:
    """Read the paths, whose first name is a part; FieldUnknown names those that are none."""
    if fields is None:
        return dict.fromkeys(known)
    paths = [path.strip() for path in fields.split(",")]
    wrong = [
        path
        for place, path in enumerate(paths)
        if place >= MOST or not _PATH.fullmatch(path) or path.split(".")[0] not in known
    ]
    if wrong:
        raise FieldUnknown(unknown=", ".join(wrong), known=", ".join(known))
    tree: Tree = {}
    for path in paths:
        node: Tree | None = tree
        *above, last = path.split(".")
        for name in above:
            if node is None or (name in node and node[name] is None):
                node = None  # all of it is wanted already
                break
            node = node.setdefault(name, {})
        if node is not None:
            node[last] = None
    return tree


def cut(value: Any, tree: Tree | None) -> Any:  # noqa: ANN401  # any JSON
    """Keep the members that are wanted, of each item where there is a list; absent ones are."""
    if tree is None:
        return value
    if isinstance(value, list):
        return [cut(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: cut(found, tree[name]) for name, found in value.items() if name in tree}
    return value
