"""Statements on the ledger, and on the balances that it moves."""

from typing import Final

_ENTRY: Final = """
SELECT e.id, e.seq, e.kind, e.line, e.funder, e.amount_cents, e.dated_on, e.payee::text AS payee,
       e.reason, e.commitment, e.reverses, e.recorded_at, e.client, e.subject{more}
  FROM observatory.ledger_entry e{beside} WHERE e.programme = $1"""
_GRANTED: Final = """
  LEFT JOIN (SELECT payee ->> 'siren' AS siren, extract(year FROM dated_on) AS year,
                    sum(amount_cents)::bigint AS granted_cents
               FROM observatory.ledger_entry WHERE programme = $1 AND kind = 'commitment'
              GROUP BY 1, 2) g
    ON g.siren = e.payee ->> 'siren' AND g.year = extract(year FROM e.dated_on)"""
"""What the payee of a commitment was promised in its year: gross, for who was named stays so."""

ONE: Final = _ENTRY.format(more="", beside="") + " AND e.id = $2"
LIST: Final = f"""{_ENTRY.format(more=", g.granted_cents", beside=_GRANTED)}
   AND ($2::bigint IS NULL OR e.seq > $2)
   AND ($3::text IS NULL OR e.line = $3) AND ($4::text IS NULL OR e.funder = $4)
 ORDER BY e.seq LIMIT $5"""
COUNT: Final = """
SELECT count(*) FROM observatory.ledger_entry e
 WHERE e.programme = $1 AND ($2::text IS NULL OR e.line = $2)
   AND ($3::text IS NULL OR e.funder = $3)"""

HOLD_ALLOWANCE: Final = """
SELECT ceiling_cents, committed_cents FROM observatory.programme_allowance
 WHERE programme = $1 AND funder = $2 AND line = $3 FOR NO KEY UPDATE"""
ADD: Final = """
INSERT INTO observatory.ledger_entry (programme, kind, line, funder, amount_cents, dated_on, payee,
       reason, commitment, reverses, client, subject)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10, $11, $12) RETURNING id"""
MOVE_LINE: Final = """
UPDATE observatory.programme_line
   SET committed_cents = committed_cents + $3, paid_cents = paid_cents + $4
 WHERE programme = $1 AND code = $2"""
MOVE_FUNDER: Final = """
UPDATE observatory.programme_funder
   SET committed_cents = committed_cents + $3, paid_cents = paid_cents + $4
 WHERE programme = $1 AND code = $2"""
MOVE_ALLOWANCE: Final = """
UPDATE observatory.programme_allowance SET committed_cents = committed_cents + $4
 WHERE programme = $1 AND funder = $2 AND line = $3"""

_SIGNED: Final = """
coalesce(sum(CASE {prefix}kind WHEN 'commitment' THEN {prefix}amount_cents
                      WHEN 'commitment_reversal' THEN -{prefix}amount_cents END), 0)::bigint
  AS committed,
coalesce(sum(CASE {prefix}kind WHEN 'payment' THEN {prefix}amount_cents
                      WHEN 'payment_reversal' THEN -{prefix}amount_cents END), 0)::bigint AS paid"""

BALANCE: Final = f"""
SELECT {_SIGNED.format(prefix="e.")} FROM observatory.ledger_entry e
 WHERE e.id = $1 OR e.commitment = $1"""  # noqa: S608  # a piece of this file
"""What commitment $1 has left, whose line is locked."""

TAKEN_BACK: Final = """
SELECT coalesce(sum(amount_cents), 0)::bigint FROM observatory.ledger_entry
 WHERE commitment = $1 AND reverses = $2"""

POSITIONS: Final = f"""
SELECT e.line, e.funder, date_trunc('quarter', e.dated_on)::date AS quarter,
       {_SIGNED.format(prefix="e.")}
  FROM observatory.ledger_entry e WHERE e.programme = $1
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""  # noqa: S608  # likewise
LAST: Final = """
SELECT max(recorded_at) FROM observatory.ledger_entry WHERE programme = $1"""
