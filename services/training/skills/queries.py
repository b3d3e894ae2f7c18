"""Named statements on the skills of one offer."""

from typing import Final

from training.offers.owners import OWNED

LIVE: Final = "SELECT 1 FROM training.formation WHERE id = $1 AND withdrawn_at IS NULL"

SHOWN: Final = """
SELECT l.skill AS code, CASE WHEN $2 = 'en' THEN coalesce(s.label_en, s.label_fr)
       ELSE s.label_fr END AS label, l.level, l.prerequisite, l.method, l.confidence, l.source
  FROM training.formation_skill l JOIN training.skill s ON s.code = l.skill
 WHERE l.formation_id = $1
 ORDER BY l.method <> 'declared', l.prerequisite, l.confidence DESC, l.skill
 LIMIT 1000"""

HELD: Final = f"""
SELECT f.id FROM training.formation f
 WHERE f.id = $1 AND f.withdrawn_at IS NULL AND {OWNED.format(tenant="$2")}
   FOR NO KEY UPDATE"""  # noqa: S608  # a piece of ours
"""Has whoever declares the skills of offer $1 of tenant $2 come one by one."""

UNKNOWN: Final = """
SELECT code FROM unnest($1::text[]) code WHERE code NOT IN (SELECT s.code FROM training.skill s)"""

FORGET: Final = """
DELETE FROM training.formation_skill WHERE formation_id = $1 AND method = 'declared'"""

DECLARE: Final = """
INSERT INTO training.formation_skill AS l
       (formation_id, skill, prerequisite, level, method, confidence, source)
SELECT $1, d.skill, d.prerequisite, d.level, 'declared', 1, NULL
  FROM unnest($2::text[], $3::boolean[], $4::smallint[]) d(skill, prerequisite, level)
    ON CONFLICT (formation_id, skill, prerequisite) DO UPDATE SET level = excluded.level,
       method = 'declared', confidence = 1, source = NULL"""

AGAIN: Final = "DELETE FROM training.skill_mark WHERE id = $1"
"""What the declaration hid is found again behind it."""

CHANGED: Final = "UPDATE training.search_index SET version = gen_random_uuid()"
"""Answers say of which catalogue they are made."""
