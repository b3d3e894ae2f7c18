"""Short ways to write, review and publish grids through HTTP."""

import copy
import secrets
from typing import Any

import httpx

from tests.diagnostic.acting import Acting
from tests.diagnostic.mini_ia import RAW


def grid(version: str = "1.0.0", code: str | None = None, **changes: Any) -> dict[str, Any]:
    """Copy MINI-IA under a code that no test has used."""
    fresh = code or f"G-{secrets.token_hex(6).upper()}"
    return {**copy.deepcopy(RAW), "code": fresh, "version": version, **changes}


def at(content: dict[str, Any], deed: str = "") -> str:
    """Give the address of a version, or of something to do with it."""
    path = f"/v1/questionnaires/{content['code']}/versions/{content['version']}"
    return f"{path}/{deed}" if deed else path


async def draft(author: Acting, content: dict[str, Any]) -> httpx.Response:
    """Store a draft."""
    response = await author.post(f"/v1/questionnaires/{content['code']}/versions", content)
    assert response.status_code == 201, response.text
    return response


async def reviewed(author: Acting, content: dict[str, Any]) -> None:
    """Store a draft and hand it to review."""
    await draft(author, content)
    response = await author.post(at(content, "request-review"))
    assert response.status_code == 200, response.text


async def published(author: Acting, colleague: Acting, content: dict[str, Any]) -> None:
    """Write a version and have a colleague publish it."""
    await reviewed(author, content)
    response = await colleague.post(at(content, "publish"))
    assert response.status_code == 200, response.text
