"""The training service: its routers, nothing else."""

from fastapi import FastAPI

from platformkit.app import build_app
from platformkit.i18n import Text
from training.certifications import routes as certifications
from training.references import routes as references
from training.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; `uvicorn --factory training.main:create_app` runs it."""
    return build_app(
        service="training",
        title=Text("Formations et certifications", "Training and certifications"),
        settings=settings or Settings(),
        routers=[certifications.router, references.router],
        hot_reads={"/v1/certifications/{number}": certifications.hot_certification},
    )
