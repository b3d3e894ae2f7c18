"""The statement of conversions."""

from typing import Final

LINKS: Final = """
SELECT m.source, m.target, m.weight FROM observatory.code_mapping m
 WHERE m.code_map = $1
   AND m.target IN (SELECT t.target FROM observatory.code_mapping t
                     WHERE t.code_map = $1 AND t.source = ANY($2::text[]))
 ORDER BY m.source, m.target
"""
"""All that leads to a target of these codes: whoever else belongs to it is told as missing."""
