"""Each process tells which schema it expects and finds, and a hash of its configuration (O-M15)."""

import importlib
import logging
import os
import subprocess
import sys

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from pydantic import SecretStr

from platformkit import fingerprint, migrations
from platformkit.settings import Peer, ServiceSettings
from tests import harness
from tests.harness import Database

_CANARY = "canary-5f1d"
_SECRETS = {
    "database_url": f"postgresql://app:{_CANARY}@db/vigie",
    "secret_key": _CANARY,
    "trusted_issuers": {"gateway": _CANARY},
    "peers": {"training": {"url": "http://training", "key": _CANARY, "replicas": ("a", "b")}},
}


def _settings(**changes: object) -> ServiceSettings:
    return ServiceSettings.model_validate({**_SECRETS, **changes})


@pytest.mark.parametrize("service", migrations.SERVICES)
async def test_each_tells_the_schema_of_its_code_and_of_its_database(
    database: Database, service: str, caplog: pytest.LogCaptureFixture
) -> None:
    known = ScriptDirectory.from_config(migrations.config_for(service, database.admin_dsn))
    head = known.get_current_head()
    with harness.environment(**harness.variables(database, service)):
        app = importlib.import_module(f"{service}.main").create_app()
    with caplog.at_level(logging.INFO, "platformkit.app"):
        async with harness.opened(app) as http:
            told = (await http.get("/version")).json()
            assert told["schema"] == {"expected": head, "present": head}
            assert len(told["configuration"]) == 64
            assert set(told) == {"service", "release", "schema", "configuration"}
            (started,) = [one for one in caplog.records if one.message == "started"]
            assert vars(started)["configuration"] == told["configuration"]
            assert vars(started)["schema"] == {"expected": head}


async def test_a_database_that_was_migrated_further_is_told_as_it_is(database: Database) -> None:
    async def at(revision: str) -> None:
        connection = await asyncpg.connect(database.admin_dsn)
        await connection.execute("UPDATE gateway.alembic_version SET version_num = $1", revision)
        await connection.close()

    with harness.environment(**harness.variables(database, "gateway")):
        app = importlib.import_module("gateway.main").create_app()
    async with harness.opened(app) as http:
        before = (await http.get("/version")).json()["schema"]
        try:
            await at("9999")
            after = (await http.get("/version")).json()["schema"]
        finally:
            await at(before["present"])
    assert after == {"expected": before["expected"], "present": "9999"}


def test_a_hash_follows_what_is_configured_and_no_secret() -> None:
    same = fingerprint.configuration(_settings())
    others = {
        "database_url": SecretStr("postgresql://else"),
        "secret_key": SecretStr("other"),
        "trusted_issuers": {"gateway": SecretStr("other")},
        "peers": {"training": Peer(url="http://training", key=SecretStr("x"), replicas=("a", "b"))},
        "release": "2.0",
    }
    assert {fingerprint.configuration(_settings(**{k: v})) for k, v in others.items()} == {same}
    changed = [
        _settings(environment="production"),
        _settings(max_body_bytes=2_000_000),
        _settings(trusted_issuers={"somebody": SecretStr("other")}),
        _settings(secret_key=SecretStr("")),
        _settings(peers={"training": Peer(url="http://else", key=SecretStr("x"))}),
    ]
    assert len({same, *map(fingerprint.configuration, changed)}) == 6


def test_two_processes_of_one_configuration_tell_the_same_hash() -> None:
    told = """
from gateway.settings import Settings
from platformkit import fingerprint
settings = Settings(database_url="x", secret_key="x", peers={}, log_level=None,
    hosts=["a.example", "b.example", "c.example"], origins=["https://a", "https://b", "https://c"],
    trusted_proxies=["10.0.0.0/8", "fd00::/8"])
print(fingerprint.configuration(settings))
"""
    hashes = {
        subprocess.check_output(
            [sys.executable, "-c", told], env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    }
    assert len(hashes) == 1
