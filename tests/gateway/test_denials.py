"""What the door refuses is in the audit trail, counted (ASVS 16.3.1-2)."""

import time
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from gateway.audit.denials import Denials
from platformkit.auth import Principal
from tests.gateway.doors import door
from tests.gateway.partners import sql, until
from tests.harness import Database

MINE = "SELECT * FROM gateway.audit_event WHERE actor = $1 ORDER BY id"


async def test_refusals_are_counted_by_caller_operation_and_reason(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.audit.denials._WRITE_SECONDS", 0)
    client = f"curious-{uuid4().hex[:8]}"
    (last,) = await sql(database, "SELECT coalesce(max(id), 0) AS id FROM gateway.audit_event")
    async with door(tmp_path, {}, database_url=database.dsn("gateway")) as gate:
        known = gate.signed_for(client, "overviews:read", tenant="cci-hdf")
        for number in range(3):
            answer = await gate.http.get(f"/v1/diagnostic/things/s3cret-{number}", headers=known)
            assert answer.status_code == 403
        for _ in range(2):
            stranger = await gate.http.get("/v1/diagnostic/things/1")
            assert stranger.status_code == 401

        form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "s3cret"}
        assert (await gate.http.post("/oauth2/token", data=form)).status_code == 401

        async def written() -> list[asyncpg.Record]:
            since = "SELECT * FROM gateway.audit_event WHERE actor = '' AND id > $1"
            return await sql(database, since, last["id"])

        async def is_written() -> bool:
            reasons = {row["detail"].partition(" ")[0] for row in await written()}
            is_told = {"token-refused", "invalid-client"} <= reasons
            return is_told and bool(await sql(database, MINE, client))

        await until(is_written)
        theirs = await sql(database, MINE, client)
        assert {(row["tenant"], row["decision"], row["entity_id"]) for row in theirs} == {
            ("cci-hdf", "denied", "GET /v1/diagnostic/things/{id}")
        }
        counts = [int(row["detail"].removeprefix("scope-missing × ")) for row in theirs]
        assert sum(counts) <= 3
        assert all(len(row["trace_id"]) == 32 for row in theirs)
        assert "s3cret" not in repr(theirs)
        strangers = await written()
        assert {row["entity_id"] for row in strangers} == {""}
        assert "s3cret" not in repr(strangers)


async def test_a_storm_is_one_event_and_what_cannot_be_written_is_kept(database: Database) -> None:
    denials = Denials()
    denials._written = time.monotonic() - 3600
    caller = Principal("i", f"storm-{uuid4().hex[:8]}", "s", "t")
    for _ in range(1000):
        denials.count(caller, "GET /x", "scope-missing")
    connection = await asyncpg.connect(database.dsn("gateway"))
    await connection.close()
    with pytest.raises(asyncpg.InterfaceError):
        await denials.write(connection)
    denials.count(caller, "GET /x", "scope-missing")
    connection = await asyncpg.connect(database.dsn("gateway"))
    try:
        await denials.write(connection)
        assert await sql(database, MINE, caller.client) == [], "not twice a minute"
        denials._written -= 3600
        await denials.write(connection)
        await denials.write(connection)
    finally:
        await connection.close()
    (row,) = await sql(database, MINE, caller.client)
    assert row["detail"] == "scope-missing × 1001"
