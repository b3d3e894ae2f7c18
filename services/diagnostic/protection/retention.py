"""Keeps nothing longer than its purpose needs: `python -m diagnostic.protection.retention`.

The service does it by itself, a batch an hour; the command goes on until nothing is due, one
transaction per batch, so that a killed one is simply started again. `--dry-run` only counts.
The periods are settings, to be confirmed by the data-protection officer of the programme.
"""

import argparse
import asyncio
import sys
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from diagnostic.assessments import steps
from diagnostic.assessments.lifecycle import Verb
from diagnostic.assessments.models import Assessment
from diagnostic.audit import service as audit
from diagnostic.organisations.models import Organisation
from diagnostic.protection import departure, due, erasure
from diagnostic.settings import Settings
from platformkit.auth import Principal
from platformkit.db import transaction

BATCH = 50
"""Rows of each kind in one transaction."""


@dataclass(frozen=True, slots=True)
class Policy:
    """For how many months each kind of data is kept."""

    rules: Mapping[str, int]
    """By rule of `due`: what is anonymised or erased."""
    old: Mapping[str, int]
    """Likewise, what is deleted."""

    @classmethod
    def of(cls, settings: Settings) -> "Policy":
        """Read the periods that the programme has set."""
        return cls(
            {
                "unfinished": settings.retention_unfinished_months,
                "void": settings.retention_unfinished_months,
                "scored": settings.retention_scored_months,
                "organisations": settings.retention_scored_months,
            },
            {
                "audit events": settings.retention_audit_months,
                "accesses": settings.retention_access_months,
            },
        )


async def run(
    session: AsyncSession, now: datetime, policy: Policy, batch: int = BATCH
) -> Counter[str]:
    """Do one batch of what is due, and count it by rule."""
    connection = await session.connection()
    done = Counter[str]()
    for rule, months in policy.rules.items():
        found = await connection.exec_driver_sql(due.BATCHES[rule], (now, months, batch))
        for key in found.scalars().all():
            await _DEEDS[rule](session, key, now)
            done[rule] += 1
    for rule, months in policy.old.items():
        deleted = await connection.exec_driver_sql(due.OLD[rule], (now, months, batch))
        done[rule] += deleted.scalar_one()
    return +done


async def counted(session: AsyncSession, now: datetime, policy: Policy) -> Counter[str]:
    """Count by rule what is due, and change nothing."""
    connection = await session.connection()
    found = Counter[str]()
    for rule, months in (dict(policy.rules) | dict(policy.old)).items():
        found[rule] = (
            await connection.exec_driver_sql(due.COUNTS[rule], (now, months))
        ).scalar_one()
    return +found


async def _abandon(session: AsyncSession, key: uuid.UUID, now: datetime) -> None:
    found = await session.get_one(Assessment, key)
    await steps.take(session, _in_the_name_of(found.tenant), found, Verb.ABANDON)
    await _anonymise(session, key, now)


async def _anonymise(session: AsyncSession, key: uuid.UUID, now: datetime) -> None:
    found = await session.get_one(Assessment, key)
    await erasure.forget(session, key)
    found.anonymised_at = now
    await session.flush()
    await audit.record(session, _in_the_name_of(found.tenant), "anonymise", "assessment", key)


async def _erase(session: AsyncSession, key: uuid.UUID, now: datetime) -> None:
    found = await session.get_one(Organisation, key)
    await departure.uninvite(session, found.siren)
    await departure.leave(session, _in_the_name_of(found.tenant), found, now)


_DEEDS: Mapping[str, Callable[[AsyncSession, uuid.UUID, datetime], Awaitable[None]]] = {
    "unfinished": _abandon,
    "void": _anonymise,
    "scored": _anonymise,
    "organisations": _erase,
}


def _in_the_name_of(tenant: str) -> Principal:
    return Principal("diagnostic", "retention", "retention", tenant)


async def everything(settings: Settings, now: datetime, *, dry: bool) -> Counter[str]:
    """Go on batch by batch until nothing is due, or only count."""
    policy = Policy.of(settings)
    total = Counter[str]()
    while True:
        async with transaction(settings, "diagnostic") as session:
            done = await (counted if dry else run)(session, now, policy)
        total += done
        if dry or not done:
            return total


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is due with the service's own role, and say how much it was."""
    parser = argparse.ArgumentParser(prog="diagnostic.protection.retention")
    parser.add_argument("--dry-run", action="store_true", help="only count what is due")
    chosen = parser.parse_args(arguments)
    counts = asyncio.run(everything(Settings(), datetime.now(UTC), dry=chosen.dry_run))
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing due"
    sys.stdout.write(f"retention: {told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
