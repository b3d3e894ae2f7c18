"""Measures the search over 50,000 offers: how long people wait, and against bare SQL.

The offers are made by chance from a fixed seed, of the shipped jobs, communes and certifications.
Bare SQL is the least that answers the question: one plain statement of the same candidates by one
asyncpg connection, for the ids of the page, the total, and a GROUP BY for each facet; without
highlights, documents, labels, own filters left out, or HTTP. The page and total alone, without any
facet, stand beside it. The judged questions, one after the other, have no bare SQL.
"""

import asyncio
import random
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

import asyncpg
import orjson
from rich.table import Table

from tests.bench.load import latencies, percentile
from tests.bench.pace import ROUNDS
from tests.bench.rounds import console
from tests.bench.stage import Stage
from training.indexing import loading, writing
from training.search import judging

OFFERS: Final = 50_000
TIMES: Final = 100
"""Of each question: the p95 is then the fifth longest."""

PAUSE: Final = 0.5
"""Seconds before ours in each round, in which what the plain statement left is settled."""

LONGEST_MS: Final = 200.0
"""A plain statement is asked as often as ours, or as fits into this time in each round."""

_LIVE: Final = """EXISTS (SELECT FROM training.search_period p
  WHERE p.slot = e.slot AND p.ends_on >= current_date{0})"""
_FACETS: Final = (
    "a.mode", "a.entries", "f.document->>'certifying'", "f.document->>'exit_level'",
    "unnest(a.audiences)", "unnest(a.funders)", "unnest(a.languages)", "left(f.rome[1], 3)",
    "left(f.formacodes[1], 3)", "left(f.nsf[1], 3)", "unnest(f.departments)", "f.source_licence",
    "a.price < 500", "a.hours < 35", "left(unnest(f.certifications), 2)",
)  # fmt: skip
_FOUND: Final = """
WITH found AS MATERIALIZED (
  SELECT e.slot, e.id, e.quality, e.action_id FROM training.search_entry e {0})
SELECT (SELECT count(*) FROM found),
       ARRAY(SELECT id FROM found ORDER BY quality DESC, id LIMIT 51)"""
_COUNTS: Final = " UNION ALL ".join(
    f"SELECT count(*) FROM (SELECT ({one})::text AS value FROM found"
    " JOIN training.action a ON a.id = found.action_id"
    " JOIN training.formation f ON f.id = a.formation_id) x GROUP BY value"
    for one in _FACETS
)
_WORDED: Final = (
    "JOIN training.search_text t ON t.slot = e.slot"
    " WHERE t.words @@ websearch_to_tsquery('training.catalogue', '{0}') AND "
)
_AND: Final = "t.words @@ websearch_to_tsquery('training.catalogue', '{0}') AND "
_ACTION: Final = " JOIN training.action a ON a.id = e.action_id"
_PLACE: Final = " JOIN training.place place ON place.action_id = e.action_id"
_NEAR: Final = """ JOIN training.search_place n ON n.slot = e.slot
   AND n.latitude BETWEEN 50.35 AND 50.90 AND n.longitude BETWEEN 2.63 AND 3.48 """

QUERIES: Final = {
    "everything": ("", _FOUND.format("WHERE " + _LIVE.format(""))),
    "one frequent word": (
        "q=formation+data",
        _FOUND.format(_WORDED.format('"data" or "données"') + _LIVE.format("")),
    ),
    "words, a place, dates": (
        (
            "q=ia+secr%C3%A9taire&latitude=50.6292&longitude=3.0573"
            "&starts_from=2026-12-01&starts_to=2027-06-30"
        ),
        _FOUND.format(
            _NEAR
            + _WORDED.format('ia or "intelligence artificielle"')
            + _AND.format('"secrétaire" or "secrétariat" or "bureautique" or "rédaction"')
            + _LIVE.format(" AND p.last_start >= '2026-12-01' AND p.first_start <= '2027-06-30'")
        ),
    ),
    "filters without words": (
        "mode=remote&audience=at_work&price_max=1500&open=true",
        _FOUND.format(
            _ACTION
            + " WHERE a.mode = 'remote' AND e.price <= 1500 AND "
            + _LIVE.format(" AND p.opens_on <= current_date AND p.closes_on >= current_date")
        ),
    ),
    "a word and filters": (
        "q=intelligence+artificielle&department=59&department=62&mode=mixed&kind=offer",
        _FOUND.format(
            _ACTION
            + _PLACE
            + " "
            + _WORDED.format('"intelligence artificielle" or ia')
            + "a.mode = 'mixed' AND place.department IN ('59', '62') AND "
            + _LIVE.format("")
        ),
    ),
    "a mistyped word": (
        "q=devellopeur+web",
        _FOUND.format(_WORDED.format("développement web") + _LIVE.format("")),
    ),
    "soonest first": (
        "sort=starts_on&department=62",
        _FOUND.format(_PLACE + " WHERE place.department = '62' AND " + _LIVE.format("")),
    ),
    "nearest first": (
        "q=python&around=59350&radius_km=30&sort=distance",
        _FOUND.format(_NEAR + _WORDED.format("python") + _LIVE.format("")),
    ),
}


