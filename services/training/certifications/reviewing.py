"""What only the whole file shows: codes that no nomenclature has, successions that turn round."""

import uuid
from typing import Final

import asyncpg

from platformkit.i18n import Text
from training.imports import nomenclatures
from training.imports.findings import Finding
from training.imports.formats import ReferenceUsed, Review

_ROME: Final = """
SELECT release, released_on FROM training.rome ORDER BY released_on DESC LIMIT 1"""

_UNKNOWN_ROME: Final = """
SELECT r.code, r.line, string_agg(t.code, ', ' ORDER BY t.code) AS codes
  FROM training.import_record r,
       jsonb_to_recordset(nullif(r.document->'rome', 'null')) AS t(code text)
 WHERE r.run_id = $1 AND t.code NOT IN (SELECT code FROM training.rome)
 GROUP BY r.code, r.line
 ORDER BY r.line"""
"""NOT IN reads the table once; as a join it would be read for every record."""

_CYCLES: Final = """
WITH RECURSIVE link AS (
  SELECT DISTINCT old AS a, code AS b FROM training.import_record,
         jsonb_array_elements_text(nullif(document->'predecessors', 'null')) old
   WHERE run_id = $1
  UNION
  SELECT DISTINCT code, new FROM training.import_record,
         jsonb_array_elements_text(nullif(document->'successors', 'null')) new
   WHERE run_id = $1
  UNION
  SELECT s.predecessor, s.successor
    FROM training.succession s JOIN training.certification c ON c.id = s.stated_by
   WHERE c.code NOT IN (SELECT code FROM training.import_record WHERE run_id = $1)),
step(start, at, length) AS (
  SELECT a, b, 1 FROM link WHERE a IN (SELECT code FROM training.import_record WHERE run_id = $1)
  UNION
  SELECT step.start, link.b, step.length + 1 FROM step JOIN link ON link.a = step.at
   WHERE step.length < 6 AND step.at <> step.start)
SELECT DISTINCT r.code, r.line
  FROM step JOIN training.import_record r ON r.run_id = $1 AND r.code = step.start
 WHERE step.start = step.at
 ORDER BY r.line"""
"""What the catalogue states beside the file counts as well.

Longer cycles exist in no directory, and whoever reads a chain stops after ten steps.
"""


_TERMS: Final = "jsonb_to_recordset(nullif(r.document->'{}', 'null')) AS t(code text)"
_QUOTED: Final = (
    ("nsf", "NSF", f"SELECT left(t.code, 3) FROM {_TERMS.format('nsf')}"),  # noqa: S608  # our words
    ("formacode", "Formacode", f"SELECT t.code FROM {_TERMS.format('formacodes')}"),  # noqa: S608
)
"""The letter that the directory puts behind a specialty is a function, not a specialty."""


async def review(connection: asyncpg.Connection, run: uuid.UUID) -> Review:
    """Compare the staged records with the nomenclatures and with each other."""
    release = await connection.fetchrow(_ROME)
    findings = [
        Finding(
            "rome-code-unknown",
            Text(
                f"Codes absents du ROME {release and release['release']} : {row['codes']}.",
                f"Codes that ROME {release and release['release']} does not have: {row['codes']}.",
            ),
            3,
            "warning",
            row["code"],
            row["line"],
        )
        for row in await connection.fetch(_UNKNOWN_ROME, run)
    ]
    findings += [
        Finding(
            "succession-cycle",
            Text(
                "La certification se remplace elle-même, par d’autres.",
                "The certification replaces itself, through others.",
            ),
            4,
            "warning",
            row["code"],
            row["line"],
        )
        for row in await connection.fetch(_CYCLES, run)
    ]
    version, released_on = release or (None, None)
    used = [ReferenceUsed("ROME", version, released_on)]
    for scheme, name, quoted in _QUOTED:
        reference, said = await nomenclatures.compared(connection, run, scheme, name, quoted)
        used.append(reference)
        findings += said
    return Review(used, findings)
