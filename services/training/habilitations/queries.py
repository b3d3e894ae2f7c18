"""The named statements of habilitations: of one certification, of one offer, of all offers."""

from typing import Final

from training.certifications.queries import GONE, SOURCE, STATE

_LINES: Final = """(
  SELECT 'certifying_body' AS kind, certification_id, position, name, siret, 'both' AS role, state,
         state_since, NULL::date AS active_since
    FROM training.certifying_body
  UNION ALL
  SELECT 'partner', certification_id, position, name, siret, role, state, state_since, active_since
    FROM training.partner) l"""

_OPEN: Final = f"""
       c.import_run_id IS NOT NULL
         OR EXISTS (SELECT FROM training.partner p WHERE p.certification_id = c.id) AS listed,
       EXISTS (SELECT FROM {_LINES}
                WHERE l.certification_id = c.id AND l.siret IS NULL AND l.state = 'active')
         AS unidentified"""  # noqa: S608  # pieces of this file
"""What the source of `c` leaves open, as `rules.standing` takes it."""

CERTIFICATION: Final = f"""
SELECT c.id, c.code, {GONE} AS gone, c.effective_on, c.decided_on, c.registration_end,
       c.registration_end_year, c.delivery_limit, c.unknown, {SOURCE}::text AS source,
       {_OPEN}
  FROM training.certification c
 WHERE c.code IN ($1::text, $2::text)
 ORDER BY c.code"""  # noqa: S608  # likewise
"""$1 and $2 the codes that were meant."""

OF_COMPANY: Final = f"""
SELECT l.kind, l.siret, l.name, l.role, l.state, l.state_since, l.active_since
  FROM {_LINES}
 WHERE l.certification_id = $1 AND left(l.siret, 9) = left($2::text, 9)
 ORDER BY l.siret <> $2, l.kind, l.position
 LIMIT $3"""  # noqa: S608  # likewise
"""$1 the certification, $2 the SIRET, whose own lines come first, $3 how many at most."""

_LISTED: Final = f"""
  FROM {_LINES}
 WHERE l.certification_id = $1 AND ($2::text IS NULL OR l.kind = $2)
   AND ($3::text IS NULL OR l.state = $3)"""

LINES: Final = f"""
SELECT l.kind, l.position, l.siret, l.name, l.role, l.state, l.state_since, l.active_since
{_LISTED}
   AND ($4::text IS NULL OR (l.kind, l.position) > ($4, $5::int))
 ORDER BY l.kind, l.position
 LIMIT $6"""  # likewise
"""$1 the certification, $2 kind, $3 state, $4–$5 the last key, $6 limit."""

COUNT: Final = f"SELECT count(*) {_LISTED}"  # likewise
"""$1–$3 as in LINES."""

_PAIRS: Final = f"""
SELECT p.siret, c.code, {_OPEN}, company.lines
  FROM ({{offered}}) p
  JOIN training.certification c ON c.code = p.code
 CROSS JOIN LATERAL (
   SELECT coalesce(json_agg(to_json(l) ORDER BY l.kind, l.position), '[]')::text AS lines
     FROM {_LINES}
    WHERE l.certification_id = c.id
      AND l.siret BETWEEN left(p.siret, 9) || '00000' AND left(p.siret, 9) || '99999') company
 ORDER BY c.code, p.siret"""  # noqa: S608  # likewise

_OFFERED: Final = """
       SELECT DISTINCT f.provider_siret AS siret, t.code
         FROM training.formation f, unnest(f.certifications) AS t(code)
        WHERE {scope}"""

OVER: Final = f"""EXISTS (
  SELECT FROM training.certification c
   WHERE c.code = ANY(f.certifications) AND c.withdrawn_on IS NULL
     AND {STATE.replace("$1", "{day}")} IN ('delivery_only', 'inactive'))"""  # likewise
"""Whether a registration that the offer `f` leads to has ended on the day."""

