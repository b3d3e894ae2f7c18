"""Giving a new cohort its week."""

from zoneinfo import ZoneInfo

from diagnostic.cohorts.models import Cohort, CohortSession
from diagnostic.cohorts.timetable import timetable
from platformkit import feed
from platformkit.db import Session


async def plan(session: Session, cohort: Cohort) -> None:
    """Add the five sessions that every week begins with."""
    for slot in timetable(cohort.starts_on, cohort.ends_on, ZoneInfo(cohort.timezone)):
        added = CohortSession(
            cohort_id=cohort.id, kind=slot.kind, starts_at=slot.starts_at, ends_at=slot.ends_at
        )
        session.add(added)
        await session.flush()
        await tell(session, added, "created")


async def tell(session: Session, changed: CohortSession, kind: feed.Kind) -> None:
    """Publish when a session is; where it is, and its link, are for who takes part."""
    await feed.publish(
        session,
        entity="cohort_session",
        entity_id=str(changed.id),
        kind=kind,
        version=changed.version,
        payload={
            "cohort_id": str(changed.cohort_id),
            "kind": changed.kind,
            "starts_at": changed.starts_at.isoformat(),
            "ends_at": changed.ends_at.isoformat(),
            "status": changed.status,
        },
    )
