"""Statements on milestones and events."""

from typing import Final

_MILESTONE: Final = """
SELECT m.code, m.title::text AS title, m.first_due_on, m.due_on, m.reached_on, m.evidence,
       m.version
  FROM observatory.programme_milestone m WHERE m.programme = $1"""
MILESTONE: Final = f"{_MILESTONE} AND m.code = $2 FOR NO KEY UPDATE"
MILESTONES: Final = f"""{_MILESTONE}
   AND ($2::date IS NULL OR (m.due_on, m.code) > ($2, $3::text))
 ORDER BY m.due_on, m.code LIMIT $4"""
MILESTONES_COUNT: Final = (
    "SELECT count(*) FROM observatory.programme_milestone WHERE programme = $1"
)
ADD_MILESTONE: Final = """
INSERT INTO observatory.programme_milestone (programme, code, title, first_due_on, due_on)
VALUES ($1, $2, $3::text::jsonb, $4, $4) ON CONFLICT DO NOTHING RETURNING version"""
MOVE_MILESTONE: Final = """
UPDATE observatory.programme_milestone SET due_on = $3, version = version + 1
 WHERE programme = $1 AND code = $2"""
REACH_MILESTONE: Final = """
UPDATE observatory.programme_milestone SET reached_on = $3, evidence = $4, version = version + 1
 WHERE programme = $1 AND code = $2"""

_EVENT: Final = """
SELECT e.id, e.kind, e.title::text AS title, e.held_on, e.link, e.cancelled_at, e.version
  FROM observatory.programme_event e WHERE e.programme = $1"""
EVENT: Final = f"{_EVENT} AND e.id = $2 FOR NO KEY UPDATE"
EVENTS: Final = f"""{_EVENT}
   AND ($2::date IS NULL OR (e.held_on, e.id) > ($2, $3::uuid))
 ORDER BY e.held_on, e.id LIMIT $4"""
EVENTS_COUNT: Final = "SELECT count(*) FROM observatory.programme_event WHERE programme = $1"
ADD_EVENT: Final = """
INSERT INTO observatory.programme_event (programme, kind, title, held_on, link)
VALUES ($1, $2, $3::text::jsonb, $4, $5) RETURNING id"""
CANCEL_EVENT: Final = """
UPDATE observatory.programme_event SET cancelled_at = now(), version = version + 1
 WHERE programme = $1 AND id = $2"""
