"""Let titles of offers be compared by their trigrams.

The extension is a trusted one: an administrator who may create in the database makes it. While the
index is made, seconds for 50,000 offers, imports wait and readers do not.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("RESET ROLE")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    op.execute("SET ROLE training_owner")
    op.create_index(
        "ix_formation_title_trigrams",
        "formation",
        ["title"],
        unique=False,
        schema="training",
        postgresql_using="gin",
        postgresql_ops={"title": "public.gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_formation_title_trigrams", table_name="formation", schema="training")
