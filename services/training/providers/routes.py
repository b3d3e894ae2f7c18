"""HTTP of the providers: open data, read by anyone."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from platformkit import open_data
from platformkit.auth import public
from platformkit.errors import problems
from platformkit.pagination import CursorRefused, Page, Paging
from platformkit.reads import Reads
from platformkit.sparse import FieldUnknown, Sparse, fields_of
from training.providers import service as providers
from training.providers.listing import CATEGORIES, Category
from training.providers.schemas import ListedProvider, ProviderSummary
from training.providers.service import (
    Filters,
    ProviderNumberInvalid,
    ProviderUnknown,
    ProviderWithdrawn,
)

router = APIRouter(prefix="/v1/providers", tags=["providers"], dependencies=[public()])

_LONGEST: Final = 40
"""Characters of a provider's number, as it is spelt."""


def _filters(
    *,
    q: Annotated[
        str | None, Query(max_length=200, description="words of the name, or part of a number")
    ] = None,
    department: Annotated[
        str | None, Query(pattern=r"^(?:[0-9]{2,3})$", description="`20` is Corsica")
    ] = None,
    qualiopi: Annotated[
        list[Category] | None,
        Query(max_length=len(CATEGORIES), description="certified for all of these"),
    ] = None,
    siren: Annotated[str | None, Query(pattern=r"^[0-9]{9}$")] = None,
) -> Filters:
    return Filters(q, department, qualiopi or (), siren)


@router.get(
    "",
    response_model=Page[ProviderSummary],
    responses=open_data.KEPT | problems(CursorRefused, FieldUnknown),
)
async def list_providers(
    request: Request,
    reads: Reads,
    paging: Paging,
    filters: Annotated[Filters, Depends(_filters)],
    sparse: Annotated[Sparse, fields_of(ProviderSummary)],
) -> Response:
    """List the training providers of the public list, by activity number."""
    return open_data.answer(request, sparse.page(await providers.listed(reads, filters, paging)))


@router.get(
    "/{number}",
    response_model=ListedProvider,
    responses=open_data.KEPT
    | problems(ProviderNumberInvalid, ProviderUnknown, ProviderWithdrawn, FieldUnknown),
)
async def read_provider(
    request: Request,
    reads: Reads,
    number: Annotated[
        str,
        Path(
            max_length=_LONGEST,
            description="SIRET or activity number",
            examples=["110 043 015 00012"],
        ),
    ],
    sparse: Annotated[Sparse, fields_of(ListedProvider)],
) -> Response:
    """Read a provider: who it is, what it declares, what Qualiopi certifies it for."""
    return open_data.answer(request, sparse.document(await providers.read(reads, number)))


async def hot_provider(request: Request, number: str) -> Response | None:
    """Read a provider as `read_provider` does, without its machinery."""
    if len(number) > _LONGEST:
        return None
    return open_data.answer(request, await providers.read(request.app.state.reads, number))
