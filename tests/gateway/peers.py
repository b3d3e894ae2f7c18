"""Programs of others that talk to the gateway."""

from pathlib import Path

import pytest

from tests import node

PEERS = Path(__file__).parents[1] / "peers"


def installed() -> str:
    """Give the program that runs them, or skip the test."""
    found = node.installed(PEERS)
    if found is None:
        pytest.skip("neither node nor what npm would install is on this machine")
    return found
