"""The statements by which seats change hands; whoever runs them holds the cohort's row.

Locks are taken in one order: one cohort, then companies by their ids, all in one statement.
"""

_HOLDS_A_SEAT = "IN ('confirmed', 'attended', 'no_show')"

ENROL = """
SELECT refusal, detail, kept_headers, body
FROM diagnostic.enrol($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb)
"""
"""Seats company $3 of tenant $4 in cohort $2, or has it wait, and publishes it, in one trip.

Or says what forbids it, and has changed nothing. $1: the new id, $5 and $6: the client and who
acts, at $7. With the digest of an idempotency key ($8), of its request ($9) and the headers of the
answer ($10) it keeps the answer too, or gives the one that is kept. Cohort and company are held in
this order until the end; whoever comes next waits there, so this is all that is ever raced for.
"""

ENROL_ALL = """
SELECT refusal, detail, kept_headers, body
FROM diagnostic.enrol_all($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
"""Does as ENROL for each place of its arrays, in one transaction: cohorts by their ids are held
first, then companies by theirs."""

HOLD = """
SELECT o.id FROM diagnostic.organisation o WHERE o.id IN (
    SELECT e.organisation_id FROM diagnostic.enrolment e
    WHERE e.cohort_id = $1 AND e.status NOT IN ('cancelled', 'expired'))
ORDER BY o.id FOR NO KEY UPDATE
"""
"""Waits for what the companies of cohort $1 are doing elsewhere, and has them wait."""

ELSEWHERE = f"""
EXISTS (
    SELECT FROM diagnostic.enrolment x
    WHERE x.organisation_id = e.organisation_id AND x.programme_id = e.programme_id
        AND x.id <> e.id AND x.status {_HOLDS_A_SEAT} AND x.days && {{days}})
"""

SETTLE = f"""
WITH taken AS (
    SELECT e.seat_no FROM diagnostic.enrolment e WHERE e.cohort_id = $1 AND e.seat_no IS NOT NULL
), free AS (
    SELECT CASE WHEN $3 THEN $2 - count(*) ELSE 0 END AS seats FROM taken
), seat AS (
    SELECT n AS seat_no, row_number() OVER (ORDER BY n) - 1 AS served
    FROM generate_series(1, $2::int) n WHERE n NOT IN (SELECT t.seat_no FROM taken t)
), line AS (
    SELECT e.id, e.rank, {ELSEWHERE.format(days="daterange($5, $6, '[]')")} AS is_elsewhere
    FROM diagnostic.enrolment e WHERE e.cohort_id = $1 AND e.status = 'waitlisted'
), turn AS (
    SELECT l.*, count(*) FILTER (WHERE NOT l.is_elsewhere) OVER (
        ORDER BY l.rank ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS served
    FROM line l
), moves AS (
    SELECT t.id, CASE WHEN t.served >= f.seats THEN 'waitlisted'
            WHEN t.is_elsewhere THEN 'expired' ELSE 'confirmed' END AS status,
        CASE WHEN t.served < f.seats AND NOT t.is_elsewhere THEN s.seat_no END AS seat_no,
        CASE WHEN t.served >= f.seats THEN
            row_number() OVER (PARTITION BY t.served >= f.seats ORDER BY t.rank) END AS rank
    FROM turn t CROSS JOIN free f LEFT JOIN seat s ON s.served = t.served
)
UPDATE diagnostic.enrolment e SET status = m.status, seat_no = m.seat_no, rank = m.rank,
    reason = CASE m.status WHEN 'confirmed' THEN 'promoted'
        WHEN 'expired' THEN 'seated_elsewhere' END,
    days = daterange($5, $6, '[]'), version = e.version + 1, updated_at = $4
FROM moves m WHERE m.id = e.id AND (e.status, e.rank) IS DISTINCT FROM (m.status, m.rank::int)
RETURNING e.id, e.status, e.version
"""  # noqa: S608  # names of ours
"""Gives what is free of the $2 seats of cohort $1 to the first in line at $4, while $3; closes the
ranks. The week is from $5 to $6.

A company whose turn comes while it has a seat elsewhere on these days is passed over, for good.
"""

END = """
UPDATE diagnostic.enrolment e SET status = $3, reason = $4, seat_no = NULL, rank = NULL,
    version = e.version + 1, updated_at = $5
WHERE e.cohort_id = $1 AND e.status = ANY($2)
RETURNING e.id, e.status, e.version
"""
"""Ends at $5 the enrolments of cohort $1 that are in a state of $2, as $3 because of $4."""

COUNT = """
SELECT count(*) FILTER (WHERE e.seat_no IS NOT NULL) AS seated,
    count(*) FILTER (WHERE e.rank IS NOT NULL) AS waiting
FROM diagnostic.enrolment e WHERE e.cohort_id = $1
"""
"""Counts the seats taken and the line of cohort $1."""

LEAVE_POOLING = """
UPDATE diagnostic.pooling_consent p
SET withdrawn_at = $2, offers = NULL, asks = NULL, version = p.version + 1
WHERE p.cohort_id = $1 AND p.withdrawn_at IS NULL AND NOT EXISTS (
    SELECT FROM diagnostic.enrolment e WHERE e.cohort_id = p.cohort_id
        AND e.organisation_id = p.organisation_id AND e.seat_no IS NOT NULL)
RETURNING p.organisation_id
"""
"""Ends at $2 the consent of who has lost its seat in cohort $1: a new seat is a new question."""
