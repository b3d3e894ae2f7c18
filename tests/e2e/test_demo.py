"""`make demo` against the running platform: what a programme officer wants to see."""

import re
import subprocess
import sys
from pathlib import Path

from tests.e2e.machine import ROOT, Machine
from tests.e2e.sink import Sink


def played(machine: Machine, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.demo"],
        check=False,
        cwd=folder,
        env=machine.environment | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"} | variables,
        capture_output=True,
        text=True,
    )


def test_the_demo_shows_the_whole_story_and_can_be_played_again(
    machine: Machine, sink: Sink, tmp_path: Path
) -> None:
    first = played(machine, tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    for words in (
        "Exposition à l’IA générative",
        "intervalle à 95 %",
        "0,303",  # region 32, computed
        "29,2 %",
        "Diagnostic de maturité",
        "Les cinq premières actions",
        "Vue d’ensemble : complète",
    ):
        assert words in first.stdout
    assert re.search(r"(RNCP|RS)\d+", first.stdout)
    assert "€" in first.stdout
    assert [line for line in first.stdout.splitlines() if line.startswith("5. ")]
    (seat,) = re.findall(r"place (\d+) sur 15", first.stdout)
    (report,) = (tmp_path / "reports").iterdir()
    assert report.name in first.stdout
    assert report.read_bytes().startswith(b"%PDF-")
    (trace,) = re.findall(r"Trace : ([0-9a-f]{32})", first.stdout)
    assert sink.trace(trace, services={"gateway", "diagnostic", "observatory"})

    second = played(machine, tmp_path, VIGIE_LANGUAGE="en")
    assert second.returncode == 0, second.stdout + second.stderr
    assert f"seat {int(seat) + 1} of 15" in second.stdout
    assert "The first five actions" in second.stdout
    assert len(list((tmp_path / "reports").iterdir())) == 2


def test_without_a_platform_the_demo_says_what_to_do(tmp_path: Path) -> None:
    asked = played(Machine(tmp_path), tmp_path)
    assert asked.returncode == 1
    assert "make run" in asked.stdout
    assert asked.stderr == ""
