"""What an export reads: one statement per part, made once from the inventory."""

from collections.abc import Mapping
from functools import lru_cache

from sqlalchemy import Uuid

from diagnostic.assessments.models import Assessment
from diagnostic.enrolments.models import Enrolment
from diagnostic.protection.inventory import HOLDINGS, belonging, columns, table_of

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
