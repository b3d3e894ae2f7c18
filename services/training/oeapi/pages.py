"""Pages as the Open Education API numbers them, and none that has to read all before it.

A page number skips rows, of which it may be few; the Link header names the next page by its key,
at any depth, and keeps what was asked. Sizes are those of the contract.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar

from fastapi import Depends, Query, Request

from platformkit.pagination import CursorRefused, sign, unsign
from training.oeapi.problems import PageTooDeep
from training.oeapi.schemas import Listed

MOST_SKIPPED: Final = 10_000
_LARGEST_NUMBER: Final = 2**31 - 1

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of a list is wanted."""

    size: int
    number: int
    after: list[Any] | None
    secret: str
    request: Request

    @property
    def skip(self) -> int:
        """Return how many rows of the list are before it, none where a key says so."""
        return 0 if self.after is not None else (self.number - 1) * self.size

    def key(self, *least: Any) -> list[Any]:  # noqa: ANN401  # parts of a key
        """Return the key that it begins after; `least` is before all."""
        return list(least) if self.after is None else self.after

    def of(
        self,
        rows: Sequence[Any],
        key: Callable[[Any], Sequence[Any]],
        render: Callable[[Any], Item],
    ) -> Listed[Item]:
        """Make the page of `size + 1` rows: the one more says that another page follows."""
        shown = rows[: self.size]
        follows = len(rows) > self.size
        if follows:
            mark = sign(self.secret, [self.number + 1, *key(shown[-1])])
            url = self.request.url.include_query_params(pageNumber=self.number + 1, after=mark)
            self.request.state.link = f'<?{url.query}>; rel="next"'
        return Listed(
            page_size=self.size,
            page_number=self.number,
            has_previous_page=self.number > 1,
            has_next_page=follows,
            items=[render(row) for row in shown],
        )


async def _page(
    request: Request,
    size: Annotated[str | None, Query(alias="pageSize", pattern="^(10|20|50|100|250)$")] = None,
    number: Annotated[int | None, Query(alias="pageNumber", ge=1, le=_LARGEST_NUMBER)] = None,
    after: Annotated[
        str | None, Query(max_length=2_000, description="of the `next` link of the page before")
    ] = None,
) -> PageAsked:
    secret = request.app.state.settings.secret_key.get_secret_value() + request.url.path
    length = int(size or 10)
    if after is None:
        asked = PageAsked(length, number or 1, None, secret, request)
        if asked.skip > MOST_SKIPPED:
            raise PageTooDeep(most=MOST_SKIPPED)
        return asked
    meant, *key = unsign(secret, after)
    if number not in {None, meant}:
        raise CursorRefused
    return PageAsked(length, meant, key, secret, request)


Asked = Annotated[PageAsked, Depends(_page)]
"""`pageSize`, `pageNumber` and `after` of a list; PageTooDeep, CursorRefused."""
