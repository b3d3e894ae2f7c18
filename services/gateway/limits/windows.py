"""Requests of the last minute, counted in the memory of this process."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, NamedTuple

from gateway.plans import WINDOW_SECONDS, Rule

MOST: Final = 100_000
"""Windows held at once, some 25 MB; beyond, the oldest is forgotten, the nearest to its end."""

Demand = tuple[bytes, Rule]
"""Who asks, as a key that tells nothing of them, and the rule that holds for them."""


class Standing(NamedTuple):
    """How the rule that binds first stands after a request, and whether that was let through."""

    rule: Rule
    left: int
    seconds: float
    passed: bool


class _Window:
    __slots__ = ("ends", "used")

    def __init__(self, used: int, ends: float) -> None:
        self.used, self.ends = used, ends


class Windows:
    """Counts what passes; what is refused is not counted, by any rule (Tyk #1876).

    All windows last as long, so they stand in the order in which they end. Strangers have a room
    of their own: however many come, they push no client's window out.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._of_strangers: OrderedDict[bytes, _Window] = OrderedDict()
        self._of_clients: OrderedDict[bytes, _Window] = OrderedDict()

    def __len__(self) -> int:
        return len(self._of_strangers) + len(self._of_clients)

    def take(self, demands: Sequence[Demand], now: float) -> Standing:
        """Count one request under all of its rules, or under none."""
        found: list[_Window] = []
        binding: Rule | None = None
        least, ends = 0, 0.0
        for key, rule in demands:
            windows = self._room(rule)
            window = windows.get(key)
            if window is None or window.ends <= now:
                window = self._begin(windows, key, _Window(0, now + WINDOW_SECONDS), now)
            left = rule.quota - window.used
            if left <= 0:
                return Standing(rule, 0, window.ends - now, passed=False)
            if binding is None or left < least:
                binding, least, ends = rule, left, window.ends
            found.append(window)
        for window in found:
            window.used += 1
        assert binding is not None  # noqa: S101  # nobody asks without a rule
        return Standing(binding, least - 1, ends - now, passed=True)

    def spent(self, demands: Sequence[Demand], now: float) -> Standing | None:
        """Give the first rule that refuses this request, counting nothing."""
        for key, rule in demands:
            window = self._room(rule).get(key)
            if window is not None and window.ends > now and window.used >= rule.quota:
                return Standing(rule, 0, window.ends - now, passed=False)
        return None

    def note(self, demand: Demand, used: int, seconds: float, now: float) -> None:
        """Take over what a store shared with others says of a window."""
        key, rule = demand
        windows = self._room(rule)
        window = windows.get(key)
        if window is None or window.ends <= now:
            self._begin(windows, key, _Window(used, now + seconds), now)
        else:
            window.used, window.ends = used, now + seconds

    def _room(self, rule: Rule) -> OrderedDict[bytes, _Window]:
        return self._of_strangers if rule.of_strangers else self._of_clients

    def _begin(
        self, windows: OrderedDict[bytes, _Window], key: bytes, new: _Window, now: float
    ) -> _Window:
        windows.pop(key, None)  # to stand last
        while windows:
            oldest = windows[next(iter(windows))]
            if oldest.ends > now and len(windows) < self._most:
                break
            windows.popitem(last=False)
        windows[key] = new
        return new
