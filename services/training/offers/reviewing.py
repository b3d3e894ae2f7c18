"""What only the catalogue shows: codes that nothing has, certifications that end too soon."""

import uuid
from typing import Final

import asyncpg

from platformkit.i18n import Text
from training.imports.findings import Finding, Step
from training.imports.formats import ReferenceUsed, Review

_ROME: Final = """
SELECT release, released_on FROM training.rome ORDER BY released_on DESC LIMIT 1"""

_UNKNOWN_ROME: Final = """
SELECT r.code, r.line, string_agg(t, ', ' ORDER BY t) AS codes
  FROM training.import_record r, jsonb_array_elements_text(r.derived->'rome') t
 WHERE r.run_id = $1 AND NOT EXISTS (SELECT FROM training.rome k WHERE k.code = t)
 GROUP BY r.code, r.line
 ORDER BY r.line"""

_UNKNOWN_CERTIFICATIONS: Final = """
SELECT r.code, r.line, string_agg(t, ', ' ORDER BY t) AS codes
  FROM training.import_record r, jsonb_array_elements_text(r.derived->'certifications') t
 WHERE r.run_id = $1 AND NOT EXISTS (SELECT FROM training.certification c WHERE c.code = t)
 GROUP BY r.code, r.line
 ORDER BY r.line"""

_ENDED: Final = """
SELECT r.code, r.line, string_agg(c.code, ', ' ORDER BY c.code) AS codes
  FROM training.import_record r, jsonb_array_elements_text(r.derived->'certifications') t
  JOIN training.certification c ON c.code = t
 WHERE r.run_id = $1 AND c.registration_end < (r.derived->>'starts_on')::date
 GROUP BY r.code, r.line
 ORDER BY r.line"""

_CHECKS: Final[tuple[tuple[str, Step, str, Text], ...]] = (
    (
        "rome-code-unknown",
        3,
        _UNKNOWN_ROME,
        Text("Codes absents du ROME {release} : {codes}.", "Codes not in ROME {release}: {codes}."),
    ),
    (
        "certification-unknown",
        3,
        _UNKNOWN_CERTIFICATIONS,
        Text(
            "Certifications absentes du catalogue : {codes}.",
            "Certifications that the catalogue lacks: {codes}.",
        ),
    ),
    (
        "certification-ended",
        4,
        _ENDED,
        Text(
            "On ne peut plus s’inscrire à {codes} quand la première session commence.",
            "One may no longer enrol for {codes} when the first session starts.",
        ),
    ),
)


async def review(connection: asyncpg.Connection, run: uuid.UUID) -> Review:
    """Compare the staged formations with the nomenclature and the certifications."""
    release = await connection.fetchrow(_ROME)
    name = release and release["release"]
    findings = [
        Finding(
            rule,
            Text(
                said.fr.format(release=name, codes=row["codes"]),
                said.en.format(release=name, codes=row["codes"]),
            ),
            step,
            "warning",
            row["code"],
            row["line"],
        )
        for rule, step, statement, said in _CHECKS
        for row in await connection.fetch(statement, run)
    ]
    return Review([ReferenceUsed("ROME", name, release and release["released_on"])], findings)
