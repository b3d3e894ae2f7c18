"""Reads an XLSForm, ours or anybody's, and says what of it a grid does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diagnostic.exchanges import dialects, documents, workbooks
from diagnostic.exchanges.adopting import OPTION, Adoption, Codes, listing, mapping
from diagnostic.exchanges.aside import KEY
from diagnostic.exchanges.dialects import XLSFORM
from diagnostic.exchanges.reading import Reading, Remark, Unreadable, unreadable
from diagnostic.exchanges.workbooks import Sheet
from diagnostic.exchanges.xlsform import YES_NO

_COLUMNS = {"type", "name", "label", "hint", "required", "relevant", "constraint", "appearance"}
_SETTINGS = {"form_id", "form_title", "version", "default_language"}
_YES = {"yes", "true", "true()", "oui", "1"}
_SELECT = re.compile(r"(select[ _]one|select[ _]multiple)\s+(\S+)(\s+or_other)?", re.IGNORECASE)
_PLAIN: Mapping[str, dict[str, Any]] = {
    "integer": {"type": "number", "integer": True},
    "decimal": {"type": "number"},
    "text": {"type": "text"},
    "date": {"type": "date"},
    "acknowledge": {"type": "boolean"},
    "file": {"type": "file"},
    "image": {"type": "file", "kinds": ["png", "jpeg"]},
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A row: its values by column, the number of the row, and the texts by language."""

    values: Mapping[str, str]
    place: str
    texts: Mapping[str, Mapping[str, str]]

    def label(self, name: str) -> dict[str, str] | None:
        """Read a text: French from the French column, else from whatever there is."""
        texts = self.texts.get(name, {})
        if not texts:
            return None
        french = texts.get("fr") or texts.get("") or next(iter(texts.values()))
        english = texts.get("en")
        return {"fr": french, **({"en": english} if english is not None else {})}


def read(body: bytes) -> Reading:
    """Make a grid of a form, or raise Unreadable when the workbook is none."""
    sheets = {one.name.strip().lower(): one for one in workbooks.read(body)}
    if "survey" not in sheets:
        raise unreadable(
            "not_a_form",
            "Ce classeur n’est pas un XLSForm : il n’a pas de feuille « survey ».",
            "This workbook is no XLSForm: it has no sheet survey.",
        )
    faults: list[Remark] = []
    tables = {
        name: list(_lines(sheets[name], faults)) if name in sheets else []
        for name in ("survey", "choices", "settings")
    }
    if faults:
        raise Unreadable(faults)
    kept = _kept(sheets.get(KEY))
    head = tables["settings"][0].values if tables["settings"] else {}
    raw = {name: one for name, one in mapping(kept.get("grid")).items() if name != "dimensions"}
    dimensions = listing(mapping(kept.get("grid")).get("dimensions"))
    adoption = Adoption(raw, [dict(one) for one in dimensions if isinstance(one, dict)])
    raw["code"], raw["version"] = head.get("form_id"), head.get("version")
    if head.get("form_title"):
        raw["title"] = {**mapping(raw.get("title")), "fr": head["form_title"]}
    extra = sheets.keys() - {"survey", "choices", "settings", KEY}
    adoption.ignored(
        "", [*extra, *(head.keys() - {"form_id", "form_title", "version", "default_language"})]
    )
    _Reader(adoption, kept, tables["choices"]).survey(tables["survey"])
    return adoption.finished(
        lambda known, said: dialects.read(str(said), XLSFORM, known),
        lambda _, form: dialects.written(form, XLSFORM),
        frozenset({"matrix"}),
    )


def _lines(sheet: Sheet, faults: list[Remark]) -> Iterator[_Line]:
    """Read the rows under the headings; cells are texts, and a formula is refused."""
    heads = {at: str(cell.value).strip() for at, cell in sheet.rows.get(1, {}).items()}
    for number, cells in sorted(sheet.rows.items()):
        if number == 1:
            continue
        values: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for at, cell in cells.items():
            if cell.kind in {"f", "e", "d"}:
                fr, en = (
                    "Seuls des textes et des nombres sont lus.",
                    "Only texts and numbers are read.",
                )
                faults.append(Remark("", "cell_type", fr, en, "error", cell.place))
            whole = isinstance(cell.value, float) and cell.value.is_integer()
            value = str(int(cell.value) if whole else cell.value)  # type: ignore[arg-type]  # a float
            name, _, language = heads.get(at, "").partition("::")
            name = name.strip().lower()
            if name in {"label", "hint"} and value.strip():
                texts.setdefault(name, {})[_language(language)] = value
            elif heads.get(at) and value.strip():
                key = heads[at].lower()
                values[key] = value if key == "form_title" else value.strip()
        if values or texts:
            yield _Line(values, workbooks.place(sheet.name, number, 0), texts)


def _language(name: str) -> str:
    """Tell the language of a column: `Français (fr)`, `English`, or none."""
    code = re.search(r"\(([a-z]{2})", name.lower())
    if code is not None:
        return code.group(1)
    word = name.strip().lower()
    return {"fran": "fr", "fren": "fr", "engl": "en", "angl": "en"}.get(word[:4], word[:40])


def _kept(sheet: Sheet | None) -> dict[str, Any]:
    """Read what we once put aside, piece by piece."""
    if sheet is None:
        return {}
    text = "".join(str(cells[0].value) for _, cells in sorted(sheet.rows.items()) if 0 in cells)
    return documents.parsed(text.encode())


