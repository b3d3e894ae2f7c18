"""How certifications `$1` are entered; one statement for each table of the index."""

# ruff: noqa: S608  # pieces of our own

from collections.abc import Iterator, Mapping
from typing import Any, Final

from training.indexing.marks import Fact, Source
from training.indexing.vocabulary import ALWAYS, LAST, SLOTS, THEMES, classified

_OBJECTIVES: Final = 500
"""Characters of each text that are read: to parse the whole would double an import's time."""

_SLOTS: Final = SLOTS.format(
    wanted="""
  SELECT c.id, 'certification' AS kind, c.id AS certification_id, NULL::uuid AS action_id,
         NULL::uuid AS formation_id, NULL::numeric AS price, NULL::int AS hours,
         greatest(0, 100 - 8 * cardinality(c.unknown)) AS quality
    FROM training.certification c JOIN unnest($1::uuid[]) one ON c.id = one
   WHERE c.withdrawn_on IS NULL"""
)


def _codes(scheme: str) -> str:
    return f"coalesce(array_agg(k.code) FILTER (WHERE k.scheme = '{scheme}'), '{{}}')"


_CLASSIFIED: Final = f"""
 CROSS JOIN LATERAL (
    SELECT string_agg(k.label, ', ') AS labels,
           coalesce(array_agg(DISTINCT lower(k.code)), '{{}}') AS codes,
           {_codes("rome")} AS rome, {_codes("nsf")} AS nsf, {_codes("formacode")} AS formacodes
      FROM training.classification k
     WHERE k.certification_id = c.id AND k.scheme <> 'idcc') classified"""
_BLOCS: Final = """(
  SELECT left(string_agg(b.title, ', ' ORDER BY b.position), 1000)
    FROM training.bloc b WHERE b.certification_id = c.id)"""
_BODIES: Final = """(
  SELECT left(string_agg(b.name, ', ' ORDER BY b.position), 300)
    FROM training.certifying_body b WHERE b.certification_id = c.id AND b.state = 'active')"""
_MARKED: Final = f"""(
  SELECT string_agg(theme.label, ', ') FROM {THEMES} WHERE theme.code = ANY(c.themes))"""
SAID: Final = f"""
SELECT c.id, concat_ws(', ', c.title, c.abbreviation) AS title,
       ARRAY[lower(c.code), c.number::text] AS title_codes,
       concat_ws(', ', c.title_en, classified.labels, {_MARKED}, {_BLOCS},
                 left(c.accessible_jobs, 500)) AS subject,
       classified.codes AS subject_codes,
       concat_ws(', ', left(c.objectives, {_OBJECTIVES}), left(c.capacities, {_OBJECTIVES}),
                 {_BODIES}) AS content,
       ARRAY[e.slot] AS slots, e.kind, c.directory, c.level::text AS level, c.ai_literacy_level,
       c.source_licence AS licence, c.audience, c.themes,
       classified.rome, classified.nsf, classified.formacodes,
       ARRAY(SELECT j.rome FROM training.emerging_job j WHERE j.rome = ANY(classified.rome))
         AS emerging
  FROM training.search_entry e
  JOIN training.certification c ON c.id = e.certification_id {_CLASSIFIED}
 WHERE e.certification_id = ANY($1::uuid[])"""
"""The words and the marks of a certification, which is read once."""


def says(row: Mapping[str, Any]) -> Iterator[Fact]:
    """Say what a certification has of each facet."""
    slots = row["slots"]
    for facet in ("kind", "directory", "level", "ai_literacy_level", "licence"):
        yield slots, facet, row[facet]
    for value in row["audience"]:
        yield slots, "audience", value
    for facet, value in classified(row):
        yield slots, facet, value


_PERIODS: Final = f"""
INSERT INTO training.search_period (slot, number, first_start, last_start, ends_on, opens_on,
                                    closes_on)
SELECT e.slot, 0, since.day, {LAST}, {LAST}, since.day, {LAST}
  FROM training.search_entry e
  JOIN training.certification c ON c.id = e.certification_id,
       LATERAL (SELECT least(coalesce(c.effective_on, c.decided_on, {ALWAYS}), {LAST}) AS day)
         since
 WHERE e.certification_id = ANY($1::uuid[])"""
"""One may enrol until the registration ends; of a year only the last day is sure to be too late."""

MADE: Final = (_SLOTS, _PERIODS)

FACTS: Final[tuple[Source, ...]] = ()

LABELS: Final = """
SELECT c.title AS label FROM training.certification c WHERE c.id = ANY($1::uuid[])
UNION ALL
SELECT k.label FROM training.classification k
 WHERE k.certification_id = ANY($1::uuid[]) AND k.scheme <> 'idcc'"""
