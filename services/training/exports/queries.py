"""What each export copies out of PostgreSQL, and how much of it each format loses."""

from typing import Final

from training.certifications.queries import DOCUMENT, STATE
from training.offers.queries import FLAGS

DOCUMENTS: Final = f"""
SELECT (f.document || jsonb_build_object(
         'version', f.version, 'flags', {FLAGS},
         'source', json_build_object(
           'kind', f.source_kind, 'name', f.source_name, 'url', f.source_url,
           'dated_on', f.source_dated_on, 'licence', f.source_licence,
           'import', f.import_run_id)))::text
  FROM training.formation f
 WHERE f.withdrawn_at IS NULL AND ($1::text[] IS NULL OR f.source_licence = ANY($1))
 ORDER BY f.provider_siret, f.number"""  # noqa: S608  # a piece of ours
"""$1 the licences that are asked for."""


def _cell(text: str) -> str:
    """Return a cell in one line, that no spreadsheet takes for a formula; most are left alone."""
    line = f"regexp_replace({text}, '\\s+', ' ', 'g')"
    harmless = f"CASE WHEN {text} ~ '^\\s*[=+@-]' THEN '''' || {line} ELSE {line} END"
    doubtful = f"{text} ~ '^\\s*[=+@-]|\\s\\s|[\\n\\r\\t\\f\\v]'"
    return f"CASE WHEN {doubtful} THEN {harmless} ELSE {text} END"


_CELLS: Final = {
    "formation_id": "f.id",
    "provider_siret": "f.provider_siret",
    "provider_name": _cell("f.provider_name"),
    "formation_number": _cell("f.number"),
    "title": _cell("f.title"),
    "certifications": "array_to_string(f.certifications, ' ')",
    "formacodes": "array_to_string(f.formacodes, ' ')",
    "action_number": _cell("a.number"),
    "mode": "a.mode",
    "price": "a.price",
    "hours": "a.hours",
    "session_number": _cell("s.number"),
    "starts_on": "s.starts_on",
    "ends_on": "s.ends_on",
    "recruitment_state": "s.recruitment_state",
    "place": _cell("p.name"),
    "postcode": _cell("p.postcode"),
    "city": _cell("p.city"),
    "department": _cell("p.department"),
    "latitude": "p.latitude",
    "longitude": "p.longitude",
    "licence": "f.source_licence",
}

ROWS: Final = f"""
SELECT {", ".join(f"{value} AS {name}" for name, value in _CELLS.items())}
  FROM training.formation f
  JOIN training.action a ON a.formation_id = f.id
  JOIN training.session s ON s.action_id = a.id
  LEFT JOIN training.place p ON p.action_id = a.id AND p.position = 0
 WHERE f.withdrawn_at IS NULL AND ($1::text[] IS NULL OR f.source_licence = ANY($1))
 ORDER BY f.provider_siret, f.number, a.position, s.position"""  # noqa: S608  # our own names
"""One row per session, with the first place of its action; $1 as above."""

_OF_CERTIFICATIONS: Final = """
 WHERE c.withdrawn_on IS NULL AND ($2::text[] IS NULL OR c.source_licence = ANY($2))
 ORDER BY c.directory DESC, c.number DESC"""

CERTIFICATIONS: Final = f"""
SELECT replace({DOCUMENT}::text, chr(10), '') FROM training.certification c
{_OF_CERTIFICATIONS}"""  # noqa: S608  # pieces of ours
"""$1 the day of the states, $2 as $1 above; in JSON, a line feed is only between members."""

_CERTIFICATION_CELLS: Final = {
    "id": "c.id",
    "number": "c.code",
    "title": _cell("c.title"),
    "state": STATE,
    "level": "c.level",
    "decided_on": "c.decided_on",
    "effective_on": "c.effective_on",
    "registration_end": "c.registration_end",
    "registration_end_year": "c.registration_end_year",
    "delivery_limit": "c.delivery_limit",
    "certifying_bodies": _cell("b.names"),
    "certifying_sirets": "b.sirets",
    "rome": _cell("k.rome"),
    "nsf": _cell("k.nsf"),
    "formacodes": _cell("k.formacodes"),
    "source_name": _cell("c.source_name"),
    "source_url": _cell("c.source_url"),
    "source_dated_on": "c.source_dated_on",
    "licence": _cell("c.source_licence"),
}

CERTIFICATION_ROWS: Final = f"""
SELECT {", ".join(f"{value} AS {name}" for name, value in _CERTIFICATION_CELLS.items())}
  FROM training.certification c
  LEFT JOIN LATERAL (
    SELECT string_agg(name, ' | ' ORDER BY position) AS names,
           string_agg(siret, ' ' ORDER BY position) AS sirets
      FROM training.certifying_body
     WHERE certification_id = c.id AND state = 'active') b ON true
  LEFT JOIN LATERAL (
    SELECT string_agg(code, ' ' ORDER BY position) FILTER (WHERE scheme = 'rome') AS rome,
           string_agg(code, ' ' ORDER BY position) FILTER (WHERE scheme = 'nsf') AS nsf,
           string_agg(code, ' ' ORDER BY position)
             FILTER (WHERE scheme = 'formacode') AS formacodes
      FROM training.classification WHERE certification_id = c.id) k ON true
{_OF_CERTIFICATIONS}"""  # noqa: S608  # our own names
"""One row per certification, several bodies or codes in one cell; $1 and $2 as above."""

_NEWER_ANYWHERE: Final = " || ".join(
    f"exists(@.{name})"
    for name in ("role", "rs", "formacode", "uai", "cycle_years", "equipment", "courses")
)
_NEWER_IN_SESSIONS: Final = " || ".join(
    f"exists(@.{name})"
    for name in ("recruitments", "web", "contacts", "certifications", "bloc_sets", "cycles")
)

LOSSES: Final = f"""
SELECT count(*) FILTER (WHERE f.withdrawn_at IS NULL) AS formations,
       count(*) FILTER (WHERE f.withdrawn_at IS NOT NULL) AS withdrawn,
       count(*) FILTER (WHERE f.withdrawn_at IS NULL AND (
         f.document @? '$.** ? ({_NEWER_ANYWHERE})'
         OR f.document @? '$.actions[*].sessions[*] ? ({_NEWER_IN_SESSIONS})')) AS newer,
       count(*) FILTER (WHERE f.withdrawn_at IS NULL
                          AND f.document @? '$.actions[*] ? (@.places.size() > 1)') AS places
  FROM training.formation f
 WHERE $1::text[] IS NULL OR f.source_licence = ANY($1)"""  # noqa: S608  # our own names
"""What LHÉO 2.2 does not have is that of `standard.SINCE_2_3`; a test holds the two together."""
