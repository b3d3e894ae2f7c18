"""The OpenAPI document and the behaviour agree (I3)."""

from pathlib import Path

from tests import harness
from tests.contract import tried
from tests.gateway.doors import served
from tests.harness import Database, as_client


async def test_i3_the_document_and_the_behaviour_agree(database: Database, tmp_path: Path) -> None:
    app = harness.application(database, "training", import_worker=False)
    peers = {"medef": as_client("training"), "cci": as_client("training", "cci-hdf", client="cci")}
    async with served(app) as url:
        assert await tried(tmp_path, app.openapi(), url, peers) == []
