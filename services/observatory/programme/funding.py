"""The rules of funding: a contribution within the budget, for the lines that were agreed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.programme import queries
from observatory.programme.money import cents
from observatory.programme.problems import (
    BudgetOverrun,
    CodeTaken,
    PartUnknown,
    ProgrammeFull,
    ProgrammeRefused,
)
from observatory.programme.schemas import MOST_PARTS, FunderChange, FunderDraft
from observatory.programme.service import below, held, over
from observatory.programme.telling import tell
from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault
from platformkit.i18n import Text


async def add_funder(session: AsyncSession, who: Principal, code: str, given: FunderDraft) -> int:
    """Add a funder; raises ProgrammeUnknown, CodeTaken, BudgetOverrun or ProgrammeRefused."""
    raw = await driver(session)
    programme = await held(raw, who, code)
    await _fits(raw, programme, given.code, given)
    name = given.name.model_dump_json()
    version: int | None = await raw.fetchval(
        queries.ADD_FUNDER, code, given.code, given.kind, name, cents(given.contribution)
    )
    if version is None:
        raise CodeTaken(code=given.code)
    await _allow(raw, code, given.code, given)
    told = given.model_dump(mode="json", exclude={"code"})
    await tell(session, who, code, "add", "funder", given.code, told=told)
    return version


async def change_funder(
    session: AsyncSession,
    who: Principal,
    code: str,
    funder: str,
    if_match: str,
    given: FunderChange,
) -> int:
    """Change a contribution and what it is for, not below what is committed.

    Raises ProgrammeUnknown, PartUnknown, Stale, BudgetOverrun or ProgrammeRefused.
    """
    raw = await driver(session)
    programme = await held(raw, who, code)
    row = await raw.fetchrow(queries.HOLD_FUNDER, code, funder)
    if row is None:
        raise PartUnknown(part="funder", code=funder)
    etags.match(if_match, etags.of_version(row["version"]))
    await _fits(raw, programme, funder, given, row["committed_cents"])
    name = given.name.model_dump_json()
    version: int = await raw.fetchval(
        queries.CHANGE_FUNDER, code, funder, given.kind, name, cents(given.contribution)
    )
    await _allow(raw, code, funder, given)
    await tell(
        session,
        who,
        code,
        "change",
        "funder",
        funder,
        kind="updated",
        version=version,
        told=given.model_dump(mode="json"),
    )
    return version


async def _fits(
    raw: Any,  # noqa: ANN401  # asyncpg's, untyped
    programme: Mapping[str, Any],
    funder: str,
    given: FunderChange,
    committed: int = 0,
) -> None:
    """Refuse unknown lines, and money beyond the budget or below what is committed."""
    code = programme["code"]
    known = {row["code"] for row in await raw.fetch(queries.KNOWN_LINES, code)}
    sentence = Text("Le programme n’a pas cette ligne.", "The programme has no such line.")
    faults = [
        Fault(f"/may_fund/{place}/line", "line-unknown", sentence)
        for place, one in enumerate(given.may_fund)
        if one.line not in known
    ]
    if faults:
        raise ProgrammeRefused(faults)
    asked = cents(given.contribution)
    totals = await raw.fetchrow(queries.TOTALS, code, "", funder)
    beyond = [
        *over("/contribution", programme["budget_cents"], totals["contributed"], asked),
        *below("/contribution", committed, asked),
    ]
    wanted = {one.line: one.ceiling for one in given.may_fund}
    for row in await raw.fetch(queries.ALLOWANCES, code, funder):
        ceiling = wanted.get(row["line"])
        most = None if ceiling is None and row["line"] in wanted else cents(ceiling or "0")
        beyond.extend(below(f"/may_fund/{row['line']}", row["committed_cents"], most))
    if beyond:
        raise BudgetOverrun(beyond)
    if totals["funders"] >= MOST_PARTS:
        raise ProgrammeFull(most=MOST_PARTS, parts="funders")


async def _allow(raw: Any, code: str, funder: str, given: FunderChange) -> None:  # noqa: ANN401  # likewise
    lines = [one.line for one in given.may_fund]
    ceilings = [None if one.ceiling is None else cents(one.ceiling) for one in given.may_fund]
    await raw.execute(queries.DISALLOW, code, funder, lines)
    await raw.execute(queries.ALLOW, code, funder, lines, ceilings)
