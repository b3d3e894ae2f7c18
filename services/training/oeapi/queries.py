"""The named reads of the Open Education API: one statement each, pages by key or by a bounded skip.

Before a key is a comparison that the index answers: where there is none yet, one with the least.
"""

from typing import Final

from training.certifications.queries import BLOC_ID, GONE, SOURCE
from training.facts.queries import CERTIFICATION_FACTS
from training.offers import queries as offers

PROGRAMMES_OF: Final = """(
  SELECT coalesce(json_agg(json_build_object('id', c.id, 'number', c.code) ORDER BY c.code), '[]')
    FROM training.certification c
   WHERE c.code = ANY(f.certifications) AND c.withdrawn_on IS NULL)"""
"""The certifications that `f` leads to."""

_OF_ACTIONS: Final = "FROM training.action a WHERE a.formation_id = f.id"

COURSE_FACTS: Final = f"""json_build_object(
  'id', f.id, 'number', f.number, 'title', f.title, 'objectives', f.document->'objectives',
  'content', f.document->'content', 'expected_results', f.document->'expected_results',
  'web', coalesce(f.document->'web', '[]'), 'provider', f.provider_siret,
  'modes', to_json(f.modes), 'nsf', to_json(f.nsf), 'rome', to_json(f.rome),
  'formacodes', to_json(f.formacodes), 'codes', to_json(f.certifications),
  'languages', (SELECT coalesce(json_agg(DISTINCT l.code), '[]')
                  FROM training.action a, unnest(a.languages) AS l(code)
                 WHERE a.formation_id = f.id),
  'hours', (SELECT coalesce(json_agg(DISTINCT a.hours) FILTER (WHERE a.hours IS NOT NULL), '[]')
              {_OF_ACTIONS}),
  'starts_on', (SELECT min(s.starts_on) FROM training.session s
                 WHERE s.action_id IN (SELECT a.id {_OF_ACTIONS})),
  'programmes', {PROGRAMMES_OF}, 'quality', f.quality, 'flags', {offers.FLAGS},
  'source', {offers.SOURCE})"""  # noqa: S608  # pieces of this file
"""`CourseFacts` of `f`."""

ORGANISATION_FACTS: Final = """(
  SELECT json_build_object(
           'siret', o.siret, 'name', coalesce(p.name, g.name, b.name),
           'activity_number', p.activity_number, 'qualiopi', coalesce(to_json(p.qualiopi), '[]'),
           'address', p.address)
    FROM (SELECT {siret}::text AS siret) o
    LEFT JOIN LATERAL (
      SELECT p.name, p.activity_number, p.qualiopi, p.document->'address' AS address
        FROM training.provider p
       WHERE p.siret = o.siret AND p.withdrawn_at IS NULL
       ORDER BY p.document->>'declared_on' DESC NULLS LAST, p.activity_number LIMIT 1) p ON true
    LEFT JOIN LATERAL (
      SELECT f.provider_name AS name FROM training.formation f
       WHERE f.provider_siret = o.siret AND f.withdrawn_at IS NULL
       ORDER BY f.number LIMIT 1) g ON true
    LEFT JOIN LATERAL (
      SELECT b.name FROM training.certifying_body b
        JOIN training.certification c ON c.id = b.certification_id AND c.withdrawn_on IS NULL
       WHERE b.siret = o.siret AND b.state = 'active'
       ORDER BY c.code LIMIT 1) b ON true
   WHERE coalesce(p.name, g.name, b.name) IS NOT NULL)"""
"""`OrganisationFacts` of a SIRET."""

_CERTIFIER: Final = """(
  SELECT b.siret FROM training.certifying_body b
   WHERE b.certification_id = c.id AND b.state = 'active' AND b.siret IS NOT NULL
   ORDER BY b.position LIMIT 1)"""
"""The SIRET of the first body that has one."""

PROGRAMMES: Final = f"""
WITH page AS (
  SELECT c.id, left(c.title, 120) AS name
    FROM training.certification c
   WHERE c.withdrawn_on IS NULL
     AND ($2::text[] IS NULL OR c.code = ANY($2))
     AND ($3::text IS NULL OR c.title ILIKE $3 OR c.abbreviation ILIKE $3)
     AND ($4::int IS NULL OR c.level = $4)
     AND ($5::text IS NULL OR {_CERTIFIER} = $5)
     AND (left(c.title, 120), c.id) > ($6::text, $7::uuid)
   ORDER BY left(c.title, 120), c.id
  OFFSET $8 LIMIT $9)
SELECT page.name, page.id, {CERTIFICATION_FACTS}::text AS facts
  FROM page JOIN training.certification c ON c.id = page.id
 ORDER BY page.name, page.id"""  # noqa: S608  # pieces of this file
"""$1 day, $2 codes, $3 pattern, $4 level, $5 certifier, $6–$7 the last key, $8 skip, $9 limit."""

PROGRAMME: Final = f"""
SELECT c.code, {GONE} AS gone, {CERTIFICATION_FACTS}::text AS facts,
       CASE WHEN $3 THEN {ORGANISATION_FACTS.format(siret=_CERTIFIER)}::text END AS organisation
  FROM training.certification c WHERE c.id = $2"""  # noqa: S608  # likewise
