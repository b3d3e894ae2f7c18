"""How the actions of formations `$1` are entered; one statement for each table of the index."""

# ruff: noqa: S608  # pieces of our own

from collections.abc import Iterator, Mapping
from typing import Any, Final

from training.indexing.marks import Fact
from training.indexing.vocabulary import ALWAYS, LAST, NEVER, SLOTS, classified

_OBJECTIVES: Final = 300
_CONTENT_READ: Final = 500
"""Characters of each text that are read: to parse the whole would double an import's time."""

_SLOTS: Final = SLOTS.format(
    wanted="""
  SELECT a.id, 'offer' AS kind, NULL::uuid AS certification_id, a.id AS action_id, a.formation_id,
         a.price, a.hours, coalesce(f.quality, 0) AS quality
    FROM training.formation f
    JOIN unnest($1::uuid[]) one ON f.id = one
    JOIN training.action a ON a.formation_id = f.id
   WHERE f.withdrawn_at IS NULL"""
)

_QUOTED: Final = """
 CROSS JOIN LATERAL (
   SELECT string_agg(k.title, ', ') AS titles,
          coalesce(array_agg(k.level::text) FILTER (WHERE k.level IS NOT NULL), '{}') AS levels,
          coalesce(array_agg(k.ai_literacy_level), '{}') AS literacy,
          coalesce(string_to_array(
            string_agg(nullif(array_to_string(k.themes, ' '), ''), ' '), ' '), '{}') AS themes
     FROM training.certification k WHERE k.code = ANY(f.certifications)) quoted
 CROSS JOIN LATERAL (
   SELECT string_agg(r.label, ', ') AS labels
     FROM training.rome r WHERE r.code = ANY(f.rome)) jobs
 CROSS JOIN LATERAL (
   SELECT coalesce(array_agg(j.rome), '{}') AS emerging
     FROM training.emerging_job j WHERE j.rome = ANY(f.rome)) new
 CROSS JOIN LATERAL (
   SELECT string_agg(DISTINCT r.label_fr, ', ') AS labels
     FROM training.reference_concept r
    WHERE r.scheme = 'formacode' AND r.code = ANY(f.formacodes)
      AND r.withdrawn_at IS NULL) subjects
 CROSS JOIN LATERAL (
   SELECT array_agg(code) AS codes
     FROM (SELECT lower(code) AS code
             FROM unnest(f.rome || f.nsf || f.formacodes || f.certifications) code
           UNION SELECT substring(code FROM '[0-9]+') FROM unnest(f.certifications) code) said)
   named"""
"""What a formation says by codes: PostgreSQL remembers it, as many say the same (Memoize)."""

SAID: Final = f"""
SELECT f.id, f.title, '{{}}'::text[] AS title_codes,
       concat_ws(', ', quoted.titles, jobs.labels, subjects.labels,
                 left(d.objectives, {_OBJECTIVES})) AS subject,
       coalesce(named.codes, '{{}}') AS subject_codes,
       concat_ws(', ', left(d.content, {_CONTENT_READ}), f.provider_name) AS content,
       e.slots, e.actions, f.certifications, f.rome, f.nsf, f.formacodes,
       f.source_licence AS licence, d.certifying, d.exit_level,
       new.emerging, quoted.levels, quoted.literacy, quoted.themes,
       ARRAY(SELECT (one->>'id')::uuid FROM jsonb_array_elements(d.actions) one
              WHERE one ? 'disabled_access') AS accessible
  FROM (SELECT formation_id, array_agg(slot) AS slots, array_agg(action_id) AS actions
          FROM training.search_entry WHERE formation_id = ANY($1::uuid[]) GROUP BY formation_id) e
  JOIN training.formation f ON f.id = e.formation_id
  {_QUOTED},
       jsonb_to_record(f.document)
         AS d(objectives text, content text, certifying text, exit_level text, actions jsonb)"""
"""A formation's words and marks once, however many actions it has, and its document unpacked once.
"""

CLOSES_ON: Final = f"""CASE
            WHEN s.recruitment_state IN ('closed', 'suspended') THEN {ALWAYS}
            WHEN s.enrolment_ends_on IS NOT NULL THEN s.enrolment_ends_on
            WHEN a.entries = 'permanent' OR s.starts_on IS NULL THEN coalesce(s.ends_on, {NEVER})
            ELSE s.starts_on END"""
"""The last day on which one may enrol in session `s` of action `a`, whatever it leads to.

With fixed dates one begins on the first day, and enrols until then; else on any day of it.
"""

_PERIODS: Final = f"""
INSERT INTO training.search_period (slot, number, first_start, last_start, ends_on, opens_on,
                                    closes_on)
SELECT e.slot, s.position, coalesce(s.starts_on, {ALWAYS}),
       CASE WHEN a.entries = 'permanent' OR s.starts_on IS NULL THEN coalesce(s.ends_on, {NEVER})
            ELSE s.starts_on END,
       coalesce(s.ends_on, {NEVER}), coalesce(s.enrolment_starts_on, {ALWAYS}),
       CASE WHEN s.starts_on > registered.until THEN {ALWAYS}
            ELSE least({CLOSES_ON}, registered.until) END
  FROM training.search_entry e
  JOIN (SELECT f.id, (SELECT min({LAST}) FROM training.certification c
                       WHERE c.code = ANY(f.certifications)) AS until
          FROM training.formation f WHERE f.id = ANY($1::uuid[]) OFFSET 0) registered
       ON registered.id = e.formation_id
  JOIN training.action a ON a.id = e.action_id
  JOIN training.session s ON s.action_id = a.id"""
