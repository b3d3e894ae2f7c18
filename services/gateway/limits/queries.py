"""The statements of limits."""

from typing import Final

TERMS: Final = """
SELECT client_id, plan, quota_per_day, quota_per_month
  FROM gateway.client
 WHERE changed_at > now() - $1::interval"""
"""$1: how long ago the last look was, and a little more."""

ADD: Final = """
INSERT INTO gateway.client_use AS known (day, client_id, requests)
SELECT u.day, u.client_id, u.requests
  FROM unnest($1::date[], $2::text[], $3::bigint[]) u (day, client_id, requests)
  JOIN gateway.client USING (client_id)
 ORDER BY u.day, u.client_id
    ON CONFLICT (day, client_id) DO UPDATE
   SET requests = known.requests + excluded.requests, changed_at = now()"""
"""In one order, so that gateways never wait for each other in a ring."""

USED: Final = """
SELECT day, client_id, requests
  FROM gateway.client_use
 WHERE day >= $1 AND changed_at > now() - $2::interval"""
"""$1: first day of the month, $2: how long ago the last look was, and a little more."""

FORGET: Final = "DELETE FROM gateway.client_use WHERE day < $1::timestamptz - interval '13 months'"
