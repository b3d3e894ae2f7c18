"""A search has two ways of finding and counting; both answer what a plain loop over rows does."""

import math
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg
import orjson
import pytest

from tests.harness import Database
from tests.training.searching import Finder, found_in, offer, session
from training.search.candidates import SOON_DAYS
from training.search.counting import MOST_VALUES
from training.search.days import Days, Found
from training.search.filters import Asked, Centre
from training.search.parts import Words
from training.search.statement import compose

DAY: Final = date(2031, 1, 15)
WORDS: Final = ("données", "bureautique", "comptable", "lille", "intelligence artificielle")
PLACES: Final = {"59350": (50.63, 3.06), "59512": (50.69, 3.18), "80021": (49.9, 2.29)}
QUESTIONS: Final = 80

_ENTRIES: Final = """
SELECT e.slot, e.id::text, e.kind, e.price, e.hours,
       coalesce(f.certifications, ARRAY[c.code]) AS certifications
  FROM training.search_entry e
  LEFT JOIN training.certification c ON c.id = e.certification_id
  LEFT JOIN training.formation f ON f.id = e.formation_id"""
_SAID: Final = """
SELECT e.slot, v.facet, v.value
  FROM training.search_entry e JOIN training.search_value v ON get_bit(v.bits, e.slot) = 1"""
_HAS: Final = """
SELECT t.slot, q.word
  FROM training.search_text t
  JOIN unnest($1::text[]) q(word)
    ON t.words @@ websearch_to_tsquery('training.catalogue', q.word)"""


def offers(chance: random.Random) -> Iterator[str]:
    for number in range(60):
        start = DAY + timedelta(days=chance.randint(-200, 200))
        yield offer(
            f"F{number}",
            title=" ".join(chance.sample(WORDS[:3], k=chance.randint(1, 2))),
            objectives=chance.choice(WORDS),
            price=str(chance.choice((0, 300, 2000))),
            hours=str(chance.choice((7, 35, 400))),
            commune=chance.choice((*PLACES, "")),
            rome=chance.choice(("M1405", "M1607", "")),
            certifications=chance.choice(("RNCP37873", "RS7423", "")),
            mode=chance.choice(("on_site", "mixed", "remote")),
            audience=chance.choice(("80056", "80044", "80024")),
            entries=chance.choice((0, 1)),
            start=f"{start:%Y%m%d}",
            end=f"{start + timedelta(days=60):%Y%m%d}",
            sessions=session("S2", "20310401", "20310530") if number % 3 == 0 else "",
        )


@pytest.fixture(scope="module")
async def finder(template: Database) -> AsyncIterator[Finder]:
    async with found_in(template, offers(random.Random(3))) as opened:  # noqa: S311  # no secret
        yield opened


def question(chance: random.Random) -> tuple[Asked, Sequence[str], bool]:
    """Make a search, its words, and whether some of them are enough."""

    def at_times(value: Any, otherwise: Any = None, share: float = 0.25) -> Any:  # of any kind
        return value if chance.random() < share else otherwise

    values = {
        "kind": ["offer"],
        "mode": chance.sample(["on_site", "mixed", "remote"], k=2),
        "audience": ["at_work"],
        "department": ["59", "62"],
        "price_band": ["free", "to_500"],
        "rome_domain": ["M16"],
        "next_session": chance.sample(["starting_soon", "upcoming", "current"], k=2),
    }
    latitude, longitude = PLACES["59350"]
    asked = Asked(
        values=dict(chance.sample(sorted(values.items()), k=chance.choice((0, 0, 1, 2)))),
        certifications=at_times(["RNCP37873"], ()),
        communes=at_times(["59350", "80021"], ()),
        starts_from=at_times(DAY + timedelta(days=20)),
        starts_to=at_times(DAY + timedelta(days=90)),
        price_min=at_times(Decimal(1)),
        price_max=at_times(Decimal(300)),
        hours_max=at_times(35),
        is_open=at_times(True, False, 0.1),  # noqa: FBT003  # a value
        past=at_times(True, False),  # noqa: FBT003  # likewise
        named=at_times(["RS7423"], ()),
        centre=at_times(Centre(latitude, longitude, chance.choice((5.0, 20.0, 150.0)))),
        sort=chance.choice(("relevance", "starts_on", "price")),
    )
    words = at_times(chance.sample(WORDS, k=chance.randint(1, 3)), [], 0.6)
    return asked, words, chance.random() < 0.5


