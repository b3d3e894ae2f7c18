"""Keep what coverage counts by: the employment zone of a commune, the funded places of an action.

The bootstrap fills the zones. Places are drawn from the documents at once: 50,000 actions take
seconds, in which imports wait and readers do not.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SEATS = """
UPDATE training.action a SET seats = stated.seats
  FROM (SELECT (one->>'id')::uuid AS id, sum((funder->>'seats')::int)::int AS seats
          FROM training.formation f,
               jsonb_array_elements(f.document->'actions') one,
               jsonb_array_elements(one->'funders') funder
         WHERE funder ? 'seats'
         GROUP BY 1) stated
 WHERE a.id = stated.id"""


def upgrade() -> None:
    op.create_table(
        "employment_zone",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_employment_zone")),
        schema="training",
    )
    op.add_column("commune", sa.Column("zone", sa.Text()), schema="training")
    op.add_column("action", sa.Column("seats", sa.Integer()), schema="training")
    op.execute(_SEATS)


def downgrade() -> None:
    op.drop_column("action", "seats", schema="training")
    op.drop_column("commune", "zone", schema="training")
    op.drop_table("employment_zone", schema="training")
