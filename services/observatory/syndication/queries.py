"""The statements of the feed of releases."""

from typing import Final

_UPDATED: Final = "greatest(r.published_at, r.withdrawn_at)"
_ASKED: Final = """
  FROM observatory.release r JOIN observatory.flow f ON f.number = r.flow
 WHERE r.state = 'published' AND r.published_at <= statement_timestamp()
   AND ($1::text IS NULL OR f.id = $1)
"""

PAGE: Final = f"""
SELECT r.id, f.agency, f.id AS dataflow, f.major, r.ordinal, r.published_at,
       {_UPDATED} AS updated_at, r.withdrawn_at IS NOT NULL AS is_withdrawn,
       r.notes::text AS notes, r.outcome::text AS outcome, r.reason, r.diff::text AS diff
{_ASKED}
   AND ($2::timestamptz IS NULL OR ({_UPDATED}, r.id) < ($2, $3::uuid))
 ORDER BY {_UPDATED} DESC, r.id DESC LIMIT $4
"""  # our own expressions
"""Releases by when they last changed, the newest first: what is withdrawn comes up again."""

COUNT: Final = f"SELECT count(*) {_ASKED}"  # likewise
