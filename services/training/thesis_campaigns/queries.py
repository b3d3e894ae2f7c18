"""The named reads of campaigns."""

from typing import Final

from sqlalchemy import text

NAMED: Final = text("""
SELECT o.code FROM training.thesis_organisation o
 WHERE o.id = ANY(:ids) AND EXISTS (
   SELECT FROM training.thesis t WHERE o.id IN (t.unit_id, t.doctoral_school_id, t.institution_id))
 ORDER BY o.code""")
"""Which of these organisations subjects name, drafts too."""
