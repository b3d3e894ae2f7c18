"""Addresses whose last parts may be left out, as SDMX-REST lets them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from fastapi import APIRouter, Response

FLOW_AND_KEY: Final = (
    ("context", "`dataflow`, `datastructure` or `*`"),
    ("agency", "agencies, or `*`"),
    ("resource", "id, or `*`"),
    ("version", "version: `1.0.0`, `+` the newest stable, `~` the newest, `*`"),
    ("key", "codes by dimension: `A.*.FR`; several keys are separated by commas"),
)
"""Segments of SDMX-REST 2 that say which data of which flow."""


def register(
    router: APIRouter,
    base: str,
    segments: Sequence[tuple[str, str]],
    endpoint: Callable[..., Awaitable[Response]],
    *,
    required: int = 0,
    openapi_extra: Mapping[str, Any] | None = None,
    **options: Any,  # noqa: ANN401  # FastAPI's
) -> None:
    """Serve a GET at `base` and with one, two, … `segments` behind it, of which some are required.

    A segment is its name and its description; the endpoint reads `request.path_params`, because
    what is left out is none of FastAPI's parameters.
    """
    for count in range(required, len(segments) + 1):
        present = segments[:count]
        name = (
            endpoint.__name__ if count == required else f"{endpoint.__name__}_by_{present[-1][0]}"
        )
        router.add_api_route(
            base + "".join(f"/{{{each}}}" for each, _ in present),
            endpoint,
            methods=["GET"],
            name=name,
            openapi_extra={
                "parameters": [_parameter(*each) for each in present],
                **(openapi_extra or {}),
            },
            **options,
        )


def _parameter(name: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "maxLength": 1000},
    }
