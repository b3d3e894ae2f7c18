"""Jobs and occupations: ROME of France Travail, ESCO of the European Commission."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import IO

from training.imports import delimited
from training.imports.delimited import Table
from training.imports.formats import Told
from training.references.concepts import Concept, ConceptReader, Release, needed, stated_version


@contextmanager
def opened_rome(file: IO[bytes], told: Told) -> Iterator[ConceptReader]:
    """Open `unix_referentiel_code_rome_v*_utf8.csv`, bare or in the archive of a release."""
    with delimited.opened(file, told) as tables:
        jobs = delimited.wanted(tables, "code_rome", "libelle_rome")
        released_on = needed(told.dated_on)
        yield ConceptReader(
            rome_release(stated_version([jobs.name], released_on.isoformat()), released_on),
            [jobs.name],
            _jobs(jobs),
        )


def rome_release(version: str, released_on: date) -> Release:
    """Describe a release of ROME."""
    return Release(
        "rome",
        version,
        released_on,
        "Répertoire opérationnel des métiers et des emplois",
        "France Travail",
        "Licence Ouverte",
    )


def _jobs(table: Table) -> Iterator[Concept]:
    parent = "code_rome_parent"
    columns = ["code_rome", "libelle_rome", parent if table.has([parent]) else "code_rome"]
    for line, (code, label, above) in table.rows(*columns):
        yield job(code, label, above, line)


def job(code: str, label: str, above: str | None, line: int) -> Concept:
    """Make a job; ROME 3 files double their apostrophes, a few labels of ROME 4 curl them."""
    return Concept(
        code=code,
        line=line,
        kind="job",
        label_fr=label.replace("''", "'").replace("’", "'"),
        broader=above if above and above != code else None,
    )


@contextmanager
def opened_esco(file: IO[bytes], told: Told) -> Iterator[ConceptReader]:
    """Open ESCO's occupations in French or English, or an archive of both and the ISCO groups."""
    columns = ("conceptUri", "iscoGroup", "preferredLabel", "code")
    with delimited.opened(file, told) as tables:
        languages = [table for table in tables if table.has(columns)]
        english = next((one for one in languages if one.name.endswith("_en.csv")), None)
        french = next((one for one in languages if one.name.endswith("_fr.csv")), None)
        french = french or next((one for one in languages if one is not english), None)
        main = french or english or delimited.wanted(tables, *columns)
        groups = delimited.lookup(tables, "code", "preferredLabel", without=("iscoGroup",))
        used = [one for one in (french, english, groups) if one is not None]
        names = [one.name for one in used]
        released_on = needed(told.dated_on)
        release = Release(
            "esco",
            stated_version(names, released_on.isoformat()),
            released_on,
            "European Skills, Competences, Qualifications and Occupations: occupations",
            "European Commission",
            "Commission Decision 2011/833/EU",
        )
        yield ConceptReader(release, names, _occupations(main, english, groups))


def _occupations(main: Table, english: Table | None, groups: Table | None) -> Iterator[Concept]:
    known = set()
    for line, (uri, code, label) in _rows(groups, ("conceptUri", "code", "preferredLabel")):
        known.add(code)
        yield Concept(
            code=code,
            line=line,
            kind="group",
            label_en=label,
            broader=code[:-1] or None,
            uri=uri,
        )
    translated = {
        uri: label for _, (uri, label) in _rows(english, ("conceptUri", "preferredLabel"))
    }
    columns = ("conceptUri", "code", "preferredLabel", "iscoGroup")
    for line, (uri, code, label, group) in main.rows(*columns):
        above = code.rpartition(".")[0]
        yield Concept(
            code=code,
            line=line,
            kind="occupation",
            label_fr=None if main is english else label,
            label_en=translated.get(uri),
            broader=above if above != group or group in known else None,
            uri=uri,
        )


def _rows(table: Table | None, columns: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    return table.rows(*columns) if table is not None else iter(())
