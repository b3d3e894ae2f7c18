"""A release tells its formula, and every file that its figures are made from.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEEP = """
CREATE OR REPLACE FUNCTION observatory.keep_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at <= statement_timestamp() AND
       (OLD.flow, OLD.ordinal, OLD.state, OLD.published_at, OLD.reason, OLD.method, OLD.source,
        {more_old}OLD.file_sha256, OLD.n_obs, OLD.n_series)
       IS DISTINCT FROM
       (NEW.flow, NEW.ordinal, NEW.state, NEW.published_at, NEW.reason, NEW.method, NEW.source,
        {more_new}NEW.file_sha256, NEW.n_obs, NEW.n_series) THEN
        RAISE EXCEPTION 'what was published stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.add_column("release", sa.Column("formula", postgresql.JSONB()), schema="observatory")
    op.add_column(
        "release",
        sa.Column("origins", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        schema="observatory",
    )
    op.execute(
        KEEP.format(more_old="OLD.formula, OLD.origins, ", more_new="NEW.formula, NEW.origins, ")
    )


def downgrade() -> None:
    op.execute(KEEP.format(more_old="", more_new=""))
    op.drop_column("release", "origins", schema="observatory")
    op.drop_column("release", "formula", schema="observatory")
