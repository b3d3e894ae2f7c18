"""A service called `probe` that uses every part of the kit once, on its own schema."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from pydantic import BaseModel
from sqlalchemy import ForeignKey, Text, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from platformkit import etags, feed, i18n, migrations, openapi, pagination
from platformkit.app import build_app
from platformkit.auth import Principal, needs, public
from platformkit.db import Session, engine_for, metadata_for
from platformkit.errors import Conflict
from platformkit.etags import IfMatch
from platformkit.idempotency import IdempotentRoute
from platformkit.pagination import Page, Paging
from platformkit.settings import ServiceSettings, prefixed
from platformkit.streaming import Streamed
from platformkit.wire import Wire
from tests import harness
from tests.harness import Database


class Base(DeclarativeBase):
    metadata = metadata_for("probe")


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    parent: Mapped[int | None] = mapped_column(
        ForeignKey("probe.thing.id", deferrable=True, initially="DEFERRED")
    )


class NameTaken(Conflict):
    code = "name-taken"
    title = i18n.Text("Nom déjà pris", "Name already taken")


class ThingCreate(Wire):
    name: str
    parent: int | None = None


class ThingRead(BaseModel):
    id: int
    name: str


class Settings(ServiceSettings):
    model_config = prefixed("PROBE_")


router = APIRouter(route_class=IdempotentRoute)
Writer = Annotated[Principal, needs("probe:write")]


@router.post("/v1/things", status_code=201)
async def create_thing(
    body: ThingCreate, request: Request, response: Response, session: Session, caller: Writer
) -> ThingRead:
    """Store a thing and say so in the feed."""
    if body.name == "taken":
        raise NameTaken
    if body.name == "bug":
        raise ValueError("a person's name in the message")
    ready: asyncio.Event | None = getattr(request.app.state, "ready", None)
    if ready is not None:
        await ready.wait()
    if body.name.startswith("only") and await session.scalar(
        select(Thing.id).where(Thing.name == body.name)
    ):
        raise NameTaken
    thing = Thing(name=body.name, parent=body.parent)
    session.add(thing)
    await session.flush()
    await feed.publish(
        session,
        entity="thing",
        entity_id=str(thing.id),
        kind="created",
        payload={"name": body.name},
    )
    wait: asyncio.Event | None = getattr(request.app.state, "wait", None)
    if wait is not None:
        await wait.wait()
    response.headers["location"] = f"/v1/things/{thing.id}"
    etags.tagged(response, thing.version)
    return ThingRead(id=thing.id, name=thing.name)


@router.get("/v1/things")
async def list_things(
    paging: Paging, session: Session, caller: Annotated[Principal, public()], prefix: str = ""
) -> Page[ThingRead]:
    """List things in the order of their names."""
    query = select(Thing).where(Thing.name.startswith(prefix)).order_by(Thing.name, Thing.id)
    if paging.after:
        name, number = paging.after
        query = query.where((Thing.name > name) | ((Thing.name == name) & (Thing.id > number)))
    rows = (await session.scalars(query.limit(paging.limit + 1))).all()
    return pagination.page(
        paging,
        rows,
        lambda row: (row.name, row.id),
        lambda row: ThingRead(id=row.id, name=row.name),
    )


@router.put("/v1/things/{number}")
async def rename_thing(
    number: int,
    body: ThingCreate,
    if_match: IfMatch,
    response: Response,
    session: Session,
    caller: Writer,
) -> ThingRead:
    """Rename a thing that the caller has read."""
    thing = await session.get_one(Thing, number, with_for_update=True)
    etags.match(if_match, etags.of_version(thing.version))
    thing.name, thing.version = body.name, thing.version + 1
    etags.tagged(response, thing.version)
    return ThingRead(id=thing.id, name=thing.name)


@router.get("/v1/slow", dependencies=[needs("probe:write")])
async def read_slowly() -> None:
    """Take longer than anybody waits."""
    await asyncio.sleep(30)


@router.post(
    "/v1/files/{name}",
    openapi_extra=openapi.file_body(["text/plain"], 3_000_000),
    dependencies=[needs("probe:write")],
)
async def take_file(name: str, request: Request, slow: float = 0.0) -> int:
    """Take a file, and as much time as is asked for, as `slow`."""
    await asyncio.sleep(slow)
    return len(await request.body())


@router.get("/v1/files/{size}", dependencies=[needs("probe:write")])
async def give_file(size: int, *, told: bool = True) -> Response:
    """Give a file of that size in two slow halves; its length may be left untold."""

    async def halves() -> AsyncIterator[bytes]:
        yield b" " * (size // 2)
        await asyncio.sleep(0.8)
        yield b" " * (size - size // 2)

    return Streamed(halves(), headers={"content-length": str(size)} if told else None)


OpenProbe = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def build(dsn: str, **overrides: object) -> FastAPI:
    settings = Settings.model_validate(
        {
            "database_url": dsn,
            "secret_key": "test cursor key",
            "trusted_issuers": {"gateway": harness.GATEWAY_KEY},
            "log_level": None,
            **overrides,
        }
    )
    return build_app(
        service="probe", title=i18n.Text("Sonde", "Probe"), settings=settings, routers=[router]
    )


@pytest.fixture(scope="session")
async def probe_dsn(database: Database) -> str:
    await migrations.prepare(database.admin_dsn, "probe", "probe")
    settings = Settings.model_validate(
        {"database_url": database.admin_dsn, "secret_key": "", "trusted_issuers": {}}
    )
    engine = engine_for(settings, "probe")
    async with engine.begin() as connection:
        await connection.exec_driver_sql("SET ROLE probe_owner")
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    return database.cluster.dsn("vigie", "probe_app", "probe")


@pytest.fixture
async def probe_app(probe_dsn: str) -> FastAPI:
    return build(probe_dsn)


@pytest.fixture
async def probe(probe_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with harness.opened(probe_app) as client:
        client.headers.update(harness.as_client("probe", scopes={"probe:write", "probe:feed"}))
        yield client


@pytest.fixture
async def sql(probe_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(probe_dsn)
    yield connection
    await connection.close()
