"""Runs what a guide tells to run, and compares what it shows with what is real."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.e2e.machine import Machine

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)
PYTHON = Path(sys.base_prefix) / "bin"
"""The guides start Python hundreds of times: not by way of a manager of versions."""

MARK = "=====next====="


def differences(shown: object, real: object, where: str = "") -> list[str]:
    """Compare what is shown with what is real; `…` stands for what the guide leaves out."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [
            line
            for key, value in shown.items()
            for line in (
                differences(value, real[key], f"{where}/{key}")
                if key in real
                else [f"{where}/{key} is missing"]
            )
        ]
    if isinstance(shown, list) and isinstance(real, list):
        if len(shown) > len(real) or (not shown and real):
            return [f"{where} has {len(real)} elements"]
        pairs = enumerate(zip(shown, real, strict=False))
        return [line for at, (a, b) in pairs for line in differences(a, b, f"{where}/{at}")]
    if isinstance(shown, str) and shown.endswith("…"):
        return [] if str(real).startswith(shown[:-1].strip()) else [f"{where} is {real!r}"]
    return [] if shown == real else [f"{where} is {real!r}, not {shown!r}"]


def run(machine: Machine, guide: Path, *replaced: tuple[str, str], ending: str = "") -> list[str]:
    """Run all requests of a guide in one shell, from the root; give what each one said.

    Fails when one fails, or when an answer is not what the guide shows. `ending` runs last.
    """
    script: list[str] = []
    expected: list[tuple[int, object]] = []
    for kind, text in BLOCK.findall(guide.read_text()):
        if kind == "sh":
            script += [text, f"echo; echo {MARK}"]
        else:
            expected.append((len(script) // 2 - 1, json.loads(text)))
    answers = _shell(machine, [*script, ending], replaced).split(MARK)
    wrong = [
        line
        for number, shown in expected
        for line in differences(
            shown, json.loads(answers[number].strip()), f"request {number + 1} "
        )
    ]
    assert not wrong, "\n".join(wrong)
    return answers


def play(machine: Machine, guide: Path, *replaced: tuple[str, str]) -> None:
    """Run all requests of a guide whose answers are shown shortened; none may be refused."""
    script = [text for kind, text in BLOCK.findall(guide.read_text()) if kind == "sh"]
    _shell(machine, ['curl() { command curl --fail-with-body "$@"; }', *script], replaced)


def _shell(machine: Machine, script: list[str], replaced: Sequence[tuple[str, str]]) -> str:
    """Run it all in one shell, for this platform."""
    text = "\n".join(["set -eo pipefail", *script])
    for old, new in (("http://127.0.0.1:8000", machine.door), *replaced):
        text = text.replace(old, new)
    ran = subprocess.run(
        ["/bin/bash", "-c", text],
        cwd=ROOT,
        env=machine.environment | {"PATH": f"{PYTHON}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
