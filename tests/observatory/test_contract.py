"""The OpenAPI document and the behaviour agree (R-M16)."""

from pathlib import Path

from tests import harness
from tests.contract import tried
from tests.gateway.doors import served
from tests.harness import Database, as_client


async def test_the_document_and_the_behaviour_agree(database: Database, tmp_path: Path) -> None:
    app = harness.application(database, "observatory")
    peers = {name: as_client("observatory", name, client=name) for name in ("hdf", "cci-hdf")}
    async with served(app) as url:
        assert await tried(tmp_path, app.openapi(), url, peers) == []
