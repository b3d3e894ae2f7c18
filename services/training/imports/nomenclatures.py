"""Compares the codes that staged records quote with the releases of a nomenclature we hold."""

import uuid
from typing import Final

import asyncpg

from platformkit.i18n import Text
from platformkit.paris import day_in_sql
from training.imports.findings import Finding
from training.imports.formats import ReferenceUsed

_NEWEST: Final = """
SELECT version, released_on FROM training.reference_version WHERE scheme = $1
 ORDER BY released_on DESC, version DESC LIMIT 1"""

_AMISS: Final = f"""
WITH quoted AS (
  SELECT DISTINCT r.code, r.line, q.code AS quoted
    FROM training.import_record r, LATERAL ({{quoted}}) AS q(code)
   WHERE r.run_id = $1 AND r.document <> 'null' AND q.code IS NOT NULL),
current AS (
  SELECT code FROM training.reference_concept
   WHERE scheme = $2 AND version = $3 AND withdrawn_at IS NULL
     AND (valid_to IS NULL OR valid_to >= {day_in_sql("now()")})),
former AS (
  SELECT DISTINCT ON (k.code) k.code, k.replaced_by
    FROM training.reference_concept k JOIN training.reference_version v USING (scheme, version)
   WHERE k.scheme = $2 AND k.withdrawn_at IS NULL
   ORDER BY k.code, v.released_on DESC)
SELECT q.code, q.line, f.code IS NOT NULL AS is_obsolete,
       string_agg(concat_ws(' → ', q.quoted, nullif(array_to_string(f.replaced_by, ' + '), '')),
                  ', ' ORDER BY q.quoted) AS codes
  FROM quoted q LEFT JOIN former f ON f.code = q.quoted
 WHERE q.quoted NOT IN (SELECT code FROM current)
 GROUP BY q.code, q.line, f.code IS NOT NULL
 ORDER BY q.line, q.code, is_obsolete"""  # noqa: S608  # a piece of the kit
"""$1 the run, $2 the scheme, $3 its newest version; `quoted` gives the codes of one record `r`."""

_SAID: Final = {
    False: Text(
        "Codes absents de {name} {version} : {codes}.", "Not in {name} {version}: {codes}."
    ),
    True: Text(
        "Codes qui ne sont plus dans {name} {version} : {codes}.",
        "No longer in {name} {version}: {codes}.",
    ),
}


async def compared(
    connection: asyncpg.Connection, run: uuid.UUID, scheme: str, name: str, quoted: str
) -> tuple[ReferenceUsed, list[Finding]]:
    """Say which codes the newest release lacks, and what took their place where an older knew it.

    Without any release nothing is said, but that there is none.
    """
    release = await connection.fetchrow(_NEWEST, scheme)
    if release is None:
        return ReferenceUsed(name, None, None), []
    version = release["version"]
    rows = await connection.fetch(_AMISS.format(quoted=quoted), run, scheme, version)
    findings = []
    for row in rows:
        said = _SAID[row["is_obsolete"]]
        rule = f"{scheme}-code-{'obsolete' if row['is_obsolete'] else 'unknown'}"
        facts = {"name": name, "version": version, "codes": row["codes"]}
        detail = Text(said.fr.format(**facts), said.en.format(**facts))
        findings.append(Finding(rule, detail, 3, "warning", row["code"], row["line"]))
    return ReferenceUsed(name, version, release["released_on"]), findings
