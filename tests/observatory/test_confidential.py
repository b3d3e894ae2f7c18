"""What is confidential has a schema and a login of its own (acceptance D5)."""

import asyncpg
import pytest

from tests.harness import Database


async def test_d5_the_role_of_the_api_cannot_read_what_is_confidential(
    database: Database,
) -> None:
    admin = await asyncpg.connect(database.admin_dsn)
    api = await asyncpg.connect(database.dsn("observatory"))
    try:
        await admin.execute("SET ROLE observatory_owner")
        await admin.execute("CREATE TABLE confidential.probe AS SELECT 42 AS secret")
        for attempt in (
            "SELECT secret FROM confidential.probe",
            "INSERT INTO confidential.probe VALUES (1)",
            "CREATE TABLE confidential.mine (id int)",
            "SET ROLE observatory_confidential",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await api.execute(attempt)
        await admin.execute("RESET ROLE; SET ROLE observatory_confidential")
        assert await admin.fetchval("SELECT secret FROM confidential.probe") == 42
        for attempt in ("UPDATE observatory.obs SET value = 0", "CREATE SCHEMA mine"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await admin.execute(attempt)
    finally:
        await admin.execute("RESET ROLE; DROP TABLE confidential.probe")
        await admin.close()
        await api.close()
