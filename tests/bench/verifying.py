"""A kit of 50 MB verified, beside SHA-256 of the same bytes."""

import hashlib
import io
import time
import zlib
from collections.abc import Callable

from observatory.kits import archive, signing, verifying
from observatory.kits.signing import SigningKey
from tests.bench.pace import ROUNDS
from tests.bench.rounds import Measure, interleave, show

FILES, FILE_BYTES = 100, 500_000
_KEY = SigningKey.derived("bench")


def _kit() -> bytes:
    """Make a kit of a hundred files, with nothing in them that matters."""
    files = {
        f"structures/{number:03}.csv": hashlib.shake_128(bytes([number])).digest(FILE_BYTES)
        for number in range(FILES)
    }
    names = {"fr": "Mesure", "en": "Bench"}
    raw = signing.canonical(
        {
            "document": "vigie-kit-manifest/1",
            "agency": "BENCH",
            "name": names,
            "version": "1.0.0",
            "notes": names,
            "methods": {"none": "1.0.0"},
            "artefacts": {},
            "files": [
                {
                    "path": path,
                    "bytes": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "crc32": zlib.crc32(content),
                }
                for path, content in files.items()
            ],
            "yanked": [],
            "critical": [],
            "key_id": _KEY.public.id,
        }
    )
    own = [(archive.MANIFEST, raw), (archive.SIGNATURE, _KEY.sign(raw))]
    return b"".join(archive.pieces([*own, *files.items()]))


async def kits() -> None:
    """Compare all of the verification, from a file and as it arrives, with hashing the bytes."""
    kit = _kit()

    def arriving() -> object:
        verifier = verifying.Verifier(lambda _: [_KEY.public])
        for at in range(0, len(kit), 1 << 16):
            verifier.feed(kit[at : at + (1 << 16)])
        return verifier.end()

    def speed(work: Callable[[], object]) -> Measure:
        async def measure() -> float:
            begun = time.process_time()
            work()
            return len(kit) / 1e6 / (time.process_time() - begun)

        return measure

    subjects = {
        "SHA-256": speed(lambda: hashlib.sha256(kit).digest()),
        "a file": speed(lambda: verifying.verify(io.BytesIO(kit), lambda _: [_KEY.public])),
        "as it arrives": speed(arriving),
    }
    found = await interleave(subjects, ROUNDS)
    show("A kit of 50 MB verified (MB per second of CPU)", "MB/s", found, "SHA-256")
