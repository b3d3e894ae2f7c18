"""Makes a grid of another tool's form: codes of ours for its names, and what a grid needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from diagnostic.exchanges import dialects
from diagnostic.exchanges.dialects import CEL
from diagnostic.exchanges.expressions import Check, Expression, Group, Inexpressible, Negation
from diagnostic.exchanges.reading import Reading, Remark, pointer, unreadable

QUESTION = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
OPTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_GRID = re.compile(r"[A-Z][A-Z0-9_-]{0,31}")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}")
_LEVELS = (
    ("basic", "Découverte", "Basic"),
    ("average", "Expérimentation", "Average"),
    ("moderately_advanced", "Déploiement", "Moderately advanced"),
    ("advanced", "Pilotage", "Advanced"),
)
_ROOM = 26
"""Letters of a code that leave room for the number which tells it from its twins."""

_MOST_QUESTIONS = 300

Kinds = Mapping[str, str]


def bare(name: object, *, capital: bool) -> str:
    """Spell any name with the signs that a code may have."""
    plain = unicodedata.normalize("NFKD", str(name)[:200]).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")
    if not capital:
        return plain[:_ROOM] or "x"
    return (plain if plain[:1].isalpha() else f"Q{plain}").upper()[:_ROOM]


@dataclass(slots=True)
class Codes:
    """Gives each name of theirs a code of ours: the name itself where it can be one."""

    pattern: re.Pattern[str]
    by_name: dict[str, str] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)
    """Codes given out, each with the number of its last twin."""

    def of(self, name: object) -> str:
        """Give the code of a name, always the same."""
        if str(name) in self.by_name:
            return self.by_name[str(name)]
        fits = self.pattern.fullmatch(str(name))
        wanted = str(name) if fits else bare(name, capital=self.pattern is not OPTION)
        code, number = wanted, self._taken.get(wanted, 0)
        while code in self._taken:
            number += 1
            code = f"{wanted[:_ROOM]}_{number + 1}"
        self._taken[wanted] = number
        self._taken.setdefault(code, 0)
        self.by_name[str(name)] = code
        return code


@dataclass(slots=True)
class _Question:
    name: str
    fields: dict[str, Any]
    place: str
    theirs: object
    options: Codes


@dataclass(slots=True)
class Adoption:
    """Gathers one grid of a form; nothing that is not understood goes unsaid."""

    raw: dict[str, Any]
    dimensions: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    codes: Codes = field(default_factory=lambda: Codes(QUESTION))
    sections: Codes = field(default_factory=lambda: Codes(QUESTION))
    questions: list[_Question] = field(default_factory=list)

    def say(self, place: str | None, code: str, fr: str, en: str) -> None:
        """Note what was lost or changed on the way in."""
        self.remarks.append(Remark("", code, fr, en, "warning", place))

    def ignored(self, place: str, names: Iterable[object]) -> None:
        """Note what the grid has no place for."""
        listed = ", ".join(sorted(str(one)[:60] for one in names))[:300]
        if listed:
            fr, en = f"Non repris dans la grille : {listed}.", f"Not kept in the grid: {listed}."
            self.say(place, "not_kept", fr, en)

    def dimension(self, code: object, fields: Mapping[str, Any], *, new: bool) -> None:
        """Give an axis the texts that the form has for it; one that is `new` is made first."""
        found = next((one for one in self.dimensions if one.get("code") == code), None)
        if found is not None:
            found.update(fields)
        elif new:
            self.dimensions.append({"title": {"fr": code}, **fields, "code": code})

    def add(
        self,
        name: object,
        fields: Mapping[str, Any],
        place: str,
        *,
        kept: Mapping[str, Any],
        condition: object,
        options: Codes | None = None,
    ) -> None:
        """Add a question; `kept` is what we once put aside, `condition` is in their words."""
        if len(self.questions) == _MOST_QUESTIONS:
            raise unreadable(
                "too_many_questions",
                f"Une grille a au plus {_MOST_QUESTIONS} questions.",
                f"A grid has at most {_MOST_QUESTIONS} questions.",
            )
        repeated = str(name) in self.codes.by_name
        code = self.codes.of(f"{name} {len(self.questions)}" if repeated else name)
        if code != str(name):
            said = f"« {str(name)[:80]} » devient {code}.", f"{str(name)[:80]!r} becomes {code}."
            self.say(place, "code_changed", *said)
        whole = {**kept, **fields, "code": code}
        found = _Question(str(name), whole, place, condition, options or Codes(OPTION))
        self.questions.append(found)

    def finished(
        self,
        read: Callable[[Kinds, Any], Expression],
        write: Callable[[Kinds, Expression], object],
        without: frozenset[str] = frozenset(),
    ) -> Reading:
        """Translate the conditions, fill in what a grid needs, and hand the whole back.

        Conditions of the tool cannot speak of questions of the types `without`.
        """
        self._fill()
        types = [(one, str(one.fields.get("type"))) for one in self.questions]
        theirs = {one.name: kind for one, kind in types if kind not in without}
        ours = {one.fields["code"]: kind for one, kind in types if kind not in without}
        for one in self.questions:
            self._condition(one, partial(read, theirs), partial(write, ours), ours)
        self.raw["dimensions"] = self.dimensions
        self.raw["questions"] = [one.fields for one in self.questions]
        places = {pointer("questions", at): one.place for at, one in enumerate(self.questions)}
        return Reading(self.raw, self.remarks, places)

    def _condition(
        self,
        question: _Question,
        read: Callable[[Any], Expression],
        write: Callable[[Expression], object],
        kinds: Kinds,
    ) -> None:
        """Keep our own condition as long as theirs still says the same; else theirs wins."""
        ours = question.fields.pop("enable_when", None)
        kept = _expressed(ours, kinds, write)
        try:
            theirs = self._renamed(read(question.theirs)) if question.theirs else None
            source = dialects.written(theirs, CEL) if theirs is not None else None
        except Inexpressible:
            said = str(question.theirs)[:200]
            self.say(
                question.place,
                "condition_lost",
                f"La condition d’affichage n’a pas pu être traduite : {said}",
                f"The condition could not be translated: {said}",
            )
            return
        if ours is not None and kept == theirs:
            question.fields["enable_when"] = ours
            return
        if source is not None:
            question.fields["enable_when"] = source
        if ours is not None:
            self.say(
                question.place,
                "condition_edited",
                "La condition a changé dans l’autre outil : la sienne est reprise.",
                "The condition was changed in the other tool: that one is taken.",
            )

    def _renamed(self, expression: Expression) -> Expression:
        if isinstance(expression, Check):
            question = next((o for o in self.questions if o.name == expression.question), None)
            if question is None:
                raise Inexpressible("question")
            value = expression.value
            if isinstance(value, str):
                value = question.options.by_name.get(value, value)
            return Check(question.fields["code"], expression.operator, value)
        if isinstance(expression, Negation):
            return Negation(self._renamed(expression.part))
        return Group(expression.every, tuple(map(self._renamed, expression.parts)))

    def _fill(self) -> None:
        """Give the grid a code, a version, a method and an axis where the form has none."""
        raw = self.raw
        if not _GRID.fullmatch(str(raw.get("code", ""))):
            title = raw.get("title")
            named = title.get("fr", "") if isinstance(title, dict) else ""
            raw["code"] = bare(raw.get("code") or named or "GRILLE", capital=True)
            self.say(
                None, "code_made", f"Code donné : {raw['code']}.", f"Code given: {raw['code']}."
            )
        if not _VERSION.fullmatch(str(raw.get("version", ""))):
            raw["version"] = "0.1.0"
            self.say(None, "version_made", "Version donnée : 0.1.0.", "Version given: 0.1.0.")
        raw.setdefault("title", {"fr": raw["code"]})
        if "profile" not in raw:
            levels = [{"code": c, "title": {"fr": fr, "en": en}} for c, fr, en in _LEVELS]
            raw["profile"] = {"levels": levels}
            self.say(
                None,
                "profile_made",
                "Le formulaire n’a pas de méthode de calcul : MIA-1, poids égaux, points à donner.",
                "The form has no scoring method: MIA-1, equal weights, points to be given.",
            )
        if not self.dimensions:
            self.dimension("GENERAL", {"title": {"fr": "Général", "en": "General"}}, new=True)
            self.say(
                None,
                "dimension_made",
                "Le formulaire n’a pas de rubrique : la dimension GENERAL est créée.",
                "The form has no section: the dimension GENERAL is made.",
            )


def _expressed(
    source: object, kinds: Kinds, write: Callable[[Expression], object]
) -> Expression | None:
    """Read a condition of ours as the tool had it; null where the tool could not have it."""
    if not isinstance(source, str):
        return None
    try:
        form = dialects.read(source, CEL, kinds)
        write(form)
    except Inexpressible:
        return None
    return form


def mapping(node: object) -> dict[str, Any]:
    """Give a JSON object, empty where something else stands in its place."""
    return node if isinstance(node, dict) else {}


def listing(node: object) -> list[Any]:
    """Give a JSON list, empty where something else stands in its place."""
    return node if isinstance(node, list) else []
