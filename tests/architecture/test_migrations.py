"""The migrations make exactly the tables that the models describe, and refuse a newer database."""

import asyncio

import alembic.command
import asyncpg
import pytest

from platformkit import feed, migrations
from platformkit.migrations import SERVICES
from tests.harness import Database


@pytest.mark.parametrize("service", SERVICES)
def test_the_models_and_the_migrations_agree(database: Database, service: str) -> None:
    alembic.command.check(migrations.config_for(service, database.admin_dsn))


def test_changes_of_a_restored_dump_are_shown_in_their_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their transaction ids, of another cluster, lie ahead of all that this one has given."""

    async def restore() -> None:
        admin = await asyncpg.connect(database.admin_dsn)
        await admin.execute("CREATE DATABASE restored")
        await admin.close()

    async def change(*xids: str) -> None:
        connection = await asyncpg.connect(dsn)
        for xid in xids:
            await connection.execute(
                "INSERT INTO gateway.change (xid, entity, entity_id, kind, version, payload)"
                " VALUES ($1::text::xid8, 'thing', $1, 'created', 1, '{}')",
                xid,
            )
        await connection.close()

    page = feed.PAGE.format(schema="gateway")

    async def shown() -> list[str]:
        connection = await asyncpg.connect(dsn)
        rows = await connection.fetch(page, "0", 0, 9, *(False, []))
        await connection.close()
        return [row["entity_id"] for row in rows]

    dsn = database.cluster.dsn("restored")
    asyncio.run(restore())
    monkeypatch.setenv(migrations.ADMIN, dsn)
    assert migrations.main(["gateway", "upgrade"]) == 0
    asyncio.run(change("3", "4000000000", "4000000009"))
    assert asyncio.run(shown()) == ["3"]
    assert migrations.main(["gateway", "upgrade"]) == 0
    assert asyncio.run(shown()) == ["3", "4000000000", "4000000009"]


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
