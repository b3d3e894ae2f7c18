"""The directory as CSV tables: the official export of ten files, and the older set of six.

The tables of a delivery are not in one order, so those of the parts are held in memory, each
distinct row once; the main one is read line by line. Members are recognised by ASCII fragments of
their names: the real archives hold accents in NFC or NFD without saying which encoding they are in.
"""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from platformkit.i18n import Text
from training.certifications.fiches import Draft
from training.certifications.origins import dated, source
from training.certifications.table_sets import SETS, Table, TableSet
from training.imports import delimited
from training.imports.findings import FileRefused, Finding
from training.imports.formats import Reading


class TableReader:
    """An opened set of tables; iterating reads the parts, then the main table line by line."""

    is_known_version = True

    def __init__(self, archive: zipfile.ZipFile, dated_on: date | None) -> None:
        names = archive.namelist()
        self._archive = archive
        self._set = _recognised(names)
        self._members = {
            table.name: member
            for table in (self._set.main, *self._set.parts)
            if (member := _member(table, names)) is not None
        }
        self.version: str | None = self._set.version
        self.dated_on = dated_on or dated(list(self._members.values()))
        self.parts: Sequence[str] = list(self._members.values())
        self.remarks: Sequence[Finding] = ()

    def __iter__(self) -> Iterator[Reading]:
        parts = {table.name: self._grouped(table) for table in self._set.parts}
        facts = source("official_tables", self._set.title, self.dated_on)
        main, repeats = self._set.main, self._set.repeats
        rows = groupby(self._rows(main), lambda row: row[1] if repeats else row[0])
        for _, group in rows:
            same = list(group)
            line, spelling, _ = same[0]
            draft = Draft(spelling, line)
            own = {name: found.pop(spelling, []) for name, found in parts.items()}
            facts_of = [dict(zip(main.columns, values, strict=True)) for _, _, values in same]
            self._set.fill(draft, facts_of, own)
            yield draft.reading(facts)
        self.remarks = [
            _orphaned(self._members[name], left) for name, left in parts.items() if left
        ]

    def _grouped(self, table: Table) -> dict[str, list[tuple[str, ...]]]:
        """Hold the rows of a part by fiche, an equal one only once; equal rows are one object."""
        found: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
        if table.name in self._members:
            known: dict[tuple[str, ...], tuple[str, ...]] = {}
            for _, key, values in self._rows(table):
                found[key][known.setdefault(values, values)] = None
        return {key: list(rows) for key, rows in found.items()}

    def _rows(self, table: Table) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """Read a member: the line where a row ends, its key, and the columns that are kept."""
        member = self._members[table.name]
        with self._archive.open(member) as raw:
            encoding = delimited.encoding(raw.read(delimited.HEAD_BYTES))
        with (
            self._archive.open(member) as raw,
            io.TextIOWrapper(raw, encoding, newline="") as text,
        ):
            rows = delimited.parsed(text, member, ";", strict=False)
            line, header = next(rows, (1, []))
            try:
                wanted = (table.key, *table.columns)
                pick = itemgetter(*(header.index(column) for column in wanted))
                for line, row in rows:
                    if row:
                        key, *values = pick(row)
                        yield line, key.strip(), tuple(values)
            except (ValueError, IndexError) as fault:  # a column, or a value, that is not there
                raise delimited.broken(member, line) from fault


def _orphaned(member: str, left: Mapping[str, object]) -> Finding:
    """Say which rows nobody asked for: they would be lost without a word."""
    first, name = min(left)[:40], delimited.shown(member)
    return Finding(
        "part-without-fiche",
        Text(
            f"{name} : les lignes de {len(left)} fiches absentes de la table principale"
            f" ne sont pas reprises, dont {first}.",
            f"{name}: the rows of {len(left)} fiches that the main table lacks are"
            f" left out, {first} among them.",
        ),
        2,
        "warning",
    )


def _member(table: Table, names: list[str]) -> str | None:
    return next((name for name in names if table.member.search(name.rpartition("/")[2])), None)


def _recognised(names: list[str]) -> TableSet:
    """Find the set of which all required members are there; raises FileRefused."""
    for candidate in SETS:
        tables = (candidate.main, *candidate.parts)
        if all(_member(table, names) for table in tables if table.required):
            return candidate
    raise FileRefused(
        "import-format-mismatch",
        "L’archive ne contient ni flux XML, ni les tables CSV du répertoire.",
        "The archive holds neither an XML flux nor the CSV tables of the directory.",
        step=0,
    )
