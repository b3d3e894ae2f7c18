"""Links offers and certifications with the skills that they teach, some at a time, behind imports.

Three methods, the surer first: the provider has *declared* it; the certification is one of the
RNCP for jobs that want it as a basic skill (*classified*); its words stand in the texts
(*extracted*). A text finds the skills to try by their rarest word: of thousands, a few. To do it
within the import would double its time; what is not linked yet, or made of what has changed since,
is told by its mark, so that nothing is lost when a process ends.
"""

import uuid
from typing import Final

import asyncpg

from platformkit.paris import day_in_sql

RULES: Final = 1
"""Counted up whenever links are made otherwise: all are then made anew."""

BATCH: Final = 200
_TRIED: Final = "SELECT pg_try_advisory_xact_lock(hashtext('training.skills'))"

_TODAY: Final = day_in_sql("now()")
_RELEASES: Final = f"""(
  SELECT string_agg(DISTINCT version, '+') || '/{RULES}' FROM training.reference_version
   WHERE scheme IN ('rome-skill', 'ai-skill'))"""  # noqa: S608  # pieces of this file
_CERTIFIED: Final = """(
  SELECT string_agg(c.code || '.' || c.version, ' ' ORDER BY c.code)
    FROM training.certification c WHERE c.code = ANY(f.certifications))"""

_PENDING_CERTIFICATIONS: Final = f"""
SELECT c.id, c.version || '/' || made.release AS mark
  FROM training.certification c
 CROSS JOIN (SELECT {_RELEASES} AS release OFFSET 0) made
  LEFT JOIN training.skill_mark m ON m.id = c.id
 WHERE c.withdrawn_on IS NULL AND (c.registration_end IS NULL OR c.registration_end >= {_TODAY})
   AND m.mark IS DISTINCT FROM c.version || '/' || made.release AND c.id > $1::uuid
 ORDER BY c.id LIMIT {BATCH}"""  # noqa: S608  # likewise
"""Those over are nobody's way to a skill; one that comes back has another version."""

_PENDING_FORMATIONS: Final = f"""
SELECT f.id, now.mark
  FROM training.formation f
 CROSS JOIN (SELECT {_RELEASES} AS release OFFSET 0) made
  LEFT JOIN training.skill_mark m ON m.id = f.id
 CROSS JOIN LATERAL (
   SELECT concat_ws('/', f.version, made.release, {_CERTIFIED}) AS mark) now
 WHERE f.withdrawn_at IS NULL AND m.mark IS DISTINCT FROM now.mark AND f.id > $1::uuid
 ORDER BY f.id LIMIT {BATCH}"""  # noqa: S608  # likewise

_MARK: Final = """
INSERT INTO training.skill_mark AS m (id, mark)
SELECT * FROM unnest($1::uuid[], $2::text[])
    ON CONFLICT (id) DO UPDATE SET mark = excluded.mark"""

_NAMED: Final = """
named AS (
  SELECT said.id, j.skill, bool_or(j.essential) AS essential, max(j.required) AS required
    FROM said CROSS JOIN LATERAL unnest(said.jobs) given(job)
    LEFT JOIN training.rome r ON r.code = given.job
    JOIN training.job_skill j ON j.job IN (given.job, r.parent_code)
   GROUP BY said.id, j.skill)"""
"""The skills of the jobs that a text is classified with."""

_FOUND: Final = """
tried AS (
  SELECT said.id, s.code
    FROM said CROSS JOIN LATERAL unnest(tsvector_to_array(said.words)) w(lexeme)
    JOIN training.skill s ON s.lexeme = w.lexeme
  UNION ALL
  SELECT said.id, s.code FROM said, training.skill s WHERE s.adapts_to IS NOT NULL),
found AS (
  SELECT tried.id, tried.code AS skill,
         CASE WHEN s.adapts_to IS NOT NULL THEN 0.7
              WHEN named.skill IS NULL THEN 0.5
              WHEN said.words @@ s.together THEN 0.8 ELSE 0.6 END AS confidence
    FROM tried JOIN said USING (id) JOIN training.skill s ON s.code = tried.code
    LEFT JOIN named ON named.id = tried.id AND named.skill = tried.code
   WHERE said.words @@ s.words
     AND (named.skill IS NOT NULL OR s.adapts_to IS NOT NULL
          OR numnode(s.together) > 1 AND said.words @@ s.together))"""
