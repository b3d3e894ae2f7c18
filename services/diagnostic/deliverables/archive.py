"""A ZIP that is written as it is sent: one file of it is in memory at a time.

The same files give the same bytes: their time is the cohort's, and nothing of this machine is in.
"""

import hashlib
import io
import zipfile
from dataclasses import asdict, dataclass
from datetime import date

_MODE = 0o644 << 16
_UNIX = 3
_FIRST, _LAST = date(1980, 1, 1), date(2107, 12, 31)
"""The days that a ZIP can tell (APPNOTE 4.4.6)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive, as the manifest tells it."""

    name: str
    bytes: int
    sha256: str


class _Outlet(io.RawIOBase):
    """Takes what the ZIP writes; it cannot go back, so sizes follow each file (APPNOTE 4.3.9)."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """Tell the ZIP that it may write."""
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]  # zipfile writes bytes
        """Keep a piece until it is taken."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found


class Archive:
    """Add files one after the other, and send what each call returns."""

    def __init__(self, day: date) -> None:
        self._outlet = _Outlet()
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED)
        told = min(max(day, _FIRST), _LAST)
        self._moment = (told.year, told.month, told.day, 12, 0, 0)
        self._entries: list[Entry] = []

    @property
    def entries(self) -> list[dict[str, object]]:
        """Give the files so far, for a manifest."""
        return [asdict(one) for one in self._entries]

    def add(self, name: str, content: bytes) -> bytes:
        """Compress a file, and give the bytes that are ready."""
        info = zipfile.ZipInfo(name, self._moment)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.create_system, info.external_attr = _UNIX, _MODE
        self._zip.writestr(info, content)
        digest = hashlib.sha256(content).hexdigest()
        self._entries.append(Entry(name, len(content), digest))
        return self._outlet.taken()

    def close(self) -> bytes:
        """End the archive: without these bytes no client opens it."""
        self._zip.close()
        return self._outlet.taken()
