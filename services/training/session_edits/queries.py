"""The named statements of edits."""

from typing import Final

from training.offers.owners import OWNED

LOCKED: Final = f"""
SELECT f.id, f.version, f.document::text AS document, f.source_kind AS kind,
       f.source_name AS name, f.source_url AS url, f.source_dated_on AS dated_on,
       f.source_licence AS licence
  FROM training.formation f
 WHERE f.withdrawn_at IS NULL AND {OWNED.format(tenant="$2")}
   AND f.id IN (SELECT a.formation_id
                  FROM training.action a JOIN training.session s ON s.action_id = a.id
                 WHERE s.id = ANY($1::uuid[]))
 ORDER BY f.id
   FOR UPDATE OF f"""  # noqa: S608  # a piece of ours
"""$1 the sessions, $2 the tenant; in the order of the ids, as whoever locks several does."""

VERSIONS: Final = "SELECT id, version FROM training.formation WHERE id = ANY($1::uuid[])"
