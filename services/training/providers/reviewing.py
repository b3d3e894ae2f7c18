"""What only the catalogue shows of the staged providers: specialties that the NSF does not have."""

import uuid
from typing import Final

import asyncpg

from platformkit.i18n import Text
from training.imports.findings import Finding
from training.imports.formats import ReferenceUsed, Review

_RELEASE: Final = """
SELECT version, released_on FROM training.reference_version WHERE scheme = 'nsf'
 ORDER BY released_on DESC, version DESC LIMIT 1"""

_UNKNOWN: Final = """
SELECT r.code, r.line, string_agg(s->>'code', ', ' ORDER BY s->>'code') AS codes
  FROM training.import_record r, jsonb_array_elements(r.document->'specialties') s
 WHERE r.run_id = $1 AND r.document <> 'null'
   AND NOT EXISTS (SELECT FROM training.reference_concept k
                    WHERE k.scheme = 'nsf' AND k.version = $2 AND k.code = s->>'code'
                      AND k.withdrawn_at IS NULL)
 GROUP BY r.code, r.line
 ORDER BY r.line"""


async def review(connection: asyncpg.Connection, run: uuid.UUID) -> Review:
    """Compare the specialties with the newest NSF that is held; without one nothing is said."""
    release = await connection.fetchrow(_RELEASE)
    if release is None:
        return Review([ReferenceUsed("NSF", None, None)], [])
    findings = [
        Finding(
            "nsf-code-unknown",
            Text(
                f"Codes absents de la NSF {release['version']} : {row['codes']}.",
                f"Codes not in the NSF {release['version']}: {row['codes']}.",
            ),
            3,
            "warning",
            row["code"],
            row["line"],
        )
        for row in await connection.fetch(_UNKNOWN, run, release["version"])
    ]
    return Review([ReferenceUsed("NSF", release["version"], release["released_on"])], findings)
