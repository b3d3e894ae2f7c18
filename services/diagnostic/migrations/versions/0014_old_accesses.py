"""Uses of share links are forgotten when they are old, and by nobody else."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_FORGET = """
CREATE FUNCTION diagnostic.forget_share_accesses(before timestamptz, at_most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = diagnostic, pg_temp
BEGIN ATOMIC
    WITH old AS (
        DELETE FROM diagnostic.share_access s WHERE s.id IN (
            SELECT x.id FROM diagnostic.share_access x
            WHERE x.at < least(before, now() - interval '1 month')
            ORDER BY x.at, x.id LIMIT at_most)
        RETURNING s.id)
    SELECT count(*) FROM old;
END
"""
_FUNCTION = "diagnostic.forget_share_accesses(timestamptz, integer)"


def upgrade() -> None:
    op.create_index("ix_share_access_at_id", "share_access", ["at", "id"], schema="diagnostic")
    op.execute(_FORGET)
    op.execute(f"REVOKE ALL ON FUNCTION {_FUNCTION} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_FUNCTION} TO diagnostic_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {_FUNCTION}")
    op.drop_index("ix_share_access_at_id", table_name="share_access", schema="diagnostic")
