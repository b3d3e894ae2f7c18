"""The statements of expiries: what an end hits, found for a notice and for an owner alike."""

# ruff: noqa: S608  # pieces of our own

from typing import Final

from training.expiries.stages import BEFORE, LONGEST, MOST_PROVIDERS, MOST_SESSIONS, Stage
from training.habilitations.queries import OVER
from training.indexing.offers import CLOSES_ON
from training.offers.owners import OWNED

_STAGE: Final = " ".join(
    (
        f"CASE WHEN c.registration_end < $1::date THEN '{Stage.ENDED}'",
        *(f"WHEN c.registration_end - $1::date <= {days} THEN '{one}'" for days, one in BEFORE),
        "END",
    )
)
"""$1 the day in Paris."""

_ENDING: Final = f"""ending AS MATERIALIZED (
  SELECT c.id, c.code, c.title, c.title_en, c.registration_end AS ends_on, c.delivery_limit,
         {_STAGE} AS stage,
         CASE WHEN c.delivery_limit IS NOT NULL THEN c.delivery_limit
              WHEN NOT 'delivery_limit' = ANY(c.unknown) THEN c.registration_end
         END AS delivers_until
    FROM training.certification c
   WHERE c.withdrawn_on IS NULL AND c.registration_end <= $1::date + {{within}}{{more}})"""
"""$1 the day in Paris; without a limit that the source would have given, delivery ends as well."""

_REASONS: Final = """array_remove(ARRAY[
         CASE WHEN s.starts_on > e.ends_on THEN 'starts_after_end'
              WHEN enrolment.closes_on > e.ends_on THEN 'enrolment_open_after_end' END,
         CASE WHEN s.ends_on > e.delivers_until AND coalesce(s.starts_on, e.ends_on) <= e.ends_on
              THEN 'ends_after_delivery' END], NULL)"""
"""Who began before the end may be certified until the delivery limit: a session that starts later
has nobody whom that limit could help."""

_HIT: Final = f"""
  FROM ending e
  JOIN (SELECT f.id, f.number, f.title, f.provider_siret, f.provider_name, f.import_run_id,
               unnest(f.certifications) AS code
          FROM training.formation f WHERE f.withdrawn_at IS NULL) f ON f.code = e.code
  JOIN training.action a ON a.formation_id = f.id
  JOIN training.session s ON s.action_id = a.id
 CROSS JOIN LATERAL (SELECT {CLOSES_ON} AS closes_on) enrolment
 CROSS JOIN LATERAL (SELECT {_REASONS} AS reasons) hit
 WHERE (s.ends_on IS NULL OR s.ends_on >= $1::date) AND hit.reasons <> '{{{{}}}}'"""
"""The sessions, not yet over, of live offers that an end hits."""

_UNTOLD: Final = """ AND NOT EXISTS (
         SELECT FROM training.expiry_notice n
          WHERE n.certification_id = c.id AND n.ends_on = c.registration_end
            AND n.stage = {stage})"""

TELL: Final = f"""
WITH {_ENDING.format(within=LONGEST, more=_UNTOLD.format(stage=_STAGE))},
due AS (
  SELECT e.id, e.ends_on, e.stage, count(DISTINCT f.id) AS formations, count(*) AS sessions,
         (array_agg(DISTINCT f.provider_siret))[1:{MOST_PROVIDERS}] AS providers,
         min(s.starts_on) FILTER (WHERE s.starts_on > e.ends_on) AS starts_on
  {_HIT.format()}
   GROUP BY e.id, e.ends_on, e.stage),
told AS (
  INSERT INTO training.expiry_notice
         (certification_id, ends_on, stage, formations, sessions, providers, starts_on)
  SELECT id, ends_on, stage, formations, sessions, providers, starts_on
    FROM due ORDER BY id
      ON CONFLICT DO NOTHING
  RETURNING *)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'expiry-notice', told.id::text, 'created', 1,
       jsonb_build_object('certification', c.code, 'ends_on', told.ends_on, 'stage', told.stage,
                          'formations', told.formations, 'sessions', told.sessions,
                          'providers', to_jsonb(told.providers))
  FROM told JOIN training.certification c ON c.id = told.certification_id
 ORDER BY told.ends_on, c.code"""
"""Tells what was not told yet, all of it in one statement; $1 the day in Paris.

A notice that another process tells at the same time is waited for, and left to it.
"""

FLAGGED_WRONGLY: Final = f"""
SELECT f.id
  FROM training.formation f
  LEFT JOIN training.formation_flags k ON k.formation_id = f.id
 WHERE f.withdrawn_at IS NULL
   AND {OVER.format(day="$1")} <> coalesce(k.flags @> '{{certification_ended}}', false)
 ORDER BY f.id
 LIMIT $2"""
"""$1 the day in Paris, $2 how many offers at most."""

_SOUGHT: Final = """
           AND ($2::text[] IS NULL OR c.code = ANY($2))
           AND ($3::boolean IS NULL OR $3 = (c.registration_end < $1::date))"""

_OWN: Final = f"""
WITH {_ENDING.format(within="$4::int", more=_SOUGHT)}
{{shown}}
{_HIT}
   AND {OWNED.format(tenant="$5")} AND ($6::text IS NULL OR f.provider_siret = $6)"""

_ITEM: Final = f"""
SELECT e.ends_on, e.code, f.id AS formation_id, e.title, e.title_en, e.delivery_limit,
       f.number, f.title AS formation_title, f.provider_siret, f.provider_name,
       count(*) AS hits, min(s.starts_on) FILTER (WHERE s.starts_on > e.ends_on) AS starts_on,
       jsonb_path_query_array(
         jsonb_agg(jsonb_build_object(
           'id', s.id, 'action', a.number, 'number', s.number, 'starts_on', s.starts_on,
           'ends_on', s.ends_on, 'hits', to_jsonb(hit.reasons))
           ORDER BY s.starts_on NULLS FIRST, s.id),
         '$[0 to {MOST_SESSIONS - 1}]')::text AS sessions"""

LIST: Final = f"""{_OWN.format(shown=_ITEM)}
   AND ($7::date IS NULL OR (e.ends_on, e.code, f.id) > ($7, $8::text, $9::uuid))
 GROUP BY e.ends_on, e.code, f.id, e.title, e.title_en, e.delivery_limit, f.number, f.title,
          f.provider_siret, f.provider_name
 ORDER BY e.ends_on, e.code, f.id
 LIMIT $10"""
"""$1 the day in Paris, $2 codes, $3 whether it is over, $4 days ahead, $5 tenant, $6 provider,
$7–$9 the last key, $10 limit."""

COUNT: Final = _OWN.format(shown="SELECT count(DISTINCT (e.id, f.id))")
"""$1–$6 as in LIST."""

NOTICE: Final = """
SELECT n.id, c.code, c.title, c.title_en, n.ends_on, n.stage, n.told_at, n.formations, n.sessions,
       n.providers, n.starts_on,
       c.withdrawn_on IS NULL AND c.registration_end IS NOT DISTINCT FROM n.ends_on AS still_holds
  FROM training.expiry_notice n JOIN training.certification c ON c.id = n.certification_id
 WHERE n.id = $1"""
