"""Loads the shipped skills: what jobs want of them, where jobs lead, how hard they are to fill.

ROME 4.0's own links of jobs and skills are in no file that we have. Those of ROME 3.47 are, and
most of its codes live on in ROME 4.0: each job takes the links of the ROME 3 job that it was split
from (docs/decisions/0058).
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

import asyncpg
import orjson

from training.indexing.loading import rows
from training.references.concepts import Concept, Release

ROME_SKILLS: Final = Release(
    "rome-skill",
    "347-460",
    date(2025, 9, 18),
    "Compétences et savoirs du ROME, liens de la version 3.47, libellés de la version 4.0 (460)",
    "France Travail",
    "Licence Ouverte",
)
AI_SKILLS: Final = Release(
    "ai-skill",
    "1",
    date(2026, 11, 27),
    "Compétences d’adaptation à l’IA",
    "Vigie",
    "EUPL-1.2",
)

ESSENTIAL_LEVEL: Final = 3
OPTIONAL_LEVEL: Final = 2
"""ROME states no level: a basic skill is taken to be wanted on one's own, another with help."""


def rome_skills() -> Iterator[Concept]:
    """Read the shipped skills of ROME."""
    for line, row in enumerate(rows("skills.csv"), start=2):
        yield Concept(code=row["code"], line=line, kind=row["kind"], label_fr=row["label"])


def ai_skills() -> Iterator[Concept]:
    """Read our own skills of adaptation to AI."""
    for line, row in enumerate(rows("ai_skills.csv"), start=2):
        labels = {"label_fr": row["label_fr"], "label_en": row["label_en"]}
        yield Concept(code=row["code"], line=line, kind="adaptation", **labels)


_JOB_SKILLS: Final = """
WITH given AS (
  SELECT one->>'job' AS job, one->>'skill' AS skill, (one->>'essential')::boolean AS essential,
         (one->>'required')::smallint AS required
    FROM jsonb_array_elements($1::jsonb) one),
gone AS (DELETE FROM training.job_skill j
          WHERE NOT EXISTS (SELECT FROM given g WHERE (g.job, g.skill) = (j.job, j.skill)))
INSERT INTO training.job_skill AS j (job, skill, essential, required)
SELECT job, skill, essential, required FROM given
    ON CONFLICT (job, skill) DO UPDATE
   SET essential = excluded.essential, required = excluded.required
 WHERE (j.essential, j.required) <> (excluded.essential, excluded.required)"""
_MOBILITIES: Final = """
WITH given AS (
  SELECT one->>'job' AS job, target, place
    FROM jsonb_array_elements($1::jsonb) one,
         string_to_table(one->>'targets', ' ') WITH ORDINALITY t(target, place)),
gone AS (DELETE FROM training.job_mobility m
          WHERE NOT EXISTS (SELECT FROM given g WHERE (g.job, g.target) = (m.job, m.target)))
INSERT INTO training.job_mobility AS m (job, target, position)
SELECT job, target, place FROM given
    ON CONFLICT (job, target) DO UPDATE SET position = excluded.position
 WHERE m.position <> excluded.position"""
_TENSIONS: Final = """
INSERT INTO training.job_tension AS t (job, tension)
SELECT one->>'job', (one->>'tension')::float8 FROM jsonb_array_elements($1::jsonb) one
    ON CONFLICT (job) DO UPDATE SET tension = excluded.tension
 WHERE t.tension <> excluded.tension"""

