"""Kits and their bytes, what was yanked, and what became of the kits of others here.

The service may add kits and yanks and read them: what was published stays as it was.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SCHEMA = "observatory"
_FIXED = ("kit", "kit_piece", "kit_yank")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _json(name: str, *, nullable: bool = False, **more: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable, **more)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def upgrade() -> None:
    op.create_table(
        "kit",
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        _text("agency"),
        _text("version"),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="Of the manifest, and with it of every file",
        ),
        sa.Column("size", sa.BigInteger(), nullable=False),
        _json("manifest"),
        _json("places", comment="Where each file begins, by path"),
        _now("added_at"),
        _text("client"),
        _text("subject"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_kit")),
        sa.UniqueConstraint("agency", "version", name=op.f("uq_kit_agency_version")),
        schema=SCHEMA,
    )
    op.create_table(
        "kit_piece",
        sa.Column("kit", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kit"],
            [f"{SCHEMA}.kit.number"],
            name=op.f("fk_kit_piece_kit_kit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("kit", "number", name=op.f("pk_kit_piece")),
        schema=SCHEMA,
    )
    # what is read by offset must not be compressed, or each read would unpack a whole piece
    op.execute(f"ALTER TABLE {SCHEMA}.kit_piece ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_table(
        "kit_yank",
        _text("agency"),
        _text("version"),
        _json("reason"),
        _now("yanked_at"),
        sa.PrimaryKeyConstraint("agency", "version", name=op.f("pk_kit_yank")),
        schema=SCHEMA,
    )
    op.create_table(
        "kit_installation",
        sa.Column("kit", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="dry_run", nullable=False),
        _json("difference"),
        _json("parameters", nullable=True),
        _json("local", server_default="{}"),
        _json("report", nullable=True, comment="As it was signed"),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        _now("changed_at"),
        _text("client"),
        _text("subject"),
        sa.CheckConstraint(
            "state IN ('dry_run', 'certified', 'failed')", name=op.f("ck_kit_installation_state")
        ),
        sa.ForeignKeyConstraint(
            ["kit"], [f"{SCHEMA}.kit.number"], name=op.f("fk_kit_installation_kit_kit")
        ),
        sa.PrimaryKeyConstraint("kit", name=op.f("pk_kit_installation")),
        schema=SCHEMA,
    )
    for table in _FIXED:
        op.execute(f"REVOKE UPDATE, DELETE ON {SCHEMA}.{table} FROM observatory_app")
    op.execute(f"REVOKE DELETE ON {SCHEMA}.kit_installation FROM observatory_app")


def downgrade() -> None:
    for table in ("kit_installation", *reversed(_FIXED)):
        op.drop_table(table, schema=SCHEMA)
