"""Ports for servers of other processes, which listen on them later, and again."""

from itertools import islice
from random import SystemRandom
from typing import Final

from deploy.ports import is_free

_OURS: Final = range(20_000, 30_000)
"""None that kernels give to whoever asks for any: those may be another test's by then."""


def free_ports(number: int) -> list[int]:
    """Return ports that nobody listens on now."""
    dice = SystemRandom()  # of no seed: other workers draw as well
    return list(islice(filter(is_free, dice.sample(_OURS, len(_OURS))), number))
