"""Reading expiries: what they hit of one's own offers, and what was told of one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from platformkit.auth import Principal
from platformkit.errors import NotFound
from platformkit.i18n import Text
from platformkit.pagination import Page, PageRequest, page
from platformkit.reads import ReadPool
from training.certifications.schemas import Title
from training.expiries import queries, replacements
from training.expiries.replacements import Ending
from training.expiries.schemas import (
    EndingRead,
    ExpiryNoticeRead,
    ExpiryRead,
    FormationHit,
    ReplacementRead,
    SessionHit,
)
from training.expiries.stages import Stage
from training.offers.schemas import ProviderNamed


class ExpiryNoticeUnknown(NotFound):
    """No notice has this id."""

    code = "expiry-notice-unknown"
    title = Text("Avis d’échéance inconnu", "Unknown expiry notice")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of one's own expiries is asked for."""

    within: int
    certifications: Sequence[str] | None = None
    provider: str | None = None
    is_over: bool | None = None


async def listed(
    reads: ReadPool, caller: Principal, filters: Filters, paging: PageRequest, day: date
) -> Page[ExpiryRead]:
    """Return a page of what ends hit of the caller's offers, the nearest end first."""
    asked = (
        day,
        filters.certifications,
        filters.is_over,
        filters.within,
        caller.tenant,
        filters.provider,
    )
    last, code, formation = paging.after or [None, None, None]
    after = (last and date.fromisoformat(last), code, formation)
    rows = await reads.fetch("expiries", queries.LIST, *asked, *after, paging.limit + 1)
    total = await reads.fetchval("expiries count", queries.COUNT, *asked) if paging.count else None
    proposed = await replacements.proposed(
        reads.fetch, [_begins(row, row["code"], day) for row in rows[: paging.limit]]
    )

    def rendered(row: Any) -> ExpiryRead:  # noqa: ANN401  # an asyncpg record
        return ExpiryRead(
            certification=_ending(row),
            ends_on=row["ends_on"],
            delivery_limit=row["delivery_limit"],
            days_left=(row["ends_on"] - day).days,
            formation=FormationHit(
                id=row["formation_id"],
                number=row["number"],
                title=row["formation_title"],
                provider=ProviderNamed(siret=row["provider_siret"], name=row["provider_name"]),
            ),
            sessions_hit=row["hits"],
            sessions=[SessionHit.model_validate(one) for one in orjson.loads(row["sessions"])],
            replacement=proposed[_begins(row, row["code"], day)],
        )

    return page(
        paging,
        rows,
        lambda row: (row["ends_on"].isoformat(), row["code"], str(row["formation_id"])),
        rendered,
        total,
    )


async def notice(reads: ReadPool, notice_id: uuid.UUID, day: date) -> ExpiryNoticeRead:
    """Return the notice that an event of the feed names; raises ExpiryNoticeUnknown."""
    row = await reads.fetchrow("expiry notice", queries.NOTICE, notice_id)
    if row is None:
        raise ExpiryNoticeUnknown
    begins = _begins(row, row["code"], day)
    proposed: dict[Ending, ReplacementRead | None] = await replacements.proposed(
        reads.fetch, [begins]
    )
    return ExpiryNoticeRead(
        id=row["id"],
        certification=_ending(row),
        ends_on=row["ends_on"],
        stage=Stage(row["stage"]),
        told_at=row["told_at"],
        formations=row["formations"],
        sessions=row["sessions"],
        providers=row["providers"],
        still_holds=row["still_holds"],
        replacement=proposed[begins],
    )


def _begins(row: Any, code: str, day: date) -> Ending:  # noqa: ANN401  # an asyncpg record
    """Say when somebody would begin: with the first session that is hit, or when it is over."""
    after = date.fromordinal(row["ends_on"].toordinal() + 1)
    return code, max(day, after, row["starts_on"] or after)


def _ending(row: Any) -> EndingRead:  # noqa: ANN401  # likewise
    return EndingRead(number=row["code"], title=Title(fr=row["title"], en=row["title_en"]))
