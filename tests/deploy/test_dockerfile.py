"""The images: linted, without root, each with one service only."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"


def test_hadolint_has_nothing_to_say() -> None:
    checked = subprocess.run(
        [str(Path(sys.executable).parent / "hadolint"), str(DOCKERFILE)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


def stages() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in DOCKERFILE.read_text().splitlines():
        if line.startswith("FROM "):
            name = line.split(" AS ")[1]
            found[name] = [line]
        elif name:
            found[name].append(line)
    return found


def test_what_runs_runs_without_root_under_a_fixed_number() -> None:
    for name in ("service", "migrate"):
        assert "USER 10001:10001" in stages()[name]


def test_a_service_image_holds_platformkit_and_that_service_only() -> None:
    copied = [
        line
        for name in ("base", "service")
        for line in stages()[name]
        if line.startswith("COPY") and "--from" not in line
    ]
    assert copied == [
        "COPY shared/platformkit platformkit",
        "COPY deploy/uvicorn.json uvicorn.json",
        "COPY services/${SERVICE} ${SERVICE}",
    ]


def test_packages_are_installed_by_hash_on_a_base_that_can_be_chosen() -> None:
    text = DOCKERFILE.read_text()
    assert text.index("ARG BASE_IMAGE=python:3.11-slim") < text.index("FROM")
    assert "--require-hashes -r requirements.txt" in text
    assert "HEALTHCHECK" in text


def test_the_build_sees_only_what_it_copies() -> None:
    allowed = (DOCKERFILE.with_name("Dockerfile.dockerignore")).read_text().splitlines()
    assert allowed[0] == "*"
    copied = {
        word
        for line in DOCKERFILE.read_text().splitlines()
        if line.startswith("COPY") and "--from" not in line
        for word in line.split()[1:-1]
    }
    kept = {line.removeprefix("!") for line in allowed if line.startswith("!")}
    for path in copied:
        assert any(path.rstrip("/").startswith(root) for root in kept), path


def test_the_server_writes_no_access_log_which_would_hold_paths_and_queries() -> None:
    told = json.loads(DOCKERFILE.with_name("uvicorn.json").read_text())
    assert told["loggers"]["uvicorn.access"]["level"] == "WARNING"
    (command,) = (line for line in stages()["service"] if line.startswith("CMD"))
    assert "--log-config uvicorn.json" in command
