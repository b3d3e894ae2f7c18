"""Keeps the process that draws, one picture at a time, and the pictures that were drawn last."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from observatory.charts.drawing import HEAD
from platformkit.errors import ProblemError
from platformkit.i18n import Text

SECONDS: Final = 10.0
"""For one picture, the start of the engine (about a second) included."""

LARGEST_BYTES: Final = 8 << 20
"""Of one picture."""

KEPT_BYTES: Final = 16 << 20
"""Of all pictures that are kept."""

WAITING: Final = 32
"""Requests that may wait for their turn; a picture takes a tenth of a second."""

IDLE_SECONDS: Final = 120.0
"""After which the process, some ninety megabytes, is let go."""

_PROGRAM: Final = Path(__file__).with_name("drawing.py")


class ChartUndrawn(ProblemError):
    """The picture was not made in time; its specification can be had, and drawn elsewhere."""

    status = 503
    code = "chart-undrawn"
    title = Text("Image non produite", "Picture not made")
    detail = Text(
        "L’image n’a pas pu être produite à temps : réessayez, ou dessinez la spécification"
        " (chart.json) vous-même.",
        "The picture could not be made in time: try again, or draw the specification (chart.json)"
        " yourself.",
    )


class Drawer:
    """Draws by a child process that has no environment, so no secret of ours."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._idle: asyncio.TimerHandle | None = None

    def kept(self, key: str) -> bytes | None:
        """Return the picture that was drawn for a key, where it is still kept."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    async def picture(self, key: str, form: str, spec: Mapping[str, Any], scale: float) -> bytes:
        """Return the picture of a specification, once drawn for its key; raises ChartUndrawn."""
        if self._waiting >= WAITING:
            raise ChartUndrawn
        self._waiting += 1
        try:
            async with self._turn:
                if key not in self._kept:
                    asked = orjson.dumps({"form": form, "spec": spec, "scale": scale})
                    self._keep(key, await self._drawn(asked))
                return self._kept[key]
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """Let the process go."""
        process = self._process
        self._end()
        if process is not None:
            await process.wait()

    def _keep(self, key: str, picture: bytes) -> None:
        self._kept[key] = picture
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > KEPT_BYTES:
            self._kept.popitem(last=False)

    async def _drawn(self, asked: bytes) -> bytes:
        is_whole = False
        try:
            async with asyncio.timeout(SECONDS):
                found = await self._answer(asked)
            is_whole = True
        except (TimeoutError, OSError, EOFError) as failure:
            raise ChartUndrawn from failure
        finally:
            if not is_whole:  # cancelled ones too: its answer would be taken for the next one's
                self._end()
        if not found:
            raise ChartUndrawn
        return found

    async def _answer(self, asked: bytes) -> bytes:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", str(_PROGRAM), stdin=PIPE, stdout=PIPE, env={}
            )
        process = self._process
        assert process.stdin is not None  # noqa: S101  # asked for above
        assert process.stdout is not None  # noqa: S101  # likewise
        process.stdin.write(HEAD.pack(len(asked)) + asked)
        await process.stdin.drain()
        (length,) = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
        if length > LARGEST_BYTES:
            raise EOFError
        found = await process.stdout.readexactly(length)
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._rest)
        return found

    def _rest(self) -> None:
        if not self._turn.locked():
            self._end()

    def _end(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._process = None
