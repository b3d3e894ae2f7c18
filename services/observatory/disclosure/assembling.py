"""Keeps what units bring, and puts together what each release showed of a table."""

import uuid
from collections import defaultdict
from collections.abc import Set as AbstractSet
from typing import Any, Final

from observatory.disclosure import queries
from observatory.disclosure.cells import Brought, Vintage, gathered
from observatory.disclosure.contributions import ContributionsInvalid
from observatory.disclosure.rules import Contribution
from observatory.disclosure.tables import Key
from observatory.disclosure.terms import Protection
from platformkit.errors import Fault
from platformkit.i18n import Text

SECONDS: Final = 600.0
"""Longest time of one statement of a run."""

_SHOWN: Final = 20


async def keep(connection: Any, release: uuid.UUID, brought: list[Brought]) -> None:  # noqa: ANN401  # asyncpg's, untyped
    """Write what units bring, instead of what was given for the release before."""
    await connection.execute(queries.FORGET_CONTRIBUTIONS, release)
    await connection.copy_records_to_table(
        "contribution",
        schema_name="confidential",
        columns=("release", "period", "codes", "unit", "amount", "weight"),
        records=[
            (
                release,
                each.key[-1],
                list(each.key[:-1]),
                each.unit,
                each.contribution.amount,
                each.contribution.weight,
            )
            for each in brought
        ],
        timeout=SECONDS,
    )


async def tables(
    connection: Any,  # noqa: ANN401  # likewise
    protection: Protection,
    given: tuple[int, int],
    brought: list[Brought],
) -> list[tuple[list[Vintage], frozenset[Key]]]:
    """Return each table with all its vintages, and what is hidden of it so far."""
    periods = {each.key[-1] for each in brought}
    changed = {each["text"] for each in await connection.fetch(queries.CHANGED_PERIODS, *given)}
    if changed - periods:
        raise ContributionsInvalid([_missing(each) for each in sorted(changed - periods)[:_SHOWN]])
    if protection.adds_up_in_time:
        periods |= {each["text"] for each in await connection.fetch(queries.PERIODS, *given)}
    await connection.execute(queries.FORGET_MASK, *given)
    hidden = {
        (*each["codes"], each["period"])
        for each in await connection.fetch(queries.HIDDEN, given[0])
    }
    parts = [periods] if protection.adds_up_in_time else [{each} for each in sorted(periods)]
    return [
        (
            await _vintages(connection, protection, given, table),
            frozenset(key for key in hidden if key[-1] in table and protection.is_figure(key)),
        )
        for table in parts
    ]


async def _vintages(
    connection: Any,  # noqa: ANN401  # likewise
    protection: Protection,
    given: tuple[int, int],
    periods: AbstractSet[str],
) -> list[Vintage]:
    """Put together what each release showed of a table and who stood behind it, once per state."""
    asked = (*given, list(periods))
    versions = [
        row
        for row in await connection.fetch(queries.VERSIONS, *asked, timeout=SECONDS)
        if protection.is_figure(row["codes"])
    ]
    behind: dict[tuple[int, str], list[Brought]] = defaultdict(list)
    for row in await connection.fetch(queries.CONTRIBUTIONS, *asked, timeout=SECONDS):
        each = Contribution(row["amount"], row["weight"])
        line = Brought((*row["codes"], row["period"]), row["unit"], each)
        behind[row["ordinal"], row["period"]].append(line)
    states = {row["rel_from"] for row in versions} | {row["rel_to"] for row in versions}
    states |= {ordinal for ordinal, _ in behind} | {given[1]}
    found: list[Vintage] = []
    terms = protection.terms_over(periods)
    for ordinal in sorted(each for each in states if each is not None and each <= given[1]):
        published = {
            (*row["codes"], row["period"]): row["value"]
            for row in versions
            if row["rel_from"] <= ordinal and (row["rel_to"] is None or row["rel_to"] > ordinal)
        }
        newest = {
            period: max(n for n, of in behind if of == period and n <= ordinal)
            for period in periods
            if any(of == period and n <= ordinal for n, of in behind)
        }
        lines = [line for period, n in newest.items() for line in behind[n, period]]
        vintage = Vintage(published, gathered(lines, terms.hierarchies))
        if not found or vintage != found[-1]:
            found.append(vintage)
    return found


def _missing(period: str) -> Fault:
    sentence = Text(
        f"Les données de {period} changent : donnez ses contributions.",
        f"The data of {period} change: give its contributions.",
    )
    return Fault("", "period-missing", sentence)
