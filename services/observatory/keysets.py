"""Keyset pages of lists that are held in memory."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from platformkit.pagination import CursorRefused, Page, PageRequest, page

T = TypeVar("T")
Item = TypeVar("Item")


def paged(
    paging: PageRequest,
    rows: Sequence[T],
    key: Callable[[T], list[Any]],
    render: Callable[[T], Item],
) -> Page[Item]:
    """Cut and render the page after the cursor; the key orders the rows, no two have the same."""
    after = paging.after
    ordered = sorted(rows, key=key)
    try:
        rest = ordered if after is None else [row for row in ordered if key(row) > after]
    except TypeError as error:  # a cursor of another shape, signed by an earlier release
        raise CursorRefused from error
    total = len(rows) if paging.count else None
    return page(paging, rest[: paging.limit + 1], key, render, total)
