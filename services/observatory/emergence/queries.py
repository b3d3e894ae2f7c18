"""Named statements on terms and their counts."""

from typing import Final

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('emergence ' || $1 || ' ' || $2, 0))"
"""Files of one source and kind come one after the other."""

NAME: Final = """
INSERT INTO observatory.emergence_term (source, kind, code, label_fr, label_en)
SELECT $1, $2, t.code, t.fr, t.en FROM unnest($3::text[], $4::text[], $5::text[]) t (code, fr, en)
ON CONFLICT (source, kind, code) DO UPDATE SET label_fr = excluded.label_fr,
    label_en = excluded.label_en
WHERE (emergence_term.label_fr, emergence_term.label_en)
    IS DISTINCT FROM (excluded.label_fr, excluded.label_en)
"""
TERMS: Final = """
SELECT id, code, state, coalesce(since, -1) AS since
FROM observatory.emergence_term WHERE source = $1 AND kind = $2
"""
FORGET: Final = """
DELETE FROM observatory.emergence_count c USING observatory.emergence_term t
WHERE t.id = c.term AND t.source = $1 AND t.kind = $2 AND c.quarter = ANY ($3::smallint[])
"""
TOTAL: Final = """
INSERT INTO observatory.emergence_total (source, kind, quarter, count, hidden)
SELECT $1, $2, t.* FROM unnest($3::smallint[], $4::int[], $5::int[]) t (quarter, count, hidden)
ON CONFLICT (source, kind, quarter) DO UPDATE SET count = excluded.count, hidden = excluded.hidden
"""
TOTALS: Final = """
SELECT quarter, count, hidden FROM observatory.emergence_total WHERE source = $1 AND kind = $2
"""
COUNTS: Final = """
SELECT c.term, c.quarter, c.count, c.employers, c.largest, c.hidden
FROM observatory.emergence_count c JOIN observatory.emergence_term t ON t.id = c.term
WHERE t.source = $1 AND t.kind = $2
"""
MOVE: Final = """
WITH moved AS (
    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::smallint[], $5::jsonb[])
        WITH ORDINALITY m (term, origin, target, quarter, evidence, place)
), noted AS (
    INSERT INTO observatory.emergence_step
        (term, origin, target, quarter, tenant, client, subject, reason, evidence)
    SELECT m.term, m.origin, m.target, m.quarter, $6, $7, $8, 'counts', m.evidence
    FROM moved m ORDER BY m.place
), last AS (
    SELECT DISTINCT ON (m.term) m.*, count(*) OVER (PARTITION BY m.term) AS steps,
        bool_or(m.origin IS NULL) OVER (PARTITION BY m.term) AS is_new
    FROM moved m ORDER BY m.term, m.place DESC
), changed AS (
    UPDATE observatory.emergence_term t SET state = l.target, since = l.quarter,
        version = t.version + l.steps, updated_at = now()
    FROM last l WHERE t.id = l.term
    RETURNING t.id, t.kind, t.code, t.source, t.state, t.version, l.quarter, l.is_new
)
INSERT INTO observatory.change (entity, entity_id, kind, version, payload)
SELECT 'emergence', c.id::text, CASE WHEN c.is_new THEN 'created' ELSE 'updated' END,
    c.version, jsonb_build_object('kind', c.kind, 'code', c.code, 'source', c.source,
        'state', c.state)
FROM changed c
"""
"""Takes steps ($1 to $5, in order) as $6 to $8; followers are told where each term stands now."""

NOVEL: Final = """
UPDATE observatory.emergence_term t SET nearest = n.nearest
FROM unnest($1::int[], $2::jsonb[]) n (term, nearest) WHERE t.id = n.term
"""
BACKTEST: Final = """
INSERT INTO observatory.emergence_backtest
    (source, kind, quarter, rule, alerts, decided, lasting, leads, emerged, recalled)
SELECT $1, $2, t.quarter, $3, t.alerts, t.decided, t.lasting,
    translate(t.leads, '[]', '{}')::smallint[], t.emerged, t.recalled
  FROM unnest($4::smallint[], $5::int[], $6::int[], $7::int[], $8::text[], $9::int[], $10::int[])
    t (quarter, alerts, decided, lasting, leads, emerged, recalled)
ON CONFLICT (source, kind, quarter, rule) DO UPDATE SET alerts = excluded.alerts,
    decided = excluded.decided, lasting = excluded.lasting, leads = excluded.leads,
    emerged = excluded.emerged, recalled = excluded.recalled, at = now()
"""
"""How the alerts fared as of each quarter; leads are JSON, for arrays of arrays are rectangles."""

BACKTESTED: Final = """
SELECT source, kind, rule, quarter, alerts, decided, lasting, emerged, recalled,
       cardinality(leads) AS led,
       (SELECT coalesce(sum(one), 0) FROM unnest(leads) one) AS waited
  FROM observatory.emergence_backtest ORDER BY quarter
"""

_KEEP_NEEDS: Final = """
INSERT INTO observatory.{table} AS n
    (entity_id, version, quarter, programme, questionnaire, dimensions, needs)
SELECT * FROM jsonb_to_recordset($1::jsonb) t (entity_id text, version int, quarter smallint,
    programme text, questionnaire text, dimensions text[], needs text[])
ON CONFLICT (entity_id) DO UPDATE SET version = excluded.version, programme = excluded.programme,
    questionnaire = excluded.questionnaire, dimensions = excluded.dimensions, needs = excluded.needs
WHERE n.version <= excluded.version"""
"""The latest version of each diagnostic; its quarter stays that of the first."""

KEEP_NEEDS: Final = _KEEP_NEEDS.format(table="followed_need")
KEEP_RECOUNTED_NEEDS: Final = _KEEP_NEEDS.format(table="recounted_need")
FORGET_RECOUNTED_NEEDS: Final = "DELETE FROM observatory.recounted_need"
SHOW_NEEDS: Final = (
    "DELETE FROM observatory.followed_need",
    """
INSERT INTO observatory.followed_need
    (entity_id, version, quarter, programme, questionnaire, dimensions, needs)
SELECT entity_id, version, quarter, programme, questionnaire, dimensions, needs
  FROM observatory.recounted_need""",
    FORGET_RECOUNTED_NEEDS,
)
READ_AT: Final = "SELECT current_at FROM observatory.followed_feed WHERE peer = 'diagnostic'"
NEEDING: Final = """
SELECT programme, questionnaire, min(quarter) AS first FROM observatory.followed_need
 WHERE programme IS NOT NULL AND quarter < $1 GROUP BY 1, 2 ORDER BY 1, 2"""
NEEDED: Final = """
SELECT quarter, questionnaire, dimensions, needs FROM observatory.followed_need
 WHERE programme = $1 AND questionnaire = $2 AND quarter = ANY ($3::smallint[])"""
