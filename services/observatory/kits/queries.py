"""The statements of kits; only `PIECE_OF` and `SLICE` read their bytes."""

from typing import Final

PIECE: Final = 1 << 20
"""Bytes of a piece."""

ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('observatory kits'))"
"""Kits are published and installed one after the other."""

_KIT: Final = """
SELECT k.number, k.agency, k.version, k.sha256, k.size, k.manifest::text AS manifest,
       k.places::text AS places, k.added_at, y.reason::text AS yanked
  FROM observatory.kit k
  LEFT JOIN observatory.kit_yank y USING (agency, version)
"""
KIT: Final = f"{_KIT} WHERE k.agency = $1 AND k.version = $2"
PUBLISHED: Final = f"{_KIT} WHERE k.agency = $1 ORDER BY k.number"
"""All versions of a publisher that are here; he publishes a handful a year."""

INSTALLED: Final = """
SELECT k.number, k.version, k.manifest::text AS manifest
  FROM observatory.kit_installation i JOIN observatory.kit k ON k.number = i.kit
 WHERE k.agency = $1 AND i.state = 'certified'
"""

INSTALLATIONS: Final = """
SELECT k.number, k.agency, k.version AS kit_version, k.sha256, k.added_at,
       y.reason::text AS yanked, i.state, i.difference::text AS difference,
       i.parameters::text AS parameters, i.local::text AS local, i.report::text AS report,
       i.version, i.changed_at
  FROM observatory.kit_installation i
  JOIN observatory.kit k ON k.number = i.kit
  LEFT JOIN observatory.kit_yank y ON y.agency = k.agency AND y.version = k.version
"""
INSTALLATION: Final = f"{INSTALLATIONS} WHERE k.agency = $1 AND k.version = $2"
LISTED: Final = f"{INSTALLATIONS} ORDER BY k.number"

ADD: Final = """
INSERT INTO observatory.kit
       (agency, version, sha256, size, manifest, places, client, subject)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6::text::jsonb, $7, $8) RETURNING number
"""
ADD_PIECE: Final = "INSERT INTO observatory.kit_piece (kit, number, content) VALUES ($1, $2, $3)"
PIECE_OF: Final = "SELECT content FROM observatory.kit_piece WHERE kit = $1 AND number = $2"
SLICE: Final = """
SELECT substring(content FROM $3 FOR $4) FROM observatory.kit_piece WHERE kit = $1 AND number = $2
"""
"""Bytes of a piece; stored uncompressed, so PostgreSQL reads only its pages."""

YANKED: Final = "SELECT reason::text FROM observatory.kit_yank WHERE agency = $1 AND version = $2"
YANKS: Final = """
SELECT version, reason::text AS reason FROM observatory.kit_yank WHERE agency = $1 ORDER BY version
"""
YANK: Final = """
INSERT INTO observatory.kit_yank (agency, version, reason) VALUES ($1, $2, $3::text::jsonb)
ON CONFLICT (agency, version) DO NOTHING RETURNING version
"""

RECEIVE: Final = """
INSERT INTO observatory.kit_installation (kit, difference, client, subject)
VALUES ($1, $2::text::jsonb, $3, $4)
"""
SETTLE: Final = """
UPDATE observatory.kit_installation
   SET state = $2, parameters = $3::text::jsonb, local = $4::text::jsonb,
       report = $5::text::jsonb, client = $6, subject = $7, difference = $8::text::jsonb,
       version = version + 1, changed_at = now()
 WHERE kit = $1
"""
