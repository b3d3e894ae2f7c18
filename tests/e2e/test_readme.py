"""The README's requests run as they stand, and answer what it shows."""

from tests.e2e.machine import Machine
from tests.e2e.told import ROOT, run


def test_the_readme_tells_the_truth(machine: Machine) -> None:
    assert len(run(machine, ROOT / "README.md")) > 10
