"""Rebuild the shipped tables from the public files: `python -m observatory.reference.build DATA`.

Not needed at run time; the figures it writes are facts read in the sources, never results.
"""

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from observatory.formulas import percentiles, unit_groups
from observatory.formulas.crosswalk import Estimate
from observatory.reference import files, loading, trajectories
from observatory.reference.files import OVERSEAS, Row, read_csv, read_sheet, tidy
from observatory.reference.official import file_hash

HERE = Path(__file__).parent
REGION = "32"

OFFICIAL = {
    "ilo": "ilo-genai-isco08-2025/Final_Scores_ISCO08_Gmyrek_et_al_2025.xlsx",
    "eloundou": "gpts-are-gpts/occ_level.csv",
    "microsoft": "ms-working-with-ai/soc_ai_applicability_scores.csv",
    "isco-soc2010": "isco-soc2010/isco_us_soc2010_crosswalk.xls",
    "naics-isic": "naics-isic/2017_NAICS_to_ISIC_4.xlsx",
    "rome-isco08": "rome-isco08/Correspondance_ROME_ISCO08.xlsx",
    "rome": "rome-v460/unix_referentiel_code_rome_v460_utf8.csv",
    "dares-regions": "dares-psm/input_carte1.csv",
    "dares-years": "dares-psm/effectifs_3niv.csv",
    "dares-jobs": "dares-psm/fap225_rome.csv",
    "hires": "labonneboite-rome-naf/rome_naf_mapping.raw.csv",
}
"""Where the files whose facts may be shipped are in the data folder, by kind."""

UNSHIPPED = {
    "felten": "felten-aioe/AIOE_DataAppendix.xlsx",
    "felten-language": "felten-aioe/Language Modeling AIOE and AIIE.xlsx",
    "felten-image": "felten-aioe/Image Generation AIOE and AIIE.xlsx",
}
"""Files without a licence: only the percentiles of their scores are written, as constants."""

COMPOSED = {
    "occupations": (
        OFFICIAL["ilo"],
        OFFICIAL["rome-isco08"],
        "esco-v1.2-en/ISCOGroups_en.csv",
    ),
    "families": ("fap2009-rome/intitule_fap2009.txt", OFFICIAL["dares-regions"]),
    **trajectories.PLACES,
    "sectors": ("naf-rev2/pynsee_naf.zip",),
    "territories": (
        "cog/communes.csv",
        "cog/regions.csv",
        "cog/departements.csv",
        "cog/epcicom.xlsx",
        "odis-stream2/Export_Communes_Zones_Emploi_2020.csv",
    ),
}
"""Files of the tables that are made from several."""

HEADLINES = ("ilo-2025", "felten-aioe", "eloundou-beta", "microsoft-2025")
"""One index per producer: the range across methods is theirs, variants would count one twice."""


def write(name: str, rows: Iterable[Row]) -> None:
    """Write a table sorted by its key, so that a rebuild gives the same bytes."""
    table = list(rows)
    (HERE / f"{name}.csv").write_bytes(loading.canonical(name, table))
    sys.stdout.write(f"{name}: {len(table)} rows\n")


def own_labels(nomenclature: str) -> dict[str, str]:
    """Labels that no source gives in that language, translated by the project."""
    rows = read_csv(HERE / "own_labels.csv")
    return {r["code"]: tidy(r["label"]) for r in rows if r["nomenclature"] == nomenclature}


@cache
def tables(data: Path) -> dict[str, list[Any]]:
    """Rows of every table that is one official file read by itself, shipped or not."""
    return {
        name: list(rows)
        for kind, place in (OFFICIAL | UNSHIPPED).items()
        for name, rows in files.READERS[kind](data / place).items()
    }


def official(data: Path) -> None:
    """Every shipped table that is one official file read by itself."""
    for name, rows in tables(data).items():
        if not name.startswith("felten"):
            write(name, rows)


def occupations(data: Path) -> None:
    """ISCO-08 unit groups that the ILO scored or a ROME job belongs to."""
    titles = {str(row[2]).zfill(4): tidy(row[3]) for row in read_sheet(data / OFFICIAL["ilo"])}
    linked = {
        str(row[3]).zfill(4): tidy(row[4])
        for row in read_sheet(data / OFFICIAL["rome-isco08"], "ROME to ISCO-08")
        if row[0]
    }
    french = own_labels("isco-08") | linked
    groups = read_csv(data / "esco-v1.2-en/ISCOGroups_en.csv")
    english = {r["code"].zfill(4): tidy(r["preferredLabel"]) for r in groups} | titles
    codes = titles.keys() | linked.keys()
    write("occupations", ((code, french[code], english[code]) for code in codes))


def families(data: Path) -> None:
    """Job families (FAP-2009, 87 families)."""
    text = (data / "fap2009-rome/intitule_fap2009.txt").read_text(encoding="cp1252")
    found = re.findall(r'"([A-Z]\d[A-Z])"\s*=\s*"\1 : ([^"]+)"', text)
    french = {code: tidy(label) for code, label in found}
    english = own_labels("fap-87")
    codes = {r["FAP_3"] for r in read_csv(data / OFFICIAL["dares-regions"], "cp1252")}
    write("families", ((code, french[code], english[code]) for code in codes))


