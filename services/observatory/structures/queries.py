"""Named statements on the structures."""

REVISION = "SELECT revision FROM observatory.catalogue_revision"
"""The one statement of every read: which structures are in the tables now."""

ARTEFACTS = """
SELECT a.number, a.kind, a.agency, a.id, a.version, a.content::text AS content, a.sha256,
       a.published_at, d.deprecated_at, d.reason::text AS reason,
       r.agency || ':' || r.id || '(' || r.version || ')' AS replacement
  FROM observatory.artefact a
  LEFT JOIN observatory.deprecation d ON d.artefact = a.number
  LEFT JOIN observatory.artefact r ON r.number = d.replacement
 ORDER BY a.number
"""
AGENCIES = "SELECT id, name_fr, name_en FROM observatory.agency ORDER BY id"
FLOWS = "SELECT number, agency, id, major FROM observatory.flow"
CODES = """
SELECT code, parent, name_fr, name_en FROM observatory.code WHERE codelist = $1 ORDER BY position
"""
MAPPINGS = """
SELECT source, target, weight FROM observatory.code_mapping
 WHERE code_map = $1 ORDER BY source, target
"""
ALONE = "SELECT pg_advisory_xact_lock(hashtext('observatory structures'))"
"""Structures are published one after the other."""

OWN_AGENCY = """
INSERT INTO observatory.agency (id, name_fr, name_en, kind) VALUES ($1, $1, $1, 'region')
ON CONFLICT (id) DO NOTHING
"""
AGENCY = """
INSERT INTO observatory.agency (id, name_fr, name_en, kind) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET name_fr = $2, name_en = $3, kind = $4
WHERE (agency.name_fr, agency.name_en, agency.kind) IS DISTINCT FROM ($2, $3, $4)
"""
STORE = """
INSERT INTO observatory.artefact (kind, agency, id, version, is_draft, content, sha256)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7)
ON CONFLICT (kind, agency, id, version) DO UPDATE
   SET content = excluded.content, sha256 = excluded.sha256, published_at = now()
RETURNING number
"""
DEPRECATE = """
INSERT INTO observatory.deprecation (artefact, reason, replacement, client, subject)
VALUES ($1, $2::text::jsonb, $3, $4, $5)
"""
DIGEST = "SELECT sha256 FROM observatory.artefact WHERE number = $1"
FORGET_CODES = "DELETE FROM observatory.code WHERE codelist = $1"
FORGET_MAPPINGS = "DELETE FROM observatory.code_mapping WHERE code_map = $1"
NUMBER = """
INSERT INTO observatory.flow (agency, id, major) VALUES ($1, $2, $3)
ON CONFLICT (agency, id, major) DO NOTHING RETURNING number
"""
COUNT = "UPDATE observatory.catalogue_revision SET revision = revision + 1"
DEED_OF_ARTEFACT = """
INSERT INTO observatory.artefact_deed (deed, urn, sha256, client, subject)
VALUES ($1, $2, $3, $4, $5)
"""
