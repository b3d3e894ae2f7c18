"""What the gateway itself answers is what the document says, for two clients (R-M16, S-M1)."""

from pathlib import Path

from deploy import openapi
from tests.contract import tried
from tests.gateway.doors import door
from tests.gateway.partners import partner
from tests.harness import ALL_SCOPES, Database


async def test_the_document_and_the_behaviour_agree(database: Database, tmp_path: Path) -> None:
    document = openapi.merged({"gateway": openapi.service_document("gateway")})
    async with door(tmp_path, {}, document=document, database_url=database.dsn("gateway")) as gate:
        peers = {}
        for tenant in ("cci-hdf", "medef-hdf"):
            client = (await partner(gate.settings)).client_id
            peers[tenant] = gate.signed_for(client, *ALL_SCOPES, tenant=tenant)
        every = "examples,coverage,fuzzing,stateful"
        assert await tried(tmp_path, document, gate.url, peers, phases=every) == []
