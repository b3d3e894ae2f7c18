"""Compiled grids, kept by version: a published version never changes, so neither does this."""

import uuid

import orjson

from diagnostic.assessments.visibility import PreparedGrid, prepare
from diagnostic.questionnaires.grid import GridContent
from platformkit.reads import ReadPool

_KEPT = 64
_known: dict[uuid.UUID, PreparedGrid] = {}

_CONTENT = "SELECT content::text FROM diagnostic.questionnaire_version WHERE id = $1"


async def of(reads: ReadPool, version_id: uuid.UUID) -> PreparedGrid:
    """Return the compiled grid of a published version, read at most once per process."""
    found = _known.get(version_id)
    if found is None:
        text = await reads.fetchval("questionnaire content", _CONTENT, version_id)
        found = prepare(GridContent.model_validate(orjson.loads(text)))
        while len(_known) >= _KEPT:
            del _known[next(iter(_known))]
        _known[version_id] = found
    return found
