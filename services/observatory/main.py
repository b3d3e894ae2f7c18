"""The observatory service: its routers, nothing else."""

from fastapi import FastAPI

from observatory.changes import routes as changes
from observatory.changes.archive import Archive
from observatory.exposure import routes as exposure
from observatory.indices import routes as indices
from observatory.references import routes as references
from observatory.references.library import Library, warmed
from observatory.settings import Settings
from platformkit.app import build_app
from platformkit.i18n import Text


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; `uvicorn --factory observatory.main:create_app` runs it."""
    app = build_app(
        service="observatory",
        title=Text("Observatoire de l’IA", "AI observatory"),
        settings=settings or Settings(),
        routers=[references.router, exposure.router, indices.router, changes.router],
        lifespan=warmed,
        hot_reads=exposure.hot_reads,
    )
    app.state.library = Library()
    app.state.archive = Archive()
    return app
