"""Alive, ready, and what runs: for supervisors, without a token, never traced."""

import asyncio
from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from platformkit.reads import ReadPool

PATHS = frozenset({"/livez", "/readyz", "/version"})
_READY_SECONDS = 1.0
_AWAY = (OSError, TimeoutError, *ReadPool.errors)

router = APIRouter(include_in_schema=False)


@router.get("/livez")
async def read_liveness() -> dict[str, str]:
    """Answer as long as the process can answer at all."""
    return {"status": "alive"}


@router.get("/readyz")
async def read_readiness(request: Request) -> JSONResponse:
    """Answer 200 when the database answers within a second and no stop was asked for."""
    state = request.app.state
    if getattr(state, "draining", False):
        return JSONResponse({"status": "draining"}, 503)
    try:
        async with asyncio.timeout(_READY_SECONDS):
            await state.reads.fetchval("readiness", "SELECT 1")
    except _AWAY:
        return JSONResponse({"status": "database unreachable"}, 503)
    return JSONResponse({"status": "ready"})


@router.get("/version")
async def read_version(request: Request) -> dict[str, Any]:
    """Tell the release, its configuration's hash, and the schema that it expects and finds.

    What the database holds is None when it does not say so within a second.
    """
    state = request.app.state
    present = None
    with suppress(*_AWAY):
        async with asyncio.timeout(_READY_SECONDS):
            present = await state.reads.fetchval(
                "schema revision", "SELECT version_num FROM alembic_version"
            )
    return {**state.told, "schema": {**state.told["schema"], "present": present}}
