"""Secrets: made once, closed to others, each key known to exactly two services."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploy import prepare
from deploy.credentials import CALLS, SERVICES, Vault, files, settings
from deploy.prepare import CONFIDENTIAL, as_role, job_environment

URLS = {service: f"http://{service}:8000" for service in SERVICES}


def told(vault: Vault) -> dict[str, dict[str, str]]:
    return {
        service: settings(service, vault, database="postgresql://", urls=URLS)
        for service in SERVICES
    }


def test_secrets_are_made_once_and_are_closed_to_others(tmp_path: Path) -> None:
    first = told(Vault(tmp_path / "vault"))
    assert told(Vault(tmp_path / "vault")) == first
    assert (tmp_path / "vault").stat().st_mode & 0o077 == 0
    for path in (tmp_path / "vault").rglob("*"):
        assert path.is_dir() or path.stat().st_mode & 0o777 == 0o600, path
    assert told(Vault(tmp_path / "other")) != first


def test_each_pair_shares_a_key_that_nobody_else_knows(tmp_path: Path) -> None:
    environments = told(Vault(tmp_path))
    keys: set[str] = set()
    for caller, called in CALLS.items():
        peers = json.loads(environments[caller][f"{caller}_PEERS".upper()])
        assert set(peers) == set(called)
        for name, peer in peers.items():
            trusted = json.loads(environments[name][f"{name}_TRUSTED_ISSUERS".upper()])
            assert trusted[caller] == peer["key"]
            assert peer["url"] == URLS[name]
            keys.add(peer["key"])
    assert len(keys) == sum(len(called) for called in CALLS.values())


def test_the_door_signs_with_a_key_of_2048_bits(tmp_path: Path) -> None:
    pem = told(Vault(tmp_path))["gateway"]["GATEWAY_SIGNING_KEY"]
    assert load_pem_private_key(pem.encode(), None).key_size == 2048  # type: ignore[union-attr]  # RSA


def test_the_jobs_of_compose_are_told_from_files_what_a_service_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = files(Vault(tmp_path / "vault"))
    for name, text in written.items():
        (tmp_path / name).write_text(f"{text}\n")
    monkeypatch.setattr(prepare, "SECRETS", tmp_path)
    environment = job_environment()
    assert environment["VIGIE_ADMIN_DATABASE_URL"] == written["vigie_admin_database_url"]
    for service in SERVICES:
        assert environment[f"{service}_DATABASE_URL".upper()] == written[f"{service}_database_url"]
        password = (tmp_path / "vault" / f"{service}.password").read_text()
        assert environment[f"{service}_DATABASE_PASSWORD".upper()] == password


def test_the_role_of_disclosure_control_has_a_password_that_no_service_is_told(
    tmp_path: Path,
) -> None:
    vault = Vault(tmp_path)
    written = files(vault)
    secret = (tmp_path / f"{CONFIDENTIAL}.password").read_text()
    assert f"{CONFIDENTIAL}:{secret}@" in written[f"{CONFIDENTIAL}_database_url"]
    for environment in told(vault).values():
        assert not [text for text in environment.values() if secret in text]


def test_an_address_keeps_its_place_when_the_role_changes() -> None:
    assert (
        as_role("postgresql://postgres@/postgres?host=/tmp/x", "a_app", "p@s/s")
        == "postgresql://a_app:p%40s%2Fs@/postgres?host=/tmp/x"
    )
    assert (
        as_role("postgresql://root:old@db:5433/vigie", "a_app", "new")
        == "postgresql://a_app:new@db:5433/vigie"
    )
