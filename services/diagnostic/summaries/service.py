"""Where a company stands in the programme, rendered by PostgreSQL."""

import uuid
from datetime import datetime

from diagnostic.cohorts.week import today
from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.summaries import queries
from platformkit.i18n import language
from platformkit.reads import ReadPool


async def summary(reads: ReadPool, tenant: str, organisation_id: uuid.UUID, now: datetime) -> bytes:
    """Give the JSON of `OrganisationSummary`, or raise OrganisationUnknown."""
    body: str | None = await reads.fetchval(
        "organisation summary", queries.SUMMARY, organisation_id, tenant, language(), today(now)
    )
    if body is None:
        raise OrganisationUnknown
    return body.encode()
