"""Document and behaviour agree; no organisation reads what is another's (R-M16, S-M1)."""

from pathlib import Path

import httpx

from tests import harness
from tests.contract import tried
from tests.diagnostic.acting import company
from tests.gateway.doors import served
from tests.harness import Database, as_client


async def test_the_document_and_the_behaviour_agree(database: Database, tmp_path: Path) -> None:
    app = harness.application(database, "diagnostic")
    peers = {name: as_client("diagnostic", name, client=name) for name in ("medef-hdf", "cci-hdf")}
    async with served(app) as url:
        for headers in peers.values():
            async with httpx.AsyncClient(base_url=url, headers=headers) as client:
                made = await client.post("/v1/organisations", json=company())
                assert made.status_code == 201
        assert await tried(tmp_path, app.openapi(), url, peers) == []
