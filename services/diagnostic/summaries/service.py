"""Where a company stands in the programme, rendered by PostgreSQL."""

import uuid
from datetime import datetime

from diagnostic.organisations.service import OrganisationUnknown
from diagnostic.summaries import queries
from platformkit.i18n import language
from platformkit.paris import day_in_paris
from platformkit.reads import ReadPool


async def summary(reads: ReadPool, tenant: str, organisation_id: uuid.UUID, now: datetime) -> bytes:
    """Give the JSON of `OrganisationSummary`, or raise OrganisationUnknown."""
    body: str | None = await reads.fetchval(
        "organisation summary",
        queries.SUMMARY,
        organisation_id,
        tenant,
        language(),
        day_in_paris(now),
    )
    if body is None:
        raise OrganisationUnknown
    return body.encode()
