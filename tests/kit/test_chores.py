"""Hourly chores: each in a transaction of its own, and none keeps another from its turn."""

from datetime import UTC, datetime

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.app import do_chores
from platformkit.db import driver
from platformkit.errors import Conflict
from tests import harness

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


async def test_a_chore_that_fails_is_undone_and_the_next_is_done(
    probe_app: FastAPI, sql: asyncpg.Connection
) -> None:
    done: list[datetime] = []

    async def write(session: AsyncSession) -> None:
        await session.execute(
            text(
                "INSERT INTO probe.idempotency_key (digest, request, status, headers, body)"
                " VALUES ('chore', '', 200, '{}', '')"
            )
        )

    async def fail(session: AsyncSession, now: datetime) -> None:
        await write(session)
        raise OperationalError("down", None, OSError())

    async def work(session: AsyncSession, now: datetime) -> None:
        await write(session)
        done.append(now)

    async with harness.opened(probe_app):
        await do_chores(probe_app, [fail, work], NOW)
    assert done == [NOW]
    kept = "SELECT count(*) FROM probe.idempotency_key WHERE digest = 'chore'"
    assert await sql.fetchval(kept) == 1


@pytest.mark.parametrize(
    "failure",
    [
        asyncpg.DeadlockDetectedError("of a bare statement"),
        Conflict(),
        KeyError("a bug"),
    ],
)
async def test_whatever_a_chore_fails_by_ends_no_housekeeping(
    probe_app: FastAPI, failure: Exception
) -> None:
    done: list[datetime] = []

    async def fail(session: AsyncSession, now: datetime) -> None:
        await driver(session)
        raise failure

    async def work(session: AsyncSession, now: datetime) -> None:
        done.append(now)

    async with harness.opened(probe_app):
        await do_chores(probe_app, [fail, work], NOW)
    assert done == [NOW]
