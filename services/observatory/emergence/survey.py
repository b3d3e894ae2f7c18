"""Reads the yearly survey of recruitment (France Travail, Besoins en main-d’œuvre) as it is given.

A line per job (FAP), department and employment area; `*` hides a figure. The file tells no
employers: projects of several areas are of as many establishments at least, so the areas are
counted for them, and the largest area's share is no smaller than that of its largest employer.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from observatory.emergence.reading import Counted, CountsInvalid, Told
from platformkit.errors import Fault
from platformkit.i18n import Text
from platformkit.matching import folded

LARGEST_BYTES: Final = 32 << 20
MEDIA_TYPES: Final = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
)

_LARGEST_UNPACKED: Final = 256 << 20
_MOST_MEMBERS: Final = 200
_MOST_ROWS: Final = 200_000
"""That of 2024 has 53,443."""

_MOST_COLUMNS: Final = 40
_MOST_FAULTS: Final = 100
_LONGEST: Final = 300
_PIECE: Final = 1 << 20
_MOST: Final = 10_000_000
_DECLARATION: Final = re.compile(rb"<!(DOCTYPE|ENTITY)|\x00")
_YEARS: Final = range(2000, 2100)
_JOB: Final = re.compile(r"[A-Z][0-9A-Z]{2}[0-9]{2}")
_HIDDEN: Final = "*"
_COLUMNS: Final = {
    "annee": "year",
    "code metier bmo": "job",
    "nom metier bmo": "label",
    "reg": "region",
    "dept": "department",
    "met": "projects",
}
_AREA: Final = re.compile(r"be ?\d\d")
"""Its column is named after the year."""


@dataclass(slots=True)
class Survey:
    """What the survey of a year says of one region."""

    year: int
    counted: Counted
    told: int
    """Figures of the region, and those that are hidden."""

    hidden: int
    regions: list[str]
    """Of which the file has figures."""


@dataclass(slots=True)
class _Lines:
    """What was read so far."""

    year: int | None = None
    labels: dict[str, str] = field(default_factory=dict)
    areas: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    """Projects by job and area of the region."""

    hidden: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    least: int = _MOST
    """The smallest figure of the whole file: what is hidden is smaller."""

    regions: set[str] = field(default_factory=set)
    seen: set[tuple[str, str, str]] = field(default_factory=set)


def read(file: IO[bytes], region: str) -> Survey:
    """Read the workbook, or raise CountsInvalid with every fault and its row."""
    faults: list[Fault] = []
    found = _Lines()
    for number, line in _rows(file):
        faults += _take(found, line, number, region)
        if len(faults) >= _MOST_FAULTS:
            raise CountsInvalid(faults[:_MOST_FAULTS])
    if not faults and not any(found.areas.values()):
        known = ", ".join(sorted(found.regions)) or "-"
        faults.append(
            _fault(
                0,
                "region-silent",
                f"Le fichier ne dit rien de la région {region} ; régions : {known}.",
                f"The file says nothing of region {region}; regions: {known}.",
            )
        )
    if faults:
        raise CountsInvalid(faults)
    return _survey(found)


def _survey(found: _Lines) -> Survey:
    assert found.year is not None  # noqa: S101  # there are lines
    quarter = found.year * 4
    counted = Counted()
    most = found.least - 1
    for job, label in found.labels.items():
        areas, hidden = found.areas.get(job, {}), found.hidden.get(job, 0)
        total = sum(areas.values())
        if total or hidden:
            counted.labels[job] = (label, None)
            largest = max(areas.values()) / total if total else 0
            counted.counts[job, quarter] = Told(total, len(areas), largest, hidden * most)
    counted.totals[quarter] = sum(one.ads for one in counted.counts.values())
    counted.spare[quarter] = sum(one.hidden for one in counted.counts.values())
    told = sum(len(areas) for areas in found.areas.values())
    return Survey(found.year, counted, told, sum(found.hidden.values()), sorted(found.regions))


def _rows(file: IO[bytes]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the rows of the first sheet that has the survey's columns, with their numbers."""
    import openpyxl  # noqa: PLC0415  # heavy, and for a yearly file

    try:
        _check(file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
            columns = _named(next(rows, ()))
            if "job" in columns.values():
                yield from _read(rows, columns)
                return
    except CountsInvalid:
        raise
    except Exception as error:  # openpyxl and zipfile let whatever their parsers raise fly
        raise _unreadable() from error
    raise _lacking(_COLUMNS)


def _read(
    rows: Iterator[Sequence[object]], columns: Mapping[int, str]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    missing = [title for title, name in _COLUMNS.items() if name not in columns.values()]
    if "area" not in columns.values():
        missing.append("be24")
    if missing:
        raise _lacking(missing)
    for number, row in enumerate(rows, 2):
        if number > _MOST_ROWS:
            told = ("Trop de lignes.", "Too many rows.")
            raise CountsInvalid([_fault(number, "too-many-rows", *told)])
        if any(cell is not None for cell in row):
            yield number, {name: _text(row[place]) for place, name in columns.items()}


def _lacking(columns: Iterable[str]) -> CountsInvalid:
    return CountsInvalid(
        [
            _fault(1, "column-missing", f"La colonne {one} manque.", f"Column {one} is missing.")
            for one in columns
        ]
    )


def _named(header: Sequence[object]) -> dict[int, str]:
    """Find our columns in the header, however it spells them."""
    found: dict[int, str] = {}
    for place, title in enumerate(header):
        plain = folded(_text(title))
        name = "area" if _AREA.fullmatch(plain) else _COLUMNS.get(plain)
        if name is not None and name not in found.values():
            found[place] = name
    return found


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _take(found: _Lines, line: Mapping[str, str], number: int, region: str) -> list[Fault]:
    """Keep one line, or say all that is wrong with it."""
    faults = []
    year = int(line["year"]) if line["year"].isascii() and line["year"].isdecimal() else 0
    if year not in _YEARS or found.year not in (None, year):
        told = ("annee : une seule année, en quatre chiffres.", "annee: one year, of four digits.")
        faults.append(_fault(number, "year-invalid", *told))
    if not _JOB.fullmatch(line["job"]) or not 0 < len(line["label"]) <= _LONGEST:
        faults.append(
            _fault(number, "term-invalid", "Code ou nom du métier.", "Code or name of job.")
        )
    if not line["region"] or not line["area"]:
        told = ("Région ou bassin manquant.", "The region or the area is missing.")
        faults.append(_fault(number, "area-missing", *told))
    projects = line["projects"]
    if projects != _HIDDEN and not (
        projects.isascii() and projects.isdecimal() and int(projects[:9]) <= _MOST
    ):
        told = ("met : un nombre entier, ou *.", "met: a whole number, or *.")
        faults.append(_fault(number, "number-malformed", *told))
    key = (line["job"], line["department"], line["area"])
    if key in found.seen:
        faults.append(_fault(number, "line-twice", "Deuxième fois.", "There a second time."))
    found.seen.add(key)
    if not faults:
        found.year = year
        _count(found, line, region)
    return faults


def _count(found: _Lines, line: Mapping[str, str], region: str) -> None:
    """Count a sound line: every figure bounds what is hidden, those of the region are kept."""
    job, projects = line["job"], line["projects"]
    is_ours = line["region"] == region
    if is_ours:
        found.labels[job] = line["label"]
    if projects == _HIDDEN:
        found.hidden[job] += is_ours
        return
    count = int(projects)
    if count:
        found.regions.add(line["region"])
        found.least = min(found.least, count)
        if is_ours:
            area = f"{line['department']} {line['area']}"
            found.areas[job][area] = count


def _check(file: IO[bytes]) -> None:
    """Refuse, before any parser sees it, what is not a plain and modest workbook."""
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        unpacked = sum(one.file_size for one in members)
        if len(members) > _MOST_MEMBERS or unpacked > _LARGEST_UNPACKED:
            raise _unreadable()
        for one in members:
            if one.filename.endswith((".xml", ".rels")):
                with archive.open(one) as content:
                    before = b""
                    while piece := content.read(_PIECE):
                        if _DECLARATION.search(before + piece):
                            raise _unreadable()
                        before = piece[-16:]
    file.seek(0)


def _unreadable() -> CountsInvalid:
    told = ("Ce n’est pas un classeur .xlsx lisible.", "This is no readable .xlsx workbook.")
    return CountsInvalid([_fault(0, "workbook-unreadable", *told)])


def _fault(line: int, code: str, fr: str, en: str) -> Fault:
    return Fault("", code, Text(fr, en), place=str(line) if line else None)
