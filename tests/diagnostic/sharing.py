"""Short ways to make and to use share links."""

from typing import Any

import asyncpg
import httpx

from tests import harness
from tests.diagnostic.acting import BASE, Acting

NOBODY = harness.anonymous("diagnostic")


async def shared(acting: Acting, body: object = None) -> dict[str, Any]:
    """Submit a diagnostic and share its report."""
    started = await acting.submitted(BASE)
    path = f"/v1/assessments/{started['id']}/share-links"
    response = await acting.post(path, body if body is not None else {})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["location"] == address(made)
    return made


def address(made: dict[str, Any], ending: str = "html") -> str:
    return f"/v1/shared-reports/{made['token']}/report.{ending}"


async def opened(
    acting: Acting, made: dict[str, Any], ending: str = "html", **headers: str
) -> httpx.Response:
    """Use a link as somebody without an account."""
    return await acting.http.get(address(made, ending), headers={**NOBODY, **headers})


async def uses(sql: asyncpg.Connection, made: dict[str, Any]) -> list[tuple[str, str]]:
    rows = await sql.fetch(
        "SELECT format, outcome FROM diagnostic.share_access WHERE link_id = $1::uuid ORDER BY id",
        made["id"],
    )
    return [(row["format"], row["outcome"]) for row in rows]
