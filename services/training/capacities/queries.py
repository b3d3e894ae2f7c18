"""The named statements of capacities."""

from typing import Final

from training.offers.owners import OWNED

READ: Final = """
SELECT c.session_id, c.capacity, c.remaining, c.version, c.updated_at
  FROM training.session_capacity c
  JOIN training.session s ON s.id = c.session_id
  JOIN training.action a ON a.id = s.action_id
  JOIN training.formation f ON f.id = a.formation_id AND f.withdrawn_at IS NULL
 WHERE c.session_id = $1"""

OWN: Final = f"""
SELECT 1
  FROM training.session s
  JOIN training.action a ON a.id = s.action_id
  JOIN training.formation f ON f.id = a.formation_id
 WHERE s.id = $1 AND f.withdrawn_at IS NULL AND {OWNED.format(tenant="$2")}"""  # noqa: S608  # a piece of ours

_SHOWN: Final = "RETURNING session_id, capacity, remaining, version, updated_at"

BEGIN: Final = f"""
INSERT INTO training.session_capacity (session_id, capacity, remaining) VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING {_SHOWN}"""  # noqa: S608  # likewise

CHANGE: Final = f"""
UPDATE training.session_capacity
   SET capacity = $2, remaining = $3, version = version + 1, updated_at = now()
 WHERE session_id = $1 AND version = $4 {_SHOWN}"""  # noqa: S608  # likewise

TAKE: Final = f"""
UPDATE training.session_capacity
   SET remaining = remaining - $2, version = version + 1, updated_at = now()
 WHERE session_id = $1 AND remaining >= $2 {_SHOWN}"""  # noqa: S608  # likewise
"""Whoever comes second waits for the first, and finds what that one has left (acceptance E5)."""

VERSION: Final = "SELECT version FROM training.session_capacity WHERE session_id = $1"
