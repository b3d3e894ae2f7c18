"""Programs of others that run on Node.js, installed as their lock file says."""

import fcntl
import shutil
import subprocess
from pathlib import Path


def installed(folder: Path) -> str | None:
    """Install them where they are not yet; give the program that runs them, None without one."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    lock, done = folder / "package-lock.json", folder / "node_modules" / ".package-lock.json"
    with lock.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # one process installs, the others wait
        if done.exists() and done.stat().st_mtime >= lock.stat().st_mtime:
            return node
        asked = [npm, "ci", "--no-audit", "--no-fund"]
        tried = subprocess.run(asked, cwd=folder, capture_output=True, check=False, timeout=120)
    return None if tried.returncode else node
