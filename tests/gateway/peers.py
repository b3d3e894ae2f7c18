"""Programs of others that talk to the gateway, installed as their lock file says."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest

PEERS = Path(__file__).parents[1] / "peers"
_INSTALLED = PEERS / "node_modules" / ".package-lock.json"


def installed() -> str:
    """Install them where they are not yet, and give the program that runs them."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("neither npm nor node is on this machine")
    lock = PEERS / "package-lock.json"
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # one worker installs, the others wait
        if not _INSTALLED.exists() or _INSTALLED.stat().st_mtime < lock.stat().st_mtime:
            asked = [npm, "ci", "--no-audit", "--no-fund"]
            done = subprocess.run(asked, cwd=PEERS, capture_output=True, check=False, timeout=120)
            if done.returncode:
                pytest.skip("npm cannot install the peers here")
    return node
