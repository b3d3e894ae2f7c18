"""One answer on its way that is made of parts of several services, which no task waits for."""

from contextvars import copy_context

from starlette.responses import Response
from starlette.types import Scope

from gateway.cache.entries import spelt
from gateway.overviews import plans, views
from gateway.overviews.coming import Coming
from gateway.overviews.parts import Gap, Part
from gateway.overviews.reader import READER, Reader
from gateway.overviews.views import View
from gateway.proxy.door import dressed
from gateway.straight.way import Admission, Way
from platformkit import deadlines, i18n, telemetry


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
        self._reader = self._context.run(self._enter, language, milliseconds)

    def _enter(self, language: i18n.Language, milliseconds: float) -> Reader:
        i18n.speak(language)
        telemetry.go_on(self._admission.trace)
        with deadlines.within(milliseconds):
            return Reader(self._admission.desk.door, self._admission.caller)

    def listen(self) -> None:
        """Ask for the parts and hear what comes; where some wait for others, that is not for us."""
        if not self._context.run(plans.begin, self._reader, self._view.steps):
            self._admission.guest.take_back()
            return
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
        response = None if self._admission.desk.drain.begun else self._context.run(self._response)
        if response is None:
            self._admission.guest.take_back()
            return
        headers = dressed(response.raw_headers, opened=self._admission.call.is_open)
        self._answer(response.status_code, spelt(headers), bytes(response.body))

    def _response(self) -> Response | None:
        found: dict[str, Part | Gap] = {}
        for name, part in self._reader.begun.items():
            here = part.found if isinstance(part, Coming) else part
            if here is None:
                return None
            found[name] = here
        try:
            return views.whole(self._view.answer(found))
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
