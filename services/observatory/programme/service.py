"""The rules of a budget: nothing is planned beyond it, and nothing below what is committed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.programme import queries
from observatory.programme.money import cents, euros
from observatory.programme.problems import (
    BudgetOverrun,
    CodeTaken,
    PartUnknown,
    ProgrammeFull,
    ProgrammeRefused,
    ProgrammeUnknown,
)
from observatory.programme.quarters import first_day, quarter_of
from observatory.programme.schemas import (
    MOST_PARTS,
    LineChange,
    LineDraft,
    ProgrammeChange,
    ProgrammeDraft,
)
from observatory.programme.telling import tell
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text

_OVER: Final = Text(
    "Le budget est de {budget} €, dont {left} € restent ; il en faudrait {asked}.",
    "The budget is {budget} EUR, of which {left} are left; this takes {asked}.",
)
_BELOW: Final = Text("{committed} € sont déjà engagés.", "{committed} EUR are committed already.")
_OUTSIDE: Final = Text(
    "Hors du programme, du {starts_on} au {ends_on}.",
    "Outside the programme, {starts_on} to {ends_on}.",
)


async def held(raw: Any, who: Principal, code: str, statement: str = queries.HOLD) -> Any:  # noqa: ANN401  # asyncpg's, untyped
    """Lock a programme that the caller's organisation steers, or raise ProgrammeUnknown."""
    row = await raw.fetchrow(statement, code)
    if row is None or row["tenant"] != who.tenant:
        raise ProgrammeUnknown
    return row


def outside(programme: Mapping[str, Any], pointer: str) -> Fault:
    """Say that a day or a quarter is not of the programme."""
    days = {"starts_on": programme["starts_on"], "ends_on": programme["ends_on"]}
    return Fault(
        pointer,
        "outside-programme",
        Text(_OUTSIDE.fr.format(**days), _OUTSIDE.en.format(**days)),
    )


def refuse_ahead(pointer: str, day: dt.date, today: dt.date) -> None:
    """Raise ProgrammeRefused for a day that is yet to come."""
    if day > today:
        sentence = Text("Cette date est à venir.", "This day is yet to come.")
        raise ProgrammeRefused([Fault(pointer, "day-ahead", sentence)])


def over(pointer: str, budget: int, others: int, asked: int) -> Iterable[Fault]:
    """Say that others and this are more than the budget, in cents."""
    if others + asked > budget:
        facts = {"budget": euros(budget), "left": euros(budget - others), "asked": euros(asked)}
        yield Fault(
            pointer, "over-budget", Text(_OVER.fr.format(**facts), _OVER.en.format(**facts))
        )


def below(pointer: str, committed: int, asked: int | None) -> Iterable[Fault]:
    """Say that this is less than what is committed, in cents; None is no limit."""
    if asked is not None and asked < committed:
        fact = euros(committed)
        yield Fault(
            pointer,
            "below-committed",
            Text(_BELOW.fr.format(committed=fact), _BELOW.en.format(committed=fact)),
        )


async def open_programme(session: AsyncSession, who: Principal, given: ProgrammeDraft) -> int:
    """Open a programme, without money yet; raises CodeTaken."""
    raw = await driver(session)
    version: int | None = await raw.fetchval(queries.OPEN, given.code, who.tenant, *_columns(given))
    if version is None:
        raise CodeTaken(code=given.code)
    told = _told(given)
    await tell(session, who, given.code, "open", "programme", given.code, told=told)
    return version


async def change_programme(
    session: AsyncSession, who: Principal, code: str, if_match: str, given: ProgrammeChange
) -> int:
    """Change a programme whose money and days stay within it.

    Raises ProgrammeUnknown, Stale, BudgetOverrun or ProgrammeRefused.
    """
    raw = await driver(session)
    row = await held(raw, who, code)
    etags.match(if_match, etags.of_version(row["version"]))
    totals = await raw.fetchrow(queries.TOTALS, code, "", "")
    budget = cents(given.budget)
    faults = [
        *over("/budget", budget, totals["planned"], 0),
        *over("/budget", budget, totals["contributed"], 0),
    ]
    if faults:
        raise BudgetOverrun(faults[:1])
    _refuse_days(await raw.fetchrow(queries.SPAN, code), given)
    version: int = await raw.fetchval(queries.CHANGE, code, *_columns(given))
    await tell(
        session,
        who,
        code,
        "change",
        "programme",
        code,
        kind="updated",
        version=version,
        told=_told(given),
    )
    return version


