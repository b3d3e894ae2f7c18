"""The statements of tokens that ended early and of assertions that were used."""

from typing import Final

ENDED: Final = """
SELECT jti, extract(epoch FROM expires_at)::float8 AS expires FROM gateway.revoked_token
 WHERE revoked_at > now() - $1::interval AND expires_at > now() - interval '1 minute'"""

CLIENTS: Final = """
SELECT client_id, disabled_at IS NOT NULL AS disabled FROM gateway.client
 WHERE changed_at > now() - $1::interval"""

REVOKE: Final = """
INSERT INTO gateway.revoked_token (jti, client_id, expires_at)
VALUES ($1, $2, to_timestamp($3)) ON CONFLICT DO NOTHING"""

USE: Final = """
INSERT INTO gateway.used_assertion (client_id, jti, expires_at)
VALUES ($1, $2, to_timestamp($3)) ON CONFLICT DO NOTHING RETURNING jti"""

FORGET: Final = (
    "DELETE FROM gateway.revoked_token WHERE expires_at < $1",
    "DELETE FROM gateway.used_assertion WHERE expires_at < $1",
    "DELETE FROM gateway.person_session WHERE expires_at < $1",
)
