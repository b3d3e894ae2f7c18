"""Reading the offers: which are meant, and what is said of one that was withdrawn."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson

from platformkit.errors import NotFound, ProblemError
from platformkit.i18n import Text
from platformkit.pagination import PageRequest
from platformkit.reads import ReadPool
from training.certifications.quality import Quality
from training.offers import quality, queries
from training.offers.grammar import SEQUENCES

OTHER_MEMBERS: Final = tuple(
    part.name for part in SEQUENCES["formation"].parts.values() if part.name is not None
)
"""What a formation's document may have beside the fields of its model."""


class FormationUnknown(NotFound):
    """No formation has this id."""

    code = "formation-unknown"
    title = Text("Formation inconnue", "Unknown formation")


class FormationWithdrawn(ProblemError):
    """The formation was published and is no more; its number stays taken."""

    status = 410
    code = "formation-withdrawn"
    title = Text("Formation retirée", "Formation withdrawn")
    detail = Text(
        "Son organisme l’a retirée, ou son dernier fichier complet ne l’a plus.",
        "Its provider has withdrawn it, or the last complete file does not have it any more.",
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is asked for; days are those that some session meets."""

    certifications: tuple[str, ...] | None
    provider: str | None
    department: str | None
    since: date | None
    until: date | None
    min_quality: int | None
    max_quality: int | None
    licences: Sequence[str] | None = None
    is_flagged: bool | None = None
    flag: str | None = None

    def arguments(self) -> tuple[object, ...]:
        """Return them in the order of the statements."""
        codes = None if self.certifications is None else list(self.certifications)
        days = self.since, self.until
        scores = self.min_quality, self.max_quality
        licences = None if self.licences is None else list(self.licences)
        flags = self.is_flagged, self.flag
        return codes, self.provider, self.department, *days, *scores, licences, *flags


async def read(reads: ReadPool, formation: uuid.UUID) -> bytes:
    """Return the document of a formation; raises FormationUnknown, FormationWithdrawn."""
    row = present(await reads.fetchrow("formation", queries.READ, formation))
    return str(row["document"]).encode()


async def judged(reads: ReadPool, formation: uuid.UUID) -> Quality:
    """Say how completely a formation informs; raises as `read` does."""
    row = await reads.fetchrow("formation quality", queries.DOCUMENT, formation)
    return quality.of_formation(orjson.loads(present(row)["document"]))


def present(row: Any) -> Any:  # noqa: ANN401  # an asyncpg record
    """Return the row; FormationUnknown without one, FormationWithdrawn where it says so."""
    if row is None:
        raise FormationUnknown
    if row["withdrawn_reason"] is not None:
        raise FormationWithdrawn
    return row


async def listed(reads: ReadPool, filters: Filters, paging: PageRequest) -> bytes:
    """Return a page of summaries, joined from what PostgreSQL rendered."""
    arguments = filters.arguments()
    after = paging.after or [None, None]
    rows = await reads.fetch("formations", queries.LIST, *arguments, *after, paging.limit + 1)
    total: int | None = None
    if paging.count:
        total = await reads.fetchval("formations count", queries.COUNT, *arguments)
    shown = rows[: paging.limit]
    following = (
        paging.continued([shown[-1]["provider_siret"], shown[-1]["number"]])
        if len(rows) > paging.limit
        else None
    )
    tail = orjson.dumps({"next": following, "total": total})
    items = ",".join(row["item"] for row in shown).encode()
    return b'{"items":[' + items + b"]," + tail[1:]
