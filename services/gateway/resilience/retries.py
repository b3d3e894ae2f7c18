"""How often, and how late, a request may be sent again."""

import random
from dataclasses import dataclass, field

_BASE_SECONDS = 0.025
_LONGEST_SECONDS = 0.25


@dataclass(slots=True)
class Budget:
    """Grants at most `percent` retries to a hundred requests; what is unused is kept up to `most`.

    Counted in hundredths of a retry, so that a request costs one addition.
    """

    percent: int = 20
    most: int = 10
    _saved: int = field(default=0, init=False)

    def request(self) -> None:
        """Count a request that came in."""
        if self._saved < self.most * 100:
            self._saved += self.percent

    def take(self) -> bool:
        """Take one retry, if there is one."""
        if self._saved < 100:  # noqa: PLR2004  # hundredths of one retry
            return False
        self._saved -= 100
        return True

    @property
    def left(self) -> int:
        """Retries that could be taken now."""
        return self._saved // 100


def pause(attempt: int, dice: random.Random) -> float:
    """Draw the seconds before the retry of this number, the first is 1 (full jitter, AWS 2015)."""
    return dice.uniform(0, min(_LONGEST_SECONDS, _BASE_SECONDS * 2**attempt))
