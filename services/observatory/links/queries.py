"""Named statements on short addresses."""

from typing import Final

KEEP: Final = """
INSERT INTO observatory.link (id, indicator, form, question, release, client)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6) ON CONFLICT (id) DO NOTHING
"""
ONE: Final = """
SELECT id, indicator, form, question::text AS question, release,
       to_json(created_at AT TIME ZONE 'UTC') #>> '{}' || 'Z' AS created_at
  FROM observatory.link WHERE id = $1
"""
