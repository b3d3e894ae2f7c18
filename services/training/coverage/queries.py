"""What coverage counts, as strings of bits over the slots of the search's index.

Whatever is counted is the AND of some of them with the offers that are open, or the certifications
that are active: bits of a slot that was left mean nothing by themselves (`indexing.writing`).
"""

from typing import Final

from training.certifications.queries import STATE

VERSION: Final = "SELECT version FROM training.search_index"

JOBS: Final = """
SELECT r.code, r.label, r.parent_code, e.rome IS NOT NULL AS is_emerging
  FROM training.rome r LEFT JOIN training.emerging_job e ON e.rome = r.code"""

TERRITORIES: Final = """
SELECT 'epci' AS kind, code, name FROM training.epci
UNION ALL SELECT 'employment_zone', code, name FROM training.employment_zone"""

_FACETS: Final = ("department", "epci", "audience", "level", "mode", "funder")

_BITS: Final = "training.search_bits(array_agg({slot}), (SELECT capacity FROM index))"

_PLANES: Final = """
SELECT 'plane:{name}', place::text, {bits}
  FROM enrol JOIN training.action a ON a.id = enrol.action_id, generate_series(0, {last}) place
 WHERE ({value} >> place) & 1 = 1 GROUP BY place"""

_PUBLISHED: Final = """
  SELECT published_as FROM training.proposal
   WHERE kind = '{kind}' AND published_as IS NOT NULL"""
"""What came through a proposal stays new, also when a file of its school tells it again."""


def _plane(name: str, value: str, last: int) -> str:
    return _PLANES.format(name=name, value=value, last=last, bits=_BITS.format(slot="enrol.slot"))


BITS: Final = f"""
WITH index AS MATERIALIZED (SELECT capacity, version FROM training.search_index),
job AS MATERIALIZED (
  SELECT r.code, CASE WHEN e.rome IS NULL THEN coalesce(r.parent_code, r.code) ELSE r.code END AS of
    FROM training.rome r LEFT JOIN training.emerging_job e ON e.rome = r.code),
active AS MATERIALIZED (
  SELECT e.slot, c.id, c.code, c.access_routes
    FROM training.certification c JOIN training.search_entry e ON e.certification_id = c.id
   WHERE {STATE} = 'active'),
validity AS MATERIALIZED (
  SELECT f.id, max(coalesce(c.effective_on, c.decided_on)) AS since,
         min(coalesce(c.registration_end, make_date(c.registration_end_year, 12, 31))) AS until
    FROM training.formation f
   CROSS JOIN LATERAL unnest(f.certifications) quoted(code)
    JOIN training.certification c ON c.code = quoted.code
   WHERE f.withdrawn_at IS NULL GROUP BY f.id),
enrol AS MATERIALIZED (
  SELECT e.slot, e.action_id, e.formation_id, count(*)::int AS sessions
    FROM training.search_period p
    JOIN training.search_entry e ON e.slot = p.slot AND e.kind = 'offer'
    LEFT JOIN validity v ON v.id = e.formation_id
   WHERE p.ends_on >= $1 AND p.opens_on <= $1 AND p.closes_on >= $1
     AND greatest($1, p.first_start) BETWEEN coalesce(v.since, '-infinity')
                                         AND coalesce(v.until, 'infinity')
   GROUP BY 1, 2, 3)
SELECT 'version' AS what, version::text AS value, NULL::bit varying AS bits FROM index
UNION ALL
SELECT v.facet, v.value, v.bits FROM training.search_value v
 WHERE v.facet IN ({", ".join(f"'{one}'" for one in _FACETS)})
UNION ALL
SELECT 'named', job.of, bit_or(v.bits)::bit varying
  FROM training.search_value v JOIN job ON job.code = v.value
 WHERE v.facet = 'rome' GROUP BY job.of
UNION ALL
SELECT 'leads', job.of, {_BITS.format(slot="enrol.slot")}
  FROM enrol
  JOIN training.formation f ON f.id = enrol.formation_id
 CROSS JOIN LATERAL unnest(f.certifications) quoted(code)
  JOIN active ON active.code = quoted.code
  JOIN training.classification k ON k.certification_id = active.id AND k.scheme = 'rome'
  JOIN job ON job.code = k.code
 GROUP BY job.of
UNION ALL
SELECT 'active', '', {_BITS.format(slot="slot")} FROM active
UNION ALL
SELECT 'proposed', '', {_BITS.format(slot="slot")} FROM active
 WHERE code IN ({_PUBLISHED.format(kind="certification")})
UNION ALL
SELECT 'route', route, {_BITS.format(slot="slot")}
  FROM active, unnest(access_routes) route GROUP BY route
UNION ALL
SELECT 'open', '', {_BITS.format(slot="slot")} FROM enrol
UNION ALL
SELECT 'new', '', {_BITS.format(slot="slot")}
  FROM enrol WHERE formation_id::text IN ({_PUBLISHED.format(kind="offer")})
UNION ALL
SELECT 'employment_zone', c.zone, {_BITS.format(slot="p.slot")}
  FROM training.search_place p JOIN training.commune c ON c.code = p.commune
 WHERE c.zone IS NOT NULL GROUP BY c.zone
UNION ALL {_plane("sessions", "enrol.sessions", 11)}
UNION ALL {_plane("seats", "a.seats", 19)}
UNION ALL {_plane("hours", "a.hours", 16)}
UNION ALL
SELECT 'stated:seats', '', {_BITS.format(slot="enrol.slot")}
  FROM enrol JOIN training.action a ON a.id = enrol.action_id WHERE a.seats IS NOT NULL
UNION ALL
SELECT 'stated:hours', '', {_BITS.format(slot="enrol.slot")}
  FROM enrol JOIN training.action a ON a.id = enrol.action_id WHERE a.hours IS NOT NULL"""  # noqa: S608  # pieces of this file
"""$1 the day. One may enrol in a session whose dates and whose certifications allow it that day.

The certifications must be open when one begins: at once, or on the first day (`openings.rules`).
Numbers are kept by their binary digits, so that sums over any set are counts of bits too
(O'Neil and Quass, Improved Query Performance with Variant Indexes, SIGMOD 1997, §2.1).
"""
