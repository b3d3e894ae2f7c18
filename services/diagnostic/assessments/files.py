"""Answers that are files: each is a piece of evidence of its own question."""

import uuid
from collections.abc import Mapping
from typing import Any

import orjson

from diagnostic.assessments import queries
from diagnostic.assessments.answers import State
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.questionnaires.grid import File
from platformkit.reads import ReadPool

NO_EVIDENCE = (
    "evidence_unknown",
    "Aucune preuve de cette question ne porte cet identifiant : envoyez d’abord le fichier.",
    "No evidence of this question has this identifier: send the file first.",
)


async def missing(
    reads: ReadPool,
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
    given_files = orjson.dumps(files).decode()
    rows = await reads.fetch("files missing", queries.FILES_MISSING, assessment_id, given_files)
    return {row["key"] for row in rows}
