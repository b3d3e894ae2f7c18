"""A delivered roadmap cites the versions of aids that were public that day.

One row per submission: those delivered already are filled in at once, from the steps.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_DELIVERED = """
UPDATE diagnostic.roadmap r SET delivered_at = s.at, cited = (
    SELECT coalesce(jsonb_object_agg(o.code, v.version), '{}')
    FROM diagnostic.opportunity o
    JOIN LATERAL (
        SELECT max(p.version) AS version FROM diagnostic.opportunity_version p
        WHERE p.opportunity_id = o.id AND p.published_at <= s.at) v ON v.version IS NOT NULL
    WHERE o.code IN (
        SELECT jsonb_array_elements_text(n.content -> 'funding_refs')
        FROM diagnostic.roadmap_action n WHERE n.roadmap_id = r.id))
FROM (
    SELECT t.assessment_id, t.revision, min(t.at) AS at FROM diagnostic.assessment_step t
    WHERE t.verb = 'deliver' GROUP BY t.assessment_id, t.revision) s
WHERE s.assessment_id = r.assessment_id AND s.revision = r.assessment_revision
"""


def upgrade() -> None:
    op.add_column(
        "roadmap",
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        schema="diagnostic",
    )
    op.add_column(
        "roadmap",
        sa.Column("cited", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        schema="diagnostic",
    )
    op.execute(_DELIVERED)
    op.create_check_constraint(
        op.f("ck_roadmap_cited_once_delivered"),
        "roadmap",
        "(delivered_at IS NULL) = (cited IS NULL)",
        schema="diagnostic",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_roadmap_cited_once_delivered"), "roadmap", schema="diagnostic")
    op.drop_column("roadmap", "cited", schema="diagnostic")
    op.drop_column("roadmap", "delivered_at", schema="diagnostic")
