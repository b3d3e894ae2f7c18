"""The training service: its routers, and the imports that it works off beside them."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI

from platformkit.app import build_app
from platformkit.clients.observatory import ObservatoryClient
from platformkit.i18n import Text
from platformkit.reads import ReadPool
from training.alerts import evaluation
from training.alerts import routes as alerts
from training.audit import routes as audit
from training.capacities import routes as capacities
from training.certifications import routes as certifications
from training.changes import routes as changes
from training.continuity import routes as continuity
from training.coverage import figures_routes as coverage_figures
from training.coverage import routes as coverage
from training.coverage.exposure import Exposures
from training.coverage.keeping import Kept
from training.credentials import routes as credentials
from training.duplicates import routes as duplicates
from training.expiries import routes as expiries
from training.expiries import telling
from training.exports import routes as exports
from training.formats import FORMATS
from training.habilitations import routes as habilitations
from training.imports import retention, worker
from training.imports import routes as imports
from training.oeapi import offering_routes as oeapi_offerings
from training.oeapi import routes as oeapi
from training.offers import routes as offers
from training.openings import routes as openings
from training.proposals import file_routes as proposal_files
from training.proposals import preview_routes as proposal_previews
from training.proposals import review_routes as proposal_reviews
from training.proposals import routes as proposals
from training.providers import routes as providers
from training.recommendations import routes as recommendations
from training.references import routes as references
from training.rollovers import routes as rollovers
from training.search import routes as search
from training.search.days import Days
from training.session_edits import routes as session_edits
from training.settings import Settings
from training.skills import routes as skills
from training.skills import working
from training.theses import routes as theses
from training.thesis_campaigns import routes as thesis_campaigns
from training.withdrawals import routes as withdrawals

_EXPORTS_AT_ONCE: Final = 2


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    app.state.import_formats, app.state.import_wake = FORMATS, asyncio.Event()
    app.state.search_days = Days()
    app.state.coverage, app.state.exposures = Kept(), Exposures()
    few = app.state.settings.model_copy(update={"read_connections": _EXPORTS_AT_ONCE})
    app.state.exports = ReadPool(few, "training export", jit="on")
    async with (
        worker.beside(app, [sys.executable, "-m", "training.import_run"]),
        evaluation.beside(app),
        working.beside(app),
    ):
        yield
    await app.state.exposures.close()
    await app.state.exports.close()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; `uvicorn --factory training.main:create_app` runs it."""
    settings = settings or Settings()
    return build_app(
        service="training",
        title=Text("Formations et certifications", "Training and certifications"),
        settings=settings,
        routers=[
            certifications.router,
            continuity.router,
            habilitations.router,
            withdrawals.router,
            references.router,
            recommendations.router,
            imports.router,
            offers.router,
            openings.router,
            providers.router,
            duplicates.router,
            expiries.router,
            rollovers.router,
            session_edits.router,
            skills.router,
            capacities.router,
            proposals.router,
            proposal_reviews.router,
            proposal_files.router,
            proposal_previews.links,
            proposal_previews.router,
            exports.router,
            credentials.router,
            oeapi.router,
            oeapi_offerings.router,
            audit.router,
            changes.router,
            search.router,
            alerts.router,
            thesis_campaigns.router,
            theses.router,
            coverage.router,
            coverage_figures.router,
        ],
        lifespan=_life,
        clients={"observatory": ObservatoryClient},
        hourly=[retention.chore(settings), telling.tell],
        hot_reads={
            "/v1/certifications/{number}": certifications.hot_certification,
            "/v1/providers/{number}": providers.hot_provider,
        },
    )
