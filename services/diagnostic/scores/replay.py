"""Proving a frozen score: its answers, rebuilt and scored again, must give the same hashes."""

import logging
import uuid
from collections.abc import Callable, Mapping

from diagnostic.assessments import access, grids
from diagnostic.assessments.answers import Answers
from diagnostic.assessments.models import SCORED
from diagnostic.assessments.rendering import as_answers, backed, stored_answers
from diagnostic.assessments.scoring import ENGINE_VERSION, Score, score
from diagnostic.assessments.visibility import PreparedGrid
from diagnostic.audit import service as audit
from diagnostic.scores import queries
from diagnostic.scores.schemas import Hashes, ReplayRead
from platformkit.auth import Principal
from platformkit.db import Session
from platformkit.errors import Conflict, NotFound
from platformkit.i18n import Text
from platformkit.reads import ReadPool

ENGINES: Mapping[str, Callable[[PreparedGrid, Answers], Score]] = {ENGINE_VERSION: score}
"""Every engine that ever froze a score and can still be run."""

_log = logging.getLogger(__name__)


class ScoreUnknown(NotFound):
    """No such score, or of a diagnostic that the caller may not see."""

    code = "score-unknown"
    title = Text("Score inconnu", "Unknown score")


class EngineRetired(Conflict):
    """The engine that made the score is no longer here; the score stays readable."""

    code = "engine-retired"
    title = Text("Moteur de calcul retiré", "Scoring engine retired")
    detail = Text(
        "Ce score a été calculé par le moteur {engine}, qui n’est plus disponible.",
        "This score was made by engine {engine}, which is no longer available.",
    )


async def replay(
    session: Session, reads: ReadPool, caller: Principal, score_id: uuid.UUID
) -> ReplayRead:
    """Score again what was answered then, with the engine and the grid of then.

    A mismatch means that somebody went round the service: it is audited and warned of.
    """
    row = await reads.fetchrow("replay", queries.REPLAYED, score_id, *access.seen_by(caller))
    if row is None:
        raise ScoreUnknown
    engine = ENGINES.get(row["engine_version"])
    if engine is None:
        raise EngineRetired(engine=row["engine_version"])
    grid = await grids.of(reads, row["version_id"])
    again = engine(grid, as_answers(stored_answers(row, "answers_then"), backed(row)))
    stored = Hashes(input_hash=row["input_hash"], result_hash=row["result_hash"])
    replayed = Hashes(input_hash=again.input_hash, result_hash=again.result_hash())
    present = row["assessment_revision"] == row["revision"] and row["status"] in SCORED
    if stored.input_hash == replayed.input_hash and present:
        view = engine(grid, as_answers(stored_answers(row), backed(row)))
        if view.input_hash != stored.input_hash:
            replayed = Hashes(input_hash=view.input_hash, result_hash=view.result_hash())
    cause = None
    if replayed.input_hash != stored.input_hash:
        cause = "input_mismatch"
    elif replayed.result_hash != stored.result_hash:
        cause = "result_mismatch"
    if cause is not None:
        _log.warning(
            "replayed score does not match", extra={"score": str(score_id), "cause": cause}
        )
        await audit.record(
            session, caller, cause, "score", score_id,
            before=stored.result_hash, after=replayed.result_hash,
        )  # fmt: skip
    return ReplayRead(
        score_id=score_id,
        assessment_id=row["assessment_id"],
        revision=row["assessment_revision"],
        engine_version=row["engine_version"],
        match=cause is None,
        cause=cause,
        stored=stored,
        replayed=replayed,
    )
