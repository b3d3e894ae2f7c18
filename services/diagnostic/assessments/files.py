"""Answers that are files: each is a piece of evidence of its own question."""

import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import text

from diagnostic.assessments import queries
from diagnostic.assessments.answers import State
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.questionnaires.grid import File
from platformkit.db import Session

NO_EVIDENCE = (
    "evidence_unknown",
    "Aucune preuve de cette question ne porte cet identifiant : envoyez d’abord le fichier.",
    "No evidence of this question has this identifier: send the file first.",
)


async def missing(
    session: Session,
    grid: PreparedGrid,
    assessment_id: uuid.UUID,
    given: Mapping[str, Mapping[str, Any]],
) -> set[str]:
    """Name the questions answered with a file that is not there; the answers are checked."""
    files = {
        code: answer["value"]
        for code, answer in given.items()
        if isinstance(grid.questions[code], File) and answer["state"] == State.ANSWERED
    }
    if not files:
        return set()
    known = {"assessment": assessment_id, "files": orjson.dumps(files).decode()}
    return set((await session.scalars(text(queries.FILES_MISSING), known)).all())
