"""INSEE's official geographic code: regions, departments, communes and what became of old ones.

Codes of the three levels overlap in the source, so regions are `REG-32` and departments `DEP-59`;
a commune, or an arrondissement of Paris, Lyon or Marseille, keeps its five characters.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO

from training.imports import delimited
from training.imports.delimited import Table
from training.imports.formats import Told
from training.references.concepts import Concept, ConceptReader, Release, needed

_MOVES = ("DATE_EFF", "TYPECOM_AV", "COM_AV", "LIBELLE_AV", "TYPECOM_AP", "COM_AP")


@contextmanager
def opened(file: IO[bytes], told: Told) -> Iterator[ConceptReader]:
    """Open a ZIP of the four tables; the year of the release is its version."""
    with delimited.opened(file, told) as tables:
        regions = delimited.wanted(tables, "REG", "CHEFLIEU", "LIBELLE", without=("DEP",))
        departments = delimited.wanted(
            tables, "DEP", "REG", "CHEFLIEU", "LIBELLE", without=("ARR",)
        )
        communes = delimited.wanted(tables, "TYPECOM", "COM", "DEP", "LIBELLE", "COMPARENT")
        moves = delimited.wanted(tables, "MOD", *_MOVES)
        released_on = needed(told.dated_on)
        release = Release(
            "geography",
            str(released_on.year),
            released_on,
            "Code officiel géographique",
            "Insee",
            "Licence Ouverte 2.0",
        )
        used = (regions, departments, communes, moves)
        yield ConceptReader(release, [table.name for table in used], _concepts(*used))


def _concepts(
    regions: Table, departments: Table, communes: Table, moves: Table
) -> Iterator[Concept]:
    for line, (code, label) in regions.rows("REG", "LIBELLE"):
        yield Concept(code=f"REG-{code}", line=line, kind="region", label_fr=label)
    known = set()
    for line, (code, region, label) in departments.rows("DEP", "REG", "LIBELLE"):
        known.add(code)
        yield Concept(
            code=f"DEP-{code}",
            line=line,
            kind="department",
            label_fr=label,
            broader=f"REG-{region}",
        )
    history = _History.read(moves)
    current = set()
    columns = ("TYPECOM", "COM", "DEP", "COMPARENT", "LIBELLE")
    for line, (kind, code, department, parent, label) in communes.rows(*columns):
        if kind == "COM":
            current.add(code)
            yield Concept(
                code=code,
                line=line,
                kind="commune",
                label_fr=label,
                broader=f"DEP-{department}" if department else None,
                valid_from=history.start(code),
            )
        elif kind == "ARM":
            yield Concept(
                code=code,
                line=line,
                kind="municipal_arrondissement",
                label_fr=label,
                broader=parent,
            )
    for code in sorted(history.ends.keys() - current):
        yield history.ended(code, known)


@dataclass(slots=True)
class _End:
    """What the source says of a commune on a day when its code disappeared from one side."""

    line: int
    label: str
    heirs: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _History:
    """The movements of communes: the days on which codes began and ended."""

    before: dict[date, set[str]]
    after: dict[str, set[date]]
    ends: dict[str, dict[date, _End]]

    @classmethod
    def read(cls, moves: Table) -> "_History":
        history = cls(defaultdict(set), defaultdict(set), defaultdict(dict))
        for line, (day, kind, old, label, new_kind, new) in moves.rows(*_MOVES):
            try:
                on = date.fromisoformat(day)
            except ValueError as fault:
                raise delimited.broken(moves.name, line) from fault
            if new_kind == "COM":
                history.after[new].add(on)
            if kind == "COM":
                history.before[on].add(old)
                end = history.ends[old].setdefault(on, _End(line, label))
                if new_kind == "COM" and new != old:
                    end.heirs.add(new)
        return history

    def start(self, code: str, before: date = date.max) -> date | None:
        """Return the last day, before another, on which a code appeared that was not there."""
        days = [day for day in self.after[code] if day < before and code not in self.before[day]]
        return max(days, default=None)

    def ended(self, code: str, departments: set[str]) -> Concept:
        """Make the concept of a commune that is no more, by the last movement that names it."""
        day, end = max(self.ends[code].items())
        department = code[:3] if code.startswith(("97", "98")) else code[:2]
        return Concept(
            code=code,
            line=end.line,
            kind="commune",
            label_fr=end.label,
            broader=f"DEP-{department}" if department in departments else None,
            replaced_by=sorted(end.heirs),
            valid_from=self.start(code, day),
            valid_to=day - timedelta(days=1),
        )
