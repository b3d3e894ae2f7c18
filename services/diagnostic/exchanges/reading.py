"""What every format hands back after reading a file: the grid as plain JSON, and what to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diagnostic.questionnaires.grid import Severity


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say on a file or a grid: where, as a JSON pointer and as a place in the file."""

    pointer: str
    code: str
    fr: str
    en: str
    severity: Severity = "warning"
    place: str | None = None


class Unreadable(ValueError):
    """The file says no grid at all; the remarks say why."""

    def __init__(self, remarks: Iterable[Remark]) -> None:
        super().__init__("unreadable")
        self.remarks = list(remarks)


@dataclass(slots=True)
class Reading:
    """A grid as read: `places` tells where in the file, by JSON pointer."""

    raw: dict[str, Any]
    remarks: list[Remark] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def place(self, pointer: str) -> str | None:
        """Give the place of a value, or of the nearest thing around it that has one."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer)


def unreadable(code: str, fr: str, en: str, pointer: str = "") -> Unreadable:
    """Make the refusal of a file for one reason."""
    return Unreadable([Remark(pointer, code, fr, en, "error")])


def pointer(*steps: str | int) -> str:
    """Write an RFC 6901 pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def put(node: dict[str, Any], path: Sequence[str], value: object) -> None:
    """Set a value deep in a JSON object, making the objects on the way."""
    for step in path[:-1]:
        node = node.setdefault(step, {})
    node[path[-1]] = value


def get(node: Mapping[str, Any], path: Sequence[str]) -> Any:  # noqa: ANN401  # any JSON value
    """Read a value deep in a JSON object; null where there is nothing."""
    found: Any = node
    for step in path:
        found = found.get(step) if isinstance(found, dict) else None
    return found
