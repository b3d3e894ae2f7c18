"""The parts of an answer and what each waits for, read together."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

from gateway.overviews.coming import Coming, Started, together
from gateway.overviews.parts import Ask, Gap, Part
from gateway.overviews.reader import Reader

NOT_APPLICABLE = "not-applicable"
_NONE = frozenset({404, 422})
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Step:
    """A part: what to ask, given the JSON of the part that it comes `after`, None without it.

    `make` gives None where there is nothing to ask. `scope` is what its service wants of callers.
    """

    part: str
    make: Callable[[Any], Ask | None]
    after: str | None = None
    scope: str | None = None


def plain(part: str, ask: Ask, scope: str | None = None) -> Step:
    """Make a step that waits for nothing."""
    return Step(part, lambda _: ask, scope=scope)


def needed(steps: Sequence[Step], wanted: Collection[str]) -> list[Step]:
    """List the steps of the wanted parts and those that they wait for, which stand before them."""
    found: list[Step] = []
    names = set(wanted)
    for step in reversed(steps):
        if step.part in names:
            found.append(step)
            if step.after is not None:
                names.add(step.after)
    return found[::-1]


async def read(reader: Reader, steps: Sequence[Step]) -> dict[str, Part | Gap]:
    """Read the parts at the same time, one request each; those that wait begin at once after.

    What the reader has begun it goes on with.
    """
    firsts = {step.after for step in steps}
    tasks: dict[str | None, asyncio.Task[Part | Gap]] = {}
    started: list[Started] = []
    try:
        for step in steps:
            is_first = step.part in firsts
            begun = reader.begun.pop(step.part, None)
            if begun is None and not is_first and step.after is None:
                begun = _begin(reader, step)
            if begun is None:
                taking = _take(reader, step, tasks.get(step.after), is_first=is_first)
                tasks[step.part] = asyncio.create_task(taking)
            started.append(begun or tasks[step.part])
    finally:
        reader.hear()
    found = await together(started)
    return dict(zip((step.part for step in steps), found, strict=True))


def begin(reader: Reader, steps: Sequence[Step]) -> bool:
    """Ask for all of them at once, if that is possible; if not, perhaps for some."""
    if any(step.after is not None for step in steps):
        return False
    try:
        for step in steps:
            begun = _begin(reader, step)
            if begun is None:
                return False
            reader.begun[step.part] = begun
    finally:
        reader.hear()
    return True


def _begin(reader: Reader, step: Step) -> Part | Gap | Coming | None:
    """Ask for what need not wait for anything, if that is possible at once."""
    ask = step.make(None)
    if ask is None or not reader.allows(step.scope):
        return None
    return reader.begin(ask, is_open=step.scope is None)


async def _take(
    reader: Reader, step: Step, first: asyncio.Task[Part | Gap] | None, *, is_first: bool
) -> Part | Gap:
    before = None if first is None else await first
    ask = None
    if not is_unknown(before):
        ask = step.make(before.value if isinstance(before, Part) else None)
    if ask is None:
        return before if isinstance(before, Gap) else Gap("gateway", NOT_APPLICABLE, None)
    if not reader.allows(step.scope):
        return Gap(ask.service, "scope-missing", None, _FORBIDDEN)
    return await reader.read(ask, is_open=step.scope is None, is_first=is_first)


def is_unknown(found: Part | Gap | None) -> TypeGuard[Gap]:
    """Tell whether a service says that there cannot be such a thing, or none of this tenant."""
    return isinstance(found, Gap) and found.status in _NONE and found.reason not in _UNMEASURED


_UNMEASURED = frozenset({"exposure-unmeasured"})
"""Refusals of things that do exist."""
