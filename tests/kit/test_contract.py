"""That the trial of the contract finds what it is there for."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import pytest
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from tests.contract import tried
from tests.gateway.doors import served

THINGS: dict[str, str] = {}
Token = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]
app = FastAPI()


class Thing(BaseModel):
    id: str
    of: str


@app.post("/things", status_code=201)
async def make_thing(token: Token) -> Thing:
    made = Thing(id=str(uuid4()), of=token.credentials)
    THINGS[made.id] = made.of
    return made


@app.get("/things/{thing_id}", responses={404: {}})
async def read_thing(thing_id: str, token: Token) -> Thing:
    if thing_id not in THINGS:
        raise HTTPException(404)
    return Thing(id=thing_id, of=THINGS[thing_id])  # whoever asks


@app.get("/crash")
async def crash(token: Token) -> dict[str, int]:
    raise HTTPException(500)


@pytest.fixture(scope="module")
async def leaky() -> AsyncIterator[str]:
    async with served(app) as url:
        yield url


async def test_a_thing_of_another_organisation_and_a_crash_are_found(
    leaky: str, tmp_path: Path
) -> None:
    peers: dict[str, Any] = {name: {"authorization": f"Bearer {name}"} for name in "ab"}
    found = "\n".join(await tried(tmp_path, app.openapi(), leaky, peers, examples=6))
    assert "received the `Thing` that" in found
    assert "Server error" in found
