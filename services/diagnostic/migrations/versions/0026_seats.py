"""Seats come free again: the waiting list moves up, and nobody is in two places at once.

Programme and days of an enrolment are its cohort's: triggers keep them so, also for a release of
the service that does not know these columns.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SEATED = "status IN ('confirmed', 'attended', 'no_show')"
_ENDED = "status NOT IN ('cancelled', 'expired')"

_PLACE = """
CREATE FUNCTION diagnostic.place_enrolment() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    SELECT k.programme_id, daterange(k.starts_on, k.ends_on, '[]')
        INTO NEW.programme_id, NEW.days
        FROM diagnostic.cohort k WHERE k.id = NEW.cohort_id;
    RETURN NEW;
END $$"""
_PLACED = """
CREATE TRIGGER place_enrolment BEFORE INSERT ON diagnostic.enrolment
FOR EACH ROW EXECUTE FUNCTION diagnostic.place_enrolment()"""
_MOVE = """
CREATE FUNCTION diagnostic.move_enrolments() RETURNS trigger
LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    UPDATE diagnostic.enrolment e SET days = daterange(NEW.starts_on, NEW.ends_on, '[]')
        WHERE e.cohort_id = NEW.id;
    RETURN NULL;
END $$"""
_MOVED = """
CREATE TRIGGER move_enrolments AFTER UPDATE OF starts_on, ends_on ON diagnostic.cohort
FOR EACH ROW WHEN ((OLD.starts_on, OLD.ends_on) IS DISTINCT FROM (NEW.starts_on, NEW.ends_on))
EXECUTE FUNCTION diagnostic.move_enrolments()"""

_CALLED_OFF = """
UPDATE diagnostic.enrolment e
SET status = 'cancelled', reason = 'cohort_cancelled', seat_no = NULL, rank = NULL
FROM diagnostic.cohort k
WHERE k.id = e.cohort_id AND k.status = 'cancelled' AND e.status <> 'cancelled'"""
_EMPTIED = "UPDATE diagnostic.cohort SET seats_taken = 0, waitlisted = 0 WHERE status = 'cancelled'"
_BACKFILL = """
UPDATE diagnostic.enrolment e
SET programme_id = k.programme_id, days = daterange(k.starts_on, k.ends_on, '[]')
FROM diagnostic.cohort k WHERE k.id = e.cohort_id"""
_ONE_PLACE = f"""
ALTER TABLE diagnostic.enrolment ADD CONSTRAINT ex_enrolment_one_place_at_a_time EXCLUDE USING gist
(organisation_id WITH =, programme_id WITH =, days WITH &&) WHERE ({_SEATED})"""


def _checks(*named: tuple[str, str]) -> None:
    for name, condition in named:
        op.drop_constraint(op.f(f"ck_enrolment_{name}"), "enrolment", schema="diagnostic")
        op.create_check_constraint(
            op.f(f"ck_enrolment_{name}"), "enrolment", condition, schema="diagnostic"
        )


def _indexes(active: str, seated: str) -> None:
    for name, columns, condition in (
        ("uq_enrolment_active", ["cohort_id", "organisation_id"], active),
        ("uq_enrolment_seat", ["cohort_id", "seat_no"], seated),
    ):
        op.drop_index(name, table_name="enrolment", schema="diagnostic")
        op.create_index(
            name,
            "enrolment",
            columns,
            unique=True,
            schema="diagnostic",
            postgresql_where=sa.text(condition),
        )


def upgrade() -> None:
    op.add_column(
        "cohort",
        sa.Column(
            "co_facilitators",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
        schema="diagnostic",
    )
    for column in (
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("days", postgresql.DATERANGE(), nullable=True),
    ):
        op.add_column("enrolment", column, schema="diagnostic")
    for statement in (_PLACE, _PLACED, _MOVE, _MOVED, _CALLED_OFF, _EMPTIED, _BACKFILL):
        op.execute(statement)
    for name in ("programme_id", "days"):
        op.alter_column("enrolment", name, nullable=False, schema="diagnostic")
    _checks(
        (
            "status_known",
            "status IN ('confirmed', 'waitlisted', 'attended', 'no_show', 'cancelled', 'expired')",
        ),
        ("seat_when_confirmed", f"({_SEATED}) = (seat_no IS NOT NULL)"),
    )
    _indexes(_ENDED, _SEATED)
    op.execute(_ONE_PLACE)
    op.create_check_constraint(
        op.f("ck_cohort_nobody_waits_for_a_free_seat"),
        "cohort",
        "waitlisted = 0 OR seats_taken = capacity",
        schema="diagnostic",
    )
    op.create_check_constraint(
        op.f("ck_cohort_waiting_counted"), "cohort", "waitlisted >= 0", schema="diagnostic"
    )
    op.create_index(
        "ix_enrolment_cohort_id_created_at_id",
        "enrolment",
        ["cohort_id", "created_at", "id"],
        schema="diagnostic",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_enrolment_cohort_id_created_at_id", table_name="enrolment", schema="diagnostic"
    )
    for name in ("nobody_waits_for_a_free_seat", "waiting_counted"):
        op.drop_constraint(op.f(f"ck_cohort_{name}"), "cohort", schema="diagnostic")
    op.drop_constraint("ex_enrolment_one_place_at_a_time", "enrolment", schema="diagnostic")
    op.execute("UPDATE diagnostic.enrolment SET status = 'cancelled' WHERE status = 'expired'")
    op.execute(f"UPDATE diagnostic.enrolment SET status = 'confirmed' WHERE {_SEATED}")  # noqa: S608  # ours
    _checks(
        ("status_known", "status IN ('confirmed', 'waitlisted', 'cancelled')"),
        ("seat_when_confirmed", "(status = 'confirmed') = (seat_no IS NOT NULL)"),
    )
    _indexes("status <> 'cancelled'", "status = 'confirmed'")
    op.execute("DROP TRIGGER move_enrolments ON diagnostic.cohort")
    op.execute("DROP TRIGGER place_enrolment ON diagnostic.enrolment")
    op.execute("DROP FUNCTION diagnostic.move_enrolments()")
    op.execute("DROP FUNCTION diagnostic.place_enrolment()")
    for name in ("days", "programme_id", "updated_at", "version", "reason"):
        op.drop_column("enrolment", name, schema="diagnostic")
    op.drop_column("cohort", "co_facilitators", schema="diagnostic")
