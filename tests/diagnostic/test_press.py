"""Where reports are printed: few at a time, in turn, once each."""

import asyncio
import threading

import pytest

from diagnostic.reports.document import Report
from diagnostic.reports.press import PressBusy
from platformkit.press import THREADS, Press
from tests.diagnostic.reported import reported

REPORT = reported()


class Slow:
    """A printer that waits to be let go, and counts."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.lock = threading.Lock()
        self.printed = self.now = self.most = 0

    def __call__(self, _: Report) -> bytes:
        with self.lock:
            self.printed += 1
            self.now += 1
            self.most = max(self.most, self.now)
        assert self.go.wait(30)
        with self.lock:
            self.now -= 1
        return b"x" * 10


async def test_few_print_at_once_others_wait_and_the_rest_are_told_to_come_back() -> None:
    press, slow = Press(PressBusy, queue=6), Slow()
    waiting = [asyncio.create_task(press.printed(f"{n}", slow, REPORT)) for n in range(6)]
    await asyncio.sleep(0)
    with pytest.raises(PressBusy):
        await press.printed("one too many", slow, REPORT)
    slow.go.set()
    assert await asyncio.gather(*waiting) == [b"x" * 10] * 6
    assert slow.most <= THREADS
    assert await press.printed("again", slow, REPORT) == b"x" * 10


async def test_the_same_report_is_printed_once_and_the_oldest_forgotten() -> None:
    press, slow = Press(PressBusy, kept_bytes=25), Slow()
    slow.go.set()
    for tag in ("a", "b", "a", "c", "a"):
        await press.printed(tag, slow, REPORT)
    assert slow.printed == 3
    await press.printed("b", slow, REPORT)
    assert slow.printed == 4


async def test_a_reader_who_leaves_gives_up_the_place() -> None:
    press, slow = Press(PressBusy, queue=1), Slow()
    gone = asyncio.create_task(press.printed("gone", slow, REPORT))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    slow.go.set()
    assert await press.printed("next", slow, REPORT) == b"x" * 10
