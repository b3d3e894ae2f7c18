"""One schema and one login role per service: nobody reads, writes or owns beyond its own."""

from itertools import permutations

import asyncpg
import pytest

from platformkit.migrations import SERVICES
from tests.harness import Database

PAIRS = list(permutations(SERVICES, 2))


@pytest.mark.parametrize(("service", "other"), PAIRS, ids=[f"{a}-{b}" for a, b in PAIRS])
async def test_a_service_can_do_nothing_in_another_schema(
    database: Database, service: str, other: str
) -> None:
    connection = await asyncpg.connect(database.dsn(service))
    try:
        for attempt in (
            f"SELECT * FROM {other}.change",
            f"INSERT INTO {other}.change (entity, entity_id) VALUES ('x', 'x')",
            f"DELETE FROM {other}.change",
            f"UPDATE {other}.change SET entity = 'x'",
            f"TRUNCATE {other}.change",
            f"DROP TABLE {other}.change",
            f"CREATE TABLE {other}.mine (id int)",
            f"SET ROLE {other}_owner",
            f"SET ROLE {other}_app",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_does_not_own_what_it_uses(database: Database, service: str) -> None:
    connection = await asyncpg.connect(database.dsn(service))
    try:
        await connection.fetch(f"SELECT * FROM {service}.change LIMIT 1")
        for attempt in (
            f"DROP TABLE {service}.change",
            f"ALTER TABLE {service}.change ADD COLUMN x int",
            f"CREATE TABLE {service}.mine (id int)",
            "CREATE TABLE public.mine (id int)",
            "CREATE SCHEMA mine",
            f"SET ROLE {service}_owner",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(attempt)
    finally:
        await connection.close()


async def test_roles_have_no_power_and_owners_cannot_log_in(database: Database) -> None:
    connection = await asyncpg.connect(database.admin_dsn)
    try:
        for service in SERVICES:
            roles = await connection.fetch(
                "SELECT rolname, rolcanlogin, rolsuper OR rolcreatedb OR rolcreaterole OR"
                " rolbypassrls OR rolreplication AS power FROM pg_roles WHERE rolname LIKE $1",
                f"{service}\\_%",
            )
            more = {"observatory_confidential": (True, False)} if service == "observatory" else {}
            assert {role["rolname"]: (role["rolcanlogin"], role["power"]) for role in roles} == {
                f"{service}_owner": (False, False),
                f"{service}_app": (True, False),
                **more,
            }
            owners = await connection.fetchval(
                "SELECT array_agg(DISTINCT tableowner) FROM pg_tables WHERE schemaname = $1",
                service,
            )
            assert owners == [f"{service}_owner"]
    finally:
        await connection.close()
