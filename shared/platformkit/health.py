"""Alive, ready, and which release: for supervisors, without a token, never traced."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from platformkit.reads import ReadPool

PATHS = frozenset({"/livez", "/readyz", "/version"})
_READY_SECONDS = 1.0

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
    except (OSError, TimeoutError, *ReadPool.errors):
        return JSONResponse({"status": "database unreachable"}, 503)
    return JSONResponse({"status": "ready"})


@router.get("/version")
async def read_version(request: Request) -> dict[str, str]:
    """Tell the release that runs."""
    state = request.app.state
    return {"service": state.service, "release": state.settings.release}
