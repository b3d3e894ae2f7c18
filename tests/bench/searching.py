"""Measures the search over 50,000 offers: against its bare statement, and how long people wait.

The offers are made by chance from a fixed seed, of the shipped jobs, communes and certifications.
"""

import random
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Final

import asyncpg
import orjson

from training.indexing import loading, writing

OFFERS: Final = 50_000
TIMES: Final = 60

QUERIES: Final = {
    "everything": "",
    "one word in many titles": "q=formation+data",
    "two words, a place and dates": "q=ia+secr%C3%A9taire&latitude=50.6292&longitude=3.0573"
    "&starts_from=2026-12-01&starts_to=2027-06-30",
    "filters without words": "mode=remote&audience=at_work&price_max=1500&open=true",
    "a frequent word, three filters": "q=intelligence+artificielle&department=59&level=5&level=6"
    "&kind=offer",
    "a mistyped word": "q=devellopeur+web",
    "soonest first": "sort=starts_on&department=62",
    "nearest first": "q=python&around=59350&radius_km=50&sort=distance",
}

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
