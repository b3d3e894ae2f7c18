"""The pieces of a search's statement: where rows are found, and how a hit is shown."""

# ruff: noqa: S608  # likewise

from typing import Final

from training.certifications.queries import STATE
from training.search.parts import Statement

LAST: Final = 9_000_000_000_000
"""The key of what has none: it comes last."""

MARK: Final = ("\ue000", "\ue001")
"""Private characters around what is highlighted: the markup comes after the escaping."""

CERTIFIED: Final = """
  SELECT e.slot FROM training.search_entry e
    JOIN training.certification c ON c.id = e.certification_id WHERE c.code = ANY({0})
  UNION ALL
  SELECT e.slot FROM training.search_entry e
    JOIN training.formation f ON f.id = e.formation_id WHERE f.certifications && {0}"""

IN_BLOC: Final = """
  SELECT e.slot FROM training.search_entry e
    JOIN training.certification c ON c.id = e.certification_id
    JOIN training.bloc b ON b.certification_id = c.id
   WHERE c.code || '/' || b.code = ANY({0}) OR b.code = ANY({0})
  UNION
  SELECT e.slot FROM training.search_entry e
    JOIN training.session s ON s.action_id = e.action_id
   WHERE s.blocs && {0}
      OR EXISTS (SELECT FROM unnest(s.blocs) bloc WHERE split_part(bloc, '/', 2) = ANY({0}))"""

PROVIDED: Final = """
  SELECT e.slot FROM training.search_entry e
    JOIN training.formation f ON f.id = e.formation_id WHERE f.provider_siret = ANY({0})"""

IN_COMMUNE: Final = """
  SELECT DISTINCT p.slot FROM training.search_place p WHERE p.commune = ANY({0})"""

OF_FORMATION: Final = """
  SELECT e.slot FROM training.search_entry e WHERE e.formation_id = ANY({0})"""

AMONG: Final = """
  SELECT e.slot FROM training.search_entry e WHERE e.formation_id = ANY({0})
  UNION ALL
  SELECT e.slot FROM training.search_entry e WHERE e.certification_id = ANY({0})"""

JOBS: Final = """ARRAY(
    SELECT job FROM unnest({0}) job
    UNION SELECT r.parent_code FROM training.rome r WHERE r.code = ANY({0})
    UNION SELECT r.code FROM training.rome r WHERE r.parent_code = ANY({0}))"""
"""A job, the job of ROME 3 that it comes from, and those that come from it."""

FORMACODES: Final = """ARRAY(
    WITH RECURSIVE below(code) AS (
      SELECT unnest({0})
      UNION SELECT r.code FROM training.reference_concept r JOIN below ON r.broader = below.code
             WHERE r.scheme = 'formacode' AND r.withdrawn_at IS NULL)
    SELECT code FROM below)"""
"""A code and all those below it, in any release that is held."""

NEAR: Final = """
  SELECT slot, min(metres) AS metres
    FROM (SELECT p.slot, 12742017.6 * asin(least(1, sqrt(
                   power(sind((p.latitude - {latitude}) / 2), 2)
                   + cosd(p.latitude) * cosd({latitude})
                     * power(sind((p.longitude - {longitude}) / 2), 2)))) AS metres
            FROM (SELECT p.* FROM training.search_place p
                   WHERE p.latitude BETWEEN {latitude} - {metres} / 111000
                                        AND {latitude} + {metres} / 111000
                     AND abs(p.longitude - {longitude})
                         <= {metres} / (111000 * greatest(cosd(abs({latitude}) + 2), 0.01))
                     AND {among} OFFSET 0) p) measured
   WHERE metres <= {metres}
   GROUP BY slot"""
"""On a sphere of 6,371 km, whose degrees have 111.2; the box and `among` spare the arithmetic."""

_NAMED: Final = """
  LEFT JOIN training.epci ON r.facet = 'epci' AND epci.code = r.value
  LEFT JOIN LATERAL (
    SELECT c.label_fr FROM training.reference_concept c
      JOIN training.reference_version v USING (scheme, version)
     WHERE c.withdrawn_at IS NULL
       AND (c.scheme, c.code) = (CASE r.facet
             WHEN 'nsf' THEN 'nsf' WHEN 'rome' THEN 'rome' WHEN 'department' THEN 'geography'
             WHEN 'formacode' THEN 'formacode' WHEN 'formacode_field' THEN 'formacode' END,
           CASE r.facet WHEN 'department' THEN 'DEP-' || r.value ELSE r.value END)
     ORDER BY v.released_on DESC LIMIT 1) c ON true"""

FACETS: Final = (
    """(
  SELECT json_object_agg(facet, counts) FROM (
    SELECT r.facet, json_agg(json_build_array(r.value, r.count, coalesce(epci.name, c.label_fr))
                             ORDER BY r.count DESC, r.value) AS counts
      FROM (SELECT counted.*, row_number() OVER (PARTITION BY facet
                                                 ORDER BY count DESC, value) AS place
              FROM ({counted} OFFSET 0) counted WHERE count > 0) r"""
    + _NAMED
    + """
     WHERE r.place <= {most}
     GROUP BY r.facet) shown)::text"""
)