def _refuse_days(span: Mapping[str, Any], given: ProgrammeChange) -> None:
    """Keep what is planned and committed inside the programme."""
    days = given.model_dump(include={"starts_on", "ends_on"})
    faults = []
    if (span["first"] and quarter_of(given.starts_on) > quarter_of(span["first"])) or (
        span["earliest"] and given.starts_on > span["earliest"]
    ):
        faults.append(_in_use("/starts_on"))
    if (span["last"] and days["ends_on"] < span["last"]) or (
        span["latest"] and days["ends_on"] < span["latest"]
    ):
        faults.append(_in_use("/ends_on"))
    if faults:
        raise ProgrammeRefused(faults)


def _in_use(pointer: str) -> Fault:
    sentence = Text(
        "Des montants sont prévus ou engagés hors de ces dates.",
        "Amounts are planned or committed outside these days.",
    )
    return Fault(pointer, "days-in-use", sentence)


def _columns(given: ProgrammeChange) -> tuple[str, str, dt.date, dt.date, int]:
    title = given.title.model_dump_json()
    return title, given.region, given.starts_on, given.ends_on, cents(given.budget)


def _told(given: ProgrammeChange) -> dict[str, Any]:
    return given.model_dump(mode="json", exclude={"code"})


async def add_line(session: AsyncSession, who: Principal, code: str, given: LineDraft) -> int:
    """Add a budget line; raises ProgrammeUnknown, CodeTaken, BudgetOverrun, ProgrammeRefused."""
    raw = await driver(session)
    programme = await held(raw, who, code)
    planned = await _planned(raw, programme, given.code, given)
    version: int | None = await raw.fetchval(
        queries.ADD_LINE, code, given.code, given.name.model_dump_json(), planned
    )
    if version is None:
        raise CodeTaken(code=given.code)
    await _plan(raw, code, given.code, given)
    told = given.model_dump(mode="json", exclude={"code"})
    await tell(session, who, code, "add", "line", given.code, told=told)
    return version


async def change_line(
    session: AsyncSession, who: Principal, code: str, line: str, if_match: str, given: LineChange
) -> int:
    """Give a line another name and plan, not below what is committed.

    Raises ProgrammeUnknown, PartUnknown, Stale, BudgetOverrun or ProgrammeRefused.
    """
    raw = await driver(session)
    programme = await held(raw, who, code)
    row = await raw.fetchrow(queries.HOLD_LINE, code, line)
    if row is None:
        raise PartUnknown(part="line", code=line)
    etags.match(if_match, etags.of_version(row["version"]))
    planned = await _planned(raw, programme, line, given, row["committed_cents"])
    version: int = await raw.fetchval(
        queries.CHANGE_LINE, code, line, given.name.model_dump_json(), planned
    )
    await raw.execute(queries.CLEAR_PLAN, code, line)
    await _plan(raw, code, line, given)
    await tell(
        session,
        who,
        code,
        "change",
        "line",
        line,
        kind="updated",
        version=version,
        told=given.model_dump(mode="json"),
    )
    return version


async def _planned(
    raw: Any,  # noqa: ANN401  # likewise
    programme: Mapping[str, Any],
    line: str,
    given: LineChange,
    committed: int = 0,
) -> int:
    """Return the sum of a plan that fits into the programme."""
    last = programme["ends_on"]
    first = first_day(quarter_of(programme["starts_on"]))
    faults = [
        outside(programme, f"/plan/{place}/quarter")
        for place, one in enumerate(given.plan)
        if not first <= first_day(one.quarter) <= last
    ]
    if faults:
        raise ProgrammeRefused(faults)
    planned = sum(cents(one.amount) for one in given.plan)
    totals = await raw.fetchrow(queries.TOTALS, programme["code"], line, "")
    beyond = [
        *over("/plan", programme["budget_cents"], totals["planned"], planned),
        *below("/plan", committed, planned),
    ]
    if beyond:
        raise BudgetOverrun(beyond)
    if totals["lines"] >= MOST_PARTS:
        raise ProgrammeFull(most=MOST_PARTS, parts="lines")
    return planned


async def _plan(raw: Any, code: str, line: str, given: LineChange) -> None:  # noqa: ANN401  # likewise
    quarters = [first_day(one.quarter) for one in given.plan]
    await raw.execute(queries.PLAN, code, line, quarters, [cents(one.amount) for one in given.plan])
