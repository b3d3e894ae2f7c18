"""A company that leaves: nobody's any longer, its scores anonymous.

What it owns moves to a tenant that no client can have, so that every address answers 404 by the
rule that keeps tenants apart, not by one more check in each.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from diagnostic.assessments.models import WRITABLE, Assessment, Status
from diagnostic.audit import service as audit
from diagnostic.organisations.models import Organisation
from diagnostic.protection import erasure
from diagnostic.protection.inventory import HOLDINGS, IDENTITY, NOBODY, belonging, table_of
from diagnostic.protection.schemas import OrganisationErased
from diagnostic.shares.models import ShareLink
from platformkit import feed
from platformkit.auth import Principal
from platformkit.db import Session

_IDENTITY = f"""
UPDATE diagnostic.organisation t
SET {", ".join(f"{name} = {erased}" for name, erased in IDENTITY.items())},
    erased_at = $2, updated_at = $2, version = version + 1
WHERE t.id = $1
"""  # noqa: S608  # our own names
_REVOKE = f"""
UPDATE diagnostic.share_link t SET revoked_at = $2, revoked_by = 'erasure'
WHERE {belonging()[ShareLink.__tablename__]} AND t.revoked_at IS NULL
"""  # noqa: S608  # our own names
_UNINVITE = """
UPDATE diagnostic.invitation t SET siren = 'erased-' || t.id,
    status = CASE t.status WHEN 'sent' THEN 'revoked' ELSE t.status END
WHERE t.siren = $1
"""
_DISOWN = "UPDATE diagnostic.{table} t SET tenant = '{nobody}' WHERE {condition}"


async def held(session: Session, organisation_id: uuid.UUID) -> Sequence[Assessment]:
    """Hold every diagnostic of a company until the commit, in the order of their ids."""
    query = select(Assessment).where(Assessment.organisation_id == organisation_id)
    return (await session.scalars(query.order_by(Assessment.id).with_for_update())).all()


async def uninvite(session: Session, siren: str) -> None:
    """Forget whom the invitations of a company were for; those that still serve end."""
    connection = await session.connection()
    await connection.exec_driver_sql(_UNINVITE, (siren,))


async def leave(
    session: Session, caller: Principal, found: Organisation, now: datetime
) -> OrganisationErased:
    """Erase who a locked company is and every free text about it.

    Its scores stay for the comparison if it consents, under a pseudonym that leads nowhere.
    """
    assessments = await held(session, found.id)
    respondents = 0
    for one in assessments:
        respondents += await erasure.forget(session, one.id)
        one.anonymised_at, one.cohort_id = now, None
        if one.status in WRITABLE:
            one.status = Status.ABANDONED
    await session.flush()
    connection = await session.connection()
    for statement in _disowning():
        await connection.exec_driver_sql(statement, (found.id,))
    await connection.exec_driver_sql(_REVOKE, (found.id, now))
    await connection.exec_driver_sql(_IDENTITY, (found.id, now))
    await erasure.forget_answers(session, [str(found.id)])
    await feed.publish(
        session,
        entity="organisation",
        entity_id=str(found.pseudonym),
        kind="deleted",
        version=found.version + 1,
        payload={"reason": "erased"},
    )
    await audit.record(session, caller, "erase", "organisation", found.id)
    return OrganisationErased(
        id=found.id, erased_at=now, assessments=len(assessments), respondents=respondents
    )


def _disowning() -> Iterator[str]:
    conditions = belonging()
    for table in map(table_of, HOLDINGS):
        if "tenant" in table.columns and table.name != Organisation.__tablename__:
            yield _DISOWN.format(table=table.name, nobody=NOBODY, condition=conditions[table.name])
