"""What only the whole scheme shows: quoted codes that do not exist, trees that turn round."""

import uuid
from typing import Final

import asyncpg

from platformkit.i18n import Text
from training.imports.findings import Finding, Severity
from training.imports.formats import Review

HIGHEST_TREE: Final = 12

_UNKNOWN: Final = """q.code NOT IN (
   SELECT code FROM training.import_record WHERE run_id = $1
   UNION ALL
   SELECT c.code FROM training.reference_concept c
    WHERE (c.scheme, c.version) = (SELECT derived->>'scheme', derived->>'version'
                                     FROM training.import_record WHERE run_id = $1 LIMIT 1)
      AND c.withdrawn_at IS NULL)"""
"""One set, hashed once: staged rows have no statistics, EXISTS would scan them each time."""

_BROADER: Final = f"""
SELECT r.code, r.line, q.code AS quoted
  FROM training.import_record r, LATERAL (SELECT r.document->>'broader' AS code) q
 WHERE r.run_id = $1 AND q.code IS NOT NULL AND {_UNKNOWN}
 ORDER BY r.line, r.code"""  # noqa: S608  # pieces of this file

_HEIRS: Final = f"""
SELECT r.code, r.line, q.code AS quoted
  FROM training.import_record r,
       jsonb_array_elements_text(nullif(r.document, 'null')->'replaced_by') AS q(code)
 WHERE r.run_id = $1 AND {_UNKNOWN}
 ORDER BY r.line, r.code, q.code"""  # noqa: S608  # likewise

_CYCLES: Final = f"""
WITH RECURSIVE climb(code, line, above, height) AS (
  SELECT code, line, document->>'broader', 1
    FROM training.import_record WHERE run_id = $1 AND document->>'broader' IS NOT NULL
  UNION ALL
  SELECT climb.code, climb.line, r.document->>'broader', height + 1
    FROM climb JOIN training.import_record r ON r.run_id = $1 AND r.code = climb.above
   WHERE height < {HIGHEST_TREE})
SELECT code, line, above AS quoted FROM climb
 WHERE height = {HIGHEST_TREE} AND above IS NOT NULL
 ORDER BY line, code"""  # noqa: S608  # likewise

_RULES: Final[tuple[tuple[str, str, Severity, Text], ...]] = (
    (
        _BROADER,
        "broader-unknown",
        "error",
        Text("Terme générique absent : {0}.", "Broader code missing: {0}."),
    ),
    (
        _HEIRS,
        "replacement-unknown",
        "warning",
        Text("Remplaçant absent : {0}.", "Replacement missing: {0}."),
    ),
    (
        _CYCLES,
        "broader-cycle",
        "error",
        Text(
            "L’arbre tourne en rond, ou a plus de {1} niveaux.",
            "The tree turns round, or has more than {1} levels.",
        ),
    ),
)


async def review(connection: asyncpg.Connection, run: uuid.UUID) -> Review:
    """Compare the staged concepts with each other and with what their version holds."""
    findings = []
    for statement, rule, severity, detail in _RULES:
        for row in await connection.fetch(statement, run):
            said = Text(
                detail.fr.format(row["quoted"], HIGHEST_TREE),
                detail.en.format(row["quoted"], HIGHEST_TREE),
            )
            findings.append(Finding(rule, said, 3, severity, row["code"], row["line"]))
    return Review([], findings)
