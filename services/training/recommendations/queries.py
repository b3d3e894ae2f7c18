"""The named reads of recommendations; none is told more of the person than skills and levels."""

from typing import Final

from training.certifications.queries import STATE

CODES: Final = """
WITH newest AS (
  SELECT DISTINCT ON (scheme) scheme, version FROM training.reference_version
   WHERE released_on <= $3::date
   ORDER BY scheme, released_on DESC, version DESC)
SELECT given.scheme, given.code, now.label_fr, now.label_en,
       now.code IS NOT NULL AND now.withdrawn_at IS NULL
         AND coalesce(now.valid_to, $3) >= $3 AS current,
       coalesce(now.replaced_by, older.replaced_by) AS replaced_by
  FROM unnest($1::text[], $2::text[]) given(scheme, code)
  LEFT JOIN newest USING (scheme)
  LEFT JOIN training.reference_concept now
         ON (now.scheme, now.version, now.code) = (given.scheme, newest.version, given.code)
  LEFT JOIN LATERAL (
    SELECT o.replaced_by FROM training.reference_concept o
      JOIN training.reference_version v USING (scheme, version)
     WHERE o.scheme = given.scheme AND o.code = given.code
     ORDER BY v.released_on DESC, v.version DESC LIMIT 1) older ON true"""
"""$1 schemes and $2 codes side by side, $3 the day: whether each holds, or what replaced it."""

WANTS: Final = """
SELECT given.job AS job, j.job AS basis, s.code, s.label_fr, s.label_en, s.said, j.essential,
       j.required, s.jobs
  FROM unnest($1::text[]) given(job)
  LEFT JOIN training.rome r ON r.code = given.job
 CROSS JOIN LATERAL (
   SELECT DISTINCT ON (k.skill) k.* FROM training.job_skill k
    WHERE k.job = CASE WHEN EXISTS (SELECT FROM training.job_skill o WHERE o.job = given.job)
                       THEN given.job ELSE r.parent_code END) j
  JOIN training.skill s ON s.code = j.skill
 ORDER BY given.job, j.essential DESC, s.code"""
"""$1 jobs: the skills that each wants, its own or those of the ROME 3 job that it came from."""

ADAPTATION: Final = """
SELECT s.code, s.label_fr, s.label_en, s.said, true AS essential, s.adapts_to AS required, s.jobs
  FROM training.skill s WHERE s.adapts_to IS NOT NULL ORDER BY s.code"""
"""What whoever stays in a job that AI changes needs beside its own skills."""

JOB: Final = "SELECT label FROM training.rome WHERE code = $1"

JOBS: Final = "SELECT count(DISTINCT job) FROM training.job_skill"

TENSIONS: Final = """
SELECT given.job, t.tension
  FROM unnest($1::text[]) given(job)
  LEFT JOIN training.rome r ON r.code = given.job
  JOIN training.job_tension t
    ON t.job = CASE WHEN EXISTS (SELECT FROM training.job_tension o WHERE o.job = given.job)
                    THEN given.job ELSE r.parent_code END"""

COMMUNE: Final = "SELECT latitude, longitude FROM training.commune WHERE code = $1"

MOBILITIES: Final = """
SELECT m.target AS code, r.label, coalesce(r.parent_code, r.code) AS basis
  FROM training.job_mobility m JOIN training.rome r ON r.code = m.target
 WHERE m.job = $1 ORDER BY m.position LIMIT 40"""
"""No job has more than 21."""

CONSIDERED: Final = 400
"""Of courses by gain, and as many by gain per hour: what a path or a list is made of."""

CANDIDATES: Final = f"""
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::float8[], $3::int[], $4::int[])
    w(skill, weight, held, required)),
gains AS MATERIALIZED (
  SELECT l.formation_id AS id,
         sum(w.weight * (least(coalesce(l.level, 3), w.required) - w.held) / w.required) AS gain
    FROM wanted w JOIN training.formation_skill l ON l.skill = w.skill
   WHERE NOT l.prerequisite AND coalesce(l.level, 3) > w.held
   GROUP BY l.formation_id),
ranked AS (
  SELECT g.id, count(*) OVER () AS matched,
         row_number() OVER (ORDER BY g.gain DESC, g.id) AS by_gain,
         row_number() OVER (ORDER BY g.gain / greatest(short.hours, 1) DESC NULLS LAST, g.id)
           AS by_hour
    FROM gains g
    JOIN training.formation f ON f.id = g.id AND f.withdrawn_at IS NULL
    LEFT JOIN LATERAL (SELECT min(a.hours) AS hours FROM training.action a
                        WHERE a.formation_id = g.id) short ON true)
SELECT r.matched, f.id::text AS id, f.number, f.title, f.provider_siret, f.provider_name,
       f.certifications, f.document->>'exit_level' AS exit_level,
       coalesce(k.flags, '{{}}') AS flags, taught.*, actions.*
  FROM ranked r
  JOIN training.formation f ON f.id = r.id
  LEFT JOIN training.formation_flags k ON k.formation_id = f.id
 CROSS JOIN LATERAL (
   SELECT array_agg(l.skill) AS skills, array_agg(l.level) AS levels,
          array_agg(l.prerequisite) AS prerequisites, array_agg(l.method) AS methods,
          array_agg(l.confidence) AS confidences, array_agg(l.source) AS sources,
          count(*) FILTER (WHERE l.method <> 'extracted' AND NOT l.prerequisite) AS sure
     FROM training.formation_skill l WHERE l.formation_id = f.id) taught
 CROSS JOIN LATERAL (
   SELECT json_agg(json_build_object(
            'id', a.id, 'mode', a.mode, 'hours', a.hours, 'price', a.price::float8,
            'audiences', a.audiences, 'languages', a.languages,
            'permanent', a.entries = 'permanent',
            'points', (SELECT json_agg(json_build_array(p.latitude, p.longitude))
                         FROM training.search_entry e JOIN training.search_place p USING (slot)
                        WHERE e.action_id = a.id),
            'sessions', (SELECT json_agg(json_build_array(
                                  s.id, s.starts_on, s.ends_on, s.enrolment_starts_on,
                                  s.enrolment_ends_on, s.recruitment_state))
                           FROM (SELECT * FROM training.session s
                                  WHERE s.action_id = a.id
                                  ORDER BY s.starts_on < $5::date, s.starts_on, s.id
                                  LIMIT 20) s))
          ORDER BY a.position)::text AS actions
     FROM training.action a WHERE a.formation_id = f.id) actions
 WHERE r.by_gain <= {CONSIDERED} OR r.by_hour <= {CONSIDERED}
 ORDER BY r.by_gain"""  # noqa: S608  # our own number
