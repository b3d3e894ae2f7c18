"""The training service: its routers, and the imports that it works off beside them."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from platformkit.app import build_app
from platformkit.i18n import Text
from training.certifications import routes as certifications
from training.formats import FORMATS
from training.imports import routes as imports
from training.imports import worker
from training.references import routes as references
from training.settings import Settings


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    app.state.import_formats, app.state.import_wake = FORMATS, asyncio.Event()
    async with worker.beside(app, [sys.executable, "-m", "training.import_run"]):
        yield


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; `uvicorn --factory training.main:create_app` runs it."""
    return build_app(
        service="training",
        title=Text("Formations et certifications", "Training and certifications"),
        settings=settings or Settings(),
        routers=[certifications.router, references.router, imports.router],
        lifespan=_life,
        hot_reads={"/v1/certifications/{number}": certifications.hot_certification},
    )
