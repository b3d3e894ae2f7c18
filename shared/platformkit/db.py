"""PostgreSQL for one service: its tables, and a transaction per request; hot reads have `reads`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, Any

import asyncpg
import sqlalchemy as sa
from fastapi import Depends, Request
from opentelemetry.trace import Span, SpanKind
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    event,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.types import UserDefinedType

from platformkit import telemetry
from platformkit.errors import Unavailable
from platformkit.i18n import Text
from platformkit.settings import ServiceSettings

SessionMaker = async_sessionmaker[AsyncSession]

CONNECT_SECONDS = 2.0
TURN_SECONDS = 10.0
"""How long a write waits for a connection of the pool; its own deadline may end it before."""

STATEMENT_SECONDS = 10.0
IDLE_MILLISECONDS = "30000"
"""How long a transaction may do nothing: beyond any request's deadline."""

TASK_SECONDS = 600.0
"""How long a command waits for another one that does the same."""
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id, which never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """Return the type's SQL name."""
        return "xid8"


def metadata_for(schema: str) -> MetaData:
    """Return the metadata of one service's schema, with the kit's own two tables in it."""
    metadata = MetaData(schema=schema, naming_convention=_NAMES)
    Table(
        "change",
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("xid", Xid8, nullable=False, server_default=func.pg_current_xact_id()),
        Column(
            "at", DateTime(timezone=True), nullable=False, server_default=func.now(), index=True
        ),
        Column("entity", sa.Text, nullable=False),
        Column("entity_id", sa.Text, nullable=False),
        Column("kind", sa.Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("payload", JSONB, nullable=False),
        Index(None, "xid", "seq"),
        comment="The service's change feed, written in the transaction of each change",
    )
    Table(
        "idempotency_key",
        metadata,
        Column("digest", LargeBinary, primary_key=True, comment="Of caller, route and key"),
        Column("request", LargeBinary, nullable=False, comment="Digest of the body"),
        Column("status", Integer, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column(
            "created_at",
            DateTime(timezone=True),
            nullable=False,
            server_default=func.now(),
            index=True,
        ),
        comment="First answers to POSTs that carried an Idempotency-Key, kept two days",
    )
    return metadata


async def driver(session: AsyncSession) -> Any:  # noqa: ANN401  # asyncpg ships no types
    """Return asyncpg's connection inside the session's transaction, for COPY and bare statements.

    SQLAlchemy begins the transaction at its own first statement only: here it is.
    """
    connection = await session.connection()
    await connection.exec_driver_sql("SELECT 1")
    return (await connection.get_raw_connection()).driver_connection


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached now; a write in flight may or may not have succeeded."""

    code = "database-unavailable"
    detail = Text(
        "La base de données est momentanément inaccessible. Réessayez, une écriture avec la même"
        " Idempotency-Key.",
        "The database cannot be reached at the moment. Try again, a write with the same"
        " Idempotency-Key.",
    )


_AWAY = (
    ConnectionError,
    FileNotFoundError,  # a Unix socket that is not there
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    PoolTimeout,
)


def is_away(failure: BaseException | None) -> bool:
    """Tell whether a failure means that the database is out of reach, not that we have a bug."""
    if isinstance(failure, DBAPIError):
        return failure.connection_invalidated or is_away(failure.orig)
    return isinstance(failure, _AWAY) or (failure is not None and is_away(failure.__cause__))


async def connect(settings: ServiceSettings, **told: str) -> asyncpg.Connection:
    """Open a connection with these settings of the server; whatever hinders it `is_away`."""
    try:
        return await asyncpg.connect(
            settings.database_url.get_secret_value(),
            timeout=CONNECT_SECONDS,
            command_timeout=STATEMENT_SECONDS,
            server_settings=told,
        )
    except OSError as failure:  # no answer, no route, no such name: nobody refused it
        raise ConnectionError(type(failure).__qualname__) from failure


def engine_for(settings: ServiceSettings, service: str) -> AsyncEngine:
    """Open nothing yet: connections are made at the first statement, each within two seconds."""
    told = {
        "application_name": f"vigie {service} write",
        "idle_in_transaction_session_timeout": IDLE_MILLISECONDS,
    }
    engine = create_async_engine(
        "postgresql+asyncpg://",
        pool_size=settings.write_connections,
        max_overflow=0,
        pool_timeout=TURN_SECONDS,
        async_creator=partial(connect, settings, **told),
    )
    event.listen(engine.sync_engine, "checkout", _leave_closed)
    _trace(engine)
    return engine


def _leave_closed(adapted: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401  # SQLAlchemy's signature
    """Have the pool open another connection for one that the server has closed, as `ReadPool`."""
    if adapted.driver_connection.is_closed():
        raise DisconnectionError


@asynccontextmanager
async def transaction(settings: ServiceSettings, service: str) -> AsyncIterator[AsyncSession]:
    """Open one transaction over a connection of its own, for a command; committed at the end."""
    engine = engine_for(settings, service)
    try:
        sessions = async_sessionmaker(engine, expire_on_commit=False, info={"schema": service})
        async with sessions() as session, session.begin():
            yield session
    finally:
        await engine.dispose()


@asynccontextmanager
async def alone(settings: ServiceSettings, service: str, task: str) -> AsyncIterator[SessionMaker]:
    """Open a connection for the transactions of a command, while nobody else does the same task.

    Between them it may compute as long as it likes. What excludes the others ends with the
    connection: whoever has lost it can write nothing any more.
    """
    engine = engine_for(settings, service)
    try:
        async with engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).driver_connection
            await raw.execute("SELECT pg_advisory_lock(hashtext($1))", task, timeout=TASK_SECONDS)
            yield async_sessionmaker(connection, expire_on_commit=False, info={"schema": service})
    finally:
        await engine.dispose()


def _trace(engine: AsyncEngine) -> None:
    """Give each statement of a sampled request a client span.

    opentelemetry-instrumentation-sqlalchemy refuses SQLAlchemy 2.1 and costs every request.
    """

    def before(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _m: bool) -> None:  # noqa: ANN401, FBT001  # SQLAlchemy's signature
        trace = telemetry.current()
        if trace is not None and trace.tracer is not None:
            operation = statement.lstrip().split(None, 1)[0].upper()
            context.vigie_span = telemetry.start_child(
                trace,
                operation,
                SpanKind.CLIENT,
                {"db.system.name": "postgresql", "db.operation.name": operation},
            )

    def after(_c: Any, _cursor: Any, _s: str, _p: Any, context: Any, _m: bool) -> None:  # noqa: ANN401, FBT001  # likewise
        span: Span | None = getattr(context, "vigie_span", None)
        if span is not None:
            span.end()

    def failed(failure: Any) -> None:  # noqa: ANN401  # likewise
        span: Span | None = getattr(failure.execution_context, "vigie_span", None)
        if span is not None:
            span.set_attribute("error.type", type(failure.original_exception).__qualname__)
            span.end()

    event.listen(engine.sync_engine, "before_cursor_execute", before)
    event.listen(engine.sync_engine, "after_cursor_execute", after)
    event.listen(engine.sync_engine, "handle_error", failed)


async def _session(request: Request) -> AsyncIterator[AsyncSession]:
    held: AsyncSession | None = request.scope.get("vigie.session")
    if held is not None:  # an idempotent route has opened it and will commit it
        yield held
        return
    sessions: SessionMaker = request.app.state.sessions
    async with sessions() as session, session.begin():
        yield session


Session = Annotated[AsyncSession, Depends(_session, scope="function")]
"""The request's transaction: committed before the response is sent, or not at all."""
