"""Statements of the registry."""

from typing import Final

_NODE: Final = """
SELECT n.*, c.sha256, c.document::text AS document
  FROM observatory.node n
  LEFT JOIN LATERAL (SELECT sha256, document FROM observatory.node_certificate
                      WHERE agency = n.agency ORDER BY seq DESC LIMIT 1) c ON true"""

PAGE: Final = f"""{_NODE}
 WHERE $1::text IS NULL OR n.agency > $1
 ORDER BY n.agency LIMIT $2"""
COUNT: Final = "SELECT count(*) FROM observatory.node"
ONE: Final = f"{_NODE} WHERE n.agency = $1"
ALL: Final = f"{_NODE} ORDER BY n.agency"
"""There are as many as regions."""

HOLD: Final = """
SELECT tenant, version FROM observatory.node WHERE agency = $1 FOR NO KEY UPDATE"""
WRITE: Final = """
INSERT INTO observatory.node AS n
       (agency, tenant, name_fr, name_en, region, base_url, public_key, is_active)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (agency) DO UPDATE
   SET name_fr = excluded.name_fr, name_en = excluded.name_en, region = excluded.region,
       base_url = excluded.base_url, public_key = excluded.public_key,
       is_active = excluded.is_active, version = n.version + 1, updated_at = now()
RETURNING version"""
ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('observatory.node'))"
"""Registering one that is not there yet cannot lock its row."""

CERTIFY: Final = """
INSERT INTO observatory.node_certificate (agency, sha256, document)
VALUES ($1, $2, $3::text::jsonb)"""
TOUCH: Final = """
UPDATE observatory.node SET version = version + 1, updated_at = now()
 WHERE agency = $1 RETURNING version"""
CERTIFICATES: Final = """
SELECT seq, sha256, received_at, document::text AS document
  FROM observatory.node_certificate
 WHERE agency = $1 AND ($2::bigint IS NULL OR seq < $2)
 ORDER BY seq DESC LIMIT $3"""
CERTIFICATES_COUNT: Final = "SELECT count(*) FROM observatory.node_certificate WHERE agency = $1"

DEED: Final = """
INSERT INTO observatory.federation_deed (client, subject, action, entity, entity_id, detail)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb)"""
_OWN: Final = """
   FROM observatory.federation_deed d
  WHERE (d.entity = 'node' AND EXISTS (SELECT FROM observatory.node n
                                        WHERE n.agency = d.entity_id AND n.tenant = $1)
      OR d.entity = 'rollup' AND EXISTS (SELECT FROM observatory.rollup r
                                          WHERE r.id = d.entity_id AND r.tenant = $1))"""
"""What was done with the nodes and roll-ups of one organisation: who did it is not of others."""

DEEDS: Final = f"""
SELECT seq, at, client, subject, action, entity, entity_id, detail::text AS detail{_OWN}
   AND ($2::bigint IS NULL OR seq < $2)
 ORDER BY seq DESC LIMIT $3"""
DEEDS_COUNT: Final = f"SELECT count(*){_OWN}"
