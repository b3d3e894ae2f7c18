"""Reads where jobs lead and what they want, from two releases of ROME.

The mobilities are those of ROME 4.0; its links of jobs to skills are not among our sources, so
skills are those of ROME v3, by the job that a ROME 4.0 job was split from.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from observatory.reference.files import Tables, read_csv, tidy

_MOBILITIES: Final = "rome-v460/unix_rubrique_mobilite_v460_utf8.csv"
_SKILLS: Final = "rome-v347/unix_referentiel_competence_v347_utf8.csv"
_LINKS: Final = "rome-v347/unix_liens_rome_referentiels_v347_utf8.csv"

PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "mobilities": (_MOBILITIES,),
    "skills": (_SKILLS, _LINKS),
    "job_skills": (_SKILLS, _LINKS),
}
"""Files of each table."""


def rows(data: Path) -> Tables:
    """Make the three tables; v3 files double their apostrophes."""
    targets: dict[str, list[tuple[int, str]]] = {}
    for row in read_csv(data / _MOBILITIES):
        target = int(row["numero_ordre"]), row["code_rome_cible"]
        targets.setdefault(row["code_rome"], []).append(target)
    known = {
        row["code_ogr"]: tidy(row["libelle_competence"].replace("''", "'"))
        for row in read_csv(data / _SKILLS)
    }
    wanted: dict[str, set[str]] = {}
    for row in read_csv(data / _LINKS):
        if row["code_ogr"] in known:
            wanted.setdefault(row["code_rome"], set()).add(row["code_ogr"])
    used = set[str]().union(*wanted.values())
    return {
        "mobilities": [
            (job, " ".join(code for _, code in sorted(to))) for job, to in targets.items()
        ],
        "skills": [(code, known[code]) for code in used],
        "job_skills": [(job, " ".join(sorted(codes))) for job, codes in wanted.items()],
    }
