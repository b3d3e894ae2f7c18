"""What exports read and erasures blank: statements per table, made once from the inventory."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import Table, Uuid

from diagnostic.assessments.models import AnswerEvent, Assessment
from diagnostic.database import Base
from diagnostic.enrolments.models import Enrolment
from diagnostic.protection.inventory import HOLDINGS, FreeText, belonging, columns, table_of
from diagnostic.respondents.models import Respondent, RespondentAnswerEvent

_PART = """
SELECT to_jsonb(x)::text FROM (
    SELECT {columns} FROM diagnostic.{table} t WHERE {condition} ORDER BY {order}
) x
"""

_GRIDS = """
SELECT jsonb_build_object('id', v.id, 'code', q.code, 'version', v.version,
    'content_hash', v.content_hash, 'scoring_hash', v.scoring_hash, 'content', v.content)::text
FROM diagnostic.questionnaire_version v
JOIN diagnostic.questionnaire q ON q.id = v.questionnaire_id
WHERE v.id IN (SELECT t.version_id FROM diagnostic.assessment t
    WHERE {condition})
ORDER BY q.code, v.version
"""

_COHORTS = """
SELECT jsonb_build_object('id', c.id, 'code', c.code, 'title', c.title,
    'facilitator', c.facilitator, 'programme', p.code, 'programme_title', p.title,
    'starts_on', c.starts_on, 'ends_on', c.ends_on)::text
FROM diagnostic.cohort c JOIN diagnostic.programme p ON p.id = c.programme_id
WHERE c.id IN (SELECT t.cohort_id FROM diagnostic.enrolment t
    WHERE {condition})
ORDER BY c.starts_on, c.id
"""

_EVENTS = """
SELECT jsonb_build_object('id', e.id, 'at', e.at, 'client', e.client, 'actor', e.actor,
    'action', e.action, 'entity', e.entity, 'entity_id', e.entity_id,
    'before_hash', e.before_hash, 'after_hash', e.after_hash)::text
FROM diagnostic.audit_event e WHERE e.entity_id IN ({ids}) ORDER BY e.id
"""


@lru_cache
def parts() -> Mapping[str, str]:
    """Give the statement of each part by its name; $1 is the company's id."""
    ways = belonging()
    made = {}
    for model in HOLDINGS:
        table = table_of(model)
        made[model.__tablename__] = _PART.format(
            columns=", ".join(f"t.{name}" for name in columns(model)),
            table=table.name,
            condition=ways[table.name],
            order=", ".join(f"t.{column.name}" for column in table.primary_key.columns),
        )
    ids = (
        f"SELECT t.id::text FROM diagnostic.{table.name} t WHERE {ways[table.name]}"  # noqa: S608  # our own names
        for table in map(table_of, HOLDINGS)
        if "id" in table.columns and isinstance(table.columns["id"].type, Uuid)
    )
    return {
        **made,
        "grid": _GRIDS.format(condition=ways[Assessment.__tablename__]),
        "cohort": _COHORTS.format(condition=ways[Enrolment.__tablename__]),
        "audit_event": _EVENTS.format(ids=" UNION ALL ".join(ids)),
    }


_TEXTS = """
SELECT {key} AS key, {respondent} AS respondent, ARRAY[{readings}] AS texts
FROM diagnostic.{table} t WHERE {scope} AND ({present})
"""
_BLANK = "UPDATE diagnostic.{table} t SET {blanks} WHERE {scope} AND {key} = ANY($2)"

_APPEND_ONLY: dict[type[Base], str] = {
    AnswerEvent: "SELECT diagnostic.erase_answer_events($1, $2)",
    RespondentAnswerEvent: "SELECT diagnostic.erase_respondent_answer_events($1, $2)",
}
"""Tables that our role cannot change: the owner's own narrow function does, and nothing else."""

_FORGET = """
UPDATE diagnostic.respondent
SET name = NULL, email = NULL, role = NULL, status = 'erased', erased_at = now(),
    version = version + 1
WHERE {which} AND status <> 'erased'
RETURNING id, pseudonym, version
"""
RESPONDENTS = _FORGET.format(which="id = ANY($1)")
"""Erases who they are; $1: their ids."""
ALL_RESPONDENTS = _FORGET.format(which="assessment_id = $1")
"""Likewise, of a whole diagnostic; $1: its id."""

DISOWN = """
WITH held AS (
    SELECT n.id FROM diagnostic.roadmap_action n WHERE n.owner_id = ANY($1)
    ORDER BY n.id FOR NO KEY UPDATE)
UPDATE diagnostic.roadmap_action t SET owner_id = NULL, version = t.version + 1
FROM held WHERE t.id = held.id
"""
"""Leaves the actions of erased respondents ($1: their ids) without an owner."""

SAME_PERSON = """
SELECT r.id, r.name, r.email FROM diagnostic.respondent r
JOIN diagnostic.assessment a ON a.id = r.assessment_id
WHERE a.organisation_id = $1 AND (r.id = $2 OR lower(r.email) = lower($3))
    AND r.status <> 'erased'
"""
"""A respondent ($2) wherever a company ($1) invited their address ($3, or null)."""

FILES = (
    "DELETE FROM diagnostic.evidence WHERE assessment_id = $1",
    "DELETE FROM diagnostic.evidence_file WHERE assessment_id = $1",
)
"""Nobody knows whom the pages of a document name, so the documents go as a whole."""


@lru_cache
def texts() -> Mapping[type[Base], str]:
    """Give by table the statement that reads a diagnostic's rows with free texts; $1: its id."""
    scopes = belonging(Assessment)
    return {
        model: _TEXTS.format(
            key=_key(table_of(model)),
            respondent=f"t.{holding.respondent}" if holding.respondent else "NULL",
            readings=", ".join(one.reading for one in holding.texts),
            present=" OR ".join(f"({one.reading}) IS NOT NULL" for one in holding.texts),
            table=model.__tablename__,
            scope=scopes[model.__tablename__],
        )
        for model, holding in HOLDINGS.items()
        if holding.texts and model is not Respondent
    }


@lru_cache
def blanks() -> Mapping[type[Base], str]:
    """Give by table the statement that blanks rows; $1: the diagnostic's id, $2: their keys."""
    scopes = belonging(Assessment)
    return {
        model: _BLANK.format(
            table=model.__tablename__,
            blanks=", ".join(_blanked(one) for one in HOLDINGS[model].texts),
            scope=scopes[model.__tablename__],
            key=_key(table_of(model)),
        )
        for model in texts()
    } | _APPEND_ONLY


def _blanked(one: FreeText) -> str:
    kept = f"CASE WHEN ({one.reading}) IS NULL THEN t.{one.column} ELSE {one.erased} END"
    return f"{one.column} = {kept}"


def _key(table: Table) -> str:
    """Write what tells the rows of a table apart, as one text."""
    return f"concat_ws('/', {', '.join(f't.{one.name}' for one in table.primary_key.columns)})"
