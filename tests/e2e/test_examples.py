"""The contract's examples are what the platform answers, still."""

import json
from collections.abc import Iterator
from typing import Any

from deploy import examples
from tests.e2e.machine import Machine

KEPT = "observatory_", "exposure"
"""Figures of a method that has a version: these are the same to the last digit."""

BY_DATA = ("/facets",)
"""Members whose own members are named by what is found."""


def changed(shown: Any, real: Any, where: str) -> Iterator[str]:
    """Name the members that one has and the other has not, and values of another type."""
    if where.endswith(BY_DATA):
        return
    if isinstance(shown, dict) and isinstance(real, dict):
        for name in sorted(shown.keys() ^ real.keys()):
            yield f"{where}/{name} is in one of both"
        for name in sorted(shown.keys() & real.keys()):
            yield from changed(shown[name], real[name], f"{where}/{name}")
    elif isinstance(shown, list) and isinstance(real, list):
        for one, other in zip(shown, real, strict=False):
            yield from changed(one, other, f"{where}/0")
    elif shown is not None and real is not None and type(shown) is not type(real):
        yield f"{where} is {real!r}, not {shown!r}"


async def test_the_examples_are_what_the_platform_answers(machine: Machine) -> None:
    document = json.loads(examples.CONTRACT.read_bytes())
    secret = (machine.data / "secrets" / "demo-client.secret").read_text()
    real = await examples.recorded(machine.door, secret, document)
    shown = json.loads(examples.TARGET.read_text())
    wrong = [f"{name} is not answered any more" for name in shown.keys() - real.keys()]
    for name in sorted(shown.keys() & real.keys()):
        wrong += changed(shown[name]["answer"], real[name]["answer"], name)
        figures = [{**one["answer"], "next": None} for one in (shown[name], real[name])]
        if all(word in name for word in KEPT) and figures[0] != figures[1]:
            wrong.append(f"{name} has other figures")
    assert not wrong, "record them anew: `python -m deploy.examples`\n" + "\n".join(wrong)