_JUDGED: Final = """
SELECT f.id, f.provider_siret, f.withdrawn_reason, need.category, company.held, blocked.codes,
       array_remove(ARRAY[
         CASE WHEN blocked.codes <> '{{}}' THEN 'not_habilitated' END,
         CASE WHEN known.list AND company.held IS NULL THEN 'provider_unlisted' END,
         CASE WHEN company.held IS NOT NULL AND NOT company.held @> ARRAY[need.category]
              THEN 'qualiopi_missing' END,
         CASE WHEN {over} THEN 'certification_ended' END],
         NULL) AS flags
  FROM {formations} f
  LEFT JOIN (SELECT siret, array_agg(code) AS codes
               FROM unnest($2::text[], $3::text[]) AS u(siret, code) GROUP BY siret) lacking
         ON lacking.siret = f.provider_siret
 CROSS JOIN LATERAL (SELECT ARRAY(SELECT unnest(lacking.codes) INTERSECT
                                  SELECT unnest(f.certifications) ORDER BY 1) AS codes) blocked
 CROSS JOIN (SELECT EXISTS (SELECT FROM training.provider) AS list) known
 CROSS JOIN LATERAL (
   SELECT CASE WHEN f.document @? '$.actions[*].sessions[*].cycles[*]
                                   ? (@.kind == "apprenticeship"
                                      || @.work_study.kind == "apprenticeship")'
               THEN 'apprenticeship' ELSE 'training' END AS category) need
 CROSS JOIN LATERAL (
   SELECT CASE WHEN count(*) > 0
               THEN coalesce(array_agg(DISTINCT one ORDER BY one) FILTER (WHERE one IS NOT NULL),
                             '{{}}') END AS held
     FROM training.provider p LEFT JOIN unnest(p.qualiopi) one ON true
    WHERE known.list AND p.withdrawn_at IS NULL
      AND (p.siren = left(f.provider_siret, 9)
           OR p.siren IS NULL
              AND p.activity_number = f.document->'provider'->>'activity_number')) company
 WHERE {scope}"""
"""$2 and $3 the providers and the certifications that they must not offer, $4 the day in Paris.

Qualiopi is held by the company; its activity number counts only where the list names no company,
or anybody could offer under somebody else's. Without a list no document is opened.
"""


def _held(scope: str) -> str:
    """Judge offers of the catalogue."""
    over = OVER.format(day="$4")
    return _JUDGED.format(formations="training.formation", over=over, scope=scope)


_OF_RUN: Final = "f.withdrawn_at IS NULL AND ($1::uuid IS NULL OR f.import_run_id = $1)"

PAIRS: Final = _PAIRS.format(offered=_OFFERED.format(scope=_OF_RUN))
"""Who offers what, for the offers that the run $1 wrote or for all; for `rules.standing`."""

PAIRS_OF_FORMATION: Final = _PAIRS.format(offered=_OFFERED.format(scope="f.id = $1"))
JUDGED_FORMATION: Final = _held("f.id = $1")

_NAMED: Final = "f.withdrawn_at IS NULL AND f.id = ANY($1::uuid[])"
PAIRS_OF_FORMATIONS: Final = _PAIRS.format(offered=_OFFERED.format(scope=_NAMED))

PAIRS_PROPOSED: Final = _PAIRS.format(
    offered="SELECT DISTINCT $1::text AS siret, code FROM unnest($2::text[]) AS code"
)
"""The same of an offer that is not in the catalogue: $1 its provider, $2 its certifications."""

JUDGED_PROPOSED: Final = _JUDGED.format(
    formations="""(
  SELECT NULL::uuid AS id, $1::text AS provider_siret, NULL::text AS withdrawn_reason,
         $4::text[] AS certifications, $5::text::jsonb AS document)""",
    over="false",
    scope="true",
)
"""$1–$3 as in JUDGED_FORMATION, but $1 the provider; $4 certifications, $5 the document.

When its certifications end is for who proposes it to look at, session by session.
"""

_FLAG: Final = """
WITH written AS (
  INSERT INTO training.formation_flags AS k (formation_id, flags, certifications)
  SELECT j.id, j.flags, j.codes
    FROM ({judged}) j
   WHERE j.flags <> '{{}}'
      OR EXISTS (SELECT FROM training.formation_flags o WHERE o.formation_id = j.id)
   ORDER BY j.id
      ON CONFLICT (formation_id) DO UPDATE
     SET flags = excluded.flags, certifications = excluded.certifications,
         version = k.version + 1, updated_at = now()
   WHERE (k.flags, k.certifications) <> (excluded.flags, excluded.certifications)
  RETURNING k.formation_id, k.flags, k.certifications, k.version)
INSERT INTO training.change (entity, entity_id, kind, version, payload)
SELECT 'formation-flags', formation_id::text,
       CASE WHEN version = 1 THEN 'created' ELSE 'updated' END, version,
       jsonb_build_object('flags', flags, 'certifications', certifications)
  FROM written ORDER BY formation_id"""
"""In the order of the ids, so that two who flag wait for each other and nobody for both."""

FLAG: Final = _FLAG.format(judged=_held(_OF_RUN))
"""$1 the run, or null for all offers; $2–$4 as in _JUDGED."""

FLAG_NAMED: Final = _FLAG.format(judged=_held(_NAMED))
"""$1 the offers; $2–$4 as in _JUDGED."""
