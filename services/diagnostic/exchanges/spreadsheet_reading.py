"""Reads the authoring workbook: what is wrong or was understood otherwise is said, by its cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from diagnostic.exchanges import workbooks
from diagnostic.exchanges.layout import CHILDREN, DIMENSIONS, GRID, LEVEL_TEXTS, LEVELS
from diagnostic.exchanges.question_sheets import ANCHORS, QUESTIONS
from diagnostic.exchanges.reading import Reading, Remark, pointer
from diagnostic.exchanges.tables import Record, records

Members = dict[str, tuple[str, dict[str, Any]]]
"""Dimensions or questions by code: the pointer and the JSON of each; the first wins."""


def read(body: bytes) -> Reading:
    """Give the grid of a workbook with the cell of each value, or raise Unreadable.

    A value of the wrong type is left out of the grid, and reported as an error.
    """
    remarks: list[Remark] = []
    found = records(workbooks.read(body), remarks)
    gathered = _Gathered(remarks=remarks)
    for record in found[GRID]:
        gathered.raw = record.values
        gathered.place("", record)
    gathered.levels(found[LEVELS])
    dimensions = gathered.members("dimensions", found[DIMENSIONS])
    gathered.level_texts(found[LEVEL_TEXTS], dimensions)
    questions = gathered.members("questions", found[QUESTIONS])
    for layout, name in CHILDREN:
        gathered.children(found[layout], name, questions, bare=layout is ANCHORS)
    return Reading(gathered.raw, gathered.remarks, gathered.places)


@dataclass(slots=True)
class _Gathered:
    """One grid, put together from the records of all sheets."""

    raw: dict[str, Any] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def levels(self, found: list[Record]) -> None:
        profile = self.raw.setdefault("profile", {})
        profile["levels"], profile["thresholds"] = [], []
        for record in found:
            if "threshold" in record.values:
                at = f"/profile/thresholds/{len(profile['thresholds'])}"
                self.places[at] = record.cells[("threshold",)]
                self.places.setdefault("/profile/thresholds", self.places[at])
                profile["thresholds"].append(record.values.pop("threshold"))
            at = f"/profile/levels/{len(profile['levels'])}"
            self.places.setdefault("/profile/levels", record.place)
            self.place(at, record)
            if record.values:
                profile["levels"].append(record.values)

    def members(self, name: str, found: list[Record]) -> Members:
        """Fill the list of this name."""
        known: Members = {}
        self.raw[name] = []
        for index, record in enumerate(found):
            at = pointer(name, index)
            self.places.setdefault(pointer(name), record.place)
            self.place(at, record)
            self.raw[name].append(record.values)
            known.setdefault(str(record.values.get("code")), (at, record.values))
        return known

    def level_texts(self, found: list[Record], dimensions: Members) -> None:
        for record in found:
            owner = self._owner(record, "dimension", dimensions)
            if owner is None:
                continue
            levels = owner[1].setdefault("levels", {})
            level = record.values.get("level", "")
            at = owner[0] + pointer("levels", level)
            if not level or level in levels:
                cell = record.cells["level",]
                fr = "Il faut un niveau, une seule fois par dimension."
                en = "A level is needed, once per dimension."
                self.remarks.append(Remark(at, "level_repeated", fr, en, "error", cell))
                continue
            levels[level] = record.values.get("text", {})
            self.places.setdefault(f"{owner[0]}/levels", record.place)
            self.place(at, record, within="text")

    def children(self, found: list[Record], name: str, questions: Members, *, bare: bool) -> None:
        """Fill the lists of this name that belong to questions; `bare` ones are labels."""
        for record in found:
            owner = self._owner(record, "question", questions)
            if owner is None:
                continue
            del record.values["question"]
            if name == "bands":
                record.values.setdefault("start", None)
            listed = owner[1].setdefault(name, [])
            at = f"{owner[0]}/{name}/{len(listed)}"
            self.places.setdefault(f"{owner[0]}/{name}", record.place)
            self.place(at, record, within="label" if bare else None)
            listed.append(record.values.get("label", {}) if bare else record.values)

    def _owner(
        self, record: Record, kind: str, owners: Members
    ) -> tuple[str, dict[str, Any]] | None:
        code = record.values.get(kind, "")
        if code not in owners:
            fr = f"« {code} » n’est le code d’aucune ligne de la feuille correspondante."
            en = f"{code!r} is the code of no row of the sheet that it refers to."
            cell = record.cells[kind,]
            self.remarks.append(Remark("", f"{kind}_unknown", fr, en, "error", cell))
        return owners.get(code)

    def place(self, at: str, record: Record, within: str | None = None) -> None:
        """Tell where the values of a row stand; `within` is the member that the row stands for."""
        self.places[at] = record.place
        for path, cell in record.cells.items():
            if within in {None, path[0]}:
                steps = path if within is None else path[1:]
                self.places[at + pointer(*steps)] = cell
                self.places.setdefault(at + pointer(*steps[:1]), cell)
        for path, word, severity in record.said:
            where = at + pointer(*(path if within is None else path[1:]))
            cell = record.cells[path]
            self.remarks.append(Remark(where, word.code, word.fr, word.en, severity, cell))
