"""What only the catalogue shows: codes that nothing has, certifications that end too soon."""

import uuid
from typing import Final

import asyncpg

from platformkit.i18n import Text
from training.imports import nomenclatures
from training.imports.findings import Finding, Severity, Step
from training.imports.formats import ReferenceUsed, Review

_ROME: Final = """
SELECT release, released_on FROM training.rome ORDER BY released_on DESC LIMIT 1"""

_UNKNOWN: Final = """
SELECT r.code, r.line, string_agg(t, ', ' ORDER BY t) AS codes
  FROM training.import_record r, jsonb_array_elements_text(r.derived->'{member}') t
 WHERE r.run_id = $1 AND t NOT IN (SELECT code FROM training.{table})
 GROUP BY r.code, r.line
 ORDER BY r.line"""
"""NOT IN reads the table once; as a join it would be read for every record."""

_UNKNOWN_ROME: Final = _UNKNOWN.format(member="rome", table="rome")
_UNKNOWN_CERTIFICATIONS: Final = _UNKNOWN.format(member="certifications", table="certification")

_ENDED: Final = """
WITH quoted AS MATERIALIZED (
  SELECT r.code, r.line, (r.derived->>'starts_on')::date AS starts_on, t
    FROM training.import_record r, jsonb_array_elements_text(r.derived->'certifications') t
   WHERE r.run_id = $1)
SELECT q.code, q.line, string_agg(c.code, ', ' ORDER BY c.code) AS codes
  FROM quoted q JOIN training.certification c ON c.code = q.t
 WHERE c.registration_end < q.starts_on
 GROUP BY q.code, q.line
 ORDER BY q.line"""

HELD: Final = """
   SELECT f.provider_siret
     FROM (SELECT DISTINCT r.derived->>'provider' AS siret
             FROM training.import_record r WHERE {staged}) sent
     JOIN training.formation f ON f.provider_siret = sent.siret
     JOIN training.import_run theirs ON theirs.id = f.import_run_id
    WHERE '' NOT IN ((SELECT tenant FROM training.import_run WHERE id = $1), theirs.tenant)
      AND theirs.tenant <> (SELECT tenant FROM training.import_run WHERE id = $1)"""
"""Each provider once: record by record, all that one of them sent would meet all that it has."""

_HELD: Final = f"""
SELECT r.code, r.line, r.derived->>'provider' AS codes
  FROM training.import_record r
 WHERE r.run_id = $1 AND r.derived->>'provider' IN ({HELD.format(staged="r.run_id = $1")})
 ORDER BY r.line"""  # noqa: S608  # pieces of this file
"""Whoever sent a provider's offers first keeps them; operators have no tenant, and may."""

_CHECKS: Final[tuple[tuple[str, Step, Severity, str, Text], ...]] = (
    (
        "rome-code-unknown",
        3,
        "warning",
        _UNKNOWN_ROME,
        Text("Codes absents du ROME {release} : {codes}.", "Codes not in ROME {release}: {codes}."),
    ),
    (
        "certification-unknown",
        3,
        "warning",
        _UNKNOWN_CERTIFICATIONS,
        Text(
            "Certifications absentes du catalogue : {codes}.",
            "Certifications that the catalogue lacks: {codes}.",
        ),
    ),
    (
        "certification-ended",
        4,
        "warning",
        _ENDED,
        Text(
            "On ne peut plus s’inscrire à {codes} quand la première session commence.",
            "One may no longer enrol for {codes} when the first session starts.",
        ),
    ),
    (
        "provider-held-by-another",
        4,
        "error",
        _HELD,
        Text(
            "Une autre organisation tient les offres de {codes} ; un opérateur peut les remettre.",
            "Another organisation holds the offers of {codes}; an operator may hand them over.",
        ),
    ),
)


_QUOTED: Final = (
    ("nsf", "NSF", "SELECT jsonb_array_elements_text(r.derived->'nsf')"),
    ("formacode", "Formacode", "SELECT jsonb_array_elements_text(r.derived->'formacodes')"),
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
            severity,
            row["code"],
            row["line"],
        )
        for rule, step, severity, statement, said in _CHECKS
        for row in await connection.fetch(statement, run)
    ]
    used = [ReferenceUsed("ROME", name, release and release["released_on"])]
    for scheme, name, quoted in _QUOTED:
        reference, told = await nomenclatures.compared(connection, run, scheme, name, quoted)
        used.append(reference)
        findings += told
    return Review(used, findings)
