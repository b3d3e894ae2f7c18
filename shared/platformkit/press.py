"""Where documents are printed: a few at a time, off the event loop, and the latest ones kept.

Printing is a tenth of a second of CPU. However many ask, two threads print, a queue of a known
length waits, and everybody else is told to come back; the same document is not printed twice.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from platformkit.errors import Unavailable
from platformkit.threads import Threads

D = TypeVar("D")

THREADS = 2
QUEUE = 40
KEPT_BYTES = 16_000_000


class Press:
    """Prints and remembers; one per process is enough, and it starts no thread before its use."""

    def __init__(
        self, busy: type[Unavailable], queue: int = QUEUE, kept_bytes: int = KEPT_BYTES
    ) -> None:
        self._threads = Threads(THREADS, queue, busy)
        self._room = kept_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def printed(
        self, tag: str, printer: Callable[[D], bytes], document: D, *, patient: bool = False
    ) -> bytes:
        """Return what `printer` makes of the document, or raise `busy`; `tag` names the bytes.

        Who is patient, having begun to answer, waits behind a queue however long.
        """
        known = self._kept.get(tag)
        if known is not None:
            self._kept.move_to_end(tag)
            return known
        made = await self._threads.run(printer, document, patient=patient)
        self._keep(tag, made)
        return made

    def _keep(self, tag: str, made: bytes) -> None:
        self._kept[tag] = made
        while sum(map(len, self._kept.values())) > self._room:
            self._kept.popitem(last=False)
