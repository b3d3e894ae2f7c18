"""The offers that teach something which somebody lacks, as `advice` takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson

from platformkit.reads import ReadPool
from training.certifications.lifecycle import Validity
from training.certifications.service import validity_of
from training.indexing.offers import LEVELS
from training.openings import rules
from training.recommendations import queries
from training.recommendations.advice import Link, Offer
from training.recommendations.filters import Action, Session
from training.recommendations.readiness import Levels, Requirement, gap
from training.recommendations.scoring import SURE_LINKS


@dataclass(frozen=True, slots=True)
class Found:
    """Offers with the dates of their certifications; `matched` may be more than are here."""

    offers: Sequence[Offer]
    validities: Mapping[str, Validity | None]
    matched: int


async def teaching(
    reads: ReadPool, wanted: Sequence[Requirement], have: Levels, day: date
) -> Found:
    """Find the offers that fill a gap: the best by gain, and by gain per hour."""
    lacking = [one for one in wanted if gap(one, have) > 0]
    rows = await reads.fetch(
        "offers that teach",
        queries.CANDIDATES,
        [one.skill for one in lacking],
        [one.weight for one in lacking],
        [have.get(one.skill, 0) for one in lacking],
        [one.level for one in lacking],
        day,
    )
    codes = sorted({code for row in rows for code in row["certifications"]})
    known = {}
    if codes:
        for one in await reads.fetch("certifications taught", queries.CERTIFICATIONS, codes):
            known[one["code"]] = one
    return Found(
        [_offer(row, known) for row in rows],
        {code: validity_of(row) for code, row in known.items()},
        rows[0]["matched"] if rows else 0,
    )


def _offer(row: Mapping[str, Any], certifications: Mapping[str, Mapping[str, Any]]) -> Offer:
    links, needs = {}, {}
    for skill, level, prerequisite, method, confidence, source in zip(
        *(row[f"{one}s"] for one in ("skill", "level", "prerequisite", "method", "confidence")),
        row["sources"],
        strict=True,
    ):
        if prerequisite:
            needs[skill] = level
        else:
            links[skill] = Link(skill, level, method, confidence, source)
    levels = [
        level
        for code in row["certifications"]
        if (level := certifications.get(code, {}).get("level")) is not None
    ]
    told = LEVELS.get(row["exit_level"])
    return Offer(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        provider=row["provider_siret"],
        provider_name=row["provider_name"],
        certifications=tuple(row["certifications"]),
        level=max(levels) if levels else int(told) if told else None,
        is_allowed=not row["flags"],
        is_cold=row["sure"] < SURE_LINKS,
        links=links,
        needs=needs,
        actions=tuple(_action(one) for one in orjson.loads(row["actions"] or "[]")),
    )


def _action(told: Mapping[str, Any]) -> Action:
    return Action(
        id=told["id"],
        mode=told["mode"],
        hours=told["hours"],
        price=told["price"],
        audiences=frozenset(told["audiences"]),
        languages=frozenset(told["languages"]),
        points=tuple((north, east) for north, east in told["points"] or ()),
        sessions=tuple(_session(one, told["permanent"]) for one in told["sessions"] or ()),
    )


def _session(told: Sequence[Any], permanent: bool) -> Session:  # noqa: FBT001  # a fact of the action
    identity, *days, state = told
    begins, ends, first, last = (date.fromisoformat(one) if one else None for one in days)
    return Session(identity, rules.Session(begins, ends, first, last, state, permanent))
