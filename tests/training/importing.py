"""What the tests of imports share: a catalogue of their own, and files made to measure."""

import asyncio
import io
import time
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from fastapi import FastAPI

from tests import harness
from tests.harness import Database, as_client
from training.formats import FORMATS
from training.imports import worker

FLUX = '<?xml version="1.0" encoding="UTF-8"?>\n<FICHES>\n<VERSION_FLUX>4.1</VERSION_FLUX>\n'


def fiche(number: str, title: str = "Titre", **more: str) -> str:
    """Write a FICHE, one line each; `more` are elements by tag, their content as it stands."""
    facts = {
        "NUMERO_FICHE": number,
        "INTITULE": title,
        "ETAT_FICHE": "Publiée",
        "DATE_FIN_ENREGISTREMENT": "31/08/2030",
        "TYPE_ENREGISTREMENT": "Enregistrement sur demande",
        "ACTIF": "Oui",
        **more,
    }
    return "<FICHE>" + "".join(f"<{tag}>{text}</{tag}>" for tag, text in facts.items()) + "</FICHE>"


def flux(*fiches: str, head: str = FLUX) -> bytes:
    return (head + "\n".join(fiches) + "\n</FICHES>\n").encode()


def archive(members: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


async def until(claim: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not await claim():  # the other side has no event for us
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


def catalogue_of(template: Database) -> Database:
    """Name the one copy of the template: an application built once finds each test's under it."""
    return Database(template.cluster, template.passwords, "imports")


async def fresh_copy(template: Database, copy: Database | None = None) -> Database:
    """Copy a database that nobody is connected to: the cheapest way to an own catalogue."""
    copy = copy or catalogue_of(template)
    connection = await asyncpg.connect(template.cluster.dsn())
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {copy.name} WITH (FORCE)")
        made = f"CREATE DATABASE {copy.name} TEMPLATE {template.name} STRATEGY FILE_COPY"
        await connection.execute(made)
        await connection.execute(f"GRANT CONNECT ON DATABASE {copy.name} TO training_app")
    finally:
        await connection.close()
    return copy


@dataclass(frozen=True)
class Importer:
    """A partner who sends files, and the worker that carries them out when told to."""

    database: Database
    client: httpx.AsyncClient

    async def post(
        self, data: bytes, kind: str = "application/xml", **asked: Any
    ) -> httpx.Response:
        headers = {"content-type": kind, **asked.pop("headers", {})}
        address = f"/v1/imports/{asked.pop('form', 'rncp')}"
        parameters = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in asked.items()
        }
        return await self.client.post(address, content=data, params=parameters, headers=headers)

    async def work(self, run: str) -> Any:
        return await worker.carry_out(self.database.dsn("training"), UUID(run), FORMATS)

    async def send(self, data: bytes, kind: str = "application/xml", **asked: Any) -> "Outcome":
        """Post a file that is taken in, have it carried out, and read all that is said of it."""
        answer = await self.post(data, kind, **asked)
        assert answer.status_code == 202, answer.text
        run = answer.json()["id"]
        await self.work(run)
        return await self.outcome(run)

    async def outcome(self, run: str) -> "Outcome":
        found = []
        for path in ("", "/anomalies?limit=200", "/certificate"):
            answer = await self.client.get(f"/v1/imports/{run}{path}")
            assert answer.status_code == 200, answer.text
            found.append(answer.json())
        return Outcome(found[0], found[1]["items"], found[2])

    async def rows(self, sql: str, *values: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database.admin_dsn)
        try:
            return list(await connection.fetch(sql, *values))
        finally:
            await connection.close()

    async def changes(self, entity: str = "certification") -> list[asyncpg.Record]:
        return await self.rows(
            "SELECT entity_id, kind, version, payload::text FROM training.change"
            " WHERE entity = $1 ORDER BY xid, seq",
            entity,
        )


@dataclass(frozen=True)
class Outcome:
    run: dict[str, Any]
    anomalies: list[dict[str, Any]]
    certificate: dict[str, Any]

    @property
    def state(self) -> str:
        return str(self.run["state"])

    @property
    def rules(self) -> list[tuple[str, int | None, str | None]]:
        return [(one["rule"], one["line"], one["record"]) for one in self.anomalies]

    def count(self, outcome: str) -> int:
        return int(self.certificate["changes"][outcome]["count"])


@asynccontextmanager
async def importer(app: FastAPI, database: Database, **client: Any) -> AsyncIterator[Importer]:
    """Open the application, which is on that database, as a partner."""
    async with harness.opened(app) as http:
        http.headers.update(as_client("training", **client))
        yield Importer(database, http)
