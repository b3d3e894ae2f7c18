"""What may be found, before facets: by words, places, numbers, days, prices and hours.

Parts that narrow have each slot once. Where all of them leave few slots, what else is asked is
looked up slot by slot; otherwise in one pass over a table (docs/performance.md).
"""

# ruff: noqa: S608  # composed of pieces of ours; what callers give are arguments

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from training.search import hits
from training.search.days import KEPT
from training.search.filters import Centre
from training.search.parts import EVERY, Statement, Words, held_by

SOON_DAYS: Final = 60

_TIERS: Final = (1.0, 0.6, 0.5, 0.3, 0.15)
"""Points for the words in the title, in the subject, what they lead to in these, and anywhere."""


def found(made: Statement, few: int) -> str:
    """Add the parts of the candidates of all but facets; return the way to say their bits."""
    made.narrow(_narrowing(made), few)
    every = [_periods(made), *_measured(made)]
    if made.narrowed and made.is_of_day:
        every.append(made.bits("narrow_bits", f"SELECT slot FROM {made.narrowed}"))
    return made.add("base", f"SELECT {' & '.join(every)} AS bits")


def _narrowing(made: Statement) -> list[str]:
    """Add what only a few may have: a place, the words, numbers of things; name the parts."""
    asked, parts = made.asked, []
    if asked.among:
        among = hits.AMONG.format(made.give(list(asked.among), "uuid[]"))
        made.parts.append(f"among AS MATERIALIZED ({among})")
        parts.append("among")
    if made.words:
        parts.append(_texts(made, made.words, parts))
    if asked.centre:
        parts = [_near(made, asked.centre, parts)]
    for name, values, kind, query in (
        ("certified", asked.certifications, "text[]", hits.CERTIFIED),
        ("in_bloc", asked.blocs, "text[]", hits.IN_BLOC),
        ("provided", asked.providers, "text[]", hits.PROVIDED),
        ("in_commune", asked.communes, "text[]", hits.IN_COMMUNE),
        ("of_formation", [asked.formation] if asked.formation else (), "uuid[]", hits.OF_FORMATION),
    ):
        if values:
            made.parts.append(
                f"{name} AS MATERIALIZED ({query.format(made.give(list(values), kind))})"
            )
            parts.append(name)
    return parts


def _periods(made: Statement) -> str:
    """Find what has a period that the dates allow, and how soon it can be begun.

    What is kept of the day is taken; else it is one pass, over all where that can be kept.
    """
    if made.kept is not None:
        given = ", ".join(
            f"{made.give(getattr(made.kept, name), 'bit varying')} AS {name}" for name in KEPT
        )
        version = made.give(made.kept.version, "uuid")
        return made.add(
            "periods", f"SELECT {given} FROM training.search_index WHERE version = {version}"
        )
    day = made.give(made.day, "date")
    soon = made.give(made.day + timedelta(days=SOON_DAYS), "date")
    wanted = made.dates(day)
    if made.asked.named:
        named = hits.CERTIFIED.format(made.give(list(made.asked.named), "text[]"))
        wanted = f"({wanted} OR p.slot IN ({named}))"
    if made.narrowed and not made.is_of_day:
        wanted = f"{wanted} AND {held_by('p', made.narrowed)}"
    periods = (
        f"SELECT p.* FROM training.search_period p WHERE {wanted}"
        if made.is_of_day
        else made.among("search_period", "p", wanted)
    )
    rules = {
        **EVERY,
        "soon": f"p.last_start >= {day} AND p.first_start <= {soon}",
        "later": f"p.first_start > {soon}",
        "running": f"p.last_start < {day} AND p.ends_on >= {day}",
    }
    return made.bits("periods", periods, rules)


def _measured(made: Statement) -> list[str]:
    """Find what has the price and the hours."""
    asked = made.asked
    rules = [
        f"e.{column} {sign} {made.give(value, kind)}"
        for column, sign, value, kind in (
            ("price", ">=", asked.price_min, "numeric"),
            ("price", "<=", asked.price_max, "numeric"),
            ("hours", "<=", asked.hours_max, "int"),
        )
        if value is not None
    ]
    if not rules:
        return []
    entries = made.among("search_entry", "e", " AND ".join(rules))
    return [made.bits("measured", entries)]


def _near(made: Statement, centre: Centre, parts: Sequence[str]) -> str:
    """Find what takes place near enough and is in the parts before; return the name of the part."""
    among = [held_by("p", part) for part in parts]
    place = hits.NEAR.format(
        latitude=made.give(centre.latitude, "float8"),
        longitude=made.give(centre.longitude, "float8"),
        metres=made.give(1000 * centre.radius_km, "float8"),
        among=" AND ".join(among) or "true",
    )
    made.parts.append(f"near AS MATERIALIZED ({place})")
    return "near"


def _texts(made: Statement, words: Words, parts: Sequence[str]) -> str:
    """Find what has the words, with points for where, in the parts; return the part's name."""
    held = "".join(f" AND t.slot = ANY(ARRAY(SELECT slot FROM {part}))" for part in parts)
    own = [made.give(one, "tsquery") for one in words.own]
    wide = [made.give(one, "tsquery") for one in words.wide]
    join = " | " if words.some else " & "
    every = made.give(join.join(f"({one})" for one in words.wide), "tsquery")
    points, has, tests = [], [], []
    for place, (exact, broad) in enumerate(zip(own, wide, strict=True)):
        tests.append(f"t.title @@ {exact} AS titled_{place}")
        cases = [f"titled_{place}", f"subject @@ {exact}", f"title @@ {broad}"]
        cases += [f"subject @@ {broad}", f"words @@ {broad}" if words.some else "true"]
        tiers = " ".join(
            f"WHEN {case} THEN {tier}::float8" for case, tier in zip(cases, _TIERS, strict=True)
        )
        points.append(f"CASE {tiers} ELSE -0.5::float8 END")
        has.append(f"(t.words @@ {broad})::int")
    count = len(own)
    needed = f" AND {' + '.join(has)} >= {(count + 1) // 2}" if words.some else ""
    titled = " + ".join(f"titled_{place}::int" for place in range(count))
    made.parts.append(
        f"texts AS MATERIALIZED (SELECT slot, ({' + '.join(points)}) / {count}"
        f" + 0.2::float8 * ({titled}) / greatest(length(title), {count}) AS points"
        f" FROM (SELECT t.*, {', '.join(tests)} FROM training.search_text t"
        f" WHERE t.words @@ {every}{needed}{held} OFFSET 0) found)"
    )
    return "texts"
