"""The named statements of rollovers."""

# ruff: noqa: S608  # pieces of our own

from typing import Final

from training.continuity.queries import FACTS
from training.offers.owners import OWNED

ALONE: Final = """
SELECT pg_advisory_xact_lock(hashtext('training.rollover'), hashtext($1::text))"""
"""One rollover of a provider at a time: the second sees what the first has made."""

_OF_PROVIDER: Final = f"""
  FROM training.formation f
 WHERE f.provider_siret = $1 AND f.withdrawn_at IS NULL AND {OWNED.format(tenant="$2")}"""

_OF_YEAR: Final = """ AND EXISTS (
         SELECT FROM training.action a JOIN training.session s ON s.action_id = a.id
          WHERE a.formation_id = f.id AND s.starts_on BETWEEN $3 AND $4)"""

SIZE: Final = f"""
SELECT count(*) AS offers,
       (SELECT count(*) {_OF_PROVIDER}{_OF_YEAR}) AS formations
{_OF_PROVIDER}"""
"""$1 SIRET, $2 tenant, $3–$4 the year."""

CERTIFICATIONS: Final = f"""
SELECT {FACTS}
  FROM training.certification c
 WHERE c.code IN (SELECT unnest(f.certifications) {_OF_PROVIDER})"""

OF_YEAR: Final = f"SELECT f.id {_OF_PROVIDER}{_OF_YEAR} ORDER BY f.number"
"""$1–$4 as in SIZE."""

FORMATIONS: Final = """
SELECT f.id, f.number, f.title, f.certifications, f.source_licence AS licence,
       f.document::text AS document
  FROM unnest($1::uuid[]) WITH ORDINALITY AS one(id, place)
  JOIN training.formation f ON f.id = one.id
 ORDER BY one.place"""

THERE: Final = """
SELECT id FROM training.formation WHERE id = ANY($1::uuid[])
UNION SELECT id FROM training.rollover_draft WHERE id = ANY($1::uuid[])"""
"""Which of these the new year has already, drafts and what was withdrawn included."""

BEGIN: Final = """
INSERT INTO training.rollover (tenant, client, provider_siret, first, last, dry_run)
VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"""

_SHOWN: Final = """
SELECT r.id, r.provider_siret, r.first, r.last, r.dry_run, r.created_at,
       (SELECT coalesce(jsonb_object_agg(l.outcome, l.number), '{}')
          FROM (SELECT outcome, count(*) AS number FROM training.rollover_line
                 WHERE rollover_id = r.id GROUP BY outcome) l)::text AS counts,
       (SELECT coalesce(sum(l.sessions) FILTER (WHERE l.outcome = 'created'), 0)
          FROM training.rollover_line l WHERE l.rollover_id = r.id) AS sessions
  FROM training.rollover r"""

ONE: Final = f"{_SHOWN} WHERE r.id = $1 AND r.tenant = $2"

LIST: Final = f"""{_SHOWN}
 WHERE r.tenant = $1 AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2, $3::uuid))
 ORDER BY r.created_at DESC, r.id DESC
 LIMIT $4"""

COUNT: Final = "SELECT count(*) FROM training.rollover r WHERE r.tenant = $1"

_LINES: Final = """
  FROM training.rollover_line l WHERE l.rollover_id = $1 AND ($2::text IS NULL OR l.outcome = $2)"""

LINES: Final = f"""
SELECT l.position, l.formation_id, l.title, l.former_number, l.number, l.outcome, l.draft_id,
       l.sessions, l.sessions_left, l.certification, l.starts_on
{_LINES} AND l.position > $3
 ORDER BY l.position
 LIMIT $4"""

LINES_COUNT: Final = f"SELECT count(*) {_LINES}"

_DRAFTS: Final = """
  FROM training.rollover_draft d
 WHERE d.tenant = $1 AND ($2::text IS NULL OR d.provider_siret = $2)
   AND ($3::boolean IS NULL OR $3 = (d.published_at IS NOT NULL))"""

DRAFTS: Final = f"""
SELECT d.id, d.provider_siret, d.number, d.title, d.formation_id, d.rollover_id, d.version,
       d.updated_at, d.published_at
{_DRAFTS} AND ($4::text IS NULL OR (d.provider_siret, d.number) > ($4, $5::text))
 ORDER BY d.provider_siret, d.number
 LIMIT $6"""

DRAFTS_COUNT: Final = f"SELECT count(*) {_DRAFTS}"
