"""Reads SurveyJS JSON, ours or anybody's, and says what of it a grid does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from diagnostic.exchanges import dialects, documents
from diagnostic.exchanges.adopting import OPTION, Adoption, Codes, listing, mapping
from diagnostic.exchanges.aside import KEY
from diagnostic.exchanges.dialects import SURVEYJS
from diagnostic.exchanges.reading import Reading, pointer, unreadable

_MAX_DEPTH = 10
_SURVEY = {"locale", "title", "description", "pages", "elements", "questions", KEY}
_PAGE = {"name", "title", "description", "elements", "questions", "visibleIf", "type", KEY}
_COMMON = {"type", "name", "title", "description", "isRequired", "visibleIf", KEY}
_CHOICES = {"choices", "showNoneItem", "noneText", "hasNone"}
_RATING = {"rateValues", "rateMin", "rateMax", "rateStep", "rateCount"}
_OWN: Mapping[str, set[str]] = {
    "radiogroup": _CHOICES,
    "dropdown": _CHOICES,
    "checkbox": _CHOICES,
    "tagbox": _CHOICES,
    "rating": _RATING,
    "matrix": {"columns", "rows"},
    "text": {"inputType", "min", "max", "maxLength"},
    "comment": {"maxLength"},
    "file": {"maxSize"},
    "boolean": set(),
}


def read(body: bytes) -> Reading:
    """Make a grid of a survey, or raise Unreadable when it is no survey at all."""
    survey = documents.parsed(body)
    pages = listing(survey.get("pages"))
    at = "/pages"
    if not pages and (listing(survey.get("elements")) or listing(survey.get("questions"))):
        pages, at = [survey], ""
    if not pages:
        raise unreadable(
            "not_a_survey",
            "Ce JSON n’est pas un questionnaire SurveyJS : il n’a ni « pages » ni « elements ».",
            "This JSON is no SurveyJS survey: it has neither pages nor elements.",
        )
    kept = mapping(survey.get(KEY))
    raw = {name: value for name, value in kept.items() if name != "dimensions"}
    dimensions = [dict(one) for one in listing(kept.get("dimensions")) if isinstance(one, dict)]
    reader = _Reader(Adoption(raw, dimensions), str(survey.get("locale") or "en"))
    for name in ("title", "description"):
        label = reader.label(survey.get(name), f"/{name}")
        if label is not None:
            raw[name] = label
    reader.adoption.ignored("", survey.keys() - _SURVEY)
    for number, page in enumerate(pages):
        reader.page(mapping(page), at + pointer(number) if at else "")
    return reader.adoption.finished(
        lambda kinds, said: dialects.read(str(said), SURVEYJS, kinds),
        lambda _, form: dialects.written(form, SURVEYJS),
    )


@dataclass(slots=True)
class _Reader:
    adoption: Adoption
    locale: str
    told: bool = False

    def label(self, value: object, place: str) -> dict[str, Any] | None:
        """Read a text in French and English; one without a language is taken for French."""
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            if not self.told and self.locale != "fr":
                self.told = True
                self.adoption.say(
                    place,
                    "language_assumed",
                    "Les textes sans langue sont pris pour du français : à relire.",
                    "Texts without a language are taken for French: to be checked.",
                )
            return {"fr": str(value)} if str(value).strip() else None
        texts = {
            name: text
            for name, text in mapping(value).items()
            if isinstance(text, str) and text.strip()
        }
        self.adoption.ignored(place, texts.keys() - {"fr", "en", "default"})
        french = texts.get("fr") or texts.get("default") or texts.get("en")
        if french is None:
            return None
        plain = texts.get("default")
        english = texts.get("en") or (plain if plain != french else None)
        return {"fr": french, "en": english} if english is not None else {"fr": french}

    def page(self, page: Mapping[str, Any], place: str) -> None:
        kept = mapping(page.get(KEY))
        dimension = kept.get("dimension")
        if KEY not in page:
            dimension = self.adoption.sections.of(page.get("name") or "GENERAL")
        texts = {
            name: label
            for name, key in (("title", "title"), ("summary", "description"))
            if (label := self.label(page.get(key), f"{place}/{key}")) is not None
        }
        self.adoption.dimension(dimension, texts, new=KEY not in page)
        self.adoption.ignored(place, page.keys() - _PAGE - _SURVEY)
        self._elements(page, place, dimension, [page.get("visibleIf")], 0)

    def _elements(
        self,
        parent: Mapping[str, Any],
        place: str,
        dimension: object,
        conditions: list[object],
        depth: int,
    ) -> None:
        name = "elements" if "elements" in parent else "questions"
        for number, element in enumerate(listing(parent.get(name))):
            at = f"{place}/{name}/{number}"
            one = mapping(element)
            within = [*conditions, one.get("visibleIf")]
            if one.get("type") == "panel" and depth < _MAX_DEPTH:
                self.adoption.ignored(at, one.keys() - _PAGE)
                self._elements(one, at, dimension, within, depth + 1)
                continue
            self._question(one, at, dimension, [str(said) for said in within if said])

    def _question(
        self, element: Mapping[str, Any], at: str, dimension: object, conditions: list[str]
    ) -> None:
        kind = element.get("type", "text")
        if not isinstance(kind, str) or kind not in _OWN:
            self.adoption.say(
                at,
                "type_unknown",
                f"Le type « {str(kind)[:40]} » n’a pas d’équivalent : la question est omise.",
                f"The type {str(kind)[:40]!r} has no counterpart: the question is left out.",
            )
            return
        name = element.get("name") or f"Q{len(self.adoption.questions) + 1}"
        self.adoption.ignored(at, element.keys() - _COMMON - _OWN[kind])
        options = Codes(OPTION)
        fields = {
            "label": self.label(element.get("title"), f"{at}/title") or {"fr": str(name)},
            "required": element.get("isRequired") is True,
            "dimension": dimension,
            **_TYPED[kind](self, element, at, options),
        }
        described = self.label(element.get("description"), f"{at}/description")
        if described is not None:
            fields["help"] = described
        joined = (
            " and ".join(f"({one})" for one in conditions)
            if conditions[1:]
            else "".join(conditions)
        )
        kept = mapping(element.get(KEY))
        self.adoption.add(name, fields, at, kept=kept, condition=joined, options=options)

    def items(self, value: object, at: str, options: Codes) -> list[dict[str, Any]]:
        """Read choices, rows or columns: bare values, or objects with a value and a text."""
        found = []
        for number, item in enumerate(listing(value)):
            one = item if isinstance(item, dict) else {"value": item}
            code = options.of(one.get("value"))
            place = f"{at}/{number}"
            if code != str(one.get("value")):
                said = str(one.get("value"))[:80]
                self.adoption.say(
                    place,
                    "code_changed",
                    f"« {said} » devient {code}.",
                    f"{said!r} becomes {code}.",
                )
            self.adoption.ignored(place, one.keys() - {"value", "text", "isExclusive", KEY})
            label = self.label(one.get("text"), f"{place}/text") or {"fr": str(one.get("value"))}
            alone = {"exclusive": True} if one.get("isExclusive") is True else {}
            found.append({**mapping(one.get(KEY)), **alone, "code": code, "label": label})
        return found


def _select(reader: _Reader, element: Mapping[str, Any], at: str, options: Codes) -> dict[str, Any]:
    multiple = element["type"] in {"checkbox", "tagbox"}
    found = reader.items(element.get("choices"), f"{at}/choices", options)
    if element.get("showNoneItem") is True or element.get("hasNone") is True:
        label = reader.label(element.get("noneText"), at) or {"fr": "Aucun", "en": "None"}
        alone = {"exclusive": True} if multiple else {}
        found.append({"code": options.of("none"), "label": label, **alone})
    return {"type": "multiple" if multiple else "single", "options": found}


def _rating(reader: _Reader, element: Mapping[str, Any], at: str, options: Codes) -> dict[str, Any]:
    values = listing(element.get("rateValues")) or _stepped(element)
    steps = [one.get("value") if isinstance(one, dict) else one for one in values]
    if steps == list(range(len(steps))) and len(steps) > 1:
        return {"type": "scale", "maximum": len(steps) - 1, **_anchors(reader, values, at)}
    reader.adoption.say(
        at,
        "scale_as_choice",
        "Une échelle qui ne commence pas à 0 devient un choix unique ; ses points sont à donner.",
        "A scale that does not begin at 0 becomes a single choice; its points are to be given.",
    )
    return {"type": "single", "options": reader.items(values, f"{at}/rateValues", options)}


def _stepped(element: Mapping[str, Any]) -> list[Any]:
    """List the steps of a rating that gives its ends only."""
    low, step = element.get("rateMin", 1), element.get("rateStep", 1)
    high = element.get("rateMax", element.get("rateCount", 5))
    if not all(isinstance(one, int) for one in (low, high, step)) or step < 1:
        return []
    return list(range(low, min(high, low + 60 * step) + 1, step))


def _anchors(reader: _Reader, values: list[Any], at: str) -> dict[str, Any]:
    """Read the labels of steps; those that repeat the numbers are none."""
    texts = [mapping(one).get("text") for one in values]
    if all(text is None or text == str(step) for step, text in enumerate(texts)):
        return {}
    labels = [reader.label(text, at) or {"fr": str(step)} for step, text in enumerate(texts)]
    return {"anchors": labels}


def _matrix(reader: _Reader, element: Mapping[str, Any], at: str, options: Codes) -> dict[str, Any]:
    values = listing(element.get("columns"))
    steps = [one.get("value") if isinstance(one, dict) else one for one in values]
    if steps != list(range(len(steps))):
        reader.adoption.say(
            at,
            "columns_as_steps",
            "Les colonnes deviennent les échelons 0, 1, 2… dans leur ordre.",
            "The columns become the steps 0, 1, 2… in their order.",
        )
        values = [
            {"text": mapping(one).get("text") or str(mapping(one).get("value", one))}
            for one in values
        ]
    rows = reader.items(element.get("rows"), f"{at}/rows", Codes(OPTION))
    return {
        "type": "matrix",
        "rows": rows,
        "maximum": len(values) - 1,
        **_anchors(reader, values, at),
    }


def _text(reader: _Reader, element: Mapping[str, Any], at: str, _: Codes) -> dict[str, Any]:
    asked = element.get("inputType", "text")
    if asked in {"number", "range"}:
        bounds = {"minimum": element.get("min"), "maximum": element.get("max")}
        given = {
            name: value
            for name, value in bounds.items()
            if isinstance(value, int | float) and not isinstance(value, bool)
        }
        return {"type": "number", **given}
    if asked == "date":
        return {"type": "date"}
    tall = element.get("type") == "comment"
    if asked != "text" and not tall:
        reader.adoption.ignored(at, [f"inputType {str(asked)[:40]}"])
    length = element.get("maxLength")
    limit = {"max_length": length} if isinstance(length, int) and length > 0 else {}
    return {"type": "text", "multiline": tall, **limit}


def _file(_: _Reader, element: Mapping[str, Any], __: str, ___: Codes) -> dict[str, Any]:
    size = element.get("maxSize")
    limit = {"max_bytes": size} if isinstance(size, int) and size > 0 else {}
    return {"type": "file", **limit}


def _boolean(_: _Reader, __: Mapping[str, Any], ___: str, ____: Codes) -> dict[str, Any]:
    return {"type": "boolean"}


_TYPED: Mapping[str, Callable[[_Reader, Mapping[str, Any], str, Codes], dict[str, Any]]] = {
    "radiogroup": _select,
    "dropdown": _select,
    "checkbox": _select,
    "tagbox": _select,
    "rating": _rating,
    "matrix": _matrix,
    "text": _text,
    "comment": _text,
    "file": _file,
    "boolean": _boolean,
}
