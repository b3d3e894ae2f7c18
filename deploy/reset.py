"""Forget everything this machine holds: `make reset`. Needs the standard library only."""

import os
import shutil
import sys
from pathlib import Path

from deploy.lock import Held, Lock


def main() -> int:
    """Remove the data folder, and the database that root keeps elsewhere for it."""
    root = Path(__file__).resolve().parent.parent
    data = Path(os.environ.get("VIGIE_DATA") or root / ".data").absolute()
    if not data.exists():
        print(f"There is no {data}: nothing to remove.")
        return 0
    try:
        for name in ("run.lock", "postgres.lock"):
            Lock(data / name)
    except Held as held:
        print(f"Vigie runs as process {held.owner}: stop it first.", file=sys.stderr)
        return 1
    database = data / "postgres"
    if database.is_symlink():
        home = database.readlink()
        for folder in (home, home.with_name(f"{home.name}.partial")):
            shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(data)
    print(f"Removed {data}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
