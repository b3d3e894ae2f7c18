"""Rebuild the shipped tables from the public files: `python -m observatory.reference.build DATA`.

Not needed at run time; the figures it writes are facts read in the sources, never results.
"""

import csv
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

HERE = Path(__file__).parent
REGION = "32"
OVERSEAS = {"101": "01", "102": "02", "103": "03", "104": "04", "106": "06"}
"""DARES codes of the overseas regions, and their INSEE codes."""

Row = Sequence[object]


def tidy(label: object) -> str:
    """One spelling of apostrophes and spaces, so that equal labels compare equal."""
    return re.sub(r"\s+", " ", str(label).replace("’", "'").replace("\xa0", " ")).strip()


def read_csv(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    """Every row of a file with a header, all values as text."""
    with path.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def read_sheet(path: Path, sheet: str | None = None) -> list[tuple[Any, ...]]:
    """Return the data rows of a worksheet, without its header."""
    book = openpyxl.load_workbook(path, read_only=True)
    found = book[sheet] if sheet else book.worksheets[0]
    rows: list[tuple[Any, ...]] = list(found.iter_rows(min_row=2, values_only=True))
    book.close()
    return rows


def write(name: str, header: Sequence[str], rows: Iterable[Row]) -> None:
    """Write a table sorted by its key, so that a rebuild gives the same bytes."""
    ordered = sorted(tuple(str(cell) for cell in row) for row in rows)
    with (HERE / f"{name}.csv").open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(header)
        table.writerows(ordered)
    sys.stdout.write(f"{name}: {len(ordered)} rows\n")


def own_labels(nomenclature: str) -> dict[str, str]:
    """Labels that no source gives in that language, translated by the project."""
    rows = read_csv(HERE / "own_labels.csv")
    return {r["code"]: tidy(r["label"]) for r in rows if r["nomenclature"] == nomenclature}


def occupations(data: Path) -> None:
    """ISCO-08 unit groups, their ILO 2025 scores, and the ROME jobs that belong to each."""
    scores = data / "ilo-genai-isco08-2025/Final_Scores_ISCO08_Gmyrek_et_al_2025.xlsx"
    tasks: Counter[str] = Counter()
    found: dict[str, tuple[Any, ...]] = {}
    for row in read_sheet(scores):
        code = str(row[2]).zfill(4)
        tasks[code] += 1
        found[code] = row
    jobs = [
        (row[0], tidy(row[1]), str(row[3]).zfill(4), tidy(row[4]))
        for row in read_sheet(
            data / "rome-isco08/Correspondance_ROME_ISCO08.xlsx", "ROME to ISCO-08"
        )
        if row[0]
    ]
    french = own_labels("isco-08") | {isco: label for _, _, isco, label in jobs}
    groups = read_csv(data / "esco-v1.2-en/ISCOGroups_en.csv")
    english = {r["code"].zfill(4): tidy(r["preferredLabel"]) for r in groups}
    english |= {code: tidy(row[3]) for code, row in found.items()}
    codes = found.keys() | {isco for _, _, isco, _ in jobs}
    write(
        "occupations",
        ("code", "label_fr", "label_en"),
        ((code, french[code], english[code]) for code in codes),
    )
    write(
        "scores",
        ("method", "code", "mean", "sd", "tasks", "published_class"),
        (
            ("ilo-2025", code, f"{row[16]:.2f}", f"{row[18]:.2f}", tasks[code], slug(row[19]))
            for code, row in found.items()
        ),
    )
    write(
        "crosswalk",
        ("job", "label_fr", "occupation"),
        ((rome, label, isco) for rome, label, isco, _ in jobs),
    )


def slug(published: str) -> str:
    """Turn the ILO's class names into codes: `Exposed: Gradient 4` becomes `gradient_4`."""
    return published.lower().replace("exposed: ", "").replace(" exposure", "").replace(" ", "_")


def jobs(data: Path) -> None:
    """ROME 4.0 jobs, each with the ROME v3 job it was split from (itself when unchanged)."""
    rows = read_csv(data / "rome-v460/unix_referentiel_code_rome_v460_utf8.csv")
    write(
        "jobs",
        ("code", "label_fr", "basis"),
        ((r["code_rome"], tidy(r["libelle_rome"]), r["code_rome_parent"]) for r in rows),
    )


def families(data: Path) -> None:
    """Job families (FAP-2009, 87 families), the jobs in each, and their employment by region."""
    text = (data / "fap2009-rome/intitule_fap2009.txt").read_text(encoding="cp1252")
    found = re.findall(r'"([A-Z]\d[A-Z])"\s*=\s*"\1 : ([^"]+)"', text)
    french = {code: tidy(label) for code, label in found}
    employment = read_csv(data / "dares-psm/input_carte1.csv", "cp1252")
    english = own_labels("fap-87")
    write(
        "families",
        ("code", "label_fr", "label_en"),
        ((code, french[code], english[code]) for code in {r["FAP_3"] for r in employment}),
    )
    write(
        "family_employment",
        ("region", "family", "jobs"),
        (
            (OVERSEAS.get(r["code_reg"], r["code_reg"]), r["FAP_3"], round(float(r["emp_fap_reg"])))
            for r in employment
        ),
    )
    links = read_csv(data / "dares-psm/fap225_rome.csv", "cp1252", ";")
    write(
        "family_jobs",
        ("family", "job"),
        {(r["Fap"][:3], r["Rome"][:5]) for r in links if r["Rome"] not in {"NA", ""}},
    )


def sectors(data: Path) -> None:
    """NAF rev. 2 sections, divisions and sub-classes; hires by division and ROME job."""
    with zipfile.ZipFile(data / "naf-rev2/pynsee_naf.zip") as archive:

        def table(name: str) -> list[list[str]]:
            text = archive.read(f"naf2008/{name}.csv").decode("latin-1")
            return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]

        levels = [row for row in table("naf2008_5_niveaux") if row]
        titles = {row[1].strip(): tidy(row[2]) for row in table("int_courts_naf_rev_2")}
        sections = [
            (row[1], "section", "", tidy(row[3]).capitalize(), tidy(row[2]).capitalize())
            for row in table("int_eng_na_2008_a21")
            if row
        ]
        divisions = [row for row in table("int_eng_na_2008_a88") if row]
    section_of = {row[3]: row[4] for row in levels}
    write(
        "sectors",
        ("code", "level", "parent", "label_fr", "label_en"),
        [
            *sections,
            *(
                (row[2], "division", section_of[row[2]], tidy(row[4]), tidy(row[3]))
                for row in divisions
                if row[2] in section_of
            ),
            *((row[0], "subclass", row[3], titles[row[0]], "") for row in levels),
        ],
    )
    hires: Counter[tuple[str, str]] = Counter()
    for r in read_csv(data / "labonneboite-rome-naf/rome_naf_mapping.raw.csv"):
        hires[r["naf_id"][:2], r["rome_id"]] += int(r["hirings"])
    write(
        "sector_hires",
        ("division", "job", "hires"),
        ((division, job, count) for (division, job), count in hires.items()),
    )


