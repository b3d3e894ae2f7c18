"""The rules of a withdrawal: the directory has lacked it for long, and somebody says why."""

from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Conflict
from platformkit.i18n import Text
from platformkit.paris import day_in_paris
from training.audit import service as audit
from training.certifications import queries
from training.certifications.models import Certification, Succession
from training.certifications.service import named, pair, present
from training.indexing import writing
from training.withdrawals.schemas import Withdrawal, WithdrawnRead

ABSENT_DAYS: Final = 30
"""How long the daily file must lack a certification: a month of deliveries (acceptance C11)."""


class CertificationNotAbsent(Conflict):
    """The directory has the certification: it is not ours to take out."""

    code = "certification-not-absent"
    title = Text("Certification présente au répertoire", "Certification in the directory")
    detail = Text(
        "Seule se retire une certification absente du flux depuis au moins {days} jours ;"
        " {number} l’est depuis : {since}.",
        "Only what the daily file has lacked for at least {days} days is withdrawn;"
        " {number} has been absent since: {since}.",
    )


async def withdraw(
    session: AsyncSession, caller: Principal, spelling: str, asked: Withdrawal, if_match: str
) -> WithdrawnRead:
    """Take out a certification that the directory has lacked for long enough."""
    reference = named(spelling)
    codes = pair(reference)
    locked = select(Certification).where(Certification.code.in_(codes)).with_for_update()
    rows = {row.code: row for row in await session.scalars(locked)}
    today = day_in_paris(datetime.now(UTC))
    connection = await session.connection()
    read = await connection.exec_driver_sql(queries.READ, (today, *codes))
    shown = present(read.mappings().all(), reference)
    etags.match(if_match, etags.of_bytes(shown["document"]))
    row = rows[shown["code"]]
    since = row.absent_since and day_in_paris(row.absent_since)
    if since is None or (today - since).days < ABSENT_DAYS:
        raise CertificationNotAbsent(number=row.code, since=since or "—", days=ABSENT_DAYS)
    tombstone = await take_out(session, row, asked.reason, today)
    raw = await driver(session)
    await audit.record(raw, caller, "withdraw_certification", "certification", tombstone.number)
    return tombstone


async def take_out(
    session: AsyncSession, row: Certification, reason: str, today: date
) -> WithdrawnRead:
    """Take a locked certification out of the catalogue and the index, and publish its tombstone."""
    stated = (
        await session.execute(
            select(Succession.predecessor, Succession.successor).where(
                Succession.stated_by == row.id
            )
        )
    ).all()
    tombstone = WithdrawnRead(
        number=row.code,
        reason=reason,
        withdrawn_on=today,
        predecessors=sorted(old for old, new in stated if new == row.code),
        successors=sorted(new for old, new in stated if old == row.code),
    )
    row.withdrawn_on, row.withdrawn_reason = today, reason
    row.version += 1
    await session.flush()
    await writing.forget_certifications(await driver(session), [row.id])
    await feed.publish(
        session,
        entity="certification",
        entity_id=tombstone.number,
        kind="deleted",
        version=row.version,
        payload=tombstone.model_dump(mode="json"),
    )
    return tombstone
