"""Registering companies: one statement for however many come at once."""

import uuid
from collections.abc import Mapping
from typing import NamedTuple

import asyncpg
import orjson

from diagnostic.organisations import company, queries
from diagnostic.organisations.schemas import OrganisationCreate, OrganisationRead
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict
from platformkit.i18n import Text
from platformkit.idempotency import Key
from platformkit.reads import WritePool


class OrganisationExists(Conflict):
    """The tenant has already registered this SIREN; other tenants do not matter."""

    code = "organisation-exists"
    title = Text("Entreprise déjà enregistrée", "Organisation already registered")
    detail = Text(
        "Vous avez déjà enregistré ce SIREN ; retrouvez-le dans la liste, par ?siren=.",
        "You have already registered this SIREN; find it in the list, with ?siren=.",
    )


class Registration(NamedTuple):
    """A company to register, under its new identifier: arguments 1 to 15 of `queries.REGISTER`."""

    id: uuid.UUID
    pseudonym: uuid.UUID
    tenant: str
    client: str
    actor: str
    siren: str
    siret: str | None
    name: str
    naf_code: str
    headcount: int | None
    size_band: str | None
    postcode: str
    region_code: str
    benchmark_consent: bool
    payload: str


def drawn_up(caller: Principal, body: OrganisationCreate) -> Registration:
    """Derive the size band, and give the company its identifier and its pseudonym."""
    fields = body.model_dump()
    if body.headcount is not None:
        fields["size_band"] = company.size_band(body.headcount)
    shown = publication(
        naf_code=body.naf_code,
        size_band=fields["size_band"],
        region_code=body.region_code,
        benchmark_consent=body.benchmark_consent,
    )
    return Registration(
        id=uuid.uuid4(),
        pseudonym=uuid.uuid4(),
        tenant=caller.tenant,
        client=caller.client,
        actor=caller.subject,
        payload=orjson.dumps(shown).decode(),
        **fields,
    )


def publication(
    *, naf_code: str, size_band: str | None, region_code: str, benchmark_consent: bool
) -> dict[str, object]:
    """Tell what may be counted, under a pseudonym: no name, number or place of the company."""
    return {
        "naf_division": naf_code[:2],
        "size_band": size_band,
        "region_code": region_code,
        "benchmark_consent": benchmark_consent,
    }


async def register(session: Session, asked: Registration) -> OrganisationRead:
    """Store the company, its publication and its audit, or raise OrganisationExists."""
    connection = await session.connection()
    arguments = tuple([one] for one in (*asked, None, None, None))
    found = (await connection.exec_driver_sql(queries.REGISTER, arguments)).one()
    if found.body is None:
        raise OrganisationExists
    return OrganisationRead.model_validate_json(found.body)


async def register_once(
    writes: WritePool, asked: Registration, key: Key | None, headers: Mapping[str, str]
) -> asyncpg.Record:
    """Do as `register` in one trip with others, and keep the answer, its `body`, under the key.

    Without a body nothing is new: the tenant has the company. `asyncpg.UniqueViolationError` if the
    key was used for another.
    """
    kept = (*key, orjson.dumps(headers).decode()) if key else (None, None, None)
    return await writes.together("register", queries.REGISTER, *asked, *kept)
