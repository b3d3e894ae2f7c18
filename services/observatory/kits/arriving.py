"""Takes a kit that arrives: judged as it comes, written to a file that no path leads to."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO

from observatory.kits import keys
from observatory.kits.service import KitRefused, PublisherUntrusted
from observatory.kits.signing import KeyNotPinned
from observatory.kits.verifying import KitRejected, Verified, Verifier, verify
from observatory.settings import Settings
from platformkit.errors import Fault
from platformkit.i18n import Text


@contextmanager
def judged() -> Iterator[None]:
    """Tell what is wrong with a kit as a problem; raises KitRefused or PublisherUntrusted."""
    try:
        yield
    except KitRejected as rejected:
        raise KitRefused(rejected.faults) from rejected
    except KeyNotPinned as stranger:
        raise PublisherUntrusted(key=stranger) from stranger


@contextmanager
def spool() -> Iterator[BinaryIO]:
    """Open a file that is gone with the process, however it ends."""
    with TemporaryFile() as file:
        yield file


async def take(
    settings: Settings, name: tuple[str, str], chunks: AsyncIterator[bytes], file: BinaryIO
) -> Verified:
    """Verify a kit while it arrives and is written; the first wrong byte ends it.

    Raises KitRefused, also for another kit than the one named, or PublisherUntrusted.
    """
    verifier = Verifier(lambda agency: keys.publishers(settings, agency))
    with judged():
        async for chunk in chunks:
            await asyncio.to_thread(verifier.feed, chunk)  # canonical JSON of 4 MB takes seconds
            file.write(chunk)
        found = verifier.end()
    told = found.manifest
    if (told.agency, told.version) != name:
        text = Text(
            f"C’est le kit {told.agency} {told.version}.",
            f"This is the kit {told.agency} {told.version}.",
        )
        raise KitRefused([Fault("", "kit-other", text, place="MANIFEST.json")])
    return found


def open_file(settings: Settings, file: BinaryIO) -> Verified:
    """Verify a kit in a file; raises KitRefused or PublisherUntrusted."""
    with judged():
        return verify(file, lambda agency: keys.publishers(settings, agency))
