"""Makes facts of the rows of the reference tables, from the database or from an archive."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from observatory.references.facts import (
    Dataset,
    Facts,
    Family,
    Index,
    IndexScore,
    Industry,
    Job,
    Link,
    Occupation,
    Sector,
    Territory,
)
from platformkit.i18n import Text

Row = Mapping[str, Any]
MAIN_METHOD: Final = "ilo-2025"
"""The index whose scores are the occupation's own."""


def assemble(
    release: str, datasets: Mapping[str, Dataset], rows: Mapping[str, Sequence[Row]]
) -> Facts:
    """Make facts of the rows of every table, by table."""
    scores = {
        row["code"]: (row["mean"], row["sd"], row["tasks"], row["published_class"])
        for row in rows["score"]
        if row["method"] == MAIN_METHOD
    }
    members = _gathered(rows["family_job"], "family", "job")
    return Facts(
        release=release,
        datasets=datasets,
        occupations={
            row["code"]: Occupation(row["code"], _label(row), scores.get(row["code"]))
            for row in rows["occupation"]
        },
        links={
            row["job"]: Link(row["job"], row["label_fr"], row["occupation"])
            for row in rows["crosswalk"]
        },
        jobs={row["code"]: Job(row["code"], row["label_fr"], row["basis"]) for row in rows["job"]},
        mobilities={row["job"]: tuple(row["targets"].split()) for row in rows["mobility"]},
        skills={row["code"]: row["label_fr"] for row in rows["skill"]},
        job_skills={row["job"]: frozenset(row["skills"].split()) for row in rows["job_skill"]},
        families={
            row["code"]: Family(row["code"], _label(row), members.get(row["code"], ()))
            for row in rows["family"]
        },
        employment=_nested(rows["family_employment"], "region", "family", "jobs"),
        sectors={
            row["code"]: Sector(row["code"], row["level"], row["parent"], _label(row))
            for row in rows["sector"]
        },
        hires=_nested(rows["sector_hire"], "division", "job", "hires"),
        territories={row["id"]: _territory(row) for row in rows["territory"]},
        indices=_indices(rows["index_score"]),
        soc_links=_gathered(rows["soc_link"], "occupation", "soc"),
        history=_nested(rows["family_year"], "year", "family", "jobs"),
        industries=_industries(rows["industry_score"]),
        industry_links=_gathered(rows["industry_link"], "naics", "isic"),
    )


def _nested(rows: Iterable[Row], first: str, second: str, count: str) -> dict[Any, dict[str, int]]:
    """Rows of two keys and a number, by the first key."""
    found: dict[Any, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row[first], {})[row[second]] = row[count]
    return found


def _gathered(rows: Iterable[Row], first: str, second: str) -> dict[str, tuple[str, ...]]:
    """Pairs, by the first of each."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row[first], []).append(row[second])
    return {key: tuple(members) for key, members in found.items()}


def _indices(rows: Iterable[Row]) -> dict[str, Index]:
    found: dict[str, dict[str, IndexScore]] = {}
    used: dict[str, str] = {}
    for row in rows:
        score = IndexScore(row["value"], row["sd"], row["tasks"])
        found.setdefault(row["index"], {})[row["code"]] = score
        used[row["index"]] = row["classification"]
    return {index: Index(used[index], scores) for index, scores in found.items()}


def _industries(rows: Iterable[Row]) -> dict[str, tuple[Industry, ...]]:
    found: dict[str, list[Industry]] = {}
    for row in rows:
        industry = Industry(row["code"], tuple(row["members"].split()), row["value"])
        found.setdefault(row["index"], []).append(industry)
    return {index: tuple(members) for index, members in found.items()}


def _label(row: Row) -> Text:
    """Fall back on the French label where the source has no English one."""
    return Text(row["label_fr"], row["label_en"] or row["label_fr"])


def _territory(row: Row) -> Territory:
    return Territory(
        row["id"],
        row["code"],
        row["kind"],
        _label(row),
        row["parent"],
        row["crosses_regions"],
    )
