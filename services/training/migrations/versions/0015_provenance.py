"""Tell the feed by which import the facts of a certification came.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PUBLISH_AGAIN = """
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'certification', c.code, 'updated', c.version,
       last.payload || jsonb_build_object('import_run', c.import_run_id)
  FROM training.certification c
  JOIN (SELECT DISTINCT ON (entity_id) entity_id, payload FROM training.change
         WHERE entity = 'certification'
         ORDER BY entity_id, xid DESC, seq DESC) last ON last.entity_id = c.code
 WHERE c.withdrawn_on IS NULL
 ORDER BY c.code"""


def upgrade() -> None:
    op.execute(_PUBLISH_AGAIN)


def downgrade() -> None:
    """Nothing to undo: whoever follows takes no harm from one member more."""
