"""The named reads of the nomenclatures, their JSON rendered by PostgreSQL."""

from typing import Final

ROME: Final = """
SELECT json_build_object(
         'code', r.code, 'label', r.label,
         'parent', CASE WHEN p.code IS NOT NULL
                        THEN json_build_object('code', p.code, 'label', p.label) END,
         'release', r.release, 'released_on', r.released_on)::text
  FROM training.rome r LEFT JOIN training.rome p ON p.code = r.parent_code
 WHERE r.code = $1"""

_VERSION: Final = """json_build_object(
  'scheme', v.scheme, 'version', v.version, 'released_on', v.released_on, 'title', v.title,
  'producer', v.producer, 'licence', v.licence, 'concepts', v.concepts)"""

VERSIONS: Final = f"""
SELECT v.scheme, v.version, {_VERSION}::text AS item
  FROM training.reference_version v
 WHERE ($1::text IS NULL OR (v.scheme, v.version) > ($1, $2::text))
 ORDER BY v.scheme, v.version
 LIMIT $3"""  # noqa: S608  # pieces of this file

VERSIONS_COUNT: Final = "SELECT count(*) FROM training.reference_version"

RELEASE: Final = """
SELECT version FROM training.reference_version
 WHERE scheme = $1 AND ($2 = 'latest' OR version = $2)
 ORDER BY released_on > $3::date,
          CASE WHEN released_on <= $3 THEN released_on END DESC, released_on, version DESC
 LIMIT 1"""
"""$1 scheme, $2 version or `latest`, $3 the day.

`latest` is the newest release out on that day, or the oldest where none was: one that knows its
history, as the geographic code does, still answers for earlier days.
"""

_LABEL: Final = "json_build_object('fr', {0}.label_fr, 'en', {0}.label_en)"
_STATUS: Final = """CASE WHEN {0}.valid_to < {1} THEN 'obsolete'
            WHEN {0}.valid_from > {1} THEN 'upcoming' ELSE 'current' END"""

_MATCHING: Final = """
  FROM training.reference_concept c
 WHERE c.scheme = $1 AND c.version = $2 AND c.withdrawn_at IS NULL
   AND ($4::text[] IS NULL OR c.search_text LIKE $4[1] AND c.search_text LIKE ALL($4))
   AND ($5::text IS NULL OR c.broader = $5)
   AND ($6::text IS NULL OR c.kind = $6)
   AND ($7::boolean OR (coalesce(c.valid_to, $3::date) >= $3::date
                        AND coalesce(c.valid_from, $3::date) <= $3::date))"""

CONCEPTS: Final = f"""
SELECT c.code, json_build_object(
         'code', c.code, 'kind', c.kind, 'label', {_LABEL.format("c")}, 'broader', c.broader,
         'status', {_STATUS.format("c", "$3::date")}, 'valid_from', c.valid_from,
         'valid_to', c.valid_to, 'replaced_by', to_json(c.replaced_by))::text AS item
{_MATCHING}
   AND ($8::text IS NULL OR c.code > $8)
 ORDER BY c.code
 LIMIT $9"""  # pieces of this file
"""$1 scheme, $2 version, $3 day, $4 folded words as LIKE patterns, $5 broader code, $6 kind,
$7 whether codes that are not valid on the day are listed too, $8 the last code, $9 limit."""

CONCEPTS_COUNT: Final = f"SELECT count(*) {_MATCHING}"
"""$1-$7 as in CONCEPTS."""

NARROWER_SHOWN: Final = 200

CONCEPT: Final = f"""
WITH RECURSIVE meant AS MATERIALIZED ({RELEASE}),
found AS MATERIALIZED (
  SELECT c.*, v.released_on, v.title, v.producer, v.licence, v.concepts,
         (c.valid_to < $3::date OR c.version <> meant.version) IS TRUE AS is_obsolete
    FROM training.reference_concept c
    JOIN training.reference_version v USING (scheme, version), meant
   WHERE c.scheme = $1 AND c.code = $4
     AND (c.version = meant.version
          OR ($2 = 'latest'
              AND v.released_on < (SELECT released_on FROM training.reference_version
                                    WHERE scheme = $1 AND version = meant.version)))
   ORDER BY (c.version = meant.version) DESC, v.released_on DESC
   LIMIT 1),
path(code, label_fr, label_en, broader, height) AS (
  SELECT code, label_fr, label_en, broader, 0 FROM found
  UNION ALL
  SELECT c.code, c.label_fr, c.label_en, c.broader, path.height + 1
    FROM path JOIN found ON true
    JOIN training.reference_concept c
      ON c.scheme = $1 AND c.version = found.version AND c.code = path.broader
   WHERE path.height < 12),
heir(code, distance) AS (
  SELECT unnest(replaced_by), 1 FROM found
  UNION
  SELECT unnest(c.replaced_by), heir.distance + 1
    FROM heir JOIN found ON true
    JOIN training.reference_concept c
      ON c.scheme = $1 AND c.version = found.version AND c.code = heir.code
     AND c.valid_to < $3::date
   WHERE heir.distance < 10)
SELECT found.withdrawn_at IS NOT NULL AS is_withdrawn, found.version, found.replaced_by,
       json_build_object(
         'scheme', found.scheme, 'version', found.version, 'released_on', found.released_on,
         'producer', found.producer, 'licence', found.licence,
         'code', found.code, 'kind', found.kind, 'label', {_LABEL.format("found")},
         'uri', found.uri,
         'status', CASE WHEN found.is_obsolete THEN 'obsolete'
                        WHEN found.valid_from > $3::date THEN 'upcoming' ELSE 'current' END,
         'valid_from', found.valid_from, 'valid_to', found.valid_to,
         'path', (SELECT json_agg(json_build_object('code', p.code, 'label', {_LABEL.format("p")})
                                  ORDER BY p.height DESC) FROM path p),
         'narrower', (
           SELECT coalesce(json_agg(json_build_object('code', n.code, 'label', {_LABEL.format("n")})
                                    ORDER BY n.code), '[]')
             FROM (SELECT c.* FROM training.reference_concept c
                    WHERE c.scheme = $1 AND c.version = found.version AND c.broader = found.code
                      AND c.withdrawn_at IS NULL
                      AND coalesce(c.valid_to, $3::date) >= $3::date
                      AND coalesce(c.valid_from, $3::date) <= $3::date
                    ORDER BY c.code LIMIT {NARROWER_SHOWN}) n),
         'replacements', (
           SELECT coalesce(json_agg(json_build_object(
                    'code', h.code, 'distance', h.distance,
                    'label', CASE WHEN c.code IS NOT NULL THEN {_LABEL.format("c")} END,
                    'status', CASE WHEN c.code IS NOT NULL
                                   THEN {_STATUS.format("c", "$3::date")} END)
                    ORDER BY h.distance, h.code), '[]')
             FROM (SELECT code, min(distance) AS distance FROM heir GROUP BY code) h
             LEFT JOIN training.reference_concept c
               ON c.scheme = $1 AND c.version = found.version AND c.code = h.code
            WHERE found.is_obsolete))::text AS document
  FROM found"""  # noqa: S608  # pieces of this file
"""$1 scheme, $2 version as asked, $3 day, $4 code; the version that is meant as in RELEASE.

A code that `latest` no longer has is read in the newest release that had it, and is obsolete.
Ten heirs in a row, twelve levels of a tree: no source has as many.
"""
