"""The query parameters that every native address of data takes."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request

from observatory.observations import service
from observatory.observations.keyed import KEY
from observatory.observations.selection import Labels
from platformkit.pagination import unsign

LARGEST_PAGE: Final = 100_000
_N = Annotated[int | None, Query(ge=1, le=1_000)]


async def _query(
    request: Request,
    startPeriod: Annotated[str | None, Query(max_length=30)] = None,  # noqa: N803  # SDMX's names
    endPeriod: Annotated[str | None, Query(max_length=30)] = None,  # noqa: N803  # likewise
    asOf: Annotated[  # noqa: N803  # likewise
        str | None, Query(max_length=40, description="as it was known at that instant")
    ] = None,
    updatedAfter: Annotated[  # noqa: N803  # likewise
        str | None, Query(max_length=40, description="what changed since, with deletions")
    ] = None,
    *,
    includeHistory: Annotated[bool, Query(description="every version")] = False,  # noqa: N803  # likewise
    firstN: _N = None,  # noqa: N803  # likewise
    lastN: _N = None,  # noqa: N803  # likewise
    mrnev: Annotated[
        int | None, Query(ge=1, le=1_000, description="last values per series that are not empty")
    ] = None,
    initial: Annotated[bool, Query(description="each value as it was first published")] = False,
    gapfill: Annotated[
        bool, Query(description="missing figures take the nearest earlier value, and say so")
    ] = False,
    labels: Annotated[Labels, Query(description="codes, names, or both")] = "id",
    reading: Annotated[
        bool, Query(description="also the sentence that reads each figure, with its key")
    ] = False,
    key: Annotated[
        str | None,
        Query(
            max_length=200,
            pattern=KEY,
            description="reading key, `ID` or `AGENCY:ID(1.0.0)`: also the class of each figure",
        ),
    ] = None,
    limit: Annotated[int | None, Query(ge=1, le=LARGEST_PAGE)] = None,
    after: Annotated[str | None, Query(max_length=200, description="from `Link`")] = None,
) -> service.Query:
    place = unsign(secret(request), after) if after else None
    return service.Query(
        items=request.query_params.multi_items(),
        start=startPeriod,
        end=endPeriod,
        as_of=asOf,
        updated_after=updatedAfter,
        include_history=includeHistory,
        first_n=firstN,
        last_n=lastN,
        limit=limit,
        mrnev=mrnev,
        initial=initial,
        gapfill=gapfill,
        after=None if place is None else tuple(place),
        labels=labels,
        reading=reading,
        key=key,
    )


def secret(request: Request) -> str:
    """Key of the cursors of one address."""
    return str(request.app.state.settings.secret_key.get_secret_value() + request.url.path)


Asked = Annotated[service.Query, Depends(_query)]
"""What was asked of an indicator, as it came."""
