"""What is published of a cohort: its figures; who is in it stays here."""

_FIGURES = """
SELECT 'cohort', k.id::text, {kind}, k.version, jsonb_build_object(
    'code', k.code, 'capacity', k.capacity, 'seats_taken', k.seats_taken,
    'waitlisted', k.waitlisted, 'starts_on', k.starts_on, 'ends_on', k.ends_on,
    'enrol_closes_at', k.enrol_closes_at, 'status', k.status)
FROM diagnostic.cohort k WHERE k.id = {cohort}
"""

FIGURES = _FIGURES.format(kind="'updated'", cohort="$2")
"""The change to publish once cohort $2 has changed."""

TELL = f"""
INSERT INTO diagnostic.change (entity, entity_id, kind, version, payload)
{_FIGURES.format(kind="$2::text", cohort="$1")}
"""  # a piece of this file
"""Publishes cohort $1; $2: what happened to it."""
