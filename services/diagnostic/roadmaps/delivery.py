"""Delivering a roadmap (restitution): what it cites from then on stays as it was that day."""

import uuid

from diagnostic.roadmaps import queries
from platformkit.db import Session


async def freeze(session: Session, assessment_id: uuid.UUID, revision: int) -> None:
    """Note the public versions of the aids that the roadmap of a delivered revision names.

    Certifications are those of its making. Without a roadmap there is nothing to note.
    """
    connection = await session.connection()
    await connection.exec_driver_sql(queries.DELIVER, (assessment_id, revision))
