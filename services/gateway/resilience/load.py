"""How many requests are inside the door, and which are refused first when they are many."""

import asyncio
import random
from typing import Final

from platformkit.errors import Unavailable
from platformkit.i18n import Text

ANONYMOUS: Final = 0
READ: Final = 1
WRITE: Final = 2
OWN: Final = 3
"""Priorities, the least first. Own: tokens and keys, without which nobody can come back."""

SHARES: Final = {"anonymous": 0.6, "read": 0.8, "write": 0.9, "own": 1.0}
"""Of the places, how many each priority may fill; in the order of the numbers above."""

_TOLD_AT_ONCE: Final = 50
_HELD_SECONDS: Final = 2.0
_MOST_HELD: Final = 8_192
"""Refusals of a second beyond the first fifty wait, outside, before they are told: clients that ask
again at once would otherwise keep the door from serving those inside (R-M7)."""

_RETRY_SECONDS = (1, 4)
"""Drawn for each refusal, so that those refused do not come back together."""

_dice = random.Random()  # noqa: S311  # spreads load, keeps no secret


class Overloaded(Unavailable):
    """The door serves as many requests as it can; the least important are refused first."""

    code = "overloaded"
    title = Text("Plateforme surchargée", "Platform overloaded")
    detail = Text(
        "Trop de requêtes à la fois : réessayez après le délai indiqué par Retry-After.",
        "Too many requests at once: try again after the time that Retry-After says.",
    )


def priority_of(method: str, *, known: bool) -> int:
    """Rank a request for what a service has."""
    if not known:
        return ANONYMOUS
    return READ if method in {"GET", "HEAD"} else WRITE


class Load:
    """Counts what is inside; refuses the less important before the more important."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limits = [max(1, int(most * share)) for share in SHARES.values()]
        self.inside = 0
        self.held = 0
        self._second, self._told = 0, 0
        self.shed = dict.fromkeys(SHARES, 0)

    @property
    def has_room(self) -> bool:
        """Tell whether one more may enter."""
        return self.inside < self._most

    def has_room_for(self, priority: int) -> bool:
        """Tell whether one more of that priority may enter, and stay."""
        return self.inside < self._limits[priority]

    def enter(self) -> None:
        """Count a request in, before anything costly is done for it; full is full for all."""
        if not self.has_room:
            self._refuse(OWN)
        self.inside += 1

    def leave(self) -> None:
        """Count it out."""
        self.inside -= 1

    def stay(self, priority: int) -> None:
        """Refuse a request that is inside, when its priority is known, in favour of others."""
        if self.inside > self._limits[priority]:
            self._refuse(priority)

    async def hold(self) -> None:
        """Keep a refusal of one that is no longer inside back, where there are many."""
        second = int(asyncio.get_running_loop().time())
        if second != self._second:
            self._second, self._told = second, 0
        self._told += 1
        if self._told <= _TOLD_AT_ONCE or self.held >= _MOST_HELD:
            return
        self.held += 1
        try:
            await asyncio.sleep(_HELD_SECONDS)
        finally:
            self.held -= 1

    def _refuse(self, priority: int) -> None:
        self.shed[tuple(SHARES)[priority]] += 1
        raise Overloaded(headers={"retry-after": str(_dice.randint(*_RETRY_SECONDS))})
