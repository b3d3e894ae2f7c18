"""Loading the shipped tables: once, again, and when they change."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from observatory import bootstrap
from observatory.reference import loading
from observatory.settings import Settings
from tests.conftest import AsClient, OpenApp
from tests.harness import GATEWAY_KEY, Database, anonymous


@pytest.fixture
def settings(database: Database) -> Settings:
    return Settings.model_validate(
        {
            "database_url": database.dsn("observatory"),
            "secret_key": "k",
            "trusted_issuers": {"gateway": GATEWAY_KEY},
        }
    )


@pytest.fixture
async def owner(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Connect as the service's own role."""
    connection = await asyncpg.connect(database.dsn("observatory"))
    yield connection
    await connection.close()


@pytest.fixture
async def shipped(settings: Settings) -> AsyncIterator[None]:
    """Afterwards everything is as shipped again."""
    yield
    await bootstrap.run(settings)


async def events(client: httpx.AsyncClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Read the whole feed."""
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        body = (await client.get("/v1/changes", params=after, headers=headers)).json()
        found += body["items"]
        after = {"after": body["next"]}
        if not body["more"]:
            return found


async def test_a_second_run_changes_nothing(settings: Settings, owner: asyncpg.Connection) -> None:
    before = await owner.fetch("SELECT * FROM observatory.dataset ORDER BY name")
    assert len(before) == len(loading.shipped())
    assert await bootstrap.run(settings) == []
    assert await owner.fetch("SELECT * FROM observatory.dataset ORDER BY name") == before


async def test_a_table_of_another_content_is_loaded_again_and_announced(
    settings: Settings, owner: asyncpg.Connection, open_app: OpenApp, as_client: AsClient
) -> None:
    feed = as_client("observatory", scopes={"observatory:feed"})
    async with open_app("observatory") as client:
        known = len(await events(client, feed))
        version = await owner.fetchval(
            "SELECT version FROM observatory.dataset WHERE name = 'scores'"
        )
        await owner.execute("UPDATE observatory.score SET mean = 0.11 WHERE code = '4120'")
        await owner.execute("UPDATE observatory.dataset SET sha256 = '-' WHERE name = 'scores'")
        read = anonymous("observatory")
        altered = (await client.get("/v1/exposure/jobs/M1607", headers=read)).json()
        assert altered["mean"] == 0.11, "a read follows the tables, not a stored result"
        assert await bootstrap.run(settings) == ["scores"]
        restored = (await client.get("/v1/exposure/jobs/M1607", headers=read)).json()
        assert restored["mean"] == 0.58
        event, release = (await events(client, feed))[known:]
    assert (event["entity"], event["entity_id"]) == ("dataset", "scores")
    assert (event["kind"], event["version"]) == ("updated", version + 1)
    assert event["payload"]["rows"] == 427
    assert (release["entity"], release["kind"]) == ("reference_release", "created")
    assert release["payload"]["versions"]["scores"] == version + 1


@pytest.mark.usefixtures("shipped")
async def test_what_no_table_knows_about_is_unmeasured(
    owner: asyncpg.Connection, open_app: OpenApp
) -> None:
    await owner.execute("DELETE FROM observatory.family_employment WHERE region < '90'")
    await owner.execute("DELETE FROM observatory.sector_hire WHERE division < '10'")
    await owner.execute(
        "UPDATE observatory.dataset SET sha256 = name "
        "WHERE name IN ('family_employment', 'sector_hires')"
    )
    read = anonymous("observatory")
    async with open_app("observatory") as client:
        for path in ("sectors/B", "sectors/05", "sectors/01.11Z", "sectors/05/range"):
            refused = await client.get(f"/v1/exposure/{path}", headers=read)
            assert (refused.status_code, refused.json()["code"]) == (404, "exposure-unmeasured")
        region = (await client.get("/v1/exposure/territories/32", headers=read)).json()
        assert region["basis"]["code"] == "FR", "the nearest territory that is measured"
        await owner.execute("DELETE FROM observatory.family_employment")
        await owner.execute("UPDATE observatory.dataset SET sha256 = '-' WHERE sha256 = name")
        refused = await client.get("/v1/exposure/territories/32", headers=read)
        assert (refused.status_code, refused.json()["code"]) == (404, "exposure-unmeasured")
        assert "R32" in refused.json()["detail"]


@pytest.mark.usefixtures("shipped")
async def test_a_job_that_no_index_scores_is_unmeasured(
    owner: asyncpg.Connection, open_app: OpenApp
) -> None:
    await owner.execute("DELETE FROM observatory.soc_link WHERE occupation LIKE '031%'")
    await owner.execute("UPDATE observatory.dataset SET sha256 = '-' WHERE name = 'soc_links'")
    async with open_app("observatory") as client:
        path, read = "/v1/exposure/jobs/K1701/range", anonymous("observatory")
        refused = await client.get(path, headers=read)
        assert (refused.status_code, refused.json()["code"]) == (404, "exposure-unmeasured")


async def test_before_the_first_load_reads_are_a_503_that_says_why(
    settings: Settings, owner: asyncpg.Connection, open_app: OpenApp
) -> None:
    await owner.execute("DELETE FROM observatory.dataset")
    async with open_app("observatory") as client:
        path, read = "/v1/exposure/jobs/M1607", anonymous("observatory")
        refused = await client.get(path, headers=read)
        assert (refused.status_code, refused.json()["code"]) == (503, "reference-missing")
        assert set(await bootstrap.run(settings)) == set(loading.shipped())
        assert (await client.get(path, headers=read)).status_code == 200


async def test_the_demo_opens_its_programme_once(
    database: Database, settings: Settings, open_app: OpenApp, as_client: AsClient
) -> None:
    admin = await asyncpg.connect(database.admin_dsn)
    for table, column in (("programme_deed", "programme"), ("programme", "code")):
        await admin.execute(f"DELETE FROM observatory.{table} WHERE {column} = 'PRIA-HDF'")
    await admin.close()
    read, steers = anonymous("observatory"), as_client("observatory")
    path = "/v1/programmes/PRIA-HDF"
    async with open_app("observatory") as client:
        assert await bootstrap.run(settings) == []
        assert (await client.get(path, headers=read)).status_code == 404, "only with the demo"

        assert await bootstrap.run(settings, demo=True) == ["PRIA-HDF"]
        assert await bootstrap.run(settings, demo=True) == []
        budget = (await client.get(path, headers=read)).json()
        deeds = (await client.get(f"{path}/deeds", headers=steers)).json()["items"]
        indicators = await client.get(f"{path}/kpis", headers=read)
    assert budget["programme"] == {
        "code": "PRIA-HDF",
        "title": {
            "fr": "Programme régional IA des Hauts-de-France",
            "en": "Hauts-de-France regional AI programme",
        },
        "region": "32",
        "starts_on": "2026-01-01",
        "ends_on": "2027-12-31",
        "budget": "1400000.00",
        "version": 1,
    }
    assert [(one["action"], one["client"]) for one in deeds] == [("open", "bootstrap")]
    assert indicators.status_code == 200
    assert {one["by_programme"] for one in indicators.json()["items"]} == {True, False}


async def test_the_feed_is_not_open_data(open_app: OpenApp, as_client: AsClient) -> None:
    async with open_app("observatory") as client:
        nobody = await client.get("/v1/changes", headers=anonymous("observatory"))
        other = as_client("observatory", scopes={"training:feed"})
        refused = await client.get("/v1/changes", headers=other)
    assert (nobody.status_code, refused.status_code) == (401, 403)


async def test_the_service_cannot_rewrite_its_own_feed(owner: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute("DELETE FROM observatory.change")


def test_the_command_says_what_it_loaded(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OBSERVATORY_DATABASE_URL", database.dsn("observatory"))
    monkeypatch.setenv("OBSERVATORY_SECRET_KEY", "k")
    monkeypatch.setenv("OBSERVATORY_TRUSTED_ISSUERS", f'{{"gateway": "{GATEWAY_KEY}"}}')
    assert bootstrap.main(["--demo"]) == 0
    assert capsys.readouterr().out == "observatory: nothing loaded\n"
