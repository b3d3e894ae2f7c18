"""What an offer teaches, as its provider declares it and as texts and certifications say."""

import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from platformkit import etags
from platformkit.auth import Principal
from platformkit.db import driver
from platformkit.errors import Fault, Invalid
from platformkit.i18n import Text, language
from platformkit.reads import ReadPool
from training.audit import service as audit
from training.entering.service import alone
from training.offers.service import FormationUnknown
from training.skills import queries
from training.skills.schemas import FormationSkillsRead, SkillDeclared, SkillTaught

_UNKNOWN = Text(
    "Compétence inconnue des référentiels rome-skill et ai-skill.",
    "No skill of the schemes rome-skill and ai-skill.",
)


async def read(reads: ReadPool, formation: uuid.UUID) -> tuple[FormationSkillsRead, str]:
    """Return the skills of an offer, and the tag of those declared, which a new declaration names.

    Raises FormationUnknown.
    """
    if await reads.fetchval("formation", queries.LIVE, formation) is None:
        raise FormationUnknown
    rows = await reads.fetch("skills of an offer", queries.SHOWN, formation, language())
    skills = [SkillTaught.model_validate(dict(row)) for row in rows]
    return FormationSkillsRead(formation=formation, skills=skills), _tag(rows)


async def declare(
    session: AsyncSession,
    caller: Principal,
    formation: uuid.UUID,
    skills: Sequence[SkillDeclared],
    if_match: str,
) -> str:
    """Replace what is declared of one's own offer.

    Raises FormationUnknown, Stale, CatalogueBusy or Invalid.
    """
    raw = await driver(session)
    await alone(raw)
    if await raw.fetchval(queries.HELD, formation, caller.tenant) is None:
        raise FormationUnknown
    etags.match(if_match, _tag(await raw.fetch(queries.SHOWN, formation, language())))
    codes = [one.code for one in skills]
    unknown = {row["code"] for row in await raw.fetch(queries.UNKNOWN, codes)}
    if unknown:
        raise Invalid(
            [
                Fault(f"/skills/{place}/code", "skill-unknown", _UNKNOWN)
                for place, code in enumerate(codes)
                if code in unknown
            ]
        )
    await raw.execute(queries.FORGET, formation)
    levels, expected = [one.level for one in skills], [one.prerequisite for one in skills]
    await raw.execute(queries.DECLARE, formation, codes, expected, levels)
    await raw.execute(queries.AGAIN, formation)
    await raw.execute(queries.CHANGED)
    told = f"{len(skills)} skills"
    await audit.record(raw, caller, "declare_skills", "formation", str(formation), told)
    return _tag(await raw.fetch(queries.SHOWN, formation, language()))


def _tag(rows: Sequence[Any]) -> str:
    """Return the tag of what is declared among the skills shown."""
    names = ("code", "prerequisite", "level")
    declared = [[row[name] for name in names] for row in rows if row["method"] == "declared"]
    return etags.of_bytes(orjson.dumps(declared))
