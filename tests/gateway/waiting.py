"""Waiting for what the other side of a socket does, of which nobody tells us."""

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable


async def until(claim: Callable[[], bool | Awaitable[bool]], seconds: float = 30.0) -> None:
    """Wait until the claim holds."""
    async with asyncio.timeout(seconds):
        while True:
            held = claim()
            if await held if isawaitable(held) else held:
                return
            await asyncio.sleep(0.01)
