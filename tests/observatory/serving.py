"""The observatory behind the real gateway, on real sockets: for clients that know only URLs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy import openapi
from tests import harness
from tests.gateway.doors import UPSTREAM_KEY, door, served
from tests.harness import Database


@asynccontextmanager
async def behind_the_door(database: Database, folder: Path) -> AsyncIterator[str]:
    """Serve both, and give the address of the gateway."""
    document = openapi.merged({"observatory": openapi.service_document("observatory")})
    keys = {"gateway": UPSTREAM_KEY}
    app = harness.application(database, "observatory", trusted_issuers=keys)
    async with (
        served(app) as upstream,
        door(folder, {"observatory": upstream}, document=document) as opened,
    ):
        yield opened.url