_SKILLS: Final = """
WITH newest AS (
  SELECT DISTINCT ON (scheme) scheme, version FROM training.reference_version
   WHERE scheme IN ('rome-skill', 'ai-skill')
   ORDER BY scheme, released_on DESC, version DESC),
own AS (SELECT one->>'code' AS code, one->>'words' AS words, (one->>'required')::smallint AS level
          FROM jsonb_array_elements($1::jsonb) one),
wanted AS (SELECT skill, count(*)::int AS jobs FROM training.job_skill GROUP BY skill),
held AS (
  SELECT c.code, c.label_fr, c.label_en, wanted.jobs, own.level,
         coalesce(own.words, regexp_replace(c.label_fr, '[(][^)]*[)]', ' ', 'g')) AS said,
         own.words IS NOT NULL AS worded
    FROM training.reference_concept c JOIN newest USING (scheme, version)
    LEFT JOIN own ON own.code = c.code LEFT JOIN wanted ON wanted.skill = c.code
   WHERE c.withdrawn_at IS NULL),
parsed AS (
  SELECT h.*, CASE WHEN worded THEN websearch_to_tsquery('training.catalogue', said)
                   ELSE plainto_tsquery('training.catalogue', training.search_spelt(said))
              END AS words,
         CASE WHEN worded THEN websearch_to_tsquery('training.catalogue', said)
              ELSE phraseto_tsquery('training.catalogue', training.search_spelt(said))
         END AS together,
         CASE WHEN worded THEN '{}'
              ELSE tsvector_to_array(to_tsvector('training.catalogue', training.search_spelt(said)))
         END AS lexemes
    FROM held h),
rarity AS (SELECT lexeme, count(*) AS skills FROM parsed, unnest(lexemes) lexeme GROUP BY lexeme),
rarest AS (
  SELECT DISTINCT ON (p.code) p.code, r.lexeme
    FROM parsed p CROSS JOIN LATERAL unnest(p.lexemes) own(lexeme)
    JOIN rarity r ON r.lexeme = own.lexeme
   ORDER BY p.code, r.skills, length(r.lexeme) DESC, r.lexeme),
made AS (
  SELECT p.code, p.label_fr, p.label_en, p.said,
         CASE WHEN numnode(p.words) > 0 THEN p.words END AS words,
         CASE WHEN numnode(p.words) > 0 THEN p.together END AS together,
         rarest.lexeme, p.jobs, p.level AS adapts_to
    FROM parsed p LEFT JOIN rarest ON rarest.code = p.code),
gone AS (DELETE FROM training.skill s WHERE NOT EXISTS (SELECT FROM made WHERE made.code = s.code))
INSERT INTO training.skill AS s
       (code, label_fr, label_en, said, words, together, lexeme, jobs, adapts_to)
SELECT * FROM made
    ON CONFLICT (code) DO UPDATE
   SET label_fr = excluded.label_fr, label_en = excluded.label_en, said = excluded.said,
       words = excluded.words, together = excluded.together, lexeme = excluded.lexeme,
       jobs = excluded.jobs, adapts_to = excluded.adapts_to
 WHERE (s.label_fr, s.label_en, s.said, s.lexeme, s.jobs, s.adapts_to)
       IS DISTINCT FROM (excluded.label_fr, excluded.label_en, excluded.said, excluded.lexeme,
                         excluded.jobs, excluded.adapts_to)"""
"""Every skill of the newest releases, and how texts name it; `$1` our own, with their words."""


async def load(connection: asyncpg.Connection) -> None:
    """Load the tables after the releases of the skills; a second time changes nothing.

    By hashes: the planner would guess a hundred rows where there are thousands.
    """
    await connection.execute("SET LOCAL enable_nestloop = off")
    await connection.execute(_JOB_SKILLS, _json(list(_links())))
    await connection.execute(_MOBILITIES, _json(rows("job_mobilities.csv")))
    await connection.execute(_TENSIONS, _json(rows("job_tensions.csv")))
    await connection.execute(_SKILLS, _json(rows("ai_skills.csv")))
    await connection.execute("SET LOCAL enable_nestloop = on")


def _links() -> Iterator[dict[str, Any]]:
    kinds = (("essential", True, ESSENTIAL_LEVEL), ("optional", False, OPTIONAL_LEVEL))
    for row in rows("job_skills.csv"):
        for column, essential, level in kinds:
            for skill in row[column].split():
                yield {
                    "job": row["job"],
                    "skill": skill,
                    "essential": essential,
                    "required": level,
                }


def _json(given: Sequence[dict[str, Any]]) -> str:
    return orjson.dumps(given).decode()