"""All its words are there, and in their order where no job of the text wants the skill; a single
word then proves nothing."""

_CERTIFICATIONS: Final = f"""
WITH said AS MATERIALIZED (
  SELECT c.id, c.directory,
         to_tsvector('training.catalogue', training.search_spelt(concat_ws(' . ', c.title,
           left(c.objectives, 1000),
           (SELECT left(string_agg(concat_ws(' . ', b.title, b.competences), ' . '
                                   ORDER BY b.position), 6000)
              FROM training.bloc b WHERE b.certification_id = c.id)))) AS words,
         ARRAY(SELECT k.code FROM training.classification k
                WHERE k.certification_id = c.id AND k.scheme = 'rome') AS jobs
    FROM training.certification c WHERE c.id = ANY($1::uuid[])),
{_NAMED},
{_FOUND},
links AS (
  SELECT id, skill, NULL::smallint AS level, 'extracted' AS method, confidence FROM found
  UNION ALL
  SELECT named.id, named.skill, named.required, 'classified', 0.5
    FROM named JOIN said USING (id)
   WHERE named.essential AND said.directory = 'RNCP')
INSERT INTO training.certification_skill (certification_id, skill, level, method, confidence)
SELECT DISTINCT ON (id, skill) id, skill, max(level) OVER (PARTITION BY id, skill), method,
       confidence
  FROM links ORDER BY id, skill, confidence DESC"""  # noqa: S608  # likewise

_FORMATIONS: Final = f"""
WITH said AS MATERIALIZED (
  SELECT f.id, f.rome AS jobs,
         to_tsvector('training.catalogue', training.search_spelt(concat_ws(' . ', f.title,
           left(d.objectives, 3000), left(d.expected_results, 3000), left(d.content, 3000)
         ))) AS words
    FROM training.formation f,
         jsonb_to_record(f.document) AS d(objectives text, expected_results text, content text)
   WHERE f.id = ANY($1::uuid[])),
{_NAMED},
{_FOUND},
links AS (
  SELECT id, skill, NULL::smallint AS level, 'extracted' AS method, confidence,
         NULL::text AS source
    FROM found
  UNION ALL
  SELECT f.id, l.skill, l.level, l.method, l.confidence, c.code
    FROM training.formation f CROSS JOIN LATERAL unnest(f.certifications) quoted(code)
    JOIN training.certification c ON c.code = quoted.code
    JOIN training.certification_skill l ON l.certification_id = c.id
   WHERE f.id = ANY($1::uuid[])
     AND (l.method <> 'classified' OR NOT EXISTS (
       SELECT FROM training.action a JOIN training.session s ON s.action_id = a.id
        WHERE a.formation_id = f.id AND s.blocs <> '{{}}')))
INSERT INTO training.formation_skill
       (formation_id, skill, prerequisite, level, method, confidence, source)
SELECT DISTINCT ON (id, skill) id, skill, false, max(level) OVER (PARTITION BY id, skill), method,
       confidence, source
  FROM links ORDER BY id, skill, confidence DESC, source NULLS FIRST
    ON CONFLICT DO NOTHING"""  # noqa: S608  # likewise
"""What the provider has declared stays; an offer of single blocs does not teach the whole job."""

KINDS: Final = (
    (
        _PENDING_CERTIFICATIONS,
        "DELETE FROM training.certification_skill WHERE certification_id = ANY($1::uuid[])",
        _CERTIFICATIONS,
    ),
    (
        _PENDING_FORMATIONS,
        """DELETE FROM training.formation_skill
            WHERE formation_id = ANY($1::uuid[]) AND method <> 'declared'""",
        _FORMATIONS,
    ),
)
"""Certifications first: offers have what theirs attest."""


async def follow(
    connection: asyncpg.Connection, kind: tuple[str, str, str], after: uuid.UUID
) -> uuid.UUID | None:
    """Link the next ones in the caller's transaction, and tell the last of them.

    None: nothing of the kind is left behind that one, or another process is at it.
    """
    if not await connection.fetchval(_TRIED):
        return None
    pending, forget, link = kind
    rows = await connection.fetch(pending, after)
    if not rows:
        return None
    ids: list[uuid.UUID] = [row["id"] for row in rows]
    await connection.execute(forget, ids)
    await connection.execute(link, ids)
    await connection.execute(_MARK, ids, [row["mark"] for row in rows])
    return ids[-1]