async def finding(stage: Stage) -> None:
    """Ask each question of 50,000 offers a hundred times, over one connection, in five rounds.

    A round is a pause, ours twenty times one after the other, then the plain statements, some of
    which keep the machine busy for seconds: hence the pause. A first round warms up and counts for
    nothing; of the others every time counts, the longest too.
    """
    seconds = await seed(stage.admin_dsn)
    console.print(f"{OFFERS:,} offers entered in the index in {seconds:.1f} s")
    connection = await asyncpg.connect(stage.dsn("training"))
    table = Table(title="Search with facets (ms)", title_justify="left")
    table.add_column("", no_wrap=True)
    for column in ("p50", "p95", "bare p50", "bare p95", "ratio p50", "ratio p95", "page p95"):
        table.add_column(column, justify="right")
    for name, (query, bare) in QUERIES.items():
        url = stage.url("training", f"/v1/search?{query}")
        times: list[float] = []
        bare_times: list[float] = []
        page_times: list[float] = []
        for number in range(ROUNDS + 1):
            await asyncio.sleep(PAUSE)
            found = await latencies(url, stage.inside("training"), TIMES // ROUNDS)
            page = await _timed(connection, bare)
            plain = await _timed(connection, f"{bare}, ARRAY({_COUNTS})")
            if number:
                times += found
                bare_times += plain
                page_times += page
        middle, p95 = _shares(times)
        bare_middle, bare_p95 = _shares(bare_times)
        table.add_row(
            name,
            f"{middle:.1f}",
            f"{p95:.1f}",
            f"{bare_middle:.1f}",
            f"{bare_p95:.1f}",
            f"{middle / bare_middle:.1f}",
            f"{p95 / bare_p95:.1f}",
            f"{percentile(page_times, 0.95):.1f}",
        )
    for _ in range(2):
        times = await _judged(stage)
    table.add_row(f"{len(times)} judged questions", *(f"{one:.1f}" for one in _shares(times)))
    console.print(table)
    await connection.close()


async def _timed(connection: asyncpg.Connection, statement: str) -> list[float]:
    times: list[float] = []
    while sum(times) < LONGEST_MS and len(times) < TIMES // ROUNDS:
        begun = time.perf_counter()
        await connection.fetch(statement)
        times.append((time.perf_counter() - begun) * 1000)
    return times


async def _judged(stage: Stage) -> list[float]:
    times: list[float] = []
    for one in judging.judged():
        url = stage.url("training", f"/v1/search?{urlencode({'q': one.query})}")
        times += await latencies(url, stage.inside("training"), 1)
    return times


def _shares(times: Sequence[float]) -> tuple[float, float]:
    return percentile(times, 0.5), percentile(times, 0.95)


_SUBJECTS: Final = (
    "l’intelligence artificielle", "l’IA générative", "la bureautique", "Excel", "Python",
    "la cybersécurité", "l’analyse de données", "le RGPD", "le développement web", "la gestion",
    "la comptabilité", "la communication", "les ressources humaines", "la logistique",
    "le marketing digital", "la maintenance", "le secrétariat", "la soudure", "l’anglais",
    "le management",
)  # fmt: skip
_FORMS: Final = (
    "S’initier à {0}", "Maîtriser {0}", "{0} : les bases", "{1} : {0}", "Parcours {1}",
    "Se perfectionner en {0} pour {1}",
)  # fmt: skip
_TEXT: Final = (
    "acquérir méthodes outils pratique entreprise évaluer résultats respecter réglementation"
    " documenter travail équipe projet qualité sécurité relation client organisation suivi"
)


def offers(count: int, day: date, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Make formations of one action each, with one to three sessions around the day."""
    jobs, communes = loading.rows("rome.csv"), loading.rows("communes.csv")
    numbers = [one["number"] for one in _shipped()]
    for place in range(count):
        job, site = chance.choice(jobs), chance.choice(communes)
        subject = chance.choice(_SUBJECTS)
        label = job["label"].split(" / ")[0]
        text = " ".join(chance.choices(_TEXT.split(), k=60))
        starts = [day + timedelta(days=chance.randint(-200, 400)) for _ in range(1 + place % 3)]
        yield {
            "id": uuid.UUID(int=place + 1),
            "number": str(place),
            "provider": f"{10_000_000_000_000 + place % 400}",
            "title": chance.choice(_FORMS).format(subject, label),
            "job": job["code"],
            "formacode": f"{chance.choice((310, 326, 350, 132, 450))}{chance.randint(1, 40):02}",
            "certifications": chance.sample(numbers, k=place % 2),
            "site": site,
            "starts": starts,
            "price": None if place % 7 == 0 else chance.choice((0, 350, 1200, 2900, 7500)),
            "hours": chance.choice((7, 14, 35, 140, 400, 900)),
            "mode": chance.choice(("on_site", "mixed", "remote")),
            "text": text,
            "chance": chance.random(),
        }


def _shipped() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(
        (loading.TABLES / "certifications.json").read_bytes()
    )
    return found


async def seed(dsn: str, count: int = OFFERS) -> float:
    """Copy the offers into the catalogue and index them; return the seconds of the latter."""
    connection = await asyncpg.connect(dsn)
    made = list(offers(count, date.today(), random.Random(7)))  # noqa: DTZ011, S311  # days of a bench, no secret
    for table, columns, rows in _tables(made):
        await connection.copy_records_to_table(
            table, schema_name="training", columns=columns.split(), records=rows
        )
    begun = time.perf_counter()
    async with connection.transaction():
        await writing.enter_formations(connection, [one["id"] for one in made])
    seconds = time.perf_counter() - begun
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return seconds


def _tables(made: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, list[tuple[Any, ...]]]]:
    formations, actions, places = [], [], []
    sessions: list[tuple[Any, ...]] = []
    for one in made:
        action = uuid.UUID(int=one["id"].int + (1 << 64))
        document = {
            "objectives": one["text"],
            "content": one["text"],
            "certifying": bool(one["certifications"]),
            "exit_level": str(13 + one["id"].int % 5),
            "actions": [{"id": str(action), "disabled_access": "oui"}],
        }
        site = one["site"]
        formations.append(
            (one["id"], one["provider"], one["number"], one["title"], "Organisme",
             one["certifications"], [one["job"]], ["326"], [one["formacode"]],
             [site["code"][:2]], [one["mode"]], orjson.dumps(document).decode(),
             "provider_file", "LHÉO 2.3", "unspecified", uuid.UUID(int=1), "x",
             int(100 * one["chance"]))
        )  # fmt: skip
        actions.append(
            (action, one["id"], "A1", 0, one["mode"], "fixed_dates",
             ["80056"] if one["chance"] < 0.5 else ["80044"], ["2"], ["fr"], one["price"],
             one["hours"])
        )  # fmt: skip
        sessions += [
            (uuid.uuid5(action, str(place)), action, str(place), place, start,
             start + timedelta(days=30), [])
            for place, start in enumerate(one["starts"])
        ]  # fmt: skip
        places.append((action, 0, "59000", site["name"], site["code"][:2], site["code"]))
    yield (
        "formation",
        (
            "id provider_siret number title provider_name certifications rome nsf formacodes"
            " departments modes document source_kind source_name source_licence import_run_id"
            " fingerprint quality"
        ),
        formations,
    )
    yield (
        "action",
        "id formation_id number position mode entries audiences funders languages price hours",
        actions,
    )
    yield "session", "id action_id number position starts_on ends_on blocs", sessions
    yield "place", "action_id position postcode city department commune", places
