"""One holder per file, freed by the kernel when the holder dies however it dies."""

import fcntl
import os
from pathlib import Path


class Held(Exception):
    """Somebody else holds the lock; `owner` is the process id that it wrote."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"held by process {owner}")
        self.owner = owner


class Lock:
    """Hold a file for this process. Raises `Held`."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise Held(owner) from None
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def free(self) -> None:
        """Let the next one in."""
        self._file.close()
