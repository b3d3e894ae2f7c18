"""Sessions of cohorts and their sheets of attendance; cohorts that stand get their five sessions.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_PLAN = """
WITH step AS (
    SELECT k.id AS cohort_id, k.timezone, s.kind, s.number,
        k.starts_on + s.number * (k.ends_on - k.starts_on + 1) / 5 AS day
    FROM diagnostic.cohort k
    CROSS JOIN (VALUES ('kickoff', 0), ('diagnostic', 1), ('feedback', 2), ('roadmap', 3),
        ('closing', 4)) AS s(kind, number)
    WHERE k.status NOT IN ('completed', 'cancelled')
), placed AS (
    SELECT *, count(*) OVER (PARTITION BY cohort_id, day) AS several,
        row_number() OVER (PARTITION BY cohort_id, day ORDER BY number) AS turn
    FROM step
), added AS (
    INSERT INTO diagnostic.cohort_session (id, cohort_id, kind, starts_at, ends_at, status, version)
    SELECT gen_random_uuid(), p.cohort_id, p.kind, (p.day + h.opens) AT TIME ZONE p.timezone,
        (p.day + h.closes) AT TIME ZONE p.timezone, 'planned', 1
    FROM placed p
    JOIN (VALUES
        (1, 1, time '09:00', time '12:30'),
        (2, 1, '09:00', '12:30'), (2, 2, '14:00', '17:30'),
        (3, 1, '09:00', '10:30'), (3, 2, '10:45', '12:30'), (3, 3, '14:00', '17:30')
    ) AS h(several, turn, opens, closes) ON h.several = p.several AND h.turn = p.turn
    RETURNING *
)
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
SELECT 'cohort_session', a.id::text, 'created', 1, jsonb_build_object('cohort_id', a.cohort_id,
    'kind', a.kind, 'starts_at', a.starts_at, 'ends_at', a.ends_at, 'status', a.status)
FROM added a
"""


def _at(name: str) -> sa.Column[sa.DateTime]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "cohort_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("online_url", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sheet_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _at("created_at"),
        _at("changed_at"),
        sa.CheckConstraint(
            "kind IN ('kickoff', 'diagnostic', 'feedback', 'roadmap', 'closing', 'other')",
            name=op.f("ck_cohort_session_kind_known"),
        ),
        sa.CheckConstraint(
            "status IN ('planned', 'cancelled')", name=op.f("ck_cohort_session_status_known")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_cohort_session_ends_later")),
        sa.ForeignKeyConstraint(
            ["cohort_id"],
            ["diagnostic.cohort.id"],
            name=op.f("fk_cohort_session_cohort_id_cohort"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_session")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_cohort_session_cohort_id_starts_at_id",
        "cohort_session",
        ["cohort_id", "starts_at", "id"],
        schema="diagnostic",
    )
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        _at("recorded_at"),
        sa.CheckConstraint(
            "status IN ('present', 'absent', 'excused')", name=op.f("ck_attendance_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["diagnostic.cohort_session.id"],
            name=op.f("fk_attendance_session_id_cohort_session"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["diagnostic.organisation.id"],
            name=op.f("fk_attendance_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("session_id", "organisation_id", name=op.f("pk_attendance")),
        schema="diagnostic",
    )
    op.create_index(
        "ix_attendance_organisation_id", "attendance", ["organisation_id"], schema="diagnostic"
    )
    op.execute("REVOKE DELETE ON diagnostic.cohort_session FROM diagnostic_app")
    op.execute(_PLAN)


def downgrade() -> None:
    op.drop_table("attendance", schema="diagnostic")
    op.drop_table("cohort_session", schema="diagnostic")
