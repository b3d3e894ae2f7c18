"""Finds jobs, sectors and territories by the codes that people write."""

import re
from collections.abc import Iterable

from observatory.references.facts import Dataset, Facts, Job, Sector, Territory
from observatory.references.schemas import DatasetRead, FileRead, JobRead, SectorRead, TerritoryRead
from platformkit.errors import Fault, Invalid, NotFound
from platformkit.i18n import Text, language
from platformkit.matching import folded

ROME = Text("le ROME 4.0 (version 460)", "ROME 4.0 (version 460)")
NAF = Text("la NAF rév. 2", "NAF rev. 2")
TERRITORIES = Text(
    "les territoires de l’observatoire (France, régions, et départements, zones d’emploi 2020 et "
    "EPCI des Hauts-de-France)",
    "the observatory's territories (France, regions, and the departments, employment zones 2020 "
    "and EPCI of Hauts-de-France)",
)

_JOB = re.compile(r"[A-N][0-9]{4}")
_SECTOR = re.compile(r"[A-U]|[0-9]{2}|[0-9]{2}\.?[0-9]{2}[A-Z]")
_TERRITORY = re.compile(r"FR|FE|[RD]?[0-9]{2}|D?2[AB]|(ZE)?[0-9]{4}|(EPCI)?[0-9]{9}")
_PREFIXES = {2: ("D", "R"), 4: ("ZE",), 9: ("EPCI",)}

JOB_FORM = Text(
    "Un code ROME est une lettre de A à N et quatre chiffres, par exemple M1607.",
    "A ROME code is a letter from A to N and four digits, for example M1607.",
)
SECTOR_FORM = Text(
    "Un code NAF est une section (C), une division (62) ou une sous-classe (62.01Z ou 6201Z).",
    "A NAF code is a section (C), a division (62) or a sub-class (62.01Z or 6201Z).",
)
TERRITORY_FORM = Text(
    "Un territoire est FR, FE, une région (32 ou R32), un département (59 ou D59), une zone "
    "d’emploi (3216 ou ZE3216) ou un EPCI (son SIREN).",
    "A territory is FR, FE, a region (32 or R32), a department (59 or D59), an employment zone "
    "(3216 or ZE3216) or an EPCI (its SIREN).",
)


class CodeUnknown(NotFound):
    """The code is well formed but stands for nothing in its referential."""

    code = "code-unknown"
    detail = Text(
        "Le code {given} n’existe pas dans {referential}.",
        "The code {given} does not exist in {referential}.",
    )


def malformed(name: str, form: Text, where: str = "path") -> Fault:
    """Fault of a code that cannot exist in its referential."""
    return Fault(f"/{name}", "code-malformed", form, where=where)


def read_code(given: str, pattern: re.Pattern[str], name: str, form: Text) -> str:
    """Return the code in capitals, or raise Invalid when it has not the referential's form."""
    code = given.upper()
    if not pattern.fullmatch(code) or not given.isascii():
        raise Invalid([malformed(name, form)])
    return code


def is_job_code(given: str) -> bool:
    """Tell whether a text has the form of a ROME code."""
    return given.isascii() and _JOB.fullmatch(given.upper()) is not None


def find_job(facts: Facts, given: str) -> Job:
    """Return the job, or raise Invalid or CodeUnknown."""
    code = read_code(given, _JOB, "rome", JOB_FORM)
    found = facts.jobs.get(code)
    if found is None:
        raise CodeUnknown(given=code, referential=ROME())
    return found


def find_sector(facts: Facts, given: str) -> Sector:
    """Return the section, division or sub-class, the latter with or without its dot."""
    code = read_code(given, _SECTOR, "naf", SECTOR_FORM)
    if len(code) == 5:  # noqa: PLR2004  # 6201Z, as in SIRENE files
        code = f"{code[:2]}.{code[2:]}"
    found = facts.sectors.get(code)
    if found is None:
        raise CodeUnknown(given=code, referential=NAF())
    return found


def find_territory(facts: Facts, given: str) -> Territory:
    """Return the territory; two bare digits are a department of the region, else a region."""
    code = read_code(given, _TERRITORY, "code", TERRITORY_FORM)
    candidates = [code, *(prefix + code for prefix in _PREFIXES.get(len(code), ()))]
    for candidate in candidates:
        if candidate in facts.territories:
            return facts.territories[candidate]
    raise CodeUnknown(given=code, referential=TERRITORIES())


def matches(query: str | None, *texts: str) -> bool:
    """Tell whether every word of the query is in one of the texts."""
    if not query:
        return True
    where = " ".join(folded(text) for text in texts)
    return all(word in where for word in folded(query).split())


def jobs(facts: Facts, query: str | None) -> list[Job]:
    """Jobs that the query finds."""
    return [job for job in facts.jobs.values() if matches(query, job.code, job.label)]


def job_read(facts: Facts, job: Job) -> JobRead:
    """Wire form of a job."""
    occupation = facts.occupations[facts.links[job.basis].occupation]
    return JobRead(
        code=job.code,
        label=job.label,
        basis=job.basis,
        occupation=occupation.code,
        occupation_label=occupation.label(),
    )


def sectors(facts: Facts, level: str | None, query: str | None) -> list[Sector]:
    """Sectors of a level that the query finds."""
    return [
        sector
        for sector in facts.sectors.values()
        if level in (None, sector.level) and matches(query, sector.code, sector.label())
    ]


def sector_read(sector: Sector) -> SectorRead:
    """Wire form of a sector."""
    return SectorRead(
        code=sector.code, level=sector.level, label=sector.label(), parent=sector.parent or None
    )


def territories(facts: Facts, kind: str | None, query: str | None) -> list[Territory]:
    """Territories of a kind that the query finds."""
    return [
        territory
        for territory in facts.territories.values()
        if kind in (None, territory.kind) and matches(query, territory.code, territory.label())
    ]


def territory_read(territory: Territory) -> TerritoryRead:
    """Wire form of a territory."""
    return TerritoryRead(
        id=territory.id,
        code=territory.code,
        kind=territory.kind,
        label=territory.label(),
        parent=territory.parent or None,
        crosses_regions=territory.crosses_regions,
    )


def dataset_read(facts: Facts, each: Dataset) -> DatasetRead:
    """Wire form of a loaded table with its provenance."""
    return DatasetRead(
        table=each.name,
        title=each.source["title"][language()],
        version=each.version,
        rows=each.rows,
        sha256=each.sha256,
        **provenance(facts, each.name),
        derived=each.source["derived"],
        files=[FileRead(**file) for file in each.source.get("files", ())],
    )


def provenance(facts: Facts, table: str) -> dict[str, str]:
    """Return producer, vintage, licence and citation of a table."""
    source = facts.datasets[table].source
    return {name: source[name] for name in ("producer", "vintage", "licence", "citation")}


def lineage(facts: Facts, territory: Territory) -> Iterable[Territory]:
    """Yield the territory and those around it, from the smallest to the largest."""
    yield territory
    while territory.parent:
        territory = facts.territories[territory.parent]
        yield territory


def regions_in(facts: Facts, territory: Territory) -> list[str]:
    """Codes of the regions that make up a region or a country."""
    return [
        region.code
        for region in facts.territories.values()
        if region.kind == "region" and territory in lineage(facts, region)
    ]
