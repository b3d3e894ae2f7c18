"""Bringing a database up to the code: once, completely, and never backwards."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from deploy.cluster import Cluster
from deploy.prepare import (
    CONFIDENTIAL,
    SERVICES,
    Job,
    PrepareError,
    connect,
    ensure_database,
    fingerprint,
    known_revisions,
    prepare,
)

PASSWORDS = {service: f"{service} secret" for service in SERVICES}


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with TemporaryDirectory(prefix="vigie-test-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        with Cluster(Path(folder) / "pg", durable=False) as cluster:
            yield cluster


@pytest.fixture
def dsn(server: Cluster, request: pytest.FixtureRequest) -> str:
    name = f"t{abs(hash(request.node.name))}"
    asyncio.run(ensure_database(server.dsn(), name))
    asyncio.run(ensure_database(server.dsn(), name))  # a second time changes nothing
    return server.dsn(name)


async def sql(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def recording(dsn: str, done: list[str], failing: str = "") -> Job:
    """Stand in for the processes: makes the schemas, remembers what was asked."""

    async def job(lane: Sequence[str], module: list[str]) -> None:
        done.append(" ".join(module))
        await sql(dsn, *(f"CREATE SCHEMA IF NOT EXISTS {name}" for name in lane))
        if failing in lane:
            raise PrepareError(f"{failing} failed.")

    return job


def test_everything_is_done_once_and_a_second_time_there_is_nothing_to_do(dsn: str) -> None:
    done: list[str] = []
    first = asyncio.run(prepare(dsn, PASSWORDS, recording(dsn, done), demo=True))
    assert set(first) == set(SERVICES)
    assert sorted(done) == [
        "deploy.fill --demo observatory",
        "deploy.fill --demo training diagnostic gateway",
    ]
    again: list[str] = []
    assert asyncio.run(prepare(dsn, PASSWORDS, recording(dsn, again), demo=True)) == {}
    assert again == []


def test_without_the_demo_the_bootstraps_are_not_asked_for_it(dsn: str) -> None:
    done: list[str] = []
    asyncio.run(prepare(dsn, PASSWORDS, recording(dsn, done), demo=False))
    assert "deploy.fill training diagnostic gateway" in done


def test_other_secrets_are_work_to_do(dsn: str) -> None:
    asyncio.run(prepare(dsn, PASSWORDS, recording(dsn, []), demo=False))
    changed = PASSWORDS | {"training": "another"}
    assert set(asyncio.run(prepare(dsn, changed, recording(dsn, []), demo=False))) == {"training"}


def test_the_role_of_disclosure_control_gets_its_password_when_it_is_made_and_when_it_changes(
    dsn: str, server: Cluster
) -> None:
    async def job(lane: Sequence[str], module: list[str]) -> None:
        """Do as the migrations of the observatory: make the schemas, and the role once."""
        await recording(dsn, [])(lane, module)
        role = "CREATE ROLE observatory_confidential LOGIN"
        exists = "SELECT FROM pg_roles WHERE rolname = 'observatory_confidential'"
        if "observatory" in lane:
            await sql(dsn, f"DO $$ BEGIN IF NOT EXISTS ({exists}) THEN {role}; END IF; END $$")

    def digest() -> str:
        async def read() -> str:
            admin = await asyncpg.connect(dsn)
            try:
                found = "SELECT rolpassword FROM pg_authid WHERE rolname = $1"
                return str(await admin.fetchval(found, CONFIDENTIAL))
            finally:
                await admin.close()

        return asyncio.run(read())

    asyncio.run(prepare(dsn, PASSWORDS, job, demo=False, others={CONFIDENTIAL: "first"}))
    first = digest()
    assert first.startswith("SCRAM-SHA-256$")
    asyncio.run(prepare(dsn, PASSWORDS, job, demo=False, others={CONFIDENTIAL: "second"}))
    assert digest() not in ("None", first), "without any other work to do"


def test_a_failure_is_one_error_and_what_failed_is_done_again(dsn: str) -> None:
    with pytest.raises(PrepareError, match=r"^training failed\.$"):
        asyncio.run(prepare(dsn, PASSWORDS, recording(dsn, [], "training"), demo=False))
    work = asyncio.run(prepare(dsn, PASSWORDS, recording(dsn, []), demo=False))
    assert "training" in work


def test_a_revision_that_the_code_does_not_know_stops_before_anything_is_touched(dsn: str) -> None:
    asyncio.run(
        sql(
            dsn,
            "CREATE SCHEMA observatory",
            "CREATE TABLE observatory.alembic_version (version_num text)",
            "INSERT INTO observatory.alembic_version VALUES ('beef')",
        )
    )
    done: list[str] = []
    with pytest.raises(PrepareError, match=r"observatory is at revision beef.*newer"):
        asyncio.run(prepare(dsn, PASSWORDS, recording(dsn, done), demo=False))
    assert done == []


def test_the_code_knows_its_own_migrations() -> None:
    for service in SERVICES:
        assert known_revisions(service), service


def test_the_mark_follows_demo_and_password_and_nothing_else() -> None:
    mark = fingerprint("training", "a", demo=True)
    assert fingerprint("training", "a", demo=True) == mark
    assert fingerprint("training", "a", demo=False) != mark
    assert fingerprint("training", "b", demo=True) != mark
    assert fingerprint("observatory", "a", demo=True) != mark


def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password() -> None:
    with pytest.raises(PrepareError, match=r"^The database at 127\.0\.0\.1 cannot") as refused:
        asyncio.run(connect("postgresql://vigie:hidden-word@127.0.0.1:9/vigie"))
    assert "hidden-word" not in str(refused.value)
