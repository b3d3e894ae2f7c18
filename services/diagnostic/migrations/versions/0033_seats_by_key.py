"""Seats are given by statements that find rows by key, however empty tables were when planned.

A plan is kept until its tables are analysed: one that was made while few keys were kept read all of
them for each seat, until autovacuum came by. A day of enrolments is over by then.

Revision ID: 0033
Revises: 0032
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_FUNCTIONS = ("enrol", "enrol_all")


def upgrade() -> None:
    for one in _FUNCTIONS:
        op.execute(f"ALTER FUNCTION diagnostic.{one} SET enable_seqscan = off")


def downgrade() -> None:
    for one in _FUNCTIONS:
        op.execute(f"ALTER FUNCTION diagnostic.{one} RESET enable_seqscan")