@dataclass(slots=True)
class _Reader:
    adoption: Adoption
    kept: Mapping[str, Any]
    choices: Sequence[_Line]
    depth: list[tuple[str, str | None]] = field(default_factory=list)
    """The open groups: name and condition."""

    dimension: object = None

    def survey(self, lines: Sequence[_Line]) -> None:
        at = 0
        while at < len(lines):
            line = lines[at]
            kind = re.sub(r"\s+", " ", line.values.get("type", "")).strip()
            step = kind.lower().replace(" ", "_")
            if step in {"begin_group", "begin_repeat"}:
                rows = self._matrix(lines, at)
                if rows:
                    at += rows
                else:
                    self._open(line, step)
            elif step in {"end_group", "end_repeat"}:
                if self.depth:
                    self.depth.pop()
                if not self.depth:
                    self.dimension = None
            elif kind:
                self._question(line, kind)
            at += 1

    def _open(self, line: _Line, step: str) -> None:
        name = line.values.get("name", "")
        sections = mapping(self.kept.get("sections"))
        if step == "begin_repeat":
            self.adoption.ignored(line.place, ["repeat"])
        if not self.depth:
            ours = name in sections
            self.dimension = sections.get(name) if ours else self.adoption.sections.of(name)
            title = line.label("label")
            self.adoption.dimension(self.dimension, {"title": title} if title else {}, new=not ours)
        self.depth.append((name, line.values.get("relevant")))

    def _matrix(self, lines: Sequence[_Line], at: int) -> int:
        """Read a group that we wrote for a matrix; gives its number of rows, 0 for other groups."""
        head = lines[at]
        name = head.values.get("name", "")
        kept = mapping(mapping(self.kept.get("questions")).get(name))
        if kept.get("type") != "matrix":
            return 0
        rows: list[dict[str, Any]] = []
        codes = Codes(OPTION)
        required = False
        for line in lines[at + 1 :]:
            if line.values.get("type", "").startswith("end"):
                break
            code = codes.of(line.values.get("name", "").partition(".")[2])
            label = line.label("label") or {"fr": code}
            required = required or line.values.get("required", "").lower() in _YES
            rows.append({"code": code, "label": label})
        fields = {**self._common(head, name), "type": "matrix", "rows": rows, "required": required}
        self.adoption.add(name, fields, head.place, kept=kept, condition=self._condition(head))
        return len(rows) + 1

    def _common(self, line: _Line, name: str) -> dict[str, Any]:
        hint = line.label("hint")
        languages = {one for texts in line.texts.values() for one in texts}
        self.adoption.ignored(line.place, languages - {"", "fr", "en"})
        return {
            "label": line.label("label") or {"fr": name},
            "dimension": self.dimension,
            "required": line.values.get("required", "").lower() in _YES,
            **({"help": hint} if hint is not None else {}),
        }

    def _condition(self, line: _Line) -> str | None:
        said = [one for _, one in self.depth if one] + [line.values.get("relevant")]
        found = [one for one in said if one]
        return " and ".join(f"({one})" if found[1:] else one for one in found) or None

    def _question(self, line: _Line, kind: str) -> None:
        name = line.values.get("name") or f"Q{len(self.adoption.questions) + 1}"
        kept = mapping(mapping(self.kept.get("questions")).get(name))
        options = Codes(OPTION)
        typed = self._typed(line, kind, name, kept, options)
        if typed is None:
            self.adoption.say(
                line.place,
                "type_unknown",
                f"Le type « {kind[:40]} » n’a pas d’équivalent : la ligne est omise.",
                f"The type {kind[:40]!r} has no counterpart: the row is left out.",
            )
            return
        unknown = line.values.keys() - _COLUMNS
        constraint = {"constraint"} & line.values.keys() if not kept else set()
        self.adoption.ignored(line.place, unknown | constraint)
        fields = {**self._common(line, name), **typed}
        condition = self._condition(line)
        self.adoption.add(name, fields, line.place, kept=kept, condition=condition, options=options)

    def _typed(
        self, line: _Line, kind: str, name: str, kept: Mapping[str, Any], options: Codes
    ) -> dict[str, Any] | None:
        selected = _SELECT.fullmatch(kind)
        if selected is None:
            plain = _PLAIN.get(kind.lower())
            if plain is not None and plain["type"] == "text":
                return {**plain, "multiline": line.values.get("appearance") == "multiline"}
            if plain is not None and plain["type"] == "number":
                return {"integer": False, **plain}
            return None if plain is None else dict(plain)
        how, listed, other = selected.groups()
        if listed == YES_NO:
            return {"type": "boolean"}
        if kept.get("type") == "scale":
            return {"type": "scale"}
        if other:
            self.adoption.ignored(line.place, ["or_other"])
        multiple = "multiple" in how.lower()
        found = self._options(listed, name, options)
        return {"type": "multiple" if multiple else "single", "options": found}

    def _options(self, listed: str, name: str, options: Codes) -> list[dict[str, Any]]:
        aside = mapping(mapping(self.kept.get("options")).get(name))
        found = []
        for line in self.choices:
            if line.values.get("list_name", line.values.get("list name")) != listed:
                continue
            value = line.values.get("name", "")
            code = options.of(value)
            if code != value:
                said = f"« {value[:80]} » devient {code}.", f"{value[:80]!r} becomes {code}."
                self.adoption.say(line.place, "code_changed", *said)
            label = line.label("label") or {"fr": value or code}
            found.append({**mapping(aside.get(value)), "code": code, "label": label})
        return found
