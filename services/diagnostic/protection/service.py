"""Handing out what is kept of a company."""

import uuid
from collections.abc import AsyncIterator
from datetime import datetime

from diagnostic.audit import service as audit
from diagnostic.organisations import service as organisations
from diagnostic.protection import export
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.reads import ReadPool


async def exported(
    session: Session, reads: ReadPool, caller: Principal, organisation_id: uuid.UUID, now: datetime
) -> AsyncIterator[bytes]:
    """Record that the data were handed out, then write them; raises OrganisationUnknown."""
    found = await organisations.own(session, caller.tenant, organisation_id)
    await audit.record(session, caller, "export", "organisation", found.id)
    return export.document(reads, found.id, now)
