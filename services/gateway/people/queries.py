"""The statements of people's sessions."""

from typing import Final

OPEN: Final = """
INSERT INTO gateway.person_session
       (client_id, issuer, subject, tenant, roles, scopes, return_url, challenge,
        code_hash, id_token, code_until, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
        now() + interval '60 seconds', now() + interval '12 hours')
RETURNING id::text"""

BY_CODE: Final = """
SELECT id, subject, tenant, roles, scopes, return_url, challenge, jti,
       extract(epoch FROM token_until)::float8 AS token_until,
       code_until > now() AND ended_at IS NULL AS live
  FROM gateway.person_session
 WHERE code_hash = $1 AND client_id = $2
   FOR UPDATE"""

GIVE: Final = """
UPDATE gateway.person_session
   SET jti = $2, token_hash = $3, token_until = to_timestamp($4)
 WHERE id = $1"""

END: Final = """
UPDATE gateway.person_session ended
   SET ended_at = now(), id_token = NULL
  FROM gateway.person_session s
 WHERE s.id = ended.id AND ended.ended_at IS NULL
   AND (ended.id = $1 OR ended.token_hash = $2 AND ended.client_id = $3)
RETURNING ended.id::text, ended.client_id, ended.issuer, ended.subject, ended.tenant, ended.jti,
          extract(epoch FROM ended.token_until)::float8 AS token_until, s.id_token"""
"""By id, or by token and client; gives the ID token as it was before."""
