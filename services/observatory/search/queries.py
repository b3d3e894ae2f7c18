"""The statement that looks for codes."""

from typing import Final

SEARCHED: Final = "observatory.searched(c.code, c.name_fr, c.name_en)"
"""Expression of the index."""

MOST: Final = 5_000
"""Codes that are counted and put in order: who finds more should say more."""

CODES: Final = f"""
WITH found AS MATERIALIZED (
  SELECT c.codelist, c.code, c.name_fr, c.name_en,
         lower($3) IN (lower(c.code), lower(c.name_fr), lower(c.name_en)) AS is_exact,
         $4::float8 / length({SEARCHED}) AS score
    FROM observatory.code c
   WHERE c.codelist = ANY($1::int[]) AND {SEARCHED} @@ $2::text::tsquery
   LIMIT {MOST})
SELECT f.*, count(*) OVER () AS total,
       (SELECT json_object_agg(n.codelist, n.total)
          FROM (SELECT codelist, count(*) AS total FROM found GROUP BY codelist) n)::text AS facets
  FROM found f
 ORDER BY f.is_exact DESC, f.score DESC, f.codelist, f.code LIMIT $5
"""  # noqa: S608  # our own expressions
