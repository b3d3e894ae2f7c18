"""What facets say in common for certifications and offers; all of it as pieces of SQL."""

from typing import Final

SLOTS: Final = """
INSERT INTO training.search_entry (slot, id, kind, certification_id, action_id, formation_id, price,
                                   hours, quality)
WITH wanted AS ({wanted}),
numbered AS (SELECT *, row_number() OVER (ORDER BY id) AS place FROM wanted),
free AS (
  SELECT g.slot, row_number() OVER (ORDER BY g.slot) AS place
    FROM generate_series(0, (SELECT coalesce(max(slot), -1) FROM training.search_entry)
                            + (SELECT count(*)::int FROM wanted)) g(slot)
   WHERE NOT EXISTS (SELECT FROM training.search_entry e WHERE e.slot = g.slot))
SELECT free.slot, id, kind, certification_id, action_id, formation_id, price, hours, quality
  FROM numbered JOIN free USING (place)"""
"""The lowest free slots for what is wanted, so that the bits stay dense."""

THEMES: Final = """(VALUES
  ('ai_literacy', 'culture de l''intelligence artificielle, acculturation à l''IA'),
  ('ai_strategy', 'stratégie d''intelligence artificielle, transformation'),
  ('automation', 'automatisation'),
  ('cybersecurity', 'cybersécurité, sécurité informatique'),
  ('data', 'données, data'),
  ('development', 'développement informatique, programmation'),
  ('digital_skills', 'compétences numériques, bureautique'),
  ('generative_ai', 'intelligence artificielle générative'),
  ('governance', 'gouvernance, conformité, éthique'),
  ('human_resources', 'ressources humaines')) theme(code, label)"""
"""Our own marks in the words by which people look for them."""

JOB: Final = """CASE WHEN EXISTS (SELECT FROM training.emerging_job j WHERE j.rome = {0})
  THEN 'emerging' ELSE 'existing' END"""

NEVER: Final = "'infinity'::date"
ALWAYS: Final = "'-infinity'::date"
