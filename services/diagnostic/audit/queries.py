"""The statement that every deed pays for."""

RECORD = """
INSERT INTO diagnostic.audit_event
    (tenant, client, actor, action, entity, entity_id, before_hash, after_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
