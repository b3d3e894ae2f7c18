"""Reads a FHIR Questionnaire (R5, or R4's choice), ours or anybody's, and says what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from diagnostic.exchanges import documents
from diagnostic.exchanges.adopting import OPTION, Adoption, Codes, Kinds, listing, mapping
from diagnostic.exchanges.expressions import Expression
from diagnostic.exchanges.fhir import ADDRESS, whole_numbers
from diagnostic.exchanges.fhir_terms import (
    CONTROL,
    EXCLUSIVE,
    KEPT,
    MAXIMUM,
    MINIMUM,
    UNIT,
    WEIGHTS,
    conditions,
    extensions,
    label,
    read_conditions,
)
from diagnostic.exchanges.reading import Reading, Remark, Unreadable, pointer, unreadable

_MAX_DEPTH = 10
_MOST = 50
_KNOWN = {"resourceType", "language", "extension", "url", "version", "name", "title", "_title"}
_KNOWN |= {"status", "description", "_description", "item", "id", "meta"}
_ITEM = {"extension", "linkId", "text", "_text", "type", "required", "item", "enableWhen"}
_ITEM |= {"enableBehavior", "repeats", "answerOption", "answerConstraint", "maxLength"}
_EXTENSIONS = {KEPT, MINIMUM, MAXIMUM, UNIT, CONTROL}
_CHOICES = {"coding", "choice", "open-choice"}
_PLAIN: Mapping[str, dict[str, Any]] = {
    "boolean": {"type": "boolean"},
    "date": {"type": "date"},
    "attachment": {"type": "file"},
    "string": {"type": "text"},
    "text": {"type": "text", "multiline": True},
}
_NUMBERS = {"integer", "decimal", "quantity"}


def read(body: bytes) -> Reading:
    """Make a grid of a questionnaire, or raise Unreadable with what FHIR's own model refuses."""
    resource = documents.parsed(body)
    _check(resource)
    found = _kept(resource)
    raw = {name: value for name, value in found.items() if name != "dimensions"}
    dimensions = [dict(one) for one in listing(found.get("dimensions")) if isinstance(one, dict)]
    reader = _Reader(Adoption(raw, dimensions), str(resource.get("language") or "")[:2] or "fr")
    address = str(resource.get("url") or "")
    ours = address.startswith(ADDRESS)
    raw["code"] = address.removeprefix(ADDRESS) if ours else resource.get("name")
    raw["version"] = resource.get("version")
    for name in ("title", "description"):
        text = label(resource, name, reader.language)
        if text is not None:
            raw[name] = text
    reader.adoption.ignored("", resource.keys() - _KNOWN)
    if "language" not in resource:
        reader.adoption.say(
            "",
            "language_assumed",
            "Le questionnaire ne dit pas sa langue : ses textes sont pris pour du français.",
            "The questionnaire does not say its language: its texts are taken for French.",
        )
    for number, item in enumerate(listing(resource.get("item"))):
        reader.section(mapping(item), pointer("item", number))

    def written(kinds: Kinds, form: Expression) -> object:
        whole = whole_numbers(one.fields for one in reader.adoption.questions)
        return conditions(form, kinds, whole)

    return reader.adoption.finished(read_conditions, written, frozenset({"matrix"}))


def _check(resource: Mapping[str, Any]) -> None:
    if resource.get("resourceType") != "Questionnaire":
        raise unreadable(
            "not_a_questionnaire",
            "Ce JSON n’est pas une ressource FHIR Questionnaire.",
            "This JSON is no FHIR Questionnaire resource.",
        )
    from fhir.resources.questionnaire import (  # noqa: PLC0415  # 0.2 s, few requests need it
        Questionnaire,
    )

    try:
        Questionnaire.model_validate(resource)
    except ValidationError as error:
        raise Unreadable(_remarks(error)) from error
    except RecursionError as error:
        raise unreadable("too_deep", "Trop d’imbrications.", "Nested too deeply.") from error


