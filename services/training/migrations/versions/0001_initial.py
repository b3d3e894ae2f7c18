"""Draw the tables of the catalogue.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import platformkit.db

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certification",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("directory", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Text(),
            sa.Computed("directory || number::text", persisted=True),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("abbreviation", sa.Text(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=True),
        sa.Column("registration_type", sa.Text(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("registration_end", sa.Date(), nullable=True),
        sa.Column("registration_end_year", sa.SmallInteger(), nullable=True),
        sa.Column("delivery_limit", sa.Date(), nullable=True),
        sa.Column("source_state", sa.Text(), nullable=True),
        sa.Column("source_active", sa.Boolean(), nullable=True),
        sa.Column("access_routes", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("unknown", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("audience", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("ai_literacy_level", sa.Text(), nullable=True),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("source_dated_on", sa.Date(), nullable=True),
        sa.Column("source_licence", sa.Text(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("directory IN ('RNCP', 'RS')", name=op.f("ck_certification_directory")),
        sa.CheckConstraint(
            "delivery_limit >= registration_end", name=op.f("ck_certification_delivery_after_end")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 8", name=op.f("ck_certification_level")),
        sa.CheckConstraint("number BETWEEN 1 AND 99999", name=op.f("ck_certification_number")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_certification_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
        schema="training",
    )
    op.create_index(
        op.f("ix_certification_code"), "certification", ["code"], unique=True, schema="training"
    )
    op.create_index(
        op.f("ix_certification_directory_number"),
        "certification",
        ["directory", "number"],
        unique=True,
        schema="training",
    )
    op.create_index(
        op.f("ix_certification_themes"),
        "certification",
        ["themes"],
        unique=False,
        schema="training",
        postgresql_using="gin",
    )
    op.create_table(
        "change",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "xid",
            platformkit.db.Xid8(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        schema="training",
        comment="The service's change feed, written in the transaction of each change",
    )
    op.create_index(
        op.f("ix_change_xid_seq"), "change", ["xid", "seq"], unique=False, schema="training"
    )
    op.create_table(
        "idempotency_key",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="Of caller, route and key"),
        sa.Column("request", sa.LargeBinary(), nullable=False, comment="Digest of the body"),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_idempotency_key")),
        schema="training",
        comment="First answers to POSTs that carried an Idempotency-Key, kept two days",
    )
    op.create_index(
        op.f("ix_idempotency_key_created_at"),
        "idempotency_key",
        ["created_at"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "rome",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("released_on", sa.Date(), nullable=False),
        sa.CheckConstraint("code ~ '^[A-N][0-9]{4}$'", name=op.f("ck_rome_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_rome")),
        schema="training",
    )
    op.create_table(
        "bloc",
        sa.Column("certification_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["training.certification.id"],
            name=op.f("fk_bloc_certification_id_certification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("certification_id", "code", name=op.f("pk_bloc")),
        schema="training",
    )
    op.create_table(
        "certifying_body",
        sa.Column("certification_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("siret", sa.Text(), nullable=True),
        sa.CheckConstraint("siret ~ '^[0-9]{14}$'", name=op.f("ck_certifying_body_siret")),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["training.certification.id"],
            name=op.f("fk_certifying_body_certification_id_certification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("certification_id", "position", name=op.f("pk_certifying_body")),
        schema="training",
    )
    op.create_index(
        op.f("ix_certifying_body_siret"),
        "certifying_body",
        ["siret"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "classification",
        sa.Column("certification_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint(
            "scheme IN ('rome', 'nsf', 'formacode')", name=op.f("ck_classification_scheme")
        ),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["training.certification.id"],
            name=op.f("fk_classification_certification_id_certification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "certification_id", "scheme", "code", name=op.f("pk_classification")
        ),
        schema="training",
    )
    op.create_index(
        op.f("ix_classification_scheme_code"),
        "classification",
        ["scheme", "code"],
        unique=False,
        schema="training",
    )
    op.create_table(
        "succession",
        sa.Column("stated_by", sa.Uuid(), nullable=False),
        sa.Column("predecessor", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.CheckConstraint("predecessor <> successor", name=op.f("ck_succession_distinct")),
        sa.ForeignKeyConstraint(
            ["stated_by"],
            ["training.certification.id"],
            name=op.f("fk_succession_stated_by_certification"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "stated_by", "predecessor", "successor", name=op.f("pk_succession")
        ),
        schema="training",
    )
    op.create_index(
        op.f("ix_succession_predecessor"),
        "succession",
        ["predecessor"],
        unique=False,
        schema="training",
    )
    op.create_index(
        op.f("ix_succession_successor"),
        "succession",
        ["successor"],
        unique=False,
        schema="training",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_succession_successor"), table_name="succession", schema="training")
    op.drop_index(op.f("ix_succession_predecessor"), table_name="succession", schema="training")
    op.drop_table("succession", schema="training")
    op.drop_index(
        op.f("ix_classification_scheme_code"), table_name="classification", schema="training"
    )
    op.drop_table("classification", schema="training")
    op.drop_index(op.f("ix_certifying_body_siret"), table_name="certifying_body", schema="training")
    op.drop_table("certifying_body", schema="training")
    op.drop_table("bloc", schema="training")
    op.drop_table("rome", schema="training")
    op.drop_index(
        op.f("ix_idempotency_key_created_at"), table_name="idempotency_key", schema="training"
    )
    op.drop_table("idempotency_key", schema="training")
    op.drop_index(op.f("ix_change_xid_seq"), table_name="change", schema="training")
    op.drop_table("change", schema="training")
    op.drop_index(
        op.f("ix_certification_themes"),
        table_name="certification",
        schema="training",
        postgresql_using="gin",
    )
    op.drop_index(
        op.f("ix_certification_directory_number"), table_name="certification", schema="training"
    )
    op.drop_index(op.f("ix_certification_code"), table_name="certification", schema="training")
    op.drop_table("certification", schema="training")