"""$1 day, $2 the certification, $3 whether to expand its organisation."""

COURSES: Final = f"""
WITH page AS (
  SELECT f.id, left(f.title, 120) AS name
    FROM training.formation f
   WHERE f.withdrawn_at IS NULL
     AND ($1::text IS NULL OR f.number = $1)
     AND ($2::text IS NULL OR f.title ILIKE $2 OR f.document->>'objectives' ILIKE $2)
     AND ($3::text IS NULL OR EXISTS (
       SELECT {_OF_ACTIONS} AND a.languages && ARRAY[lower($3), upper($3)]))
     AND ($4::text IS NULL OR f.modes @> ARRAY[$4])
     AND ($5::text IS NULL OR f.provider_siret = $5)
     AND ($6::uuid IS NULL OR f.certifications @> ARRAY[
       (SELECT c.code FROM training.certification c WHERE c.id = $6)])
     AND (left(f.title, 120), f.id) > ($7::text, $8::uuid)
   ORDER BY left(f.title, 120), f.id
  OFFSET $9 LIMIT $10)
SELECT page.name, page.id, {COURSE_FACTS}::text AS facts
  FROM page JOIN training.formation f ON f.id = page.id
 ORDER BY page.name, page.id"""  # noqa: S608  # likewise
"""$1 number, $2 pattern, $3 language, $4 mode, $5 provider, $6 programme, $7–$8 the last key,
$9 skip, $10 limit."""

COURSE: Final = f"""
SELECT f.withdrawn_reason, {COURSE_FACTS}::text AS facts,
       CASE WHEN $3 THEN {ORGANISATION_FACTS.format(siret="f.provider_siret")}::text END
         AS organisation,
       CASE WHEN $4 THEN (
         SELECT coalesce(json_agg({CERTIFICATION_FACTS} ORDER BY c.code), '[]')
           FROM training.certification c
          WHERE c.code = ANY(f.certifications) AND c.withdrawn_on IS NULL)::text END AS programmes
  FROM training.formation f WHERE f.id = $2"""  # noqa: S608  # likewise
"""$1 day, $2 the formation, $3 and $4 whether to expand its organisation and its programmes."""

_KNOWN: Final = """
  (SELECT DISTINCT {siret} AS siret FROM {table}
    WHERE {siret} > $1::text AND ($2::text IS NULL OR {siret} = $2) AND {holds}
    ORDER BY 1 LIMIT $3::int + $4::int)"""

ORGANISATIONS: Final = f"""
WITH known AS ({
    " UNION ".join(
        _KNOWN.format(siret=siret, table=table, holds=holds)
        for siret, table, holds in (
            ("p.siret", "training.provider p", "p.withdrawn_at IS NULL"),
            ("f.provider_siret", "training.formation f", "f.withdrawn_at IS NULL"),
            (
                "b.siret",
                (
                    "training.certifying_body b"
                    " JOIN training.certification c ON c.id = b.certification_id"
                ),
                "b.state = 'active' AND c.withdrawn_on IS NULL",
            ),
        )
    )
}), page AS (SELECT siret FROM known ORDER BY siret OFFSET $3 LIMIT $4)
SELECT page.siret, {ORGANISATION_FACTS.format(siret="page.siret")}::text AS facts
  FROM page ORDER BY page.siret"""  # noqa: S608  # likewise
"""$1 the last key, $2 a SIRET, $3 skip, $4 limit."""

ORGANISATION: Final = f"SELECT {ORGANISATION_FACTS.format(siret='$1')}::text AS facts"

_OUTCOME: Final = f"""json_build_object(
  'id', {BLOC_ID}, 'number', c.code, 'code', b.code, 'title', b.title,
  'competences', b.competences,
  'nsf', (SELECT coalesce(json_agg(k.code ORDER BY k.position), '[]')
            FROM training.classification k
           WHERE k.certification_id = c.id AND k.scheme = 'nsf'),
  'starts_on', coalesce(c.effective_on, c.decided_on), 'ends_on', c.registration_end,
  'source', {SOURCE})"""  # noqa: S608  # likewise

OUTCOMES: Final = f"""
SELECT c.directory, c.number, b.position, b.code, {_OUTCOME}::text AS facts
  FROM training.certification c JOIN training.bloc b ON b.certification_id = c.id
 WHERE c.withdrawn_on IS NULL
   AND ($1::text IS NULL OR b.title ILIKE $1 OR b.competences ILIKE $1)
   AND (c.directory, c.number) >= ($2::text, $3::int)
   AND (c.directory, c.number, b.position, b.code) > ($2, $3, $4::int, $5::text)
 ORDER BY c.directory, c.number, b.position, b.code
OFFSET $6 LIMIT $7"""  # noqa: S608  # likewise
"""In the order of their registration. $1 pattern, $2–$5 the last key, $6 skip, $7 limit."""

OUTCOMES_OF: Final = f"""
SELECT c.code AS number, c.withdrawn_on, b.code, {_OUTCOME}::text AS facts
  FROM training.certification c JOIN training.bloc b ON b.certification_id = c.id
 WHERE c.code = $1
 LIMIT 500"""  # noqa: S608  # likewise
"""All of one certification; none has so many."""
