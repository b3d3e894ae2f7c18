"""Releases what the observatory itself makes, where nobody else publishes into the dataflow."""

import csv
import hashlib
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from observatory.announcements.service import AnnouncedForLater
from observatory.releases import service
from observatory.releases.schemas import ReleaseDraft
from observatory.releases.service import ContradictoryVintages
from observatory.releases.staging import DataInvalid
from observatory.structures.catalogue import Catalogue
from platformkit.db import driver

_WHO: Final = service.Actor("", "vigie", "vigie")
_LAST: Final = """
SELECT file_sha256, client FROM observatory.release
 WHERE flow = $1 AND ordinal IS NOT NULL ORDER BY ordinal DESC LIMIT 1
"""


def written(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write rows as a CSV that can be loaded; the same rows give the same bytes."""
    text = io.StringIO()
    columns = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


class Outcome(Enum):
    """What has become of a file that was to be published."""

    PUBLISHED = 1
    SETTLED = 2
    """Nothing differs from the last release, or somebody else made it."""
    WAITING = 3


async def release(
    session: AsyncSession, structures: Catalogue, draft: ReleaseDraft, data: bytes
) -> Outcome:
    """Publish a whole file as the next release, unless there is nothing new in it.

    A region that publishes into the dataflow itself keeps what it published: only one whose last
    release is ours gets another. What a stable list does not know waits for a newer structure, and
    what is announced for its instant.
    """
    raw = await driver(session)
    flow = structures.flow(draft.dataflow)
    if flow is None:
        return Outcome.WAITING
    last = await raw.fetchrow(_LAST, flow.number)
    digest = hashlib.sha256(data).hexdigest()
    if last is not None and (last["file_sha256"] == digest or last["client"] != _WHO.client):
        return Outcome.SETTLED
    try:
        done = await service.release(session, structures, _WHO, draft, _pieces(data), "complete")
    except (AnnouncedForLater, ContradictoryVintages, DataInvalid):
        return Outcome.WAITING
    return Outcome.SETTLED if done is None else Outcome.PUBLISHED


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    yield data
