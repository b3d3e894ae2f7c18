"""The catalogue of funding, and who is eligible for what."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, get_args

import orjson
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from diagnostic import faults
from diagnostic.opportunities import models
from diagnostic.opportunities.eligibility import Opportunity, assess, check_facts, window
from diagnostic.opportunities.schemas import (
    EligibilityRead,
    FundingRead,
    OpportunityRead,
    RuleRead,
)
from diagnostic.questionnaires.grid import Label
from diagnostic.questionnaires.hashing import canonical_hash
from platformkit import feed, finding
from platformkit.db import Session
from platformkit.errors import Invalid, NotFound
from platformkit.i18n import Language, Text, language
from platformkit.matching import Index, Name
from platformkit.reads import ReadPool

Versioned = tuple[Opportunity, int]
"""An aid and the version that its changes count."""

_LISTED = """
SELECT content::text AS content, version FROM diagnostic.opportunity
WHERE code > $1 ORDER BY code LIMIT $2
"""
_COUNTED = "SELECT count(*) FROM diagnostic.opportunity"
_ONE = "SELECT content::text AS content, version FROM diagnostic.opportunity WHERE code = $1"
_ALL = 1000
SEARCHED = "opportunities"
_ORDER = {"eligible": 0, "unknown": 1, "ineligible": 2}


class OpportunityUnknown(NotFound):
    """No aid of this code."""

    code = "opportunity-unknown"
    title = Text("Aide inconnue", "Unknown opportunity")
    detail = Text("Aucune aide ne porte ce code.", "No opportunity has this code.")


class FactsRefused(Invalid):
    """Facts about the company that cannot be."""

    code = "facts-refused"
    title = Text("Informations refusées", "Facts refused")


async def load(session: Session, catalogue: Iterable[Opportunity]) -> int:
    """Store what changed of the catalogue; returns how many entries did."""
    rows = await session.execute(select(models.Opportunity.code, models.Opportunity.content_hash))
    stored = dict(rows.all())
    changed = 0
    for one in catalogue:
        content = one.model_dump(mode="json")
        digest = canonical_hash(content)
        if stored.get(one.code) == digest:
            continue
        changed += 1
        values = {
            "content": content,
            "content_hash": digest,
            "opens_on": one.opens_on,
            "closes_on": one.closes_on,
        }
        version = await session.scalar(
            insert(models.Opportunity)
            .values(id=uuid.uuid4(), code=one.code, **values)
            .on_conflict_do_update(
                index_elements=["code"],
                set_={
                    **values,
                    "version": models.Opportunity.version + 1,
                    "updated_at": func.now(),
                },
            )
            .returning(models.Opportunity.version)
        )
        await feed.publish(
            session,
            entity="opportunity",
            entity_id=one.code,
            kind="updated" if one.code in stored else "created",
            version=version or 1,
            payload={"title": one.title.model_dump(), "closes_on": content["closes_on"]},
        )
    return changed


async def listed(reads: ReadPool, after: str = "", limit: int = _ALL) -> list[Versioned]:
    """Read the aids whose code comes after this one."""
    rows = await reads.fetch("opportunities", _LISTED, after, limit)
    return [_read(row) for row in rows]


async def counted(reads: ReadPool) -> int:
    """Count the catalogue."""
    found: int = await reads.fetchval("opportunities count", _COUNTED)
    return found


async def one(reads: ReadPool, code: str) -> Versioned:
    """Read an aid, or raise OpportunityUnknown."""
    row = await reads.fetchrow("opportunity", _ONE, code)
    if row is None:
        raise OpportunityUnknown
    return _read(row)


def _read(row: Mapping[str, Any]) -> Versioned:
    return Opportunity.model_validate(orjson.loads(row["content"])), row["version"]


def shown(found: Versioned, now: datetime) -> OpportunityRead:
    """Put an aid in the language of the request."""
    aid, version = found
    spoken = language()
    return OpportunityRead.model_validate(
        {
            **aid.model_dump(exclude={"rules"}),
            "title": aid.title.text(spoken),
            "operator": aid.operator.text(spoken),
            "summary": aid.summary.text(spoken),
            "note": aid.note.text(spoken) if aid.note else None,
            "window": str(window(aid, now)),
            "rules": [RuleRead(code=one.code, label=one.label.text(spoken)) for one in aid.rules],
            "required_facts": list(aid.required_facts),
            "version": version,
        }
    )


def found(catalogue: Iterable[Versioned], question: str, limit: int) -> bytes:
    """Return the aids that a question finds as JSON: a few dozen, so indexed as they are asked."""
    aids = {aid.code: aid for aid, _ in catalogue}
    index = Index(
        Name(
            SEARCHED, aid.code, _in_all(aid.title), (*_in_all(aid.operator), *_in_all(aid.summary))
        )
        for aid in aids.values()
    )
    return finding.answer(
        index,
        question,
        [SEARCHED],
        limit,
        lambda name: (aids[name.code].title.text(language()), aids[name.code].nature),
    )


def _in_all(label: Label) -> tuple[str, ...]:
    return tuple(label.text(spoken) for spoken in get_args(Language))


def judged(
    catalogue: Iterable[Versioned], facts: Mapping[str, Any], now: datetime
) -> list[FundingRead]:
    """Judge every aid by these facts, the promising ones first; impossible facts are refused."""
    if wrong := faults.of(check_facts(facts)):
        raise FactsRefused(wrong)
    found = [
        FundingRead(
            opportunity=shown(one, now),
            eligibility=EligibilityRead.model_validate(
                assess(one[0], facts, now).as_json(language())
            ),
        )
        for one in catalogue
    ]
    return sorted(found, key=lambda one: (_ORDER[one.eligibility.status], one.opportunity.code))
