"""Find codes by the words of their names, folded as `platformkit.matching.words_of` does.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

# accents are marks after decomposition; what is no letter or digit separates; a plural is singular
_FUNCTION = r"""
CREATE FUNCTION observatory.searched(code text, name_fr text, name_en text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000
RETURN array_to_tsvector(array_remove(string_to_array(
  regexp_replace(
    regexp_replace(
      regexp_replace(
        normalize(lower(code || ' ' || name_fr || ' ' || name_en), NFKD),
        '[\u0300-\u036f]', '', 'g'),
      '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u2bff]+', ' ', 'g'),
    '(\w{3,})[sx](?= |$)', '\1', 'g'),
  ' '), ''))"""
_INDEX = """
CREATE INDEX ix_code_searched ON observatory.code USING gin (
  observatory.searched(code, name_fr, name_en))"""


def upgrade() -> None:
    op.execute(_FUNCTION)
    op.execute(_INDEX)


def downgrade() -> None:
    op.execute("DROP INDEX observatory.ix_code_searched")
    op.execute("DROP FUNCTION observatory.searched(text, text, text)")