class Rows:
    """The index, read whole."""

    @classmethod
    async def read(cls, connection: asyncpg.Connection) -> "Rows":
        rows = cls()
        rows.entries = await connection.fetch(_ENTRIES)
        rows.said = await connection.fetch(_SAID)
        rows.has = {tuple(row) for row in await connection.fetch(_HAS, WORDS)}
        rows.periods = await connection.fetch("SELECT * FROM training.search_period")
        rows.places = await connection.fetch("SELECT * FROM training.search_place")
        return rows

    entries: list[Any]
    said: list[Any]
    has: set[Any]
    periods: list[Any]
    places: list[Any]

    def answer(
        self, asked: Asked, words: Sequence[str], *, some: bool
    ) -> tuple[set[str], Mapping[str, list[list[Any]]]]:
        """Return the ids that are found, and the counts of each facet, by plain loops."""
        said: dict[int, set[tuple[str, str]]] = {row["slot"]: set() for row in self.entries}
        for row in self.said:
            said[row["slot"]].add((row["facet"], row["value"]))
        base = []
        for row in self.entries:
            is_named = bool({*asked.named} & {*row["certifications"]})
            periods = (one for one in self.periods if one["slot"] == row["slot"])
            wanted = [one for one in periods if is_named or dated(asked, one)]
            if wanted and self._meets(asked, words, row, some=some):
                base.append(row)
                if row["kind"] == "offer":
                    said[row["slot"]] |= {("next_session", one) for one in sessions(wanted)}

        def filtered(own: str | None) -> list[Any]:
            return [
                row
                for row in base
                if all(
                    any((facet, value) in said[row["slot"]] for value in values)
                    for facet, values in asked.values.items()
                    if facet != own
                )
            ]

        facets = {}
        for facet in {facet for facts in said.values() for facet, _ in facts}:
            if facet in ("rome", "formacode") and not opened(asked, facet):
                continue
            counts = Counter(
                value for row in filtered(facet) for one, value in said[row["slot"]] if one == facet
            )
            ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
            if ranked:
                facets[facet] = [list(pair) for pair in ranked[:MOST_VALUES]]
        return {row["id"] for row in filtered(None)}, facets

    def _meets(self, asked: Asked, words: Sequence[str], row: Any, *, some: bool) -> bool:  # a row
        places = [one for one in self.places if one["slot"] == row["slot"]]
        having = sum((row["slot"], word) in self.has for word in words)
        price, hours = row["price"], row["hours"]
        rules = (
            having >= ((len(words) + 1) // 2 if some else len(words)),
            not asked.certifications or bool({*asked.certifications} & {*row["certifications"]}),
            not asked.communes or any(one["commune"] in asked.communes for one in places),
            asked.centre is None or any(near(asked.centre, one) for one in places),
            asked.price_min is None or (price is not None and price >= asked.price_min),
            asked.price_max is None or (price is not None and price <= asked.price_max),
            asked.hours_max is None or (hours is not None and hours <= asked.hours_max),
        )
        return all(rules)


def opened(asked: Asked, narrow: str) -> bool:
    broad = {"rome": "rome_domain", "formacode": "formacode_field"}[narrow]
    return bool(asked.values.get(broad) or asked.values.get(narrow))


def dated(asked: Asked, period: Any) -> bool:  # a row
    return (
        (asked.past or period["ends_on"] >= DAY)
        and (asked.starts_from is None or period["last_start"] >= asked.starts_from)
        and (asked.starts_to is None or period["first_start"] <= asked.starts_to)
        and (not asked.is_open or period["opens_on"] <= DAY <= period["closes_on"])
    )


def sessions(wanted: Sequence[Any]) -> Iterator[str]:
    soon = DAY + timedelta(days=SOON_DAYS)
    for one in wanted:
        if one["last_start"] >= DAY and one["first_start"] <= soon:
            yield "starting_soon"
        if one["first_start"] > soon:
            yield "upcoming"
        if one["last_start"] < DAY <= one["ends_on"]:
            yield "current"


def near(centre: Centre, place: Any) -> bool:  # a row
    assert centre.latitude is not None
    assert centre.longitude is not None
    one, other = math.radians(centre.latitude), math.radians(place["latitude"])
    turn = math.radians(place["longitude"] - centre.longitude)
    cosine = math.sin(one) * math.sin(other) + math.cos(one) * math.cos(other) * math.cos(turn)
    return math.acos(min(1, cosine)) * 6371.0088 <= centre.radius_km


async def walked(
    connection: asyncpg.Connection, asked: Asked, read: Words | None, kept: Found | None
) -> list[Any]:
    """Read page after page."""
    found: list[Any] = []
    after, limit = None, 20
    while True:
        made = compose(asked, DAY, read, after, limit, facets=False, kept=kept, few=0)
        row = await connection.fetchrow(made.text, *made.arguments)
        items = orjson.loads(row["items"])
        found += items
        if len(items) < limit:
            return found
        after = (items[-1]["key"], UUID(items[-1]["id"]))


async def test_g4_few_one_by_one_and_many_as_bits_are_what_a_plain_loop_finds_and_counts(
    finder: Finder,
) -> None:
    connection = await asyncpg.connect(finder.partner.database.dsn("training"))
    rows = await Rows.read(connection)
    spelt = dict(
        await connection.fetch(
            "SELECT word, websearch_to_tsquery('training.catalogue', word)::text"
            " FROM unnest($1::text[]) word",
            WORDS,
        )
    )
    chance, sizes, days = random.Random(11), [], Days()  # noqa: S311  # no secret
    for _ in range(QUESTIONS):
        asked, words, some = question(chance)
        queries = [spelt[word] for word in words]
        read = Words(queries, queries, queries, some=some and len(words) > 1) if words else None
        answers = []
        for few, kept in ((0, None), (10**6, None), (0, days.of(asked, DAY))):
            made = compose(asked, DAY, read, None, 200, facets=True, kept=kept, few=few)
            row = await connection.fetchrow(made.text, *made.arguments)
            answers.append((row["total"], row["facets"], row["items"]))
            if made.is_of_day and kept is None:
                days.keep(asked, DAY, row)
        assert answers[0] == answers[1] == answers[2], asked
        total, facets, items = answers[0]
        paged = await walked(connection, asked, read, days.of(asked, DAY))
        assert paged == orjson.loads(items), asked
        ids, counts = rows.answer(asked, words, some=read is not None and read.some)
        assert ({one["id"] for one in orjson.loads(items)}, total) == (ids, len(ids)), asked
        shown = {
            facet: [[value, count] for value, count, _ in counted]
            for facet, counted in orjson.loads(facets or "{}").items()
        }
        assert shown == counts, replace(asked, words=" ".join(words))
        sizes.append(total)
    await connection.close()
    assert sum(1 for size in sizes if 0 < size < 20) > QUESTIONS / 4
