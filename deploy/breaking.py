"""What in a change of the contract would break a caller, in plain words.

Callers send and read: what they may send must stay accepted, what they are sent must stay as they
know it. Each finding is one sentence; a schema with a name is judged once for each direction.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
Schema = dict[str, Any]

_UPPER: Final = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
_NULL: Final = {"type": "null"}
_LOWER: Final = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")


def breaking(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> list[str]:
    """Name everything that a caller of `before` would miss or be refused in `after`.

    An operation whose announced sunset has passed may go.
    """
    look = _Look(before, after)
    found: list[str] = []
    for path, item in before.get("paths", {}).items():
        now = after["paths"].get(path, {})
        for method in sorted(METHODS & item.keys()):
            where = f"{method.upper()} {path}"
            if method in now:
                found += look.operation(where, item[method], now[method])
            elif not _has_set(item[method], today):
                found.append(f"{where} is gone")
    return list(dict.fromkeys(found))


def _has_set(operation: Schema, today: date) -> bool:
    sunset = operation.get("x-deprecation", {}).get("sunset")
    return sunset is not None and date.fromisoformat(sunset) <= today


def scopes(operation: Schema) -> frozenset[str]:
    """Give the scopes that an operation needs together."""
    needed = (names for one in operation.get("security", []) for names in one.values())
    return frozenset(scope for names in needed for scope in names)


class _Look:
    """Compares two documents, following references in each."""

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self._before = before.get("components", {}).get("schemas", {})
        self._after = after.get("components", {}).get("schemas", {})
        self._seen: set[tuple[int, int, bool]] = set()

    def operation(self, where: str, before: Schema, after: Schema) -> Iterator[str]:
        known = {(one["in"], one["name"]): one for one in before.get("parameters", [])}
        now = {(one["in"], one["name"]): one for one in after.get("parameters", [])}
        for place, name in sorted(known.keys() - now.keys()):
            yield f"{where} has lost the {place} parameter `{name}`"
        for (place, name), one in sorted(now.items()):
            earlier = known.get((place, name))
            told = f"{where}: the {place} parameter `{name}`"
            if one.get("required") and not (earlier or {}).get("required"):
                yield f"{told} is now required"
            if earlier is not None:
                yield from self._sent(told, earlier.get("schema", {}), one.get("schema", {}))
        for scope in sorted(scopes(after) - scopes(before)):
            yield f"{where} now needs the scope `{scope}`"
        yield from self._bodies(where, before.get("requestBody"), after.get("requestBody"))
        for status, answer in sorted(before.get("responses", {}).items()):
            if status.startswith("2"):
                yield from self._answer(where, status, answer, after["responses"].get(status))

    def _answer(
        self, where: str, status: str, before: Schema, after: Schema | None
    ) -> Iterator[str]:
        if after is None:
            yield f"{where} no longer answers {status}"
            return
        there = after.get("content", {})
        for media, content in before.get("content", {}).items():
            told = f"{where}: the answer {status}"
            if media not in there:
                yield f"{told} is no longer offered as {media}"
            else:
                now = there[media].get("schema", {})
                yield from self._read(told, content.get("schema", {}), now)

    def _bodies(self, where: str, before: Schema | None, after: Schema | None) -> Iterator[str]:
        if after is None:
            if before is not None:
                yield f"{where} no longer takes a body"
            return
        if after.get("required") and not (before or {}).get("required"):
            yield f"{where} now requires a body"
        for media, content in (before or {}).get("content", {}).items():
            if media not in after["content"]:
                yield f"{where} no longer takes {media}"
            else:
                now = after["content"][media].get("schema", {})
                yield from self._sent(f"{where}: the body", content.get("schema", {}), now)

    def _sent(self, where: str, before: Schema, after: Schema) -> Iterator[str]:
        """Compare what a caller may send: all that was accepted must stay so."""
        return self._compared(where, before, after, is_sent=True)

    def _read(self, where: str, before: Schema, after: Schema) -> Iterator[str]:
        """Compare what a caller reads: nothing that it does not know may come."""
        return self._compared(where, before, after, is_sent=False)

    def _compared(
        self, where: str, before: Schema, after: Schema, *, is_sent: bool
    ) -> Iterator[str]:
        if "$ref" in before:
            where = f"`{before['$ref'].rpartition('/')[2]}`{' sent' if is_sent else ''}"
        old = _options(_resolved(before, self._before))
        new = _options(_resolved(after, self._after))
        narrow, wide = (old, new) if is_sent else (new, old)
        verb = "no longer takes" if is_sent else "may now be"
        if _NULL in narrow and _NULL not in wide and wide != [{}]:
            yield f"{where} {verb} null"
        old, new, narrow = ([one for one in some if one != _NULL] for some in (old, new, narrow))
        if len(old) == len(new) == 1:
            yield from self._one(where, old[0], new[0], is_sent=is_sent)
            return
        for option in narrow:
            if "$ref" in option and option in wide:
                yield from self._compared(where, option, option, is_sent=is_sent)
            elif not any(self._fits(option, other, is_sent=is_sent) for other in wide):
                yield f"{where} {verb} {_named(option)}"

    def _fits(self, narrow: Schema, wide: Schema, *, is_sent: bool) -> bool:
        """Tell whether an option of a union has this counterpart."""
        before, after = (narrow, wide) if is_sent else (wide, narrow)
        seen = set(self._seen)
        found = any(self._compared("", before, after, is_sent=is_sent))
        self._seen = seen
        return not found

    def _one(self, where: str, was: Schema, now: Schema, *, is_sent: bool) -> Iterator[str]:
        if "$ref" in was or "$ref" in now:
            yield from self._compared(where, was, now, is_sent=is_sent)
            return
        old, new = _types(was), _types(now)
        if is_sent and new and (not old or old - new):
            yield f"{where} no longer takes {_listed(old - new or {'any type'})}"
            return
        if not is_sent and old and (not new or new - old):
            yield f"{where} may now be {_listed(new - old or {'any type'})}"
            return
        if is_sent:
            yield from _narrowed(where, was, now)
        yield from self._members(where, was, now, is_sent=is_sent)
        if isinstance(was.get("items"), dict) and isinstance(now.get("items"), dict):
            yield from self._compared(f"{where}[]", was["items"], now["items"], is_sent=is_sent)

    def _members(self, where: str, was: Schema, now: Schema, *, is_sent: bool) -> Iterator[str]:
        pair = (id(was), id(now), is_sent)  # of the documents, where schemas may hold themselves
        if pair in self._seen:
            return
        self._seen.add(pair)
        old, new = was.get("properties", {}), now.get("properties", {})
        required, requires = set(was.get("required", [])), set(now.get("required", []))
        for name in sorted(old.keys() - new.keys()):
            if not is_sent or now.get("additionalProperties") is False:
                yield f"{where} has lost `{name}`"
        if is_sent:
            for name in sorted(requires - required):
                yield f"{where} now requires `{name}`"
        else:
            for name in sorted((required & new.keys()) - requires):
                yield f"{where} may now come without `{name}`"
        for name in sorted(old.keys() & new.keys()):
            inner = f"{where}.{name}"
            yield from self._compared(inner, old[name], new[name], is_sent=is_sent)


def _narrowed(where: str, was: Schema, now: Schema) -> Iterator[str]:
    """Compare the bounds of a value that a caller sends."""
    if "enum" in now and "enum" not in was:
        yield f"{where} takes listed values only"
    for value in was.get("enum", []):
        if value not in now.get("enum", [value]):
            yield f"{where} no longer takes the value `{value}`"
    for word in _UPPER:
        if word in now and now[word] < was.get(word, float("inf")):
            yield f"{where} has a tighter {word}: {now[word]}"
    for word in _LOWER:
        if word in now and now[word] > was.get(word, float("-inf")):
            yield f"{where} has a tighter {word}: {now[word]}"
    if "pattern" in now and now["pattern"] != was.get("pattern"):
        yield f"{where} has another pattern"
    if "format" in now and now["format"] != was.get("format"):
        yield f"{where} must now be a {now['format']}"


def _resolved(schema: Schema, named: Schema) -> Schema:
    reference = schema.get("$ref")
    return named.get(reference.rpartition("/")[2], {}) if reference else schema


def _options(schema: Schema) -> list[Schema]:
    """List the members of a union, or the one that there is; a `const` is a list of one value."""
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return [one for option in schema[word] for one in _options(option)]
    if "const" in schema:
        return [{"enum": [schema["const"]], **schema}]
    kinds = schema.get("type")
    if isinstance(kinds, list):
        return [_NULL if kind == "null" else {**schema, "type": kind} for kind in kinds]
    return [schema]


def _types(schema: Schema) -> frozenset[str]:
    """Give what the values may be, nothing where anything goes; a whole number is a number."""
    kind = schema.get("type")
    if kind == "number":
        return frozenset({"number", "integer"})
    return frozenset({kind} if kind else ())


def _named(option: Schema) -> str:
    name = option.get("$ref", "").rpartition("/")[2]
    return f"`{name}`" if name else str(option.get("format") or option.get("type") or "any type")


def _listed(names: frozenset[str] | set[str]) -> str:
    return ", ".join(sorted(names))
