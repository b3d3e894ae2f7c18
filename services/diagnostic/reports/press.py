"""Where reports are printed: a few at a time, off the event loop, and the latest ones kept.

Printing is a tenth of a second of CPU. However many ask, two threads print, a queue of a known
length waits, and everybody else is told to come back; the same report is not printed twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from diagnostic.reports.document import Report
from diagnostic.threads import Threads
from platformkit.errors import Unavailable
from platformkit.i18n import Text

THREADS = 2
QUEUE = 40
KEPT_BYTES = 16_000_000


class PressBusy(Unavailable):
    """Too many reports are being printed at this moment."""

    code = "reports-busy"
    title = Text("Trop de rapports demandés", "Too many reports asked for")
    detail = Text(
        "D’autres rapports sont en cours d’édition : réessayez dans un instant.",
        "Other reports are being printed: try again in a moment.",
    )


Printer = Callable[[Report], bytes]


class Press:
    """Prints and remembers; one per process is enough, and it starts no thread before its use."""

    def __init__(self, queue: int = QUEUE, kept_bytes: int = KEPT_BYTES) -> None:
        self._threads = Threads(THREADS, queue, PressBusy)
        self._room = kept_bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    async def printed(
        self, tag: str, printer: Printer, report: Report, *, patient: bool = False
    ) -> bytes:
        """Return what `printer` makes of the report, or raise PressBusy; `tag` names the bytes.

        Who is patient, having begun to answer, waits behind a queue however long.
        """
        known = self._kept.get(tag)
        if known is not None:
            self._kept.move_to_end(tag)
            return known
        made = await self._threads.run(printer, report, patient=patient)
        self._keep(tag, made)
        return made

    def _keep(self, tag: str, made: bytes) -> None:
        self._kept[tag] = made
        while sum(map(len, self._kept.values())) > self._room:
            self._kept.popitem(last=False)


PRESS = Press()
