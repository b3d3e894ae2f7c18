"""The statements of subjects."""

# ruff: noqa: S608  # pieces of this file

from typing import Final

_JOINED: Final = """
  FROM training.thesis t
  JOIN training.thesis_campaign c ON c.id = t.campaign_id
  JOIN training.thesis_organisation u ON u.id = t.unit_id
  JOIN training.thesis_organisation s ON s.id = t.doctoral_school_id
  JOIN training.thesis_organisation i ON i.id = t.institution_id
  LEFT JOIN training.commune k ON k.code = t.laboratory_commune"""

_SHARED: Final = """
  t.id, t.campaign_id, t.title, t.laboratory_name, t.laboratory_commune, k.name AS city,
  u.code AS unit_code, u.name AS unit_name, s.code AS doctoral_school_code,
  s.name AS doctoral_school_name, i.code AS institution_code, i.name AS institution_name,
  t.cost, t.regional_percent, t.regional_amount, t.cofinanciers::text AS cofinanciers, t.version"""

_SEEN: Final = """
  (t.tenant = :tenant OR (u.tenant = :tenant AND t.reached >= 1)
   OR (s.tenant = :tenant AND t.reached >= 2) OR (i.tenant = :tenant AND t.reached >= 3)
   OR (c.tenant = :tenant AND t.reached >= 4))"""
"""`lifecycle.sees`, in SQL; a test compares the two."""

_STATUS: Final = """
  CASE WHEN t.status IN ('selected', 'reserve', 'not_selected') AND c.status <> 'published'
            AND c.tenant <> :tenant THEN 'at_region' ELSE t.status END"""
"""`lifecycle.shown`, likewise."""

_WAITING: Final = """
  (t.status = 'draft' AND t.tenant = :tenant OR t.status = 'at_unit' AND u.tenant = :tenant
   OR t.status = 'at_doctoral_school' AND s.tenant = :tenant
   OR t.status = 'at_institution' AND i.tenant = :tenant
   OR t.status = 'at_region' AND c.tenant = :tenant)"""

ROW: Final = f"""
SELECT {_SHARED}, t.status, t.reached, t.summary, t.rank, t.created_at, t.changed_at,
       t.tenant AS laboratory_tenant, u.tenant AS unit_tenant, s.tenant AS doctoral_school_tenant,
       i.tenant AS institution_tenant, c.tenant AS region_tenant, c.status AS campaign_status
{_JOINED}"""

ONE: Final = f"{ROW} WHERE t.id = :id AND {_SEEN}"

_CHOSEN: Final = f"""
 WHERE {_SEEN}
   AND (CAST(:campaign AS uuid) IS NULL OR t.campaign_id = :campaign)
   AND (CAST(:status AS text) IS NULL OR {_STATUS} = :status)
   AND (NOT :waiting OR {_WAITING})"""

LIST: Final = f"""
{ROW} {_CHOSEN}
   AND (CAST(:at AS timestamptz) IS NULL OR (t.created_at, t.id) < (:at, CAST(:last AS uuid)))
 ORDER BY t.created_at DESC, t.id DESC
 LIMIT :limit"""

COUNT: Final = f"SELECT count(*) {_JOINED} {_CHOSEN}"

_EVENTS: Final = """
SELECT e.id, e.at, e.role, e.client, CASE WHEN e.tenant = :tenant THEN e.actor END AS actor,
       e.action, CASE WHEN NOT :all AND e.was IN ('selected', 'reserve', 'not_selected')
                      THEN 'at_region' ELSE e.was END AS was, e.status, e.rank, e.reason
  FROM training.thesis_event e"""

_STEPS: Final = """
 WHERE e.thesis_id = :id
   AND (:all OR e.role <> 'region')"""
"""`:all` is for the Région, and for everybody once results are public."""

HISTORY: Final = f"{_EVENTS} {_STEPS} AND e.id > :after ORDER BY e.id LIMIT :limit"

HISTORY_COUNT: Final = f"SELECT count(*) FROM training.thesis_event e {_STEPS}"

_GRANT: Final = f"""
SELECT {_SHARED}, c.year, c.months, t.granted_at, t.status {_JOINED}"""

TOLD: Final = f"{_GRANT} WHERE t.id = :id"

GRANT: Final = f"{_GRANT} WHERE t.id = $1 AND t.granted_at IS NOT NULL"

_GRANTED: Final = """
 WHERE t.granted_at IS NOT NULL AND t.status = 'selected'
   AND ($1::uuid IS NULL OR t.campaign_id = $1)
   AND ($2::text IS NULL OR i.code = $2)"""
"""$1 campaign, $2 code of the institution."""

GRANTS: Final = f"""
{_GRANT} {_GRANTED}
   AND ($3::timestamptz IS NULL OR (t.granted_at, t.id) < ($3, $4::uuid))
 ORDER BY t.granted_at DESC, t.id DESC
 LIMIT $5"""

GRANTS_COUNT: Final = f"SELECT count(*) {_JOINED} {_GRANTED}"
