"""Setting aside what fails again and again, and trying it again with one request at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

State = Literal["closed", "open", "half-open"]
Ticket = int


@dataclass(frozen=True, slots=True)
class Rule:
    """Opens after `failures` in a row, for `base` seconds × the number of the opening.

    Counting begins anew after `longest` seconds of health; no opening is longer than that.
    """

    failures: int = 5
    base: float = 1.0
    longest: float = 30.0


@dataclass(slots=True)
class Breaker:
    """One thing that may fail: closed, open, or half open with one probe on its way.

    Whoever was admitted reports with the ticket; a report from before the last change of state
    says nothing about the present one and is dropped.
    """

    rule: Rule
    clock: Callable[[], float]
    failures: int = 0
    openings: int = 0
    _until: float | None = field(default=None, init=False)
    _closed_at: float = field(default=float("-inf"), init=False)
    _probing: bool = field(default=False, init=False)
    _epoch: Ticket = field(default=0, init=False)

    @property
    def closed(self) -> bool:
        """Tell whether anything may pass."""
        return self._until is None

    @property
    def ready(self) -> bool:
        """Tell whether the next request would be admitted, as any or as the probe."""
        return self._until is None or (not self._probing and self.clock() >= self._until)

    @property
    def state(self) -> State:
        """Name the state."""
        if self._until is None:
            return "closed"
        return "half-open" if self._probing or self.clock() >= self._until else "open"

    @property
    def opens_in(self) -> float:
        """Give the seconds until the next probe may be sent."""
        return 0.0 if self._until is None else max(0.0, self._until - self.clock())

    def admit(self) -> Ticket | None:
        """Let one request pass; None refuses it."""
        if self._until is None:
            return self._epoch
        if not self.ready:
            return None
        self._probing = True
        self._epoch += 1
        return self._epoch

    def succeeded(self, ticket: Ticket) -> None:
        """Take a success: the row of failures is broken, a probe closes."""
        if ticket != self._epoch:
            return
        self.failures = 0
        if self._until is not None:
            self._until = None
            self._closed_at = self.clock()
            self._probing = False
            self._epoch += 1

    def failed(self, ticket: Ticket, *, may_open: bool = True) -> bool:
        """Take a failure; tell whether it opened. The row goes on where opening is not allowed."""
        if ticket != self._epoch:
            return False
        self.failures += 1
        if self._until is None and (self.failures < self.rule.failures or not may_open):
            return False
        now = self.clock()
        if self._until is None and now - self._closed_at >= self.rule.longest:
            self.openings = 0
        self.openings += 1
        self._until = now + min(self.rule.longest, self.rule.base * self.openings)
        self._probing = False
        self._epoch += 1
        return True

    def abandoned(self, ticket: Ticket) -> None:
        """Take no result: the caller left; another may be the probe."""
        if ticket == self._epoch and self._until is not None:
            self._probing = False
