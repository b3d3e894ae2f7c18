"""Blanking free texts wherever a diagnostic has them, also where nothing else may be changed."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

import orjson
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from diagnostic.assessments.models import AnswerEvent, Assessment
from diagnostic.database import Base
from diagnostic.protection.inventory import HOLDINGS, FreeText, belonging, table_of
from diagnostic.protection.texts import Person, Row, about
from diagnostic.respondents.models import Respondent, RespondentAnswerEvent
from platformkit import feed, idempotency
from platformkit.db import Session
from platformkit.errors import ProblemError
from platformkit.i18n import Text

APPEND_ONLY: Mapping[type[Base], str] = {
    AnswerEvent: "SELECT diagnostic.erase_answer_events($1, $2)",
    RespondentAnswerEvent: "SELECT diagnostic.erase_respondent_answer_events($1, $2)",
}
"""Tables that our role cannot change: the owner's own narrow function does, and nothing else."""

_TEXTS = """
SELECT {key} AS key, {respondent} AS respondent, ARRAY[{readings}] AS texts
FROM diagnostic.{table} t WHERE {scope} AND ({present})
"""
_BLANK = """
UPDATE diagnostic.{table} t SET {blanks} WHERE {scope} AND {key} = ANY($2)
"""
_FORGET = """
UPDATE diagnostic.respondent
SET name = NULL, email = NULL, role = NULL, status = 'erased', erased_at = now(),
    version = version + 1
WHERE assessment_id = $1 AND ($2::uuid IS NULL OR id = $2) AND status <> 'erased'
RETURNING id, pseudonym, version
"""


_FILES = (
    "DELETE FROM diagnostic.evidence WHERE assessment_id = $1",
    "DELETE FROM diagnostic.evidence_file WHERE assessment_id = $1",
)
"""Nobody knows whom the pages of a document name, so the documents go as a whole."""


class Erased(ProblemError):
    """The answer that was stored for this key held data that have been erased since."""

    status = 410
    code = "erased"
    title = Text("Données effacées", "Data erased")
    detail = Text(
        "La réponse conservée pour cette Idempotency-Key contenait des données effacées depuis.",
        "The answer stored for this Idempotency-Key held data that have been erased since.",
    )


async def forget(
    session: Session, assessment_id: uuid.UUID, person: Person | None = None
) -> Sequence[uuid.UUID]:
    """Blank what a person wrote in a diagnostic and what names them; without one, every free text.

    Without one the evidence goes too: its files may name anybody.

    Returns the respondents erased. What is scored stays: states, codes, numbers.
    """
    connection = await session.connection()
    found = {
        model: await _rows(connection, model, assessment_id)
        for model, holding in HOLDINGS.items()
        if holding.texts and model is not Respondent
    }
    own: set[str] = set()
    if person is not None:
        rows = [row for each in found.values() for row in each]
        own = {text for row in rows if row.respondent == person.respondent for text in row.texts}
        found = {model: about(person, each, own) for model, each in found.items()}
    for model, each in found.items():
        if each:
            keys = [row.key for row in each]
            await connection.exec_driver_sql(_blanking(model), (assessment_id, keys))
    gone = await _forget_respondents(session, assessment_id, person)
    if person is None:
        for statement in _FILES:
            await connection.exec_driver_sql(statement, (assessment_id,))
        await forget_answers(session, [str(assessment_id)])
    else:
        touched = [row.key for each in found.values() for row in each if not row.key.isdigit()]
        written = [orjson.dumps(one).decode() for one in (*person.names, *own)]
        await forget_answers(session, [str(person.respondent), *touched, *written])
    return gone


async def _forget_respondents(
    session: Session, assessment_id: uuid.UUID, person: Person | None
) -> Sequence[uuid.UUID]:
    connection = await session.connection()
    only = None if person is None else person.respondent
    gone = (await connection.exec_driver_sql(_FORGET, (assessment_id, only))).all()
    for one in gone:
        await feed.publish(
            session,
            entity="respondent",
            entity_id=str(one.pseudonym),
            kind="deleted",
            version=one.version,
            payload={"reason": "erased"},
        )
    return [one.id for one in gone]


async def forget_answers(session: Session, marks: Iterable[str]) -> None:
    """Replace the answers stored for idempotency that hold any of these marks by a 410."""
    needles = [mark.encode() for mark in marks]
    await idempotency.withdraw(session, session.info["schema"], needles, Erased())


async def _rows(
    connection: AsyncConnection, model: type[Base], assessment_id: uuid.UUID
) -> list[Row]:
    holding, table = HOLDINGS[model], table_of(model)
    statement = _TEXTS.format(
        key=_key(table),
        respondent=f"t.{holding.respondent}" if holding.respondent else "NULL",
        readings=", ".join(one.reading for one in holding.texts),
        present=" OR ".join(f"({one.reading}) IS NOT NULL" for one in holding.texts),
        table=table.name,
        scope=belonging(Assessment)[table.name],
    )
    rows = await connection.exec_driver_sql(statement, (assessment_id,))
    return [Row(one.key, tuple(filter(None, one.texts)), one.respondent) for one in rows]


def _blanking(model: type[Base]) -> str:
    if model in APPEND_ONLY:
        return APPEND_ONLY[model]
    table = table_of(model)
    blanks = ", ".join(_blank(one) for one in HOLDINGS[model].texts)
    scope = belonging(Assessment)[table.name]
    return _BLANK.format(table=table.name, blanks=blanks, scope=scope, key=_key(table))


def _blank(one: FreeText) -> str:
    kept = f"CASE WHEN ({one.reading}) IS NULL THEN t.{one.column} ELSE {one.erased} END"
    return f"{one.column} = {kept}"


def _key(table: Table) -> str:
    """Write what tells the rows of a table apart, as one text."""
    return f"concat_ws('/', {', '.join(f't.{one.name}' for one in table.primary_key.columns)})"
