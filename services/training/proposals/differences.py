"""Where two payloads differ, as RFC 6901 pointers, and which of these places were asked for."""

from collections.abc import Iterable, Iterator
from typing import Any


def joined(pointer: str, name: object) -> str:
    """Return the pointer of a member."""
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def changed(old: Any, new: Any, pointer: str = "") -> Iterator[str]:  # noqa: ANN401  # JSON
    """Yield the smallest places that differ; a list that grew or shrank is one place."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            place = joined(pointer, name)
            if name in old and name in new:
                yield from changed(old[name], new[name], place)
            else:
                yield place
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for position, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from changed(one, other, joined(pointer, position))
    elif type(old) is not type(new) or old != new:
        yield pointer


def beyond(places: Iterable[str], asked: Iterable[str]) -> list[str]:
    """Return the places that are in none of those asked for."""
    within = tuple(asked)
    return [
        place
        for place in places
        if not any(place == one or place.startswith(f"{one}/") for one in within)
    ]
