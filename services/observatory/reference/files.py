"""Readers of the official files: the rows of our tables, as texts, and nothing computed.

`build` writes the shipped tables with them, `vigie load` fills the database with them.
"""

import csv
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any, Final

import openpyxl
import xlrd

Row = Sequence[object]
Tables = Mapping[str, Iterable[Row]]

OVERSEAS = {"101": "01", "102": "02", "103": "03", "104": "04", "106": "06"}
"""DARES codes of the overseas regions, and their INSEE codes."""

FIRST_YEAR = 1995
"""The labour force survey knows all 87 families since then."""

_APPLICABILITY = "ai_applicability_score"

_BOTH = "T2Z"
"""A family of the file that is the sum of two others, T2A and T2B."""

_ANNOTATORS = {"human": "", "dv": "-gpt4"}
"""Who rated the tasks for Eloundou et al.: the plain name is that of people."""


def tidy(label: object) -> str:
    """One spelling of apostrophes and spaces, so that equal labels compare equal."""
    return re.sub(r"\s+", " ", str(label).replace("’", "'").replace("\xa0", " ")).strip()


def read_csv(path: Path, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[dict[str, str]]:
    """Every row of a file with a header, all values as text."""
    with path.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def read_sheet(path: Path, sheet: str | None = None) -> list[tuple[Any, ...]]:
    """Return the data rows of a worksheet, without its header."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # styles that openpyxl does not know
        book = openpyxl.load_workbook(path, read_only=True)
        found = book[sheet] if sheet else book.worksheets[0]
        rows: list[tuple[Any, ...]] = list(found.iter_rows(min_row=2, values_only=True))
    book.close()
    return rows


def number(value: object) -> str:
    """Write a score on six decimals at most, more than any index is precise to."""
    score = float(str(value))
    if not isfinite(score):
        raise ValueError(f"{value} is no score")
    return f"{score:.6f}".rstrip("0").rstrip(".")


def slug(published: str) -> str:
    """Turn the ILO's class names into codes: `Exposed: Gradient 4` becomes `gradient_4`."""
    return published.lower().replace("exposed: ", "").replace(" exposure", "").replace(" ", "_")


def ilo(path: Path) -> Tables:
    """Scores of 2025 with their class, and those of 2023; one line of the file per task."""
    tasks: Counter[str] = Counter()
    found: dict[str, tuple[Any, ...]] = {}
    for row in read_sheet(path):
        code = str(row[2]).zfill(4)
        tasks[code] += 1
        found[code] = row
    return {
        "scores": [
            ("ilo-2025", code, f"{row[16]:.2f}", f"{row[18]:.2f}", tasks[code], slug(row[19]))
            for code, row in found.items()
        ],
        "ilo_2023": [
            ("ilo-2023", "isco-08", code, f"{row[15]:.2f}", f"{row[17]:.2f}", tasks[code])
            for code, row in found.items()
        ],
    }


def eloundou(path: Path) -> Tables:
    """α, β and γ by detailed O*NET occupation, as people and as GPT-4 rated the tasks."""
    return {
        "eloundou": [
            (
                f"eloundou-{measure}{suffix}",
                "onet-soc-2018",
                row["O*NET-SOC Code"],
                number(row[f"{annotator}_rating_{measure}"]),
                "",
                "",
            )
            for row in read_csv(path)
            for annotator, suffix in _ANNOTATORS.items()
            for measure in ("alpha", "beta", "gamma")
        ]
    }


def microsoft(path: Path) -> Tables:
    """AI applicability by detailed occupation of SOC 2018."""
    return {
        "microsoft": [
            ("microsoft-2025", "soc-2018", row["SOC Code"], number(row[_APPLICABILITY]), "", "")
            for row in read_csv(path)
        ]
    }


def felten(path: Path) -> Tables:
    """AIOE by detailed occupation of SOC 2010 and AIIE by industry of NAICS."""
    return _felten(path, "felten-aioe", "felten", "Appendix A", "Appendix B")


def felten_language(path: Path) -> Tables:
    """Give the language-modelling variant of both."""
    return _felten(path, "felten-language", "felten_language", "LM AIOE", "LM AIIE")


def felten_image(path: Path) -> Tables:
    """Give the image-generation variant of both."""
    return _felten(path, "felten-image", "felten_image", "IG AIOE", "IG AIIE")


def _felten(path: Path, index: str, name: str, occupations: str, industries: str) -> Tables:
    return {
        name: [
            (index, "soc-2010", str(row[0]).strip(), number(row[2]), "", "")
            for row in read_sheet(path, occupations)
            if row[0]
        ],
        f"{name}_industries": [
            (index, str(row[0]).strip(), _members(str(row[0]).strip(), str(row[1])), number(row[2]))
            for row in read_sheet(path, industries)
            if row[0]
        ],
    }


def _members(code: str, title: str) -> str:
    """Beginnings of the NAICS codes of an industry; the BLS lists those of a composite one."""
    listed = re.search(r"\(([^)]*only)\)", title, re.IGNORECASE)
    if listed:
        return " ".join(re.findall(r"\d{4}", listed.group(1)))
    return code.rstrip("0")[:4]


def isco_soc(path: Path) -> Tables:
    """Pairs of the BLS crosswalk; an asterisk marks a link of parts."""
    sheet = xlrd.open_workbook(path).sheet_by_name("ISCO-08 to 2010 SOC")
    cells = (sheet.row_values(place) for place in range(7, sheet.nrows))
    return {
        "soc_links": {
            (
                str(row[0]).strip().zfill(4),
                str(row[3]).strip(),
                "yes" if str(row[2]).strip() == "*" else "no",
            )
            for row in cells
            if str(row[0]).strip() and str(row[3]).strip()
        }
    }


def naics_isic(path: Path) -> Tables:
    """Pairs of NAICS 2017 industries and ISIC rev. 4 classes."""
    pairs = set()
    for row in read_sheet(path):
        naics = str(row[1] or "").strip()
        isic = re.search(r"\d{3,4}", str(row[4] or ""))
        if isic and re.fullmatch(r"\d{5,6}", naics):
            pairs.add((naics, isic.group().zfill(4)))
    return {"industry_links": pairs}


def rome_isco(path: Path) -> Tables:
    """ROME v3 jobs and their unit group."""
    return {
        "crosswalk": [
            (row[0], tidy(row[1]), str(row[3]).zfill(4))
            for row in read_sheet(path, "ROME to ISCO-08")
            if row[0]
        ]
    }


def rome(path: Path) -> Tables:
    """ROME 4.0 jobs, each with the ROME v3 job it was split from (itself when unchanged)."""
    return {
        "jobs": [
            (row["code_rome"], tidy(row["libelle_rome"]), row["code_rome_parent"])
            for row in read_csv(path)
        ]
    }


def dares_regions(path: Path) -> Tables:
    """Employment by family and region at the census."""
    return {
        "family_employment": [
            (OVERSEAS.get(r["code_reg"], r["code_reg"]), r["FAP_3"], round(float(r["emp_fap_reg"])))
            for r in read_csv(path, "cp1252")
        ]
    }


def dares_years(path: Path) -> Tables:
    """Employment by family and year, in thousands in the file."""
    return {
        "family_years": [
            (row["Annee"], code, round(1000 * float(value)))
            for row in read_csv(path)
            if int(row["Annee"]) >= FIRST_YEAR
            for code, value in row.items()
            if re.fullmatch(r"[A-Y]\d[A-Z]", code) and code != _BOTH and value != "NA"
        ]
    }


def dares_jobs(path: Path) -> Tables:
    """ROME v3 jobs of each family of the level of 87."""
    return {
        "family_jobs": {
            (row["Fap"][:3], row["Rome"][:5])
            for row in read_csv(path, "cp1252", ";")
            if row["Rome"] not in {"NA", ""}
        }
    }


def hires(path: Path) -> Tables:
    """Hires by division and job, summed over the sub-classes of the file."""
    found: Counter[tuple[str, str]] = Counter()
    for row in read_csv(path):
        found[row["naf_id"][:2], row["rome_id"]] += int(row["hirings"])
    return {"sector_hires": [(division, job, count) for (division, job), count in found.items()]}


READERS: Final[dict[str, Callable[[Path], Tables]]] = {
    "ilo": ilo,
    "eloundou": eloundou,
    "microsoft": microsoft,
    "felten": felten,
    "felten-language": felten_language,
    "felten-image": felten_image,
    "isco-soc2010": isco_soc,
    "naics-isic": naics_isic,
    "rome-isco08": rome_isco,
    "rome": rome,
    "dares-regions": dares_regions,
    "dares-years": dares_years,
    "dares-jobs": dares_jobs,
    "hires": hires,
}
"""Kind of official file, as `vigie load` calls it, and its reader."""
