"""Verifies a kit while it arrives: nothing of it is kept that was not proven, one pass, no growth.

The manifest comes first and is verified before any other byte is read; from then on every byte of
the archive is foretold by it, so that one that was changed anywhere is found, with its file.
"""

import hashlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from observatory.kits import archive, manifest, signing
from observatory.kits.manifest import Manifest, ManifestRefused
from observatory.kits.signing import PublicKey, SignatureWrong
from platformkit.errors import Fault
from platformkit.i18n import Text

PIECE: Final = 1 << 17
_SIGNATURE_BYTES: Final = 64
_ALTERED: Final = Text(
    "Ce fichier n’est pas celui qui a été signé.", "This is not the file that was signed."
)
_FORM: Final = Text(
    "L’archive n’a pas ici les octets que la forme des kits impose : membre stocké, sans date, "
    "lien, extension ni commentaire, dans l’ordre du manifeste.",
    "The archive has not the bytes here that the form of kits wants: member stored, without date, "
    "link, extension or comment, in the order of the manifest.",
)
_SHORT: Final = Text("L’archive s’arrête ici.", "The archive ends here.")
_MORE: Final = Text("Des octets suivent la fin de l’archive.", "Bytes follow the archive's end.")
_SIGNED: Final = Text(
    "La signature n’est pas celle de ce manifeste.", "The signature is not that of this manifest."
)
_LARGE: Final = Text(
    f"Le manifeste a plus de {manifest.LARGEST_MANIFEST} octets.",
    f"The manifest has more than {manifest.LARGEST_MANIFEST} bytes.",
)

_Reading = Generator[int, bytes, "Verified"]
Pinned = Callable[[str], Sequence[PublicKey]]
"""The keys that are trusted of an agency."""


class KitRejected(ValueError):
    """The archive is not a kit that was signed by whom it says; `faults` name the file."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{each.place}: {each.code}" for each in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Verified:
    """A kit that is what it says; `offsets` are where the bytes of each file begin."""

    manifest: Manifest
    raw_manifest: bytes
    sha256: str
    """Of the manifest, and with it of every file."""
    offsets: dict[str, int]
    size: int


def _rejected(place: str, code: str, text: Text) -> KitRejected:
    return KitRejected(Fault("", code, text, place=place))


class Verifier:
    """Takes the bytes as they come; raises KitRejected or KeyNotPinned at the first wrong one."""

    def __init__(self, pinned: Pinned) -> None:
        self._reading = _read(pinned)
        self._wanted = next(self._reading)
        self._held = bytearray()
        self._verified: Verified | None = None

    def feed(self, chunk: bytes) -> None:
        """Judge what can be judged; at most a piece is held."""
        self._held += chunk
        while self._verified is None and len(self._held) >= self._wanted:
            taken = bytes(self._held[: self._wanted])
            del self._held[: self._wanted]
            try:
                self._wanted = self._reading.send(taken)
            except StopIteration as done:
                self._verified = done.value
        if self._verified is not None and self._held:
            raise _rejected("", "archive-longer", _MORE)

    def end(self) -> Verified:
        """Return what was verified, or raise KitRejected for what has not come."""
        if self._verified is None:
            self._reading.throw(EOFError())
        assert self._verified is not None  # noqa: S101  # the reading has raised otherwise
        return self._verified


def verify(file: BinaryIO, pinned: Pinned) -> Verified:
    """Verify a kit in a file; raises KitRejected or KeyNotPinned."""
    reading = _read(pinned)
    wanted = next(reading)
    while True:
        taken = file.read(wanted)
        try:
            if len(taken) < wanted:
                reading.throw(EOFError())
            wanted = reading.send(taken)
        except StopIteration as done:
            found: Verified = done.value
            break
    if file.read(1):
        raise _rejected("", "archive-longer", _MORE)
    return found


def _read(pinned: Pinned) -> _Reading:
    """Ask for as many bytes as can be judged next, and return what was verified."""
    raw, first = yield from _small(archive.MANIFEST, manifest.LARGEST_MANIFEST)
    signature, second = yield from _small(archive.SIGNATURE, _SIGNATURE_BYTES)
    found = _manifest(raw, signature, pinned)
    at = sum(archive.HEADER_BYTES + len(one.path) + one.size for one in (first, second))
    offsets = {}
    for file in found.files:
        header = archive.local_header(file.member)
        offsets[file.path] = at + len(header)
        yield from _expected(header, file.path)
        yield from _content(file)
        at = offsets[file.path] + file.bytes
    members = [first, second, *(file.member for file in found.files)]
    for path, entry in archive.directory(members):
        yield from _expected(entry, path)
        at += len(entry)
    return Verified(found, raw, hashlib.sha256(raw).hexdigest(), offsets, at)


def _taken(wanted: int, place: str) -> Generator[int, bytes, bytes]:
    try:
        return (yield wanted)
    except EOFError:
        raise _rejected(place, "archive-short", _SHORT) from None


def _small(path: str, largest: int) -> Generator[int, bytes, tuple[bytes, archive.Member]]:
    """Read a file whose size only its header tells: bounded before anything of it is read."""
    header = yield from _taken(archive.HEADER_BYTES + len(path), path)
    member = archive.first_header(header, path)
    if member is None:
        raise _rejected(path, "archive-form", _FORM)
    if member.size > largest:
        raise _rejected(path, "manifest-too-large", _LARGE)
    content = b"" if not member.size else (yield from _taken(member.size, path))
    if archive.member(path, content) != member:
        raise _rejected(path, "file-altered", _ALTERED)
    return content, member


def _manifest(raw: bytes, signature: bytes, pinned: Pinned) -> Manifest:
    try:
        document = manifest.parsed(raw)
        keys = pinned(str(document.get("agency")))
        signing.pinned(document.get(signing.KEY_ID), keys).verify(signature, raw)
        return manifest.understood(document)
    except ManifestRefused as refused:
        raise KitRejected(*refused.faults) from refused
    except SignatureWrong as wrong:
        raise _rejected(archive.SIGNATURE, "signature-wrong", _SIGNED) from wrong


def _expected(wanted: bytes, path: str) -> Generator[int, bytes, None]:
    if (yield from _taken(len(wanted), path)) != wanted:
        raise _rejected(path, "archive-form", _FORM)


def _content(file: manifest.File) -> Generator[int, bytes, None]:
    digest, left = hashlib.sha256(), file.bytes
    while left:
        piece = yield from _taken(min(left, PIECE), file.path)
        digest.update(piece)
        left -= len(piece)
    if digest.hexdigest() != file.sha256:
        raise _rejected(file.path, "file-altered", _ALTERED)