_OFFER: Final = """(
  SELECT json_build_object(
    'formation', json_build_object('id', f.id, 'number', f.number, 'action', a.number),
    'provider', json_build_object('siret', f.provider_siret, 'name', f.provider_name),
    'certifications', to_json(f.certifications), 'mode', a.mode, 'entries', a.entries,
    'price', a.price::text, 'hours', a.hours, 'funders', to_json(a.funders),
    'languages', to_json(a.languages),
    'place', (SELECT json_build_object(
                'name', p.name, 'postcode', p.postcode, 'city', p.city,
                'department', p.department)
                FROM training.place p
                LEFT JOIN training.search_place s
                  ON s.slot = page.slot AND s.number = p.position
               WHERE p.action_id = a.id
               ORDER BY {nearest}p.position LIMIT 1),
    'next_session', (SELECT json_build_object(
                       'id', s.id, 'starts_on', s.starts_on, 'ends_on', s.ends_on,
                       'enrolment_ends_on', s.enrolment_ends_on,
                       'open', p.opens_on <= {day} AND p.closes_on >= {day})
                       FROM training.search_period p
                       JOIN training.session s ON s.action_id = a.id AND s.position = p.number
                      WHERE p.slot = page.slot AND {dates}
                      ORDER BY p.last_start < {day}, p.first_start, p.number LIMIT 1),
    'quality', f.quality)
    FROM training.action a JOIN training.formation f ON f.id = a.formation_id
   WHERE a.id = page.id)"""

_CERTIFICATION: Final = f"""(
  SELECT json_build_object(
    'number', c.code, 'directory', c.directory, 'level', c.level,
    'state', {STATE.replace("$1::date", "{day}")}, 'registration_end', c.registration_end,
    'registration_end_year', c.registration_end_year,
    'certifying_bodies', (
      SELECT coalesce(json_agg(b.name ORDER BY b.position), '[]')
        FROM training.certifying_body b
       WHERE b.certification_id = c.id AND b.state = 'active'),
    'themes', to_json(c.themes), 'audience', to_json(c.audience),
    'ai_literacy_level', c.ai_literacy_level)
    FROM training.certification c WHERE c.id = page.id)"""

_SAID: Final = """
  JOIN LATERAL (
    SELECT f.title, left(f.document->>'objectives', 600) AS about, f.source_name, f.source_dated_on,
           f.source_licence
      FROM training.formation f WHERE f.id = e.formation_id
    UNION ALL
    SELECT c.title, left(coalesce(c.objectives, c.accessible_jobs), 600), c.source_name,
           c.source_dated_on, c.source_licence
      FROM training.certification c WHERE c.id = e.certification_id) said ON true"""

_HEADLINE: Final = (
    "ts_headline('training.catalogue', translate({0}, '{1}{2}', ''), {3},"
    " 'StartSel={1},StopSel={2},{4}')"
)


def items(made: Statement) -> str:
    """Return the page as a JSON array; a hit has an `offer` or a `certification`."""
    day = made.give(made.day, "date")
    highlight = "NULL::json"
    if made.words:
        query = made.give(" | ".join(f"({one})" for one in made.words.shown), "tsquery")
        title = _HEADLINE.format("said.title", *MARK, query, "HighlightAll=true")
        about = _HEADLINE.format(
            "said.about", *MARK, query, "MaxFragments=1,MaxWords=25,MinWords=10"
        )
        highlight = f"json_build_object('title', {title}, 'excerpt', {about})"
    metres, near, nearest = "NULL::float8", "", ""
    if made.asked.centre:
        metres, near = "n.metres", " LEFT JOIN near n ON n.slot = page.slot"
        nearest = _NEAREST.format(
            latitude=made.give(made.asked.centre.latitude, "float8"),
            longitude=made.give(made.asked.centre.longitude, "float8"),
        )
    offer = _OFFER.format(day=day, dates=made.dates(day), nearest=nearest)
    return f"""(
  SELECT coalesce(json_agg(json_build_object(
    'kind', e.kind, 'id', page.id, 'title', said.title, 'highlight', {highlight},
    'distance_km', round(({metres} / 1000)::numeric, 1), 'key', page.key,
    'offer', CASE WHEN e.kind = 'offer' THEN {offer} END,
    'certification', CASE WHEN e.kind = 'certification'
                          THEN {_CERTIFICATION.format(day=day)} END,
    'source', json_build_object('name', said.source_name, 'dated_on', said.source_dated_on,
                                'licence', said.source_licence))
    ORDER BY page.key, page.id), '[]')
    FROM page JOIN training.search_entry e ON e.slot = page.slot{near}{_SAID})::text"""


_NEAREST: Final = """(s.latitude - {latitude}) ^ 2
                   + ((s.longitude - {longitude}) * cosd({latitude})) ^ 2, """
"""In the order of distance, which is enough to choose among the places of one action."""
