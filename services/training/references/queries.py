"""The named reads of the nomenclatures, their JSON rendered by PostgreSQL."""

from typing import Final

ROME: Final = """
SELECT json_build_object(
         'code', r.code, 'label', r.label,
         'parent', CASE WHEN p.code IS NOT NULL
                        THEN json_build_object('code', p.code, 'label', p.label) END,
         'release', r.release, 'released_on', r.released_on)::text
  FROM training.rome r LEFT JOIN training.rome p ON p.code = r.parent_code
 WHERE r.code = $1"""
