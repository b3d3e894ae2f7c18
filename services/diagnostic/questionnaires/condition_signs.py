"""What a condition reads, sets against what, and how much work it takes, from its signs."""

from __future__ import annotations

import re
from collections.abc import Iterator

MACROS = frozenset({"exists", "exists_one", "all"})
WIDEST = 60
"""How many options a question may have: the most items that an answer can hold."""

Tokens = list[tuple[str, str]]
"""The kind and the text of each sign."""

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})


def word_at(tokens: Tokens, index: int) -> str:
    """Give the text of the sign at this place, nothing beyond the ends."""
    return tokens[index][1] if 0 <= index < len(tokens) else ""


def kind_at(tokens: Tokens, index: int) -> str:
    """Give its kind, nothing beyond the ends."""
    return tokens[index][0] if 0 <= index < len(tokens) else ""


def reads(tokens: Tokens, index: int) -> bool:
    """Tell whether `answers.CODE` begins here."""
    return (
        word_at(tokens, index) == "answers"
        and word_at(tokens, index - 1) != "."
        and word_at(tokens, index + 1) == "."
        and kind_at(tokens, index + 2) == "name"
    )


def guards(tokens: Tokens, index: int) -> bool:
    """Tell whether this reading is the one of `has(answers.CODE)`."""
    around = (word_at(tokens, index - 2), word_at(tokens, index - 1), word_at(tokens, index + 3))
    return around == ("has", "(", ")")


def fields(tokens: Tokens, places: list[int]) -> Iterator[tuple[str, str]]:
    """Find the rows read of a matrix, with its code."""
    for at in places:
        if word_at(tokens, at + 3) == "." and word_at(tokens, at + 5) != "(":
            yield tokens[at + 2][1], word_at(tokens, at + 4)


def compared(tokens: Tokens, places: list[int]) -> Iterator[tuple[str, str]]:
    """Find the texts set against an answer, with its code."""
    for at in places:
        sides = []
        if word_at(tokens, at + 3) in {"==", "!="}:
            sides.append(at + 4)
        if word_at(tokens, at - 1) in {"==", "!=", "in"}:
            sides.append(at - 2)
        for side in sides:
            if kind_at(tokens, side) == "text":
                yield tokens[at + 2][1], unquoted(tokens[side][1])


def unquoted(word: str) -> str:
    """Read a text literal."""
    return re.sub(r"\\(.)", r"\1", word[1:-1])


def opaque(tokens: Tokens, places: list[int]) -> Iterator[str]:
    """Find the answers set against anything but a literal, and all where a macro reads one."""
    bodies = _bodies(tokens)
    mixed = any(at in bodies for at in places)
    for at in places:
        if mixed or not _told_by_literals(tokens, at):
            yield tokens[at + 2][1]


def _told_by_literals(tokens: Tokens, at: int) -> bool:
    before, after = word_at(tokens, at - 1), word_at(tokens, at + 3)
    return (
        after == "."
        or (word_at(tokens, at - 2), before, after) in {("has", "(", ")"), ("size", "(", ")")}
        or (before == "in" and kind_at(tokens, at - 2) == "text")
        or (before in _COMPARISONS and kind_at(tokens, at - 2) == "number")
        or (after in _COMPARISONS and kind_at(tokens, at + 4) == "number")
    )


def _bodies(tokens: Tokens) -> frozenset[int]:
    """Collect the places inside of macros."""
    found: set[int] = set()
    stack: list[bool] = []
    for index, (_, word) in enumerate(tokens):
        if word in {"(", "["}:
            stack.append(word == "(" and word_at(tokens, index - 1) in MACROS)
        elif word in {")", "]"} and stack:
            stack.pop()
        elif any(stack):
            found.add(index)
    return frozenset(found)


def steps(tokens: Tokens) -> int:
    """Bound the work: one step a sign, an answer as many as it can hold, a macro's body as often.

    CEL has no other loop, and a macro runs over one answer only, so nothing takes longer.
    """
    total, stack = 0, [1]
    for index, (_, word) in enumerate(tokens):
        total += stack[-1] * (WIDEST if word == "answers" else 1)
        if word in {"(", "["}:
            macro = word == "(" and word_at(tokens, index - 1) in MACROS
            stack.append(stack[-1] * WIDEST if macro else stack[-1])
        elif word in {")", "]"} and len(stack) > 1:
            stack.pop()
    return total
