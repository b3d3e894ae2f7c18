"""Let words be looked for in the providers and the nomenclatures by an index.

While it is made, a second for 50,000 rows, imports wait and readers do not.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLES = ("provider", "reference_concept")


def upgrade() -> None:
    for table in _TABLES:
        op.create_index(
            f"ix_{table}_trigrams",
            table,
            ["search_text"],
            unique=False,
            schema="training",
            postgresql_using="gin",
            postgresql_ops={"search_text": "public.gin_trgm_ops"},
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_index(f"ix_{table}_trigrams", table_name=table, schema="training")
