"""Reading what is published of a programme, in the language asked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from diagnostic.benchmarks.groups import SIZES
from diagnostic.cohorts.service import ProgrammeUnknown
from diagnostic.naf import SECTIONS
from diagnostic.questionnaires.grid import Label
from diagnostic.statistics import queries
from diagnostic.statistics.schemas import (
    JourneyGroup,
    MovementsRead,
    ScoresRead,
    StatisticsDay,
    StatisticsRead,
)
from diagnostic.statistics.texts import LICENCE, METHOD, READING_KEY
from platformkit.errors import Fault, Invalid, NotFound
from platformkit.i18n import Text, language
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool

Body = Mapping[str, Any]


class StatisticsUnknown(NotFound):
    """Nothing was published yet, or not by the day asked."""

    code = "statistics-unknown"
    title = Text("Statistiques inconnues", "Unknown statistics")
    detail = Text(
        "Rien n’était publié pour ce programme le {day}.",
        "Nothing was published for this programme by {day}.",
    )


class DayAhead(Invalid):
    """What will be published some day cannot be cited."""

    code = "day-ahead"
    title = Text("Jour à venir", "Day ahead")


_AHEAD = Text("Ce jour est à venir.", "This day is yet to come.")


def day(as_of: date | None, now: datetime) -> date:
    """Give the day asked, or today in Paris; raises DayAhead."""
    today = day_in_paris(now)
    if as_of is not None and as_of > today:
        raise DayAhead([Fault("/as_of", DayAhead.code, _AHEAD, "query")])
    return as_of or today


async def published(reads: ReadPool, code: str, on: date, k: int) -> Body:
    """Read the row of the figures in force on a day, or raise ProgrammeUnknown, StatisticsUnknown.

    Figures that a smaller k had allowed are no longer shown.
    """
    row = await reads.fetchrow("programme statistics", queries.PUBLISHED, code, on, k)
    if row is None:
        raise ProgrammeUnknown
    if row["body"] is None:
        raise StatisticsUnknown(day=on.isoformat())
    return {**row, "title": orjson.loads(row["title"]), "body": orjson.loads(row["body"])}


def shown(row: Body, wanted: Mapping[str, str]) -> StatisticsRead:
    """Put the published figures in words: all groups, or those of a place, size or section.

    What is wanted of a group that is hidden, or that nobody is in, is nothing in the same words.
    """
    body = _only(row["body"], wanted)
    return StatisticsRead(
        programme=row["code"],
        title=entitled(row),
        as_of=row["as_of_on"],
        made_at=row["made_at"],
        permalink=f"?as_of={row['as_of_on']}",
        language=language(),
        licence=LICENCE,
        method=METHOD(k=row["k"]),
        reading_key=[text() for text in READING_KEY],
        k=row["k"],
        cohorts=body["cohorts"],
        groups=[JourneyGroup.model_validate(_entitled(one)) for one in body["groups"]],
        scores=[ScoresRead.model_validate(_scores(one)) for one in body["scores"]],
        movements=[MovementsRead.model_validate(_scores(one)) for one in body["movements"]],
    )


def entitled(one: Body) -> str:
    """Give the title of a programme, a level or a dimension in the language asked."""
    return Label.model_validate(one["title"]).text(language())


def _only(body: Body, wanted: Mapping[str, str]) -> Body:
    def kept(groups: Sequence[Body]) -> list[Body]:
        return [one for one in groups if wanted.items() <= one.items()]

    parts = {
        name: [{**one, "groups": found} for one in body[name] if (found := kept(one["groups"]))]
        for name in ("scores", "movements")
    }
    return {**body, **parts, "groups": kept(body["groups"])}


def _scores(one: Body) -> dict[str, Any]:
    """Name levels and dimensions in the groups of a scoring."""
    names = {kind: {each["code"]: each for each in one[kind]} for kind in ("levels", "dimensions")}
    groups = []
    for group in one["groups"]:
        medians = dict(group["medians"])
        levels = [
            {**_named(each), "companies": group["levels"][code]}
            for code, each in names["levels"].items()
            if "levels" in group
        ]
        groups.append(
            {
                **_entitled(group),
                "levels": levels,
                "median": medians.pop(""),
                "dimensions": [
                    {**_named(each), "median": medians[code]}
                    for code, each in names["dimensions"].items()
                    if code in medians
                ],
            }
        )
    return {**one, "groups": groups}


def _named(one: Body) -> dict[str, str]:
    return {"code": one["code"], "title": entitled(one)}


def _entitled(group: Body) -> dict[str, Any]:
    return {**group, "title": _title(group)()}


def _title(group: Body) -> Text:
    match group["level"]:
        case "department":
            code = group["department"]
            return Text(f"Entreprises du département {code}", f"Companies of department {code}")
        case "programme":
            return Text("Toutes les entreprises du programme", "All companies of the programme")
    size = SIZES[group["size_band"]]
    if group["section"] is None:
        return Text(f"Entreprises {size.fr}", f"Companies {size.en}")
    sector = SECTIONS[group["section"]].title
    return Text(f"Entreprises {size.fr}, {sector.fr}", f"Companies {size.en}, {sector.en}")


async def days(
    reads: ReadPool, code: str, k: int, before: date | None, limit: int
) -> Sequence[StatisticsDay]:
    """Read the days on which figures of a programme were published, newest first."""
    rows = await reads.fetch("statistics days", queries.DAYS, code, k, before or date.max, limit)
    return [StatisticsDay(as_of=row["as_of_on"], made_at=row["made_at"]) for row in rows]


async def days_counted(reads: ReadPool, code: str, k: int) -> int:
    """Count those days."""
    found: int = await reads.fetchval("statistics days counted", queries.DAYS_COUNTED, code, k)
    return found
