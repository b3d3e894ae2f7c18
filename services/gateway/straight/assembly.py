"""One answer on its way that is made of parts of several services, which no task waits for."""

from contextvars import copy_context
from typing import Final

from starlette.types import Scope

from gateway.cache.entries import spelt
from gateway.overviews import plans, views
from gateway.overviews.coming import Coming
from gateway.overviews.parts import Gap, Part
from gateway.overviews.reader import READER, Reader
from gateway.overviews.views import View
from gateway.proxy.door import dressed
from gateway.straight.way import Admission, Way
from platformkit import i18n, telemetry

_OK: Final = 200
_SECURED: Final = {is_open: spelt(dressed([], opened=is_open)) for is_open in (False, True)}


class Assembly(Way):
    """A view whose parts come.

    All connections share one context: what a reader finds there is put into one of this request.
    """

    __slots__ = ("_awaited", "_context", "_reader", "_view")

    def __init__(
        self, admission: Admission, view: View, language: i18n.Language, milliseconds: float
    ) -> None:
        super().__init__(admission)
        self._view = view
        self._awaited = 0
        self._context = copy_context()
        self._reader = self._context.run(self._enter, language, milliseconds / 1000)

    def _enter(self, language: i18n.Language, seconds: float) -> Reader:
        i18n.speak(language)
        telemetry.go_on(self._admission.trace)
        return Reader(self._admission.desk.door, self._admission.caller, seconds)

    def listen(self) -> None:
        """Ask for the parts and hear what comes; where some wait for others, that is not for us."""
        if not self._context.run(plans.begin, self._reader, self._view.steps):
            self._admission.guest.take_back()
            return
        super().listen()
        for part in self._reader.begun.values():
            if isinstance(part, Coming) and part.found is None:
                part.told = self._hear
                self._awaited += 1
        if not self._awaited:
            self._end()

    def _hear(self) -> None:
        self._awaited -= 1
        if not self._awaited:
            self._end()

    def _end(self) -> None:
        """Answer when all is there; what is late or wrong is not for us."""
        made = None if self._admission.desk.drain.begun else self._context.run(self._made)
        if made is None:
            self._admission.guest.take_back()
        else:
            lines, body = made
            self._answer(_OK, lines + _SECURED[self._admission.call.is_open], body)

    def _made(self) -> tuple[bytes, bytes] | None:
        """Spell headers and body."""
        found: dict[str, Part | Gap] = {}
        for name, part in self._reader.begun.items():
            here = part.found if isinstance(part, Coming) else part
            if here is None:
                return None
            found[name] = here
        try:
            answer = self._view.answer(found)
            return views.lines(answer), answer.body
        except Exception:  # noqa: BLE001  # the chain will meet it again, and tell of it
            return None

    def go_on(self, scope: Scope) -> None:
        """Let the chain go on from here, with the parts that were asked for."""
        super().go_on(scope)
        scope[READER] = self._reader

    def _deafen(self) -> None:
        for part in self._reader.begun.values():
            if isinstance(part, Coming):
                part.told = None

    def _release(self) -> None:
        for part in self._reader.begun.values():
            if isinstance(part, Coming):
                part.close()