"""$1 skills with a gap, $2 their weights, $3 the levels held, $4 those wanted, $5 the day.

Of the sessions of an action the next twenty, before those that have begun."""

CERTIFICATIONS: Final = """
SELECT c.code, c.level, c.effective_on, c.decided_on, c.registration_end, c.registration_end_year,
       c.delivery_limit, c.unknown
  FROM training.certification c WHERE c.code = ANY($1::text[]) AND c.withdrawn_on IS NULL"""

TEXTS: Final = """
SELECT f.id::text AS id,
       ARRAY[f.title, left(d.objectives, 3000), left(d.expected_results, 3000),
             left(d.content, 3000)] AS texts
  FROM training.formation f,
       jsonb_to_record(f.document) AS d(objectives text, expected_results text, content text)
 WHERE f.id = ANY($1::uuid[])
UNION ALL
SELECT c.code, ARRAY[c.title, left(c.objectives, 1000)]
               || ARRAY(SELECT concat_ws(' : ', b.title, left(b.competences, 6000))
                          FROM training.bloc b WHERE b.certification_id = c.id ORDER BY b.position)
  FROM training.certification c WHERE c.code = ANY($2::text[])"""
"""$1 formations and $2 certifications whose words links were read out of."""

VERSIONS: Final = """
SELECT (SELECT json_object_agg(scheme, version) FROM (
          SELECT DISTINCT ON (scheme) scheme, version FROM training.reference_version
           WHERE scheme IN ('rome', 'rome-skill', 'ai-skill') AND released_on <= $1::date
           ORDER BY scheme, released_on DESC, version DESC) held)::text AS references,
       (SELECT json_object_agg(directory, dated_on) FROM (
          SELECT directory, max(source_dated_on) AS dated_on FROM training.certification
           WHERE withdrawn_on IS NULL GROUP BY directory ORDER BY directory) told)::text
         AS certifications,
       (SELECT version FROM training.search_index)::text AS catalogue"""
"""$1 the day; the catalogue's version changes with every import that changes anything."""

_OFFERS: Final = """(
  SELECT count(*) FROM training.formation f
   WHERE f.certifications @> ARRAY[c.code] AND f.withdrawn_at IS NULL)"""
_ACTIVE: Final = f"c.withdrawn_on IS NULL AND {STATE} = 'active'"
_NAMES: Final = """EXISTS (
  SELECT FROM training.classification k
   WHERE k.certification_id = c.id AND k.scheme = 'rome' AND k.code = {0})"""

LEADING: Final = f"""
SELECT t.job, c.code, c.title, c.title_en, c.level, c.registration_end, c.offers
  FROM unnest($2::text[], $3::text[]) t(job, basis)
 CROSS JOIN LATERAL (
   SELECT c.*, {_NAMES.format("t.job")} AS exact, {_OFFERS} AS offers
     FROM training.certification c
    WHERE c.id IN (SELECT k.certification_id FROM training.classification k
                    WHERE k.scheme = 'rome' AND k.code IN (t.job, t.basis))
      AND {_ACTIVE}
    ORDER BY exact DESC, offers DESC, c.code LIMIT 5) c
 ORDER BY t.job, c.exact DESC, c.offers DESC, c.code"""  # noqa: S608  # pieces of our own
"""$1 the day, $2 jobs and $3 the ROME 3 jobs that these came from, side by side."""

KEEPING: Final = f"""
SELECT c.code, c.title, c.title_en, c.level, c.registration_end, {_OFFERS} AS offers,
       adapts.skills
  FROM training.certification c
 CROSS JOIN LATERAL (
   SELECT array_agg(s.code ORDER BY s.code) AS skills
     FROM training.certification_skill l JOIN training.skill s ON s.code = l.skill
    WHERE l.certification_id = c.id AND s.adapts_to IS NOT NULL) adapts
 WHERE {_ACTIVE} AND (adapts.skills IS NOT NULL OR c.ai_literacy_level IS NOT NULL)
   AND (c.directory = 'RS' OR {_NAMES.format("$2")})
 ORDER BY {_NAMES.format("$2")} DESC, cardinality(coalesce(adapts.skills, '{{}}')) DESC,
          offers DESC, c.code
 LIMIT 5"""  # noqa: S608  # likewise
"""$1 the day, $2 the job: short ones (RS) on AI for whatever job, longer ones for this one."""
