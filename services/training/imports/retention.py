"""Keeps no trace of a deed longer than its purpose needs; a batch of each kind an hour."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from platformkit.app import Chore
from training.settings import Settings

BATCH: Final = 20
"""Runs whose anomalies are deleted in one transaction; runs, and audit events."""

_THEN: Final = "$1::timestamptz - make_interval(months => $2::int)"

_RULES: Final[Mapping[str, str]] = {
    "anomalies": f"""
DELETE FROM training.import_anomaly WHERE run_id IN (
  SELECT r.id FROM training.import_run r
   WHERE r.finished_at < {_THEN}
     AND EXISTS (SELECT FROM training.import_anomaly a WHERE a.run_id = r.id)
   ORDER BY r.finished_at LIMIT $3)""",  # noqa: S608  # our own words
    "runs": f"SELECT training.forget_import_runs({_THEN}, $3::int)",
    "audit events": f"SELECT training.forget_audit_events({_THEN}, $3::int)",
    "thesis events": f"SELECT training.forget_thesis_events({_THEN}, $3::int)",
    "rollover drafts": f"""
DELETE FROM training.rollover_draft WHERE id IN (
  SELECT d.id FROM training.rollover_draft d
   WHERE d.published_at IS NULL AND d.updated_at < {_THEN}
   ORDER BY d.updated_at LIMIT $3)""",  # noqa: S608  # our own words
    "rollovers": f"SELECT training.forget_rollovers({_THEN}, $3::int)",
}
"""Runs, events and rollovers only the owner of the schema may delete, by functions that keep what
is young, and runs and rollovers that gave what the catalogue still holds: they are its provenance.
"""


def chore(settings: Settings) -> Chore:
    """Return the hourly deletion of one batch of what is due, by the periods that are set."""
    months = {
        "anomalies": settings.retention_anomaly_months,
        "runs": settings.retention_import_months,
        "audit events": settings.retention_audit_months,
        "thesis events": settings.retention_audit_months,
        "rollover drafts": settings.retention_import_months,
        "rollovers": settings.retention_import_months,
    }

    async def forget(session: AsyncSession, now: datetime) -> None:
        connection = await session.connection()
        for rule, statement in _RULES.items():
            await connection.exec_driver_sql(statement, (now, months[rule], BATCH))

    return forget
