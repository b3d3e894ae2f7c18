"""The statements of the audit trail."""

from typing import Final

RECORD: Final = """
INSERT INTO training.audit_event (tenant, client, actor, action, entity, entity_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7)"""

_SOUGHT: Final = """
  FROM training.audit_event e
 WHERE e.tenant = $1
   AND ($2::text IS NULL OR e.action = $2)
   AND ($3::text IS NULL OR e.entity_id = $3)"""

LIST: Final = f"""
SELECT e.id, json_build_object(
         'id', e.id, 'at', e.at, 'client', e.client, 'actor', e.actor, 'action', e.action,
         'entity', e.entity, 'entity_id', e.entity_id, 'detail', e.detail)::text AS item
{_SOUGHT}
   AND ($4::bigint IS NULL OR e.id < $4)
 ORDER BY e.id DESC
 LIMIT $5"""  # pieces of this file
"""$1 tenant, $2 action, $3 what it was done to, $4 the last id, $5 limit."""

COUNT: Final = f"SELECT count(*) {_SOUGHT}"
"""$1–$3 as in LIST."""
