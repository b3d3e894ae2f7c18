"""Reading and changing companies, kept apart: each tenant sees its own only."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_

from diagnostic import faults
from diagnostic.audit import service as audit
from diagnostic.organisations import company, queries
from diagnostic.organisations.contributed import CONTRIBUTE
from diagnostic.organisations.models import Organisation
from diagnostic.organisations.registering import publication
from diagnostic.organisations.schemas import OrganisationUpdate
from platformkit import etags, feed
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Fault, Invalid, NotFound
from platformkit.i18n import Text
from platformkit.pagination import PageRequest


class OrganisationUnknown(NotFound):
    """No such company, or another tenant's."""

    code = "organisation-unknown"
    title = Text("Entreprise inconnue", "Unknown organisation")
    detail = Text(
        "Aucune de vos entreprises ne porte cet identifiant.",
        "None of your organisations has this identifier.",
    )


async def own(
    session: Session, tenant: str, organisation_id: uuid.UUID, *, lock: bool = False
) -> Organisation:
    """Read a company of this tenant, or raise OrganisationUnknown; `lock` holds it to the end."""
    query = select(Organisation).where(
        Organisation.id == organisation_id, Organisation.tenant == tenant
    )
    found = await session.scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise OrganisationUnknown
    return found


def facts(organisation: Organisation) -> dict[str, object]:
    """Give what is known of the company to whoever judges its eligibility."""
    return {"headcount": organisation.headcount, "region_code": organisation.region_code}


async def listed(
    session: Session, tenant: str, paging: PageRequest, siren: str | None
) -> Sequence[Organisation]:
    """Read one company more than the page holds, oldest first."""
    query = select(Organisation).where(*_filters(tenant, siren))
    if paging.after is not None:
        at, last = paging.after
        query = query.where(
            tuple_(Organisation.created_at, Organisation.id)
            > (datetime.fromisoformat(at), uuid.UUID(last))
        )
    query = query.order_by(Organisation.created_at, Organisation.id).limit(paging.limit + 1)
    return (await session.scalars(query)).all()


async def counted(session: Session, tenant: str, siren: str | None) -> int:
    """Count the whole list, whatever its pages."""
    query = select(func.count()).where(*_filters(tenant, siren))
    return await session.scalar(query) or 0


def _filters(tenant: str, siren: str | None) -> list[ColumnElement[bool]]:
    mine = [Organisation.tenant == tenant]
    return mine if siren is None else [*mine, Organisation.siren == siren]


async def change(
    session: Session,
    caller: Principal,
    organisation_id: uuid.UUID,
    if_match: str,
    body: OrganisationUpdate,
    now: datetime,
) -> Organisation:
    """Change the fields that were sent; the whole company must make sense afterwards."""
    found = await own(session, caller.tenant, organisation_id, lock=True)
    etags.match(if_match, etags.of_version(found.version))
    sent = body.model_dump(exclude_unset=True)
    _refuse_contradictions(found, sent)
    before = [getattr(found, name) for name in _CONTRIBUTED]
    consent = sent.get("benchmark_consent", found.benchmark_consent)
    has_changed_mind = consent != found.benchmark_consent
    if has_changed_mind:
        found.consent_at = now if consent else None
    for field, value in sent.items():
        setattr(found, field, value)
    if found.headcount is not None:
        found.size_band = company.size_band(found.headcount)
    found.version += 1
    found.updated_at = now
    await session.flush()
    await audit.record(session, caller, "change", "organisation", found.id)
    await _tell(session, found)
    if has_changed_mind:
        await _tell_consent(session, caller, found)
    if has_changed_mind or (consent and before != [getattr(found, name) for name in _CONTRIBUTED]):
        connection = await session.connection()
        await connection.exec_driver_sql(queries.HOLD, (found.id,))
        await connection.exec_driver_sql(CONTRIBUTE, (found.id,))
    return found


_CONTRIBUTED = ("naf_code", "size_band", "region_code")
"""What its diagnostics say of the company where they are counted."""


async def _tell_consent(session: Session, caller: Principal, found: Organisation) -> None:
    """Keep when it was given or withdrawn, and by whom; those who follow add or drop its scores."""
    action, statement = (
        ("give_consent", queries.CONSENT)
        if found.benchmark_consent
        else ("withdraw_consent", queries.WITHDRAW)
    )
    await audit.record(session, caller, action, "organisation", found.id)
    connection = await session.connection()
    await connection.exec_driver_sql(queries.HOLD, (found.id,))
    await connection.exec_driver_sql(statement, (found.id,))


def _refuse_contradictions(found: Organisation, sent: dict[str, object]) -> None:
    wrong: list[Fault] = []
    siret = sent.get("siret")
    if isinstance(siret, str) and not siret.startswith(found.siren):
        wrong.append(faults.fault("/siret", *company.SIRET_OF_ANOTHER))
    headcount = sent.get("headcount", found.headcount)
    band = sent.get("size_band")
    if band is not None and isinstance(headcount, int) and band != company.size_band(headcount):
        wrong.append(faults.fault("/size_band", *company.BAND_MISMATCH))
    if wrong:
        raise Invalid(wrong)


async def _tell(session: Session, changed: Organisation) -> None:
    await feed.publish(
        session,
        entity="organisation",
        entity_id=str(changed.pseudonym),
        kind="updated",
        version=changed.version,
        payload=publication(
            naf_code=changed.naf_code,
            size_band=changed.size_band,
            region_code=changed.region_code,
            benchmark_consent=changed.benchmark_consent,
        ),
    )