def mobilities(data: Path) -> None:
    """Jobs that a ROME 4.0 job leads to, and the skills that ROME v3 jobs want."""
    for name, rows in trajectories.rows(data).items():
        write(name, rows)


def sectors(data: Path) -> None:
    """NAF rev. 2 sections, divisions and sub-classes."""
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
    write("territories", rows)


def constants(data: Path) -> None:
    """Percentiles of every index over the unit groups that all headline indices score."""
    rows = tables(data)
    links: dict[str, list[str]] = {}
    for occupation, soc, *_ in sorted(rows["soc_links"]):
        links.setdefault(str(occupation), []).append(str(soc))
    scored = {("ilo-2025", "isco-08", row[1], row[2]) for row in rows["scores"]}
    for name in ("ilo_2023", "eloundou", "microsoft", "felten", "felten_language", "felten_image"):
        scored |= {row[:4] for row in rows[name]}
    native: dict[tuple[str, str], dict[str, Estimate]] = {}
    for index, classification, code, value in sorted(scored):
        table = native.setdefault((index, classification), {})
        table[str(code)] = Estimate(float(str(value)))
    carried = {
        index: unit_groups.scored(classification, table, links)
        for (index, classification), table in native.items()
    }
    shared = set[str].intersection(*(set(carried[index]) for index in HEADLINES))
    frozen = {
        index: [
            round(each, 6)
            for each in percentiles.freeze([found[code].value for code in sorted(shared)])
        ]
        for index, found in sorted(carried.items())
    }
    golden = {index: _golden(scale) for index, scale in frozen.items()}
    whole = {
        "headlines": HEADLINES,
        "unit_groups": len(shared),
        "percentiles": frozen,
        "golden": golden,
    }
    (HERE / "constants.json").write_text(_lines(whole) + "\n", encoding="utf-8")


def _golden(scale: list[float]) -> list[tuple[float, float]]:
    """Scores and their places, to try another implementation against: ends, ties, and between."""
    values = {scale[0] - 1, scale[0], scale[25], scale[50], scale[75], scale[-1], scale[-1] + 1}
    values |= {round((scale[step] + scale[step + 1]) / 2, 6) for step in (10, 60, 90)}
    return [(value, percentiles.percentile(value, scale)) for value in sorted(values)]


def _lines(whole: dict[str, Any]) -> str:
    """Write JSON with one line per entry of each object, so that a change is one line."""
    parts = []
    for name, value in whole.items():
        text = json.dumps(value)
        if isinstance(value, dict):
            inner = ",\n".join(f"    {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            text = f"{{\n{inner}\n  }}"
        parts.append(f"  {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}"


def files_named(data: Path) -> None:
    """Write into sources.json which files each shipped table was read from, with their hashes."""
    places: dict[str, tuple[str, ...]] = dict(COMPOSED)
    for kind, place in OFFICIAL.items():
        places |= dict.fromkeys(files.READERS[kind](data / place), (place,))
    known = loading.sources()
    for name, found in places.items():
        known[name]["files"] = [
            {"name": Path(place).name, "sha256": file_hash(data / place)} for place in found
        ]
    text = json.dumps(known, ensure_ascii=False, indent=2)
    (HERE / "sources.json").write_text(text + "\n", encoding="utf-8")


def document() -> None:
    """Write SOURCES.md from sources.json, the one place where provenance is stated."""
    parts = ["# Sources of the shipped tables", ""]
    parts += [
        "UTF-8, comma separated, codes are text. All tables are regenerated by",
        "`python -m observatory.reference.build <data>` (needs openpyxl; never at run time);",
        "a rebuild from the same files gives the same bytes. `own_labels.csv` is written by hand;",
        "`constants.json` holds the percentiles of each index over the unit groups that every",
        "headline index scores: statistics, from which no score can be read back.",
        "This page is generated from `sources.json`, which the API serves.",
    ]
    shipped = loading.shipped()
    for name, source in json.loads((HERE / "sources.json").read_text(encoding="utf-8")).items():
        file = f"{name}.csv" if name in shipped else f"{name} (not shipped)"
        parts += ["", f"## {file}: {source['title']['en']}", ""]
        parts += [
            f"- Producer: {source['producer']}",
            f"- Vintage: {source['vintage']}",
            f"- Licence: {source['licence']}",
            f"- Citation: {source['citation']}",
            f"- Derived: {source['derived']}",
            *(
                f"- File: {file['name']}, SHA-256 {file['sha256']}"
                for file in source.get("files", ())
            ),
        ]
    (HERE / "SOURCES.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def main(data: Path) -> None:
    """Rebuild every table, the constants, and the page that documents them."""
    for step in (official, occupations, mobilities, families, sectors, territories, constants):
        step(data)
    files_named(data)
    document()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
