"""A programme's accounts, and how far the feeds of the neighbours were followed.

The service may add to the ledger and to the trail of deeds and read them, nothing else.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SCHEMA = "observatory"
_TABLES = (
    "kpi_target",
    "followed_thing",
    "followed_feed",
    "programme_deed",
    "programme_event",
    "programme_milestone",
    "ledger_entry",
    "programme_allowance",
    "programme_funder",
    "programme_tranche",
    "programme_line",
    "programme",
)
_CENTS = sa.BigInteger()
_SPENT = "0 <= paid_cents AND paid_cents <= committed_cents AND committed_cents <= {}"


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(), nullable=nullable)


def _cents(name: str, *, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, _CENTS, server_default=default, nullable=False)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), server_default="1", nullable=False)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False)


def _check(rule: str, table: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f"pk_{table}"))


def _foreign(table: str, target: str, *columns: str) -> sa.ForeignKeyConstraint:
    told = {
        "programme": ["programme.code"],
        "ledger_entry": ["ledger_entry.id"],
    }.get(target, [f"{target}.programme", f"{target}.code"])
    return sa.ForeignKeyConstraint(
        list(columns),
        [f"{SCHEMA}.{one}" for one in told],
        name=op.f(f"fk_{table}_{'_'.join(columns)}_{target}"),
    )


def _make(table: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(table, *parts, schema=SCHEMA)


def upgrade() -> None:
    _make_budget()
    _make_ledger()
    _make_calendar()
    _make_followed()
    for table in ("ledger_entry", "programme_deed"):
        op.execute(f"REVOKE UPDATE, DELETE ON {SCHEMA}.{table} FROM observatory_app")


def _make_budget() -> None:
    _make(
        "programme",
        _text("code"),
        _text("tenant"),
        _json("title"),
        _text("region"),
        _day("starts_on"),
        _day("ends_on"),
        _cents("budget_cents"),
        _version(),
        _check("starts_on < ends_on", "programme", "ends_later"),
        _check("budget_cents > 0", "programme", "budget_positive"),
        _primary("programme", "code"),
    )
    _make(
        "programme_line",
        _text("programme"),
        _text("code"),
        _json("name"),
        sa.Column("planned_cents", _CENTS, nullable=False, comment="Sum of the tranches"),
        _cents("committed_cents", default="0"),
        _cents("paid_cents", default="0"),
        _version(),
        _check(_SPENT.format("planned_cents"), "programme_line", "within_plan"),
        _foreign("programme_line", "programme", "programme"),
        _primary("programme_line", "programme", "code"),
    )
    _make(
        "programme_tranche",
        _text("programme"),
        _text("line"),
        sa.Column("quarter", sa.Date(), nullable=False, comment="Its first day"),
        _cents("planned_cents"),
        _check("planned_cents > 0", "programme_tranche", "planned_positive"),
        _foreign("programme_tranche", "programme_line", "programme", "line"),
        _primary("programme_tranche", "programme", "line", "quarter"),
    )
    _make(
        "programme_funder",
        _text("programme"),
        _text("code"),
        _text("kind"),
        _json("name"),
        _cents("contribution_cents"),
        _cents("committed_cents", default="0"),
        _cents("paid_cents", default="0"),
        _version(),
        _check(_SPENT.format("contribution_cents"), "programme_funder", "within_contribution"),
        _foreign("programme_funder", "programme", "programme"),
        _primary("programme_funder", "programme", "code"),
    )
    _make(
        "programme_allowance",
        _text("programme"),
        _text("funder"),
        _text("line"),
        sa.Column("ceiling_cents", _CENTS, nullable=True),
        _cents("committed_cents", default="0"),
        _check(
            "committed_cents >= 0 AND committed_cents <= coalesce(ceiling_cents, committed_cents)",
            "programme_allowance",
            "within_ceiling",
        ),
        _foreign("programme_allowance", "programme_funder", "programme", "funder"),
        _foreign("programme_allowance", "programme_line", "programme", "line"),
        _primary("programme_allowance", "programme", "funder", "line"),
    )


def _make_ledger() -> None:
    table = "ledger_entry"
    _make(
        table,
        _id(),
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _text("programme"),
        _text("kind"),
        _text("line"),
        _text("funder"),
        _cents("amount_cents"),
        _day("dated_on"),
        _json("payee", nullable=True),
        _text("reason"),
        sa.Column("commitment", sa.Uuid(), nullable=True),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        _now("recorded_at"),
        _text("client"),
        _text("subject"),
        _check(
            "kind IN ('commitment', 'payment', 'commitment_reversal', 'payment_reversal')",
            table,
            "kind_known",
        ),
        _check("amount_cents > 0", table, "amount_positive"),
        _check("(kind = 'commitment') = (commitment IS NULL)", table, "of_a_commitment"),
        _check(
            "(kind IN ('commitment_reversal', 'payment_reversal')) = (reverses IS NOT NULL)",
            table,
            "reverses_one",
        ),
        _check("(kind = 'commitment') = (payee IS NOT NULL)", table, "payee_of_commitment"),
        _foreign(table, "programme_line", "programme", "line"),
        _foreign(table, "programme_funder", "programme", "funder"),
        _foreign(table, table, "commitment"),
        _foreign(table, table, "reverses"),
        _primary(table, "id"),
    )
    for columns, unique in ((["programme", "seq"], True), (["commitment"], False)):
        name = op.f(f"ix_{table}_{'_'.join(columns)}")
        op.create_index(name, table, columns, unique=unique, schema=SCHEMA)


def _make_calendar() -> None:
    _make(
        "programme_milestone",
        _text("programme"),
        _text("code"),
        _json("title"),
        _day("first_due_on"),
        _day("due_on"),
        _day("reached_on", nullable=True),
        _text("evidence", nullable=True),
        _version(),
        _foreign("programme_milestone", "programme", "programme"),
        _primary("programme_milestone", "programme", "code"),
    )
    _make(
        "programme_event",
        _id(),
        _text("programme"),
        _text("kind"),
        _json("title"),
        _day("held_on"),
        _text("link", nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        _version(),
        _foreign("programme_event", "programme", "programme"),
        _primary("programme_event", "id"),
    )
    _make(
        "programme_deed",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        _text("programme"),
        _now("at"),
        _text("client"),
        _text("subject"),
        _text("action"),
        _text("entity"),
        _text("entity_id"),
        _json("detail"),
        _foreign("programme_deed", "programme", "programme"),
        _primary("programme_deed", "id"),
    )
    for table, columns in (
        ("programme_milestone", ["programme", "due_on", "code"]),
        ("programme_event", ["programme", "held_on", "id"]),
        ("programme_deed", ["programme", "id"]),
    ):
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns, schema=SCHEMA)


def _make_followed() -> None:
    _make(
        "followed_feed",
        _text("peer"),
        _text("cursor", nullable=True),
        _now("asked_at"),
        sa.Column("current_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.BigInteger(), server_default="0", nullable=False),
        _primary("followed_feed", "peer"),
    )
    _make(
        "followed_thing",
        _text("peer"),
        _text("entity"),
        _text("entity_id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("measure", nullable=True),
        sa.Column("amount", sa.Integer(), nullable=False),
        _primary("followed_thing", "peer", "entity", "entity_id"),
    )
    op.create_index(
        "ix_followed_thing_counted",
        "followed_thing",
        ["peer", "measure"],
        postgresql_include=["amount"],
        postgresql_where=sa.text("measure IS NOT NULL"),
        schema=SCHEMA,
    )
    _make(
        "kpi_target",
        _text("programme"),
        _text("kpi"),
        sa.Column("target", sa.BigInteger(), nullable=False),
        _day("due_on"),
        _version(),
        _foreign("kpi_target", "programme", "programme"),
        _primary("kpi_target", "programme", "kpi"),
    )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table, schema=SCHEMA)
