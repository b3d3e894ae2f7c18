"""The statements of the audit trail."""

from typing import Final

RECORD: Final = """
INSERT INTO gateway.audit_event
       (actor, tenant, action, entity, entity_id, decision, trace_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""

ALL: Final = """
SELECT id, at, actor, tenant, action, entity, entity_id, decision, trace_id, detail,
       previous, hash
  FROM gateway.audit_event
 ORDER BY id"""
