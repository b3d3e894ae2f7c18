"""The compose file: valid for the tools, closed by construction."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import credentials

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
OURS = ("diagnostic", "training", "observatory", "gateway")


def tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


def has_compose() -> bool:
    docker = shutil.which("docker")
    if docker is None:
        return False
    asked = subprocess.run([docker, "compose", "version"], check=False, capture_output=True)
    return asked.returncode == 0


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return parsed


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]
    return found


def test_the_file_obeys_the_compose_specification() -> None:
    checked = subprocess.run(
        [tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.skipif(not has_compose(), reason="the docker compose plugin is not installed")
@pytest.mark.parametrize("profile", [[], ["--profile", "observability"]])
def test_docker_compose_reads_the_file(profile: list[str]) -> None:
    checked = subprocess.run(
        [
            str(shutil.which("docker")),
            "compose",
            "-f",
            str(COMPOSE),
            *profile,
            "config",
            "--format",
            "json",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
    read = json.loads(checked.stdout)["services"]
    assert set(OURS) | {"postgres", "migrate"} <= set(read)
    assert ("grafana" in read) == bool(profile)


def test_files_on_their_way_are_kept_on_disk(services: dict[str, Any]) -> None:
    """A tmpfs would count them as memory of the service, which is killed beyond its limit."""
    for one in OURS:
        assert "/tmp" in services[one]["volumes"], one  # noqa: S108  # of a container
        assert "/tmp" not in services[one]["tmpfs"], one  # noqa: S108  # likewise


def test_only_the_gateway_is_published_and_every_published_port_is_on_loopback(
    services: dict[str, Any],
) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    without_profile = {name for name in published if "profiles" not in services[name]}
    assert without_profile == {"gateway"}
    for ports in published.values():
        assert all(str(port).startswith("127.0.0.1:") for port in ports)


def test_every_container_is_hardened_and_limited(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"mem_limit", "cpus", "pids_limit"} <= set(service), name
        assert "privileged" not in service, name
        assert "cap_add" not in service, name


def test_services_and_database_have_no_way_out(
    compose: dict[str, Any], services: dict[str, Any]
) -> None:
    internal = {name for name, net in compose["networks"].items() if net.get("internal")}
    for name in ("postgres", "migrate", "diagnostic", "training", "observatory", "collector"):
        assert set(services[name]["networks"]) <= internal, name


def test_nothing_starts_before_the_database_is_healthy_and_migrated(
    services: dict[str, Any],
) -> None:
    for name in OURS:
        waits = services[name]["depends_on"]
        assert waits["postgres"]["condition"] == "service_healthy"
        assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert services["migrate"]["restart"] == "no"


def test_secrets_are_files_and_no_environment_variable_holds_one(
    services: dict[str, Any],
) -> None:
    for name, service in services.items():
        for variable in service.get("environment", {}):
            is_secret = any(word in variable.lower() for word in ("key", "password", "secret"))
            assert not is_secret or variable.endswith(("_FILE", "_DIR")), f"{name}: {variable}"


def test_each_service_is_given_its_own_secrets_and_every_one_is_written(
    compose: dict[str, Any], services: dict[str, Any], tmp_path: Path
) -> None:
    written = set(credentials.files(credentials.Vault(tmp_path)))
    for name in OURS:
        assert all(secret.startswith(f"{name}_") for secret in services[name]["secrets"])
        assert {f"{name}_database_url", f"{name}_secret_key", f"{name}_peers"} <= set(
            services[name]["secrets"]
        )
    used = {secret for service in services.values() for secret in service.get("secrets", [])}
    assert used == set(compose["secrets"]) == written
    for secret, source in compose["secrets"].items():
        assert source == {"file": f"./deploy/secrets/{secret}"}


def test_what_is_confidential_is_reached_by_disclosure_control_alone(
    services: dict[str, Any],
) -> None:
    secret = "observatory_confidential_database_url"
    given = {name for name, each in services.items() if secret in each.get("secrets", [])}
    assert given == {"migrate", "disclose"}, "one gives the password, the other uses it"
    assert services["disclose"]["secrets"] == [secret], "and has no other"
    assert services["disclose"]["networks"] == ["data"]
    assert services["disclose"]["profiles"] == ["disclosure"]


def test_every_image_has_a_version(services: dict[str, Any]) -> None:
    for name, service in services.items():
        image = service.get("image")
        if image:
            tag = image.removesuffix("}").rpartition(":")[2]
            assert tag.removeprefix("v")[:1].isdigit(), f"{name}: {image}"
