"""Give the catalogue an index that is searched: words, periods, places, and bits for facets.

The extensions are trusted ones: an administrator who may create in the database makes them, no
superuser is needed. They stay on the way down, as others may have come to use them.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_EXTENSIONS = (
    "RESET ROLE",
    "CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public",
    "SET ROLE training_owner",
)

_WORDS = "asciiword, word, hword, hword_part, asciihword, hword_asciipart"
_FRENCH = (
    """
CREATE TEXT SEARCH DICTIONARY training.french_stop
  (TEMPLATE = pg_catalog.simple, STOPWORDS = french, ACCEPT = false)""",
    "CREATE TEXT SEARCH CONFIGURATION training.catalogue (COPY = pg_catalog.simple)",
    f"""
ALTER TEXT SEARCH CONFIGURATION training.catalogue ALTER MAPPING FOR {_WORDS}
  WITH training.french_stop, public.unaccent, pg_catalog.french_stem""",
)
"""Stop words first, with their accents; the stock configuration misses "donnees" for "données"."""

_FUNCTIONS = (
    r"""
CREATE FUNCTION training.search_commune(city text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
  btrim(regexp_replace(regexp_replace(upper(public.unaccent(city)), '\mCEDEX\M.*$', ''),
                       '[^A-Z0-9]+', ' ', 'g')),
  '^ST(E?) ', 'SAINT\1 ')""",
    r"""
CREATE FUNCTION training.search_spelt(given text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(
  replace(replace(replace(replace(replace(replace(replace(
    given, 'C++', ' cplusplus '), 'c++', ' cplusplus '), 'C#', ' csharp '), 'c#', ' csharp '),
    '.NET', ' dotnet '), '.Net', ' dotnet '), 'I.A', ' IA '),
  '/’''()[]<>«»·•_', '               ')""",
    """
CREATE FUNCTION training.search_bits(slots integer[], capacity integer) RETURNS bit varying
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (SELECT ('x'
                || coalesce(string_agg(repeat('0', 16 * gap) || encode(int8send(bits), 'hex'), ''
                                       ORDER BY word), '')
                || repeat('0', 16 * (capacity / 64 - 1 - coalesce(max(word), -1))))::bit varying
          FROM (SELECT word, bits, word - coalesce(lag(word) OVER (ORDER BY word), -1) - 1 AS gap
                  FROM (SELECT slot >> 6 AS word, bit_or(1::bigint << (63 - (slot & 63))) AS bits
                          FROM unnest(slots) slot GROUP BY slot >> 6) words) spaced)""",
)


def upgrade() -> None:
    for statement in (*_EXTENSIONS, *_FRENCH, *_FUNCTIONS):
        op.execute(statement)
    op.create_table(
        "epci",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_epci")),
        schema="training",
    )
    op.create_table(
        "commune",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("epci", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(53), nullable=False),
        sa.Column("longitude", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_commune")),
        schema="training",
    )
    op.create_index(
        op.f("ix_commune_department_spelling"),
        "commune",
        ["department", "spelling"],
        schema="training",
    )
    op.create_table(
        "emerging_job",
        sa.Column("rome", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rome", name=op.f("pk_emerging_job")),
        schema="training",
    )
    op.create_table(
        "search_index",
        sa.Column("id", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.CheckConstraint("id", name=op.f("ck_search_index_only")),
        sa.CheckConstraint("capacity % 64 = 0", name=op.f("ck_search_index_capacity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_index")),
        schema="training",
    )
    op.execute("INSERT INTO training.search_index (id, capacity, rules) VALUES (true, 4096, 0)")
    op.create_table(
        "search_entry",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("certification_id", sa.Uuid(), nullable=True),
        sa.Column("action_id", sa.Uuid(), nullable=True),
        sa.Column("formation_id", sa.Uuid(), nullable=True),
        sa.Column("price", sa.Numeric(12, 2), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('offer', 'certification')", name=op.f("ck_search_entry_kind")),
        sa.CheckConstraint(
            "num_nonnulls(certification_id, action_id) = 1", name=op.f("ck_search_entry_of")
        ),
        sa.ForeignKeyConstraint(
            ["action_id"],
            ["training.action.id"],
            name=op.f("fk_search_entry_action_id_action"),
        ),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["training.certification.id"],
            name=op.f("fk_search_entry_certification_id_certification"),
        ),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_search_entry")),
        schema="training",
    )
    for column in ("action_id", "certification_id"):
        op.create_index(
            op.f(f"ix_search_entry_{column}"),
            "search_entry",
            [column],
            unique=True,
            schema="training",
        )
    op.create_index(
        op.f("ix_search_entry_formation_id"), "search_entry", ["formation_id"], schema="training"
    )
    op.create_table(
        "search_text",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", postgresql.TSVECTOR(), nullable=False),
        sa.Column("subject", postgresql.TSVECTOR(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_search_text")),
        schema="training",
    )
    op.create_index(
        op.f("ix_search_text_words"),
        "search_text",
        ["words"],
        schema="training",
        postgresql_using="gin",
    )
    op.create_table(
        "search_period",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_start", sa.Date(), nullable=False),
        sa.Column("last_start", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("slot", "number", name=op.f("pk_search_period")),
        schema="training",
    )
    op.create_table(
        "search_place",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("latitude", sa.Float(53), nullable=False),
        sa.Column("longitude", sa.Float(53), nullable=False),
        sa.Column("commune", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("slot", "number", name=op.f("pk_search_place")),
        schema="training",
    )
    op.create_index(
        op.f("ix_search_place_latitude_longitude"),
        "search_place",
        ["latitude", "longitude"],
        schema="training",
    )
    op.create_table(
        "search_value",
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("bits", postgresql.BIT(varying=True), nullable=False),
        sa.PrimaryKeyConstraint("facet", "value", name=op.f("pk_search_value")),
        schema="training",
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
        schema="training",
    )
    op.create_index(
        op.f("ix_search_word_trigrams"),
        "search_word",
        ["word"],
        schema="training",
        postgresql_using="gin",
        postgresql_ops={"word": "public.gin_trgm_ops"},
    )


def downgrade() -> None:
    for table in (
        "search_word",
        "search_value",
        "search_place",
        "search_period",
        "search_text",
        "search_entry",
        "search_index",
        "emerging_job",
        "commune",
        "epci",
    ):
        op.drop_table(table, schema="training")
    op.execute("DROP FUNCTION training.search_bits, training.search_spelt, training.search_commune")
    op.execute("DROP TEXT SEARCH CONFIGURATION training.catalogue")
    op.execute("DROP TEXT SEARCH DICTIONARY training.french_stop")
