"""The rule of the state exists twice, for lists and for single days: both must agree."""

import random
from datetime import date, timedelta

import asyncpg

from tests.harness import Database
from training.certifications import lifecycle, queries
from training.certifications.lifecycle import Validity

_SQL = f"""
SELECT {queries.STATE}
  FROM unnest($2::date[], $3::date[], $4::date[], $5::int[], $6::date[]) WITH ORDINALITY
    AS c(effective_on, decided_on, registration_end, registration_end_year, delivery_limit, rank)
 ORDER BY rank"""


async def test_the_filter_and_the_rule_never_disagree(database: Database) -> None:
    dice = random.Random(20261123)  # noqa: S311  # repeatable, not secret
    first = date(2024, 1, 1)

    def some_day() -> date | None:
        return None if dice.random() < 0.3 else first + timedelta(days=dice.randrange(900))

    connection = await asyncpg.connect(database.dsn("training"))
    met = set()
    for _ in range(30):
        day = first + timedelta(days=dice.randrange(900))
        rows = [(some_day(), some_day(), some_day(), some_day()) for _ in range(100)]
        years = [
            None if end or dice.random() < 0.3 else 2024 + dice.randrange(4) for *_, end, _ in rows
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        found = await connection.fetch(_SQL, day, *columns[:3], years, columns[3])
        for (effective, decided, end, limit), year, row in zip(rows, years, found, strict=True):
            validity = Validity(
                starts_on=effective or decided, ends_on=end, ends_in=year, delivers_until=limit
            )
            assert row[0] == lifecycle.state(validity, day), (validity, day)
            met.add(row[0])
    await connection.close()
    assert met == set(lifecycle.State)
