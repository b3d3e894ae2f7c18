"""The observatory service: its routers; beside them, the herald of releases and the followers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from observatory.aggregates import routes as aggregates
from observatory.aggregates.engine import Engine
from observatory.announcements import routes as announcements
from observatory.bulk import routes as bulk
from observatory.bulk.building import Builder
from observatory.catalogue import routes as catalogue
from observatory.changes import routes as changes
from observatory.changes.archive import Archive
from observatory.charts import routes as charts
from observatory.charts.drawer import Drawer
from observatory.conversions import routes as conversions
from observatory.disclosure import routes as disclosure
from observatory.emergence import needing
from observatory.emergence import routes as emergence
from observatory.exposure import routes as exposure
from observatory.grids import routes as grids
from observatory.indices import routes as indices
from observatory.keys import routes as keys
from observatory.kits import installation_routes as kit_installations
from observatory.kits import routes as kits
from observatory.kpis import following
from observatory.kpis import routes as kpis
from observatory.links import routes as links
from observatory.mobilities import routes as mobilities
from observatory.nodes import discovery_routes
from observatory.nodes import routes as nodes
from observatory.observations import routes as observations
from observatory.observations.queries import PLANNED
from observatory.observations.series import SeriesReads
from observatory.packing import Packing
from observatory.programme import calendar_routes as programme_calendar
from observatory.programme import ledger_routes as programme_ledger
from observatory.programme import routes as programme
from observatory.provenance import routes as provenance
from observatory.references import routes as references
from observatory.references.library import Library, warmed
from observatory.releases import heralding
from observatory.releases import routes as releases
from observatory.rollups import pulling
from observatory.rollups import routes as rollups
from observatory.sdmx import availability_routes as sdmx_availability
from observatory.sdmx import data_routes as sdmx_data
from observatory.sdmx import schema_routes as sdmx_schemas
from observatory.sdmx import structure_routes as sdmx_structures
from observatory.sdmx import unbuilt_routes as sdmx_unbuilt
from observatory.sdmx.structure_messages import StructureMessages
from observatory.search import routes as search
from observatory.search.service import Finder
from observatory.settings import Settings
from observatory.sheets import routes as sheets
from observatory.structures import routes as structures
from observatory.structures.library import StructureLibrary
from observatory.study import routes as study
from observatory.study.formats import StudiesBusy
from observatory.study.neighbours import PEERS
from observatory.study.service import Studies
from observatory.syndication import routes as syndication
from observatory.territories import routes as territories
from platformkit.app import build_app
from platformkit.i18n import Text
from platformkit.press import Press
from platformkit.reads import ReadPool


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    some = settings.model_copy(update={"read_connections": settings.data_connections})
    app.state.data = ReadPool(some, "observatory data", **PLANNED)
    app.state.drawer = Drawer()
    app.state.bulk = Builder(app.state.sessions, app.state.data)
    app.state.aggregates = Engine()
    async with (
        warmed(app),
        heralding.beside(app),
        following.beside(app),
        pulling.beside(app),
        needing.beside(app),
    ):
        yield
    await app.state.drawer.close()
    await app.state.aggregates.close()
    await app.state.bulk.close()
    await app.state.data.close()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; `uvicorn --factory observatory.main:create_app` runs it."""
    settings = settings or Settings()
    app = build_app(
        service="observatory",
        title=Text("Observatoire de l’IA", "AI observatory"),
        settings=settings,
        routers=[
            references.router,
            territories.router,
            exposure.router,
            mobilities.router,
            search.router,
            catalogue.router,
            indices.router,
            emergence.router,
            study.router,
            changes.router,
            structures.router,
            keys.router,
            grids.router,
            sheets.router,
            sheets.indicators,
            observations.router,
            aggregates.router,
            conversions.router,
            charts.router,
            provenance.router,
            announcements.router,
            links.router,
            releases.router,
            syndication.router,
            bulk.router,
            disclosure.router,
            programme.router,
            programme_ledger.router,
            programme_calendar.router,
            kpis.router,
            kits.router,
            kit_installations.router,
            nodes.router,
            rollups.router,
            discovery_routes.router,
            sdmx_data.router,
            sdmx_availability.router,
            sdmx_schemas.router,
            sdmx_unbuilt.router,
            sdmx_structures.router,  # its `/sdmx/v1/{type}` comes after all that it would catch
        ],
        clients=PEERS,
        lifespan=_life,
        hot_reads=exposure.hot_reads,
        hot_queries={"/v1/indicators/{indicator_id}/data.{suffix}": SeriesReads().read},
    )
    app.add_middleware(Packing)
    app.state.library = Library()
    app.state.archive = Archive()
    app.state.finder = Finder()
    app.state.studies = Studies()
    app.state.press = Press(StudiesBusy)
    app.state.structures = StructureLibrary(settings.agency)
    app.state.structure_messages = StructureMessages(settings.release)
    return app
