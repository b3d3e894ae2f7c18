"""Blanking free texts wherever a diagnostic has them, also where nothing else may be changed."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

import orjson

from diagnostic.database import Base
from diagnostic.protection import queries
from diagnostic.protection.texts import Person, Row, about
from platformkit import feed, idempotency
from platformkit.db import Session


async def forget(session: Session, assessment_id: uuid.UUID) -> int:
    """Blank every free text of a diagnostic, and drop its files: they may name anybody.

    Returns how many respondents were erased. What is scored stays: states, codes, numbers.
    """
    for model, rows in (await _texts(session, assessment_id)).items():
        await _blank(session, model, assessment_id, rows)
    connection = await session.connection()
    for statement in queries.FILES:
        await connection.exec_driver_sql(statement, (assessment_id,))
    gone = await _forget_respondents(session, queries.ALL_RESPONDENTS, assessment_id)
    await forget_answers(session, [str(assessment_id)])
    return gone


async def forget_person(session: Session, assessments: Sequence[uuid.UUID], person: Person) -> None:
    """Blank in these diagnostics what the person wrote, what repeats it and what names them."""
    texts = {one: await _texts(session, one) for one in assessments}
    own = {
        text
        for found in texts.values()
        for rows in found.values()
        for row in rows
        if row.respondent in person.respondents
        for text in row.texts
    }
    marks = [str(one) for one in person.respondents]
    marks += [orjson.dumps(one).decode() for one in (*person.names, *own)]
    for assessment_id, found in texts.items():
        for model, rows in found.items():
            theirs = about(person, rows, own)
            await _blank(session, model, assessment_id, theirs)
            marks += [row.key for row in theirs if not row.key.isdigit()]
    await _forget_respondents(session, queries.RESPONDENTS, list(person.respondents))
    await forget_answers(session, marks)


async def _texts(session: Session, assessment_id: uuid.UUID) -> Mapping[type[Base], Sequence[Row]]:
    """Read the rows of a diagnostic that hold free texts, by table."""
    connection = await session.connection()
    found = {}
    for model, statement in queries.texts().items():
        rows = await connection.exec_driver_sql(statement, (assessment_id,))
        found[model] = [
            Row(row.key, tuple(filter(None, row.texts)), row.respondent) for row in rows
        ]
    return found


async def _blank(
    session: Session, model: type[Base], assessment_id: uuid.UUID, rows: Sequence[Row]
) -> None:
    if rows:
        connection = await session.connection()
        keys = [row.key for row in rows]
        await connection.exec_driver_sql(queries.blanks()[model], (assessment_id, keys))


async def _forget_respondents(session: Session, statement: str, which: object) -> int:
    """Erase respondents, and tell those who follow their pseudonyms; returns how many.

    Nobody erased owns an action.
    """
    connection = await session.connection()
    gone = (await connection.exec_driver_sql(statement, (which,))).all()
    await connection.exec_driver_sql(queries.DISOWN, ([one.id for one in gone],))
    for one in gone:
        await feed.publish(
            session,
            entity="respondent",
            entity_id=str(one.pseudonym),
            kind="deleted",
            version=one.version,
            payload={"reason": "erased"},
        )
    return len(gone)


async def forget_answers(session: Session, marks: Iterable[str]) -> None:
    """Replace the answers stored for idempotency that hold any of these marks by a 410."""
    needles = [mark.encode() for mark in marks]
    await idempotency.withdraw(session, session.info["schema"], needles)
