"""Let a certification be withdrawn, and tell the feed what it left out of its documents.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_RULE = "CHECK ((withdrawn_on IS NULL) = (withdrawn_reason IS NULL))"

_PUBLISH_AGAIN = """
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'certification', c.code, 'updated', c.version,
       last.payload || jsonb_build_object(
         'id', c.id, 'unknown', c.unknown,
         'absent_since', (c.absent_since AT TIME ZONE 'Europe/Paris')::date)
  FROM training.certification c
  JOIN (SELECT DISTINCT ON (entity_id) entity_id, payload FROM training.change
         WHERE entity = 'certification'
         ORDER BY entity_id, xid DESC, seq DESC) last ON last.entity_id = c.code
 ORDER BY c.code"""


def upgrade() -> None:
    op.add_column("certification", sa.Column("withdrawn_on", sa.Date()), schema="training")
    op.add_column("certification", sa.Column("withdrawn_reason", sa.Text()), schema="training")
    op.execute(
        f"ALTER TABLE training.certification ADD CONSTRAINT ck_certification_withdrawn {_RULE}"
        " NOT VALID"
    )
    op.execute("ALTER TABLE training.certification VALIDATE CONSTRAINT ck_certification_withdrawn")
    op.execute(_PUBLISH_AGAIN)


def downgrade() -> None:
    op.drop_column("certification", "withdrawn_reason", schema="training")
    op.drop_column("certification", "withdrawn_on", schema="training")