"""Nobody enrols after the first end of its certifications: when that day is over in Paris, the
offer is closed by itself, as `openings` says it (training.md §3, invariants 4 and 5)."""

_LOCATED: Final = """
  FROM training.search_entry e
  JOIN training.place p ON p.action_id = e.action_id
  LEFT JOIN training.commune by_code ON by_code.code = p.commune
  LEFT JOIN LATERAL (
    SELECT c.* FROM training.commune c
     WHERE by_code.code IS NULL AND c.department = p.department
       AND c.spelling = training.search_commune(p.city)
     LIMIT 1) by_name ON true
 WHERE e.formation_id = ANY($1::uuid[])"""
_PLACES: Final = f"""
INSERT INTO training.search_place (slot, number, latitude, longitude, commune)
SELECT e.slot, p.position, coalesce(p.latitude, by_code.latitude, by_name.latitude),
       coalesce(p.longitude, by_code.longitude, by_name.longitude),
       coalesce(by_code.code, by_name.code)
{_LOCATED} AND coalesce(p.latitude, by_code.latitude, by_name.latitude) IS NOT NULL
   AND coalesce(p.longitude, by_code.longitude, by_name.longitude) IS NOT NULL"""

MADE: Final = (_SLOTS, _PERIODS, _PLACES)

_PRICE_BAND: Final = """CASE WHEN a.price IS NULL THEN 'not_stated' WHEN a.price = 0 THEN 'free'
  WHEN a.price <= 500 THEN 'to_500' WHEN a.price <= 1500 THEN 'to_1500'
  WHEN a.price <= 5000 THEN 'to_5000' ELSE 'over_5000' END"""
_HOURS_BAND: Final = """CASE WHEN a.hours IS NULL THEN 'not_stated' WHEN a.hours <= 7 THEN 'to_7'
  WHEN a.hours <= 35 THEN 'to_35' WHEN a.hours <= 150 THEN 'to_150'
  WHEN a.hours <= 600 THEN 'to_600' ELSE 'over_600' END"""

LEVELS: Final = {
    **{str(code): str(code - 1) for code in range(3, 9)},
    **{str(code): str(code - 10) for code in range(11, 19)},
}
"""LHÉO's dictionary of levels, the old names and the new, as those of the French framework."""

AUDIENCES: Final = {
    name: frozenset(codes.split())
    for name, codes in {
        "at_work": """80001 80002 80003 80004 80006 80008 80009 80010 80014 80015 80016 80017 80019
            80023 80031 80032 80033 80034 80035 80036 80037 80038 80039 80043 80044 80045 80047
            80048 80049 80051 80055 80056 80058""",
        "young": "80024 80025 80026 80027 80028 80029 80052 80056",
        "job_seeker": "80007 80011 80012 80025 80030 80056 80059",
        "disabled": "80020 80056",
    }.items()
}
"""Formacode's kinds of public, V12; 80056 is everybody."""


def says(row: Mapping[str, Any]) -> Iterator[Fact]:
    """Say what all actions of a formation have in common, and which of them are accessible.

    The certifications' levels prevail over the one that the provider gives.
    """
    slots = row["slots"]
    for facet in ("certifying", "licence"):
        yield slots, facet, row[facet]
    for level in row["levels"] or (LEVELS.get(row["exit_level"]),):
        yield slots, "level", level
    for code in row["certifications"]:
        yield slots, "directory", code.rstrip("0123456789")
    for value in row["literacy"]:
        yield slots, "ai_literacy_level", value
    for facet, value in classified(row):
        yield slots, facet, value
    for slot, action in zip(slots, row["actions"], strict=True):
        yield (slot,), "accessible", "true" if action in row["accessible"] else "false"


_OF_ACTIONS: Final = f"""
SELECT ARRAY[e.slot] AS slots, e.kind, a.mode, a.entries, a.audiences, a.funders, a.languages,
       {_PRICE_BAND} AS price_band, {_HOURS_BAND} AS hours_band
  FROM training.search_entry e JOIN training.action a ON a.id = e.action_id
 WHERE e.formation_id = ANY($1::uuid[])"""


def _of_action(row: Mapping[str, Any]) -> Iterator[Fact]:
    slots = row["slots"]
    for facet in ("kind", "mode", "entries", "price_band", "hours_band"):
        yield slots, facet, row[facet]
    for audience, publics in AUDIENCES.items():
        if not publics.isdisjoint(row["audiences"]):
            yield slots, "audience", audience
    for facet, column in (("funder", "funders"), ("language", "languages")):
        for value in row[column]:
            yield slots, facet, value


_OF_PLACES: Final = f"""
SELECT ARRAY[e.slot] AS slots, p.department, coalesce(by_code.epci, by_name.epci) AS epci
{_LOCATED}"""


def _of_place(row: Mapping[str, Any]) -> Iterator[Fact]:
    yield row["slots"], "department", row["department"]
    yield row["slots"], "epci", row["epci"]


FACTS: Final = (
    (_OF_ACTIONS, _of_action),
    (_OF_PLACES, _of_place),
)

LABELS: Final = """
SELECT f.title AS label FROM training.formation f WHERE f.id = ANY($1::uuid[])
UNION ALL
SELECT r.label FROM training.rome r
 WHERE r.code IN (SELECT unnest(f.rome) FROM training.formation f WHERE f.id = ANY($1::uuid[]))"""