def territories(data: Path) -> None:
    """France, its regions, and the departments, employment zones and EPCI of the region."""
    communes = {
        r["COM"]: r["REG"] for r in read_csv(data / "cog/communes.csv") if r["TYPECOM"] == "COM"
    }
    members: dict[tuple[str, str, str], set[str]] = {}
    for r in read_csv(data / "odis-stream2/Export_Communes_Zones_Emploi_2020.csv"):
        key = ("employment_zone", r["codze2020"], tidy(r["libze2020"]))
        members.setdefault(key, set()).add(communes.get(r["codgeo"], ""))
    for row in read_sheet(data / "cog/epcicom.xlsx"):
        key = ("epci", str(row[1]), tidy(row[2]))
        members.setdefault(key, set()).add(communes.get(row[9], ""))
    prefix = {"employment_zone": "ZE", "epci": "EPCI"}
    overseas = set(OVERSEAS.values())
    both = ("France métropolitaine et régions d'outre-mer", "Metropolitan France and overseas")
    rows: list[Row] = [
        ("FE", "FE", "country", *both, "", "no"),
        ("FR", "FR", "country", "France métropolitaine", "Metropolitan France", "FE", "no"),
    ]
    for r in read_csv(data / "cog/regions.csv"):
        name, parent = tidy(r["LIBELLE"]), "FE" if r["REG"] in overseas else "FR"
        rows.append((f"R{r['REG']}", r["REG"], "region", name, name, parent, "no"))
    for r in read_csv(data / "cog/departements.csv"):
        if r["REG"] == REGION:
            name = tidy(r["LIBELLE"])
            rows.append((f"D{r['DEP']}", r["DEP"], "department", name, name, f"R{REGION}", "no"))
    for (kind, code, label), regions in members.items():
        if REGION in regions:
            crosses = "yes" if regions - {REGION, ""} else "no"
            rows.append((prefix[kind] + code, code, kind, label, label, f"R{REGION}", crosses))
    write(
        "territories",
        ("id", "code", "kind", "label_fr", "label_en", "parent", "crosses_regions"),
        rows,
    )


def document() -> None:
    """Write SOURCES.md from sources.json, the one place where provenance is stated."""
    parts = ["# Sources of the shipped tables", ""]
    parts += [
        "UTF-8, comma separated, codes are text. All tables are regenerated by",
        "`python -m observatory.reference.build <data>` (needs openpyxl; never at run time);",
        "a rebuild from the same files gives the same bytes. `own_labels.csv` is written by hand.",
        "This page is generated from `sources.json`, which the API serves.",
    ]
    for name, source in json.loads((HERE / "sources.json").read_text(encoding="utf-8")).items():
        parts += ["", f"## {name}.csv: {source['title']['en']}", ""]
        parts += [
            f"- Producer: {source['producer']}",
            f"- Vintage: {source['vintage']}",
            f"- Licence: {source['licence']}",
            f"- Citation: {source['citation']}",
            f"- Derived: {source['derived']}",
        ]
    (HERE / "SOURCES.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def main(data: Path) -> None:
    """Rebuild every table and the page that documents them."""
    for step in (occupations, jobs, families, sectors, territories):
        step(data)
    document()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