def _remarks(error: ValidationError) -> Iterator[Remark]:
    for one in error.errors(include_url=False, include_input=False, include_context=False)[:_MOST]:
        yield Remark(
            pointer(*one["loc"]),
            "fhir_refused",
            f"FHIR refuse cette valeur : {one['msg']}",
            f"FHIR refuses this value: {one['msg']}",
            "error",
        )


def _kept(node: Mapping[str, Any]) -> dict[str, Any]:
    """Read what we once put aside in an extension of ours."""
    value = extensions(node).get(KEPT)
    if not isinstance(value, str):
        return {}
    return documents.parsed(value.encode())


@dataclass(slots=True)
class _Reader:
    adoption: Adoption
    language: str

    def section(self, item: Mapping[str, Any], at: str) -> None:
        """Read an item of the first level: a group is an axis, anything else a question."""
        kept = _kept(item)
        if item.get("type") != "group" or "dimension" not in (kept or {"dimension": None}):
            self._items(
                [item], at.rpartition("/")[0], None, [], 0, first=int(at.rpartition("/")[2])
            )
            return
        text = label(item, "text", self.language)
        dimension = kept.get("dimension")
        if not kept:
            dimension = self.adoption.sections.of(item.get("linkId"))
        self.adoption.dimension(dimension, {"title": text} if text else {}, new=not kept)
        self.adoption.ignored(at, item.keys() - _ITEM)
        self._items(listing(item.get("item")), f"{at}/item", dimension, [item], 0)

    def _items(
        self,
        items: list[Any],
        at: str,
        dimension: object,
        parents: list[Mapping[str, Any]],
        depth: int,
        first: int = 0,
    ) -> None:
        for number, node in enumerate(items):
            item, place = mapping(node), f"{at}/{first + number}"
            rows = self._rows(item)
            if item.get("type") == "display":
                self.adoption.ignored(place, ["display"])
            elif item.get("type") == "group" and rows is None and depth < _MAX_DEPTH:
                self.adoption.ignored(place, ["group"])
                inner = listing(item.get("item"))
                self._items(inner, f"{place}/item", dimension, [*parents, item], depth + 1)
            else:
                self._question(item, place, dimension, parents, rows)

    def _rows(self, item: Mapping[str, Any]) -> dict[str, Any] | None:
        """Read a group of integers from 0 to one maximum as a matrix; null when it is none."""
        if item.get("type") != "group":
            return None
        children = [
            mapping(one)
            for one in listing(item.get("item"))
            if mapping(one).get("type") != "display"
        ]
        ends = {
            (extensions(one).get(MINIMUM), extensions(one).get(MAXIMUM))
            for one in children
            if one.get("type") == "integer" and "enableWhen" not in one
        }
        plain = all(one.get("type") == "integer" for one in children)
        if not plain or len(ends) != 1 or next(iter(ends))[0] != 0 or next(iter(ends))[1] is None:
            return None
        codes, prefix = Codes(OPTION), f"{item.get('linkId')}."
        rows = []
        for one in children:
            link = str(one.get("linkId"))
            text = label(one, "text", self.language) or {"fr": link}
            rows.append({"code": codes.of(link.removeprefix(prefix)), "label": text})
        return {"type": "matrix", "rows": rows, "maximum": _whole(next(iter(ends))[1])}

    def _question(
        self,
        item: Mapping[str, Any],
        place: str,
        dimension: object,
        parents: list[Mapping[str, Any]],
        rows: dict[str, Any] | None,
    ) -> None:
        options = Codes(OPTION)
        typed = rows or self._typed(item, place, options)
        if typed is None:
            kind = str(item.get("type"))[:40]
            self.adoption.say(
                place,
                "type_unknown",
                f"Le type « {kind} » n’a pas d’équivalent : la question est omise.",
                f"The type {kind!r} has no counterpart: the question is left out.",
            )
            return
        link = str(item.get("linkId"))
        fields = {
            "label": label(item, "text", self.language) or {"fr": link},
            "required": item.get("required") is True,
            "dimension": dimension,
            **typed,
            **self._help(item, place, matrix=rows is not None),
        }
        self.adoption.ignored(place, item.keys() - _ITEM)
        self.adoption.ignored(place, extensions(item).keys() - _EXTENSIONS)
        if any("enableWhen" in one for one in parents):
            self.adoption.ignored(place, ["group.enableWhen"])
        condition = item if listing(item.get("enableWhen")) else None
        self.adoption.add(
            link, fields, place, kept=_kept(item), condition=condition, options=options
        )

    def _help(self, item: Mapping[str, Any], place: str, *, matrix: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for number, node in enumerate(listing(item.get("item"))):
            child = mapping(node)
            text = label(child, "text", self.language)
            if child.get("type") == "display" and text is not None and not found:
                found = {"help": text}
            elif child.get("type") == "display" or not matrix:
                self.adoption.ignored(f"{place}/item/{number}", [str(child.get("linkId"))])
        return found

    def _typed(self, item: Mapping[str, Any], place: str, options: Codes) -> dict[str, Any] | None:
        kind = str(item.get("type"))
        if kind in _CHOICES:
            return self._choice(item, place, options)
        if kind in _NUMBERS:
            return self._number(item)
        if kind not in _PLAIN:
            return None
        length = item.get("maxLength")
        limit = {"max_length": length} if isinstance(length, int) and length > 0 else {}
        return {**_PLAIN[kind], **limit}

    def _number(self, item: Mapping[str, Any]) -> dict[str, Any]:
        known = extensions(item)
        low, high = known.get(MINIMUM), known.get(MAXIMUM)
        if _kept_scale(item) and low == 0 and high is not None:
            return {"type": "scale", "maximum": _whole(high)}
        bounds = {"minimum": low, "maximum": high}
        given = {name: value for name, value in bounds.items() if value is not None}
        unit = label(mapping(known.get(UNIT)), "display", self.language)
        return {
            "type": "number",
            "integer": item.get("type") == "integer",
            **given,
            **({"unit": unit} if unit is not None else {}),
        }

    def _choice(self, item: Mapping[str, Any], place: str, options: Codes) -> dict[str, Any]:
        found = []
        for number, node in enumerate(listing(item.get("answerOption"))):
            option = mapping(node)
            coding = option.get("valueCoding")
            plain = next((option[n] for n in option if n.startswith("value")), number)
            name = mapping(coding).get("code") or mapping(coding).get("display") or plain
            text = label(mapping(coding), "display", self.language) or {"fr": str(name)}
            known = extensions(option)
            known |= extensions(mapping(coding))
            points = next((known[url] for url in WEIGHTS if url in known), None)
            code = options.of(name)
            if code != str(name):
                said = (
                    f"« {str(name)[:80]} » devient {code}.",
                    f"{str(name)[:80]!r} becomes {code}.",
                )
                self.adoption.say(f"{place}/answerOption/{number}", "code_changed", *said)
            found.append(
                {
                    "code": code,
                    "label": text,
                    **({"points": points} if points is not None else {}),
                    **({"exclusive": True} if known.get(EXCLUSIVE) is True else {}),
                }
            )
        if item.get("type") == "open-choice" or item.get("answerConstraint") == "optionsOrString":
            self.adoption.ignored(place, ["open-choice"])
        return {"type": "multiple" if item.get("repeats") is True else "single", "options": found}


def _kept_scale(item: Mapping[str, Any]) -> bool:
    """Tell a scale from a whole number between 0 and 10: FHIR spells both alike."""
    kept = extensions(item).get(KEPT)
    return isinstance(kept, str) and documents.parsed(kept.encode()).get("type") == "scale"


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
