"""The migrations make exactly the tables that the models describe, and refuse a newer database."""

import asyncio

import alembic.command
import asyncpg
import pytest

from platformkit import migrations
from platformkit.migrations import SERVICES
from tests.harness import Database


@pytest.mark.parametrize("service", SERVICES)
def test_the_models_and_the_migrations_agree(database: Database, service: str) -> None:
    alembic.command.check(migrations.config_for(service, database.admin_dsn))


def test_a_newer_database_is_refused_in_one_sentence(
    database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dsn = database.cluster.dsn("newer")

    async def execute(address: str, statement: str) -> None:
        connection = await asyncpg.connect(address)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(execute(database.admin_dsn, "CREATE DATABASE newer"))
    monkeypatch.setenv(migrations.ADMIN, dsn)
    assert migrations.main(["training", "upgrade"]) == 0
    assert migrations.main(["training", "upgrade"]) == 0  # again: nothing to do
    asyncio.run(execute(dsn, "UPDATE training.alembic_version SET version_num = 'tomorrow'"))
    capsys.readouterr()
    assert migrations.main(["training", "upgrade"]) == 3
    said = capsys.readouterr().err
    assert "newer" in said
    assert "make reset" in said
    assert said.count("\n") == 1
