"""What the index says in common of certifications and offers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

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

NEVER: Final = "'infinity'::date"
ALWAYS: Final = "'-infinity'::date"
LAST: Final = f"coalesce(c.registration_end, make_date(c.registration_end_year, 12, 31), {NEVER})"
"""Until when the registration of `c` lasts; of a year only the last day is sure to be too late."""


def _jobs(codes: Iterable[str], emerging: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what jobs of ROME say: themselves, their domains, and whether they are new ones."""
    for code in codes:
        yield "rome", code
        yield "rome_domain", code[:3]
        yield "job", "emerging" if code in emerging else "existing"


def _subjects(nsf: Iterable[str], formacodes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what specialties say, without the letter of their function, and Formacodes."""
    for code in nsf:
        yield "nsf", code[:3]
    for code in formacodes:
        yield "formacode", code
        yield "formacode_field", code[:3]


def classified(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the themes, jobs and specialties of a certification or an offer say."""
    for theme in row["themes"]:
        yield "theme", theme
    yield from _jobs(row["rome"], row["emerging"])
    yield from _subjects(row["nsf"], row["formacodes"])
