"""A certified OAuth client, oauth4webapi, finds its way unmodified (S-M11, S-S4)."""

import asyncio
import json
from pathlib import Path

import jwt

from tests.gateway.doors import door
from tests.gateway.partners import partner, until
from tests.gateway.peers import PEERS
from tests.gateway.test_assertions import EC, SET
from tests.harness import Database


async def test_oauth4webapi_gets_verifies_introspects_and_revokes_tokens(
    node: str, tmp_path: Path, database: Database
) -> None:
    async with door(tmp_path, {}, database_url=database.dsn("gateway"), dpop_nonce=True) as gate:
        client = await partner(gate.settings)
        signer = await partner(gate.settings, jwks=SET)
        told = {
            "url": gate.url,
            "issuer": gate.settings.issuer,
            "audience": gate.settings.audience,
            "client": client.client_id,
            "secret": client.secret,
            "signer": signer.client_id,
            "jwk": json.loads(jwt.algorithms.ECAlgorithm.to_jwk(EC)),
        }
        process = await asyncio.create_subprocess_exec(
            node, str(PEERS / "oauth.mjs"), json.dumps(told), stdout=-1, stderr=-1
        )
        out, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        said = json.loads(out)
        assert said["first"]["scope"] == "overviews:read"
        assert (said["before"]["active"], said["before"]["client_id"]) == (True, client.client_id)
        assert said["claims"]["client_id"] == signer.client_id
        assert said["bound"]["token_type"] == "dpop"
        assert 401 not in said["used"], "S-S1: proofs of another's making are believed"
        assert said["refusal"] == ["OAUTH_WWW_AUTHENTICATE_CHALLENGE", 401]

        async def is_refused() -> bool:
            headers = {"authorization": f"Bearer {said['revoked']}"}
            answer = await gate.http.get("/v1/overviews/jobs/M1607", headers=headers)
            return answer.status_code == 401

        await until(is_refused)
