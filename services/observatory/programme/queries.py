"""Statements on programmes and their budgets. Locks: programme, line, funder, allowance."""

from typing import Final

_PROGRAMME: Final = """
SELECT p.code, p.tenant, p.title::text AS title, p.region, p.starts_on, p.ends_on, p.budget_cents,
       p.version
  FROM observatory.programme p"""
ONE: Final = f"{_PROGRAMME} WHERE p.code = $1"
HOLD: Final = f"{ONE} FOR NO KEY UPDATE"
SHARE: Final = f"{ONE} FOR SHARE"
LIST: Final = f"""{_PROGRAMME}
 WHERE $1::text IS NULL OR p.code > $1 ORDER BY p.code LIMIT $2"""
COUNT: Final = "SELECT count(*) FROM observatory.programme"

OPEN: Final = """
INSERT INTO observatory.programme (code, tenant, title, region, starts_on, ends_on, budget_cents)
VALUES ($1, $2, $3::text::jsonb, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING version"""
CHANGE: Final = """
UPDATE observatory.programme SET title = $2::text::jsonb, region = $3, starts_on = $4,
       ends_on = $5, budget_cents = $6, version = version + 1
 WHERE code = $1 RETURNING version"""
SPAN: Final = """
SELECT (SELECT min(quarter) FROM observatory.programme_tranche WHERE programme = $1) AS first,
       (SELECT max(quarter) FROM observatory.programme_tranche WHERE programme = $1) AS last,
       (SELECT min(dated_on) FROM observatory.ledger_entry
         WHERE programme = $1 AND kind = 'commitment') AS earliest,
       (SELECT max(dated_on) FROM observatory.ledger_entry
         WHERE programme = $1 AND kind = 'commitment') AS latest"""
"""Days that a programme's own days must hold."""

TOTALS: Final = """
SELECT (SELECT coalesce(sum(planned_cents), 0)::bigint FROM observatory.programme_line
         WHERE programme = $1 AND code <> $2) AS planned,
       (SELECT coalesce(sum(contribution_cents), 0)::bigint FROM observatory.programme_funder
         WHERE programme = $1 AND code <> $3) AS contributed,
       (SELECT count(*) FROM observatory.programme_line
         WHERE programme = $1 AND code <> $2) AS lines,
       (SELECT count(*) FROM observatory.programme_funder
         WHERE programme = $1 AND code <> $3) AS funders"""
"""$1 the programme; without line $2 and funder $3."""

_LINE: Final = """
SELECT l.code, l.name::text AS name, l.planned_cents, l.committed_cents, l.paid_cents, l.version,
       (SELECT json_agg(json_build_object('quarter', t.quarter, 'cents', t.planned_cents)
                        ORDER BY t.quarter)::text
          FROM observatory.programme_tranche t
         WHERE t.programme = l.programme AND t.line = l.code) AS plan
  FROM observatory.programme_line l WHERE l.programme = $1"""
LINES: Final = f"{_LINE} ORDER BY l.code"
LINE: Final = f"{_LINE} AND l.code = $2"
HOLD_LINE: Final = """
SELECT planned_cents, committed_cents, paid_cents, version FROM observatory.programme_line
 WHERE programme = $1 AND code = $2 FOR NO KEY UPDATE"""
ADD_LINE: Final = """
INSERT INTO observatory.programme_line (programme, code, name, planned_cents)
VALUES ($1, $2, $3::text::jsonb, $4) ON CONFLICT DO NOTHING RETURNING version"""
CHANGE_LINE: Final = """
UPDATE observatory.programme_line SET name = $3::text::jsonb, planned_cents = $4,
       version = version + 1
 WHERE programme = $1 AND code = $2 RETURNING version"""
CLEAR_PLAN: Final = "DELETE FROM observatory.programme_tranche WHERE programme = $1 AND line = $2"
PLAN: Final = """
INSERT INTO observatory.programme_tranche (programme, line, quarter, planned_cents)
SELECT $1, $2, t.* FROM unnest($3::date[], $4::bigint[]) t"""

_FUNDER: Final = """
SELECT f.code, f.kind, f.name::text AS name, f.contribution_cents, f.committed_cents, f.paid_cents,
       f.version,
       (SELECT json_agg(json_build_object('line', a.line, 'ceiling', a.ceiling_cents,
                                          'committed', a.committed_cents) ORDER BY a.line)::text
          FROM observatory.programme_allowance a
         WHERE a.programme = f.programme AND a.funder = f.code) AS allowances
  FROM observatory.programme_funder f WHERE f.programme = $1"""
FUNDERS: Final = f"{_FUNDER} ORDER BY f.code"
FUNDER: Final = f"{_FUNDER} AND f.code = $2"
HOLD_FUNDER: Final = """
SELECT contribution_cents, committed_cents, paid_cents, version FROM observatory.programme_funder
 WHERE programme = $1 AND code = $2 FOR NO KEY UPDATE"""
ADD_FUNDER: Final = """
INSERT INTO observatory.programme_funder (programme, code, kind, name, contribution_cents)
VALUES ($1, $2, $3, $4::text::jsonb, $5) ON CONFLICT DO NOTHING RETURNING version"""
CHANGE_FUNDER: Final = """
UPDATE observatory.programme_funder SET kind = $3, name = $4::text::jsonb,
       contribution_cents = $5, version = version + 1
 WHERE programme = $1 AND code = $2 RETURNING version"""
KNOWN_LINES: Final = "SELECT code FROM observatory.programme_line WHERE programme = $1"
ALLOWANCES: Final = """
SELECT line, committed_cents FROM observatory.programme_allowance
 WHERE programme = $1 AND funder = $2 ORDER BY line FOR NO KEY UPDATE"""
DISALLOW: Final = """
DELETE FROM observatory.programme_allowance
 WHERE programme = $1 AND funder = $2 AND line <> ALL ($3::text[])"""
ALLOW: Final = """
INSERT INTO observatory.programme_allowance AS a (programme, funder, line, ceiling_cents)
SELECT $1, $2, t.* FROM unnest($3::text[], $4::bigint[]) t
    ON CONFLICT (programme, funder, line) DO UPDATE SET ceiling_cents = excluded.ceiling_cents"""

DEED: Final = """
INSERT INTO observatory.programme_deed
       (programme, client, subject, action, entity, entity_id, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb)"""
DEEDS: Final = """
SELECT d.id, json_build_object('id', d.id, 'at', to_json(d.at AT TIME ZONE 'UTC') #>> '{}' || 'Z',
         'client', d.client, 'subject', d.subject, 'action', d.action, 'entity', d.entity,
         'entity_id', d.entity_id, 'detail', d.detail)::text AS item
  FROM observatory.programme_deed d
 WHERE d.programme = $1 AND ($2::bigint IS NULL OR d.id < $2)
 ORDER BY d.id DESC LIMIT $3"""
DEEDS_COUNT: Final = "SELECT count(*) FROM observatory.programme_deed WHERE programme = $1"
